import { listed, listedUpTo } from '../../base/listed.ts';
import type { Project } from '../../project/project.ts';
import type { Change } from '../../schema/change.ts';
import type { Migration } from '../../schema/migration.ts';
import { tableText } from '../../schema/table-name.ts';
import { type Answer, refusal } from '../fix.ts';
import { splitMigration } from '../split-migration.ts';
import { type Apart, cutsBetween, stepsOf } from '../split-points.ts';

/** Why a migration is split, in the words of the rule. */
export interface SplitReason {
  /** @param count of the migrations that it becomes */
  title(count: number): string;
  /** Sentences for the new files, a line each: why they are apart. */
  readonly because: readonly string[];
}

/** Splits a migration between changes that must not stand in one, and nowhere else. */
export function split(
  aparts: readonly Apart[],
  reason: SplitReason,
  migration: Migration,
  { project }: { readonly project: Project },
): readonly Answer[] {
  const source = project.source(migration.id);
  if (source === undefined || migration.initial) return [];
  if (migration.forward.some(isBoundToTransaction)) {
    return refusal('The migration holds locks or settings that end with its transaction.');
  }
  const steps = stepsOf(migration, source, project);
  if (steps === undefined) return refusal('Which operation makes which change cannot be told here.');
  const cuts = cutsBetween(steps, aparts);
  if (cuts === undefined) {
    return refusal('No place to cut: it lies inside one operation, or between a new table and what is done to it.');
  }
  if (cuts.length === 0) return [];
  const docstring = (changes: readonly Change[], previous: string): string =>
    [
      sentenceOf(changes) ?? `Goes on where ${previous} stops.`,
      '',
      `Runs after ${previous}, in the same deploy.`,
      ...reason.because,
      '',
    ].join('\n');
  const edits = splitMigration(migration, steps, cuts, { docstring, slug: 'part' }, project);
  if (edits === undefined) return notTakenApart;
  return [{ title: reason.title(cuts.length + 1), safety: 'review', edits }];
}

const notTakenApart = refusal(
  'The migration is not written operation by operation, or shares what only it may define: it cannot be taken apart.',
);

/** What ends with the transaction, or is there for what else runs in it. */
function isBoundToTransaction(change: Change): boolean {
  switch (change.kind) {
    case 'LockRows':
    case 'LockTable':
    case 'SetConstraints':
    case 'SwitchTriggers':
    case 'TransactionControl':
      return true;
    case 'CreateTable':
      return change.temporary === true;
    default:
      return false;
  }
}

const mostNamed = 3;

function sentenceOf(changes: readonly Change[]): string | undefined {
  const happens = changes.filter(({ applies }) => applies.database);
  const written = tablesOf(happens.filter(({ kind }) => kind === 'WriteRows'));
  const validated = tablesOf(happens.filter(({ kind }) => kind === 'ValidateConstraint'));
  const changed = tablesOf(happens.filter(({ kind }) => kind !== 'WriteRows' && kind !== 'ValidateConstraint'));
  const parts = [
    ...(changed === '' ? [] : [`changes ${changed}`]),
    ...(written === '' ? [] : [`writes rows of ${written}`]),
    ...(validated === '' ? [] : [`validates constraints of ${validated}`]),
  ];
  if (parts.length === 0) return undefined;
  const sentence = listed(parts);
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
}

function tablesOf(changes: readonly Change[]): string {
  const names = new Set(
    changes.flatMap((change) => ('table' in change && change.table !== undefined ? [tableText(change.table)] : [])),
  );
  return listedUpTo(mostNamed, [...names], 'tables');
}
