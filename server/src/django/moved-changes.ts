import { containsSpan, type Span, shiftSpan } from '../base/span.ts';
import type { Change, ChangeKind } from '../schema/change.ts';
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

function isOfCode({ kind, origin }: Change): boolean {
  return (kind === 'RunCode' || kind === 'WriteRows') && origin.sql === undefined;
}

/** The changes of an operation with their places as they are now; `undefined` where one of them cannot be moved. */
export function movedChanges(changes: readonly Change[], move: Move): readonly Change[] | undefined {
  const isMovable = move.from === move.to ? isInPlace : canBeMoved;
  if (!changes.every((change) => isMovable(change, move))) return undefined;
  const isMoved = move.from !== move.to;
  return changes.map((change) => inModuleOfNow(isMoved ? moved(change, move) : change, move));
}

/** What stands behind the list of operations is moved by an edit in it, wherever the operation itself stands. */
function isInPlace(change: Change, { earlier, from }: Move): boolean {
  const places = [...placesOf(change), ...nodesIn(change, earlier.file).map(({ span }) => span)];
  return places.every((place) => containsSpan(from.span, place) || isBeforeList(place, earlier));
}

function canBeMoved(change: Change, { earlier, source, from }: Move): boolean {
  const { origin, transaction } = change;
  if (origin.call !== from || origin.within.length > 0 || !(isPlain(change) || isOfCode(change))) return false;
  // An id that was made from a place could become that of another transaction.
  if (transaction !== undefined && transaction !== `${source.app}.${source.name}`) return false;
  return (
    placesOf(change).every((place) => containsSpan(from.span, place) || isBeforeList(place, earlier)) &&
    nodesIn(change, earlier.file).every(({ span }) => isBeforeList(span, earlier))
  );
}

function isBeforeList({ end }: Span, { operationsList }: DjangoMigration): boolean {
  return operationsList !== undefined && end <= operationsList.span.start;
}

/** The places of a change in the migration's own file. */
function placesOf(change: Change): readonly Span[] {
  const { at, origin } = change;
  return [at, origin.span, ...ownPlacesOf(change).filter((place) => place !== undefined)];
}

function ownPlacesOf(change: Change): readonly (Span | undefined)[] {
  switch (change.kind) {
    case 'AlterColumn':
      return [change.facets.type, change.facets.nullable, change.facets.default];
    case 'RunCode':
      return [change.outOfSight?.at];
    case 'RunSql':
      return (change.holes ?? []).map((hole) => hole.at);
    default:
      return [];
  }
}

/** The pieces of code that a change points to, as far as they stand in the migration's own file. */
function nodesIn(change: Change, file: string): readonly { readonly span: Span }[] {
  if (change.kind === 'RunCode' && change.file === file) {
    const models = change.liveModels.flatMap(({ at, uses }) => [at, ...uses]).map((span) => ({ span }));
    return change.function === undefined ? models : [change.function, ...models];
  }
  if (change.kind !== 'WriteRows' || change.code?.file !== file) return [];
  const { functions, call, source } = change.code;
  return source === undefined ? [call, ...functions] : [call, source, ...functions];
}

function moved(change: Change, move: Move): Change {
  const { origin } = change;
  const places = {
    at: movedSpan(change.at, move),
    origin: { ...origin, span: movedSpan(origin.span, move), call: move.to },
  };
  if (change.kind === 'AlterColumn') {
    const { type, nullable } = change.facets;
    const facets = { type: type && movedSpan(type, move), nullable: nullable && movedSpan(nullable, move) };
    return { ...change, ...places, facets };
  }
  if (change.kind === 'RunCode' && change.outOfSight !== undefined) {
    const { at, reason } = change.outOfSight;
    return { ...change, ...places, outOfSight: { at: movedSpan(at, move), reason } };
  }
  return { ...change, ...places };
}

function movedSpan(span: Span, { from, to }: Move): Span {
  return containsSpan(from.span, span) ? shiftSpan(span, to.span.start - from.span.start) : span;
}

/** A place in code is in the text of now, even where nothing has moved it. */
function inModuleOfNow(change: Change, { earlier, source }: Move): Change {
  if (change.kind !== 'WriteRows' || change.code?.module !== earlier.module) return change;
  return { ...change, code: { ...change.code, module: source.module } };
}
