import type { Change } from '../schema/change.ts';
import type { Schema } from '../schema/schema.ts';
import { type Built, isSameBuilt } from './built.ts';
import type { DjangoMigration, DjangoOperation } from './migration-file.ts';
import { isPlain, movedChanges } from './moved-changes.ts';
import type { ProjectState, StateRecord } from './project-state.ts';
import { SchemaSoFar } from './schema-so-far.ts';
import { madeAgain } from './state-record.ts';
import { unchangedCalls } from './unchanged-operations.ts';

/** One operation with what it came to. */
export interface LoweredOperation {
  readonly operation: DjangoOperation;
  readonly before: Built;
  readonly changes: readonly Change[];
  /** One object for each of the changes, the same however far edits have moved it. */
  readonly identities: readonly object[];
  /** The schema before each of the changes. */
  readonly steps: readonly Schema[];
  readonly after: Built;
  readonly record: StateRecord;
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
  const unchanged = earlier && unchangedCalls(earlier.source, source);
  if (earlier === undefined || unchanged === undefined) return nothingToTake;
  const { operations } = source;
  const known = earlier.operations;
  const byCall = new Map(known.map((each) => [each.operation.call, each]));
  return {
    find(index, before) {
      const operation = operations[index];
      const call = operation?.call;
      const from = call && unchanged.get(call);
      if (operation === undefined || call === undefined || from === undefined) return undefined;
      const lowered = byCall.get(from);
      const state = lowered && stateAgain(lowered, before);
      if (lowered === undefined || state === undefined) return undefined;
      const changes = movedChanges(lowered.changes, { earlier: earlier.source, source, from, to: call });
      return changes && metAgain({ ...lowered, operation, changes }, { before, state }, source);
    },
    settled(index, before, after) {
      // An edit in the middle: up to it operations are counted from the beginning, behind it from the end.
      const candidates = [known[index], known[known.length - (operations.length - index)]];
      const same = candidates.find((each) => each !== undefined && isSameBuilt(each.before, before));
      return same === undefined ? after : earlier.settled(same.after, after);
    },
  };
}

/** The models after an operation, as far as it has asked for the same ones before. */
function stateAgain({ before, after, record }: LoweredOperation, { state }: Built): ProjectState | undefined {
  return madeAgain({ before: before.state, after: after.state, record }, state);
}

/** What an operation that has met the same models before comes to, where others may be different, and the tables. */
function metAgain(
  lowered: LoweredOperation,
  { before, state }: { readonly before: Built; readonly state: ProjectState },
  { app, name }: DjangoMigration,
): LoweredOperation | undefined {
  if (isSameBuilt(lowered.before, before)) return lowered;
  if (!lowered.changes.every(isPlain)) return undefined;
  const soFar = new SchemaSoFar(before.schema, `${app}.${name}`);
  soFar.add(lowered.changes);
  return { ...lowered, before, steps: soFar.steps(), after: { state, schema: soFar.now() } };
}
