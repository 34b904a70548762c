import { containsSpan, type Span, shiftSpan } from '../base/span.ts';
import type { Change, ChangeKind } from '../schema/change.ts';
import type { CallExpression, Expression } from '../syntax/module.ts';
import type { DjangoMigration, DjangoOperation } from './migration-file.ts';
import type { ProjectState } from './project-state.ts';

/** One operation with what it came to. */
export interface LoweredOperation {
  readonly operation: DjangoOperation;
  readonly before: ProjectState;
  readonly changes: readonly Change[];
  readonly after: ProjectState;
}

/** What a migration was lowered to before its file was edited. */
export interface EarlierLowering {
  readonly source: DjangoMigration;
  readonly operations: readonly LoweredOperation[];
  isSameState(one: ProjectState, other: ProjectState): boolean;
}

/** Finds what can be taken over from before an edit: every keystroke leaves all operations but one as they were. */
export interface Takeover {
  /** What the operation came to, if it still says the same and meets the same state; its places are those of now. */
  find(index: number, before: ProjectState): LoweredOperation | undefined;
  /** The state as an object that was there before the edit, if it says the same: what comes behind then stays. */
  settled(index: number, before: ProjectState, after: ProjectState): ProjectState;
}

const nothingToTake: Takeover = { find: () => undefined, settled: (_index, _before, after) => after };

export function takeoverFrom(earlier: EarlierLowering | undefined, source: DjangoMigration): Takeover {
  if (earlier === undefined || !isAlikeAround(earlier.source, source)) return nothingToTake;
  const { operations } = source;
  const known = earlier.operations;
  const direct = new Set<Expression>(source.operationsList?.items);
  const directBefore = new Set<Expression>(earlier.source.operationsList?.items);
  // An edit in the middle: up to it operations are counted from the beginning, behind it from the end.
  const candidates = (index: number) => [known[index], known[known.length - (operations.length - index)]];
  return {
    find(index, before) {
      const operation = operations[index];
      const call = operation?.call;
      if (operation === undefined || call === undefined || !direct.has(call)) return undefined;
      for (const candidate of candidates(index)) {
        const from = candidate?.operation.call;
        if (candidate === undefined || from === undefined || !directBefore.has(from)) continue;
        if (candidate.before !== before || !isSameText(earlier.source, from, source, call)) continue;
        const changes = movedChanges(candidate.changes, from, call);
        return changes && { operation, before, changes, after: candidate.after };
      }
      return undefined;
    },
    settled(index, before, after) {
      const same = candidates(index).find((each) => each?.before === before && earlier.isSameState(each.after, after));
      return same?.after ?? after;
    },
  };
}

/** Whether only the list of operations differs: all that names in it can mean is then the same. */
function isAlikeAround(one: DjangoMigration, other: DjangoMigration): boolean {
  const [list, otherList] = [one.operationsList, other.operationsList];
  if (list === undefined || otherList === undefined) return false;
  const { start, end } = list.span;
  const { start: otherStart, end: otherEnd } = otherList.span;
  return (
    start === otherStart &&
    one.text.slice(0, start) === other.text.slice(0, start) &&
    one.text.slice(end) === other.text.slice(otherEnd)
  );
}

function isSameText(one: DjangoMigration, at: CallExpression, other: DjangoMigration, place: CallExpression): boolean {
  if (at === place) return true;
  const { start, end } = at.span;
  const { start: otherStart, end: otherEnd } = place.span;
  return end - start === otherEnd - otherStart && one.text.slice(start, end) === other.text.slice(otherStart, otherEnd);
}

/** Kinds that hold no code: what was read from functions and strings keeps its own places. */
const movable: ReadonlySet<ChangeKind> = new Set<ChangeKind>([
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
]);

/** The changes of a call at the place where it stands now; `undefined` where one of them cannot be moved. */
function movedChanges(
  changes: readonly Change[],
  from: CallExpression,
  to: CallExpression,
): readonly Change[] | undefined {
  if (!changes.every((change) => isWithin(change, from))) return undefined;
  return from === to ? changes : changes.map((change) => moved(change, from, to));
}

function isWithin(change: Change, call: CallExpression): boolean {
  const { at, origin } = change;
  const spans = change.kind === 'AlterColumn' ? [change.facets.type, change.facets.nullable] : [];
  return (
    movable.has(change.kind) &&
    origin.call === call &&
    origin.within.length === 0 &&
    [at, origin.span, ...spans].every((span) => span === undefined || containsSpan(call.span, span))
  );
}

function moved(change: Change, from: CallExpression, to: CallExpression): Change {
  const by = to.span.start - from.span.start;
  const { at, origin } = change;
  const places = { at: shiftSpan(at, by), origin: { ...origin, span: shiftSpan(origin.span, by), call: to } };
  if (change.kind !== 'AlterColumn') return { ...change, ...places };
  const { type, nullable } = change.facets;
  return { ...change, ...places, facets: { type: movedSpan(type, by), nullable: movedSpan(nullable, by) } };
}

function movedSpan(span: Span | undefined, by: number): Span | undefined {
  return span && shiftSpan(span, by);
}
