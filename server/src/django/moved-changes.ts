import { containsSpan, type Span, shiftSpan } from '../base/span.ts';
import type { Change, ChangeKind, SqlOrigin } from '../schema/change.ts';
import type { CallExpression } from '../syntax/module.ts';
import type { DjangoMigration } from './migration-file.ts';

/** An edit inside the list of operations, as one of the operations that say the same before and after it sees it. */
export interface Move {
  readonly earlier: DjangoMigration;
  readonly source: DjangoMigration;
  /** The operation then, and now: one object where nothing has moved it. */
  readonly from: CallExpression;
  readonly to: CallExpression;
}

/** Kinds that come from the arguments of an operation alone: neither code nor SQL has been read for them. */
const plain: ReadonlySet<ChangeKind> = new Set<ChangeKind>([
  'CreateTable',
  'DropTable',
  'RenameTable',
  'AddColumn',
  'DropColumn',
  'RenameColumn',
  'AlterColumn',
  'CreateIndex',
  'DropIndex',
  'RenameIndex',
  'AddConstraint',
  'DropConstraint',
  'ValidateConstraint',
  'Opaque',
]);

/** Whether it follows from the operation and the models alone: what SQL comes to depends on the tables, too. */
export function isPlain({ kind, origin }: Change): boolean {
  return plain.has(kind) && origin.sql === undefined;
}

/**
 * The changes of an operation with their places as they are now; `undefined` where one of them cannot be moved, because
 * something that it points to stands behind the list of operations, or has become another object.
 */
export function movedChanges(changes: readonly Change[], move: Move): readonly Change[] | undefined {
  const moved: Change[] = [];
  for (const change of changes) {
    const here = isPlain(change) ? movedPlain(change, move) : movedWhole(change, move);
    if (here === undefined) return undefined;
    moved.push(here);
  }
  return moved;
}

/** By hand, because every keystroke moves most of them: a few places, all of them in the operation. */
function movedPlain(change: Change, move: Move): Change | undefined {
  const { at, origin } = change;
  const { from, to } = move;
  const facets = change.kind === 'AlterColumn' ? change.facets : undefined;
  const places = [at, origin.span, facets?.type, facets?.nullable];
  if (!places.every((place) => place === undefined || containsSpan(from.span, place))) return undefined;
  if (from === to) return change;
  if (origin.call !== from || origin.within.length > 0) return undefined;
  const by = to.span.start - from.span.start;
  const here = { at: shiftSpan(at, by), origin: { ...origin, span: shiftSpan(origin.span, by), call: to } };
  if (change.kind !== 'AlterColumn') return { ...change, ...here };
  const { type, nullable } = change.facets;
  return {
    ...change,
    ...here,
    facets: { type: type && shiftSpan(type, by), nullable: nullable && shiftSpan(nullable, by) },
  };
}

/** Whatever places, code and SQL it points to: they are recognized by their shape, so that none can be forgotten. */
function movedWhole(change: Change, move: Move): Change | undefined {
  const { transaction } = change;
  const id = `${move.source.app}.${move.source.name}`;
  // An id that was made from a place could become that of another transaction.
  if (move.from !== move.to && transaction !== undefined && transaction !== id) return undefined;
  const copying: Copying = { move, isLost: false };
  const copy = copied(change, copying) as Change;
  return copying.isLost ? undefined : copy;
}

interface Copying {
  readonly move: Move;
  /** Something cannot be moved. */
  isLost: boolean;
}

function copied(value: unknown, copying: Copying): unknown {
  const { move } = copying;
  if (typeof value !== 'object' || value === null || value instanceof Map) return value;
  if (value === move.earlier.module) return move.source.module;
  if (value === move.from) return move.to;
  if (Array.isArray(value)) return copiedItems(value, copying);
  if (isSpan(value)) return movedSpan(value, copying);
  if (isNode(value)) return keptNode(value, copying);
  return isSqlOrigin(value) ? movedSql(value, move) : copiedFields(value, copying);
}

function copiedItems(items: readonly unknown[], copying: Copying): readonly unknown[] {
  const copies = items.map((item) => copied(item, copying));
  return copies.some((copy, index) => copy !== items[index]) ? copies : items;
}

/** What stands in the `file` of the object that has it, be it the migration's own or another. */
const ofFile: ReadonlySet<string> = new Set(['module', 'functions', 'call', 'source', 'function', 'liveModels']);

function copiedFields(value: object, copying: Copying): object {
  const isElsewhere = 'file' in value && value.file !== copying.move.source.file;
  let copy: Record<string, unknown> | undefined;
  for (const [name, field] of Object.entries(value)) {
    const here = isElsewhere && ofFile.has(name) ? field : copied(field, copying);
    if (here === field) continue;
    copy ??= { ...value };
    copy[name] = here;
  }
  return copy ?? value;
}

function isSpan(value: object): value is Span {
  return 'start' in value && 'end' in value && typeof value.start === 'number' && typeof value.end === 'number';
}

/** An expression or a statement; the origin of a change looks like one. */
function isNode(value: object): value is { readonly span: Span } {
  return 'kind' in value && 'span' in value && !('within' in value);
}

function isSqlOrigin(value: object): value is SqlOrigin {
  return 'placeOf' in value && 'isEditable' in value;
}

function isBeforeList({ end }: Span, { earlier }: Move): boolean {
  return end <= (earlier.operationsList?.span.start ?? 0);
}

function movedSpan(span: Span, copying: Copying): Span {
  const { move } = copying;
  const { from, to } = move;
  if (containsSpan(from.span, span)) return from === to ? span : shiftSpan(span, to.span.start - from.span.start);
  copying.isLost ||= !isBeforeList(span, move);
  return span;
}

/** What is read again where it stands now is another object, unless nothing has moved it. */
function keptNode<T extends { readonly span: Span }>(node: T, copying: Copying): T {
  const { move } = copying;
  const isSame = isBeforeList(node.span, move) || (move.from === move.to && containsSpan(move.from.span, node.span));
  copying.isLost ||= !isSame;
  return node;
}

/** Text that stands before the operations, in a constant, has not moved with the operation. */
function movedSql(sql: SqlOrigin, { from, to }: Move): SqlOrigin {
  if (from === to) return sql;
  const before = sql.moved ?? { origin: sql, start: from.span.start, by: 0 };
  const { origin, start } = before;
  const by = before.by + to.span.start - from.span.start;
  const here = (place: Span): Span => (place.start < start ? place : shiftSpan(place, by));
  return {
    ...origin,
    moved: { origin, start, by },
    longNames: origin.longNames.map(({ name, at }) => ({ name, at: here(at) })),
    placeOf(part) {
      const place = origin.placeOf(part);
      return place && here(place);
    },
  };
}
