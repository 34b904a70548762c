import type { Change } from '../schema/change.ts';
import type { Schema } from '../schema/schema.ts';
import type { CallExpression, Expression } from '../syntax/module.ts';
import { type Built, isSameBuilt } from './built.ts';
import type { DjangoMigration, DjangoOperation } from './migration-file.ts';
import { isPlain, movedChanges } from './moved-changes.ts';
import { SchemaSoFar } from './schema-so-far.ts';

/** One operation with what it came to. */
export interface LoweredOperation {
  readonly operation: DjangoOperation;
  readonly before: Built;
  readonly changes: readonly Change[];
  /** The schema before each of the changes. */
  readonly steps: readonly Schema[];
  readonly after: Built;
}

/** What a migration was lowered to before its file was edited. */
export interface EarlierLowering {
  readonly source: DjangoMigration;
  readonly operations: readonly LoweredOperation[];
  /** What is there `now`, as the objects that were `known` before wherever they say the same. */
  settled(known: Built, now: Built): Built;
}

/** Finds what can be taken over from before an edit: every keystroke leaves all operations but one as they were. */
export interface Takeover {
  /** What the operation came to, if it still says the same and meets the same; its places are those of now. */
  find(index: number, before: Built): LoweredOperation | undefined;
  /** What an operation has built as objects that were there before the edit: what comes behind then stays. */
  settled(index: number, before: Built, after: Built): Built;
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
        if (candidate.before.state !== before.state || !isSameText(earlier.source, from, source, call)) continue;
        const changes = movedChanges(candidate.changes, { earlier: earlier.source, source, from, to: call });
        return changes && metAgain({ ...candidate, operation, changes }, before, source);
      }
      return undefined;
    },
    settled(index, before, after) {
      const same = candidates(index).find((each) => each !== undefined && isSameBuilt(each.before, before));
      return same === undefined ? after : earlier.settled(same.after, after);
    },
  };
}

/** What an operation that has met these models before comes to, where the tables may be others. */
function metAgain(
  lowered: LoweredOperation,
  before: Built,
  { app, name }: DjangoMigration,
): LoweredOperation | undefined {
  if (lowered.before.schema === before.schema) return lowered;
  if (!lowered.changes.every(isPlain)) return undefined;
  const soFar = new SchemaSoFar(before.schema, `${app}.${name}`);
  soFar.add(lowered.changes);
  return { ...lowered, before, steps: soFar.steps(), after: { state: lowered.after.state, schema: soFar.now() } };
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
