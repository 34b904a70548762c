import type { Change } from '../schema/change.ts';
import { changesOf } from '../schema/change.ts';
import { placeOf } from '../schema/change-order.ts';
import type { Column } from '../schema/column.ts';
import type { Migration } from '../schema/migration.ts';
import { findColumn, findTable } from '../schema/schema.ts';
import type { TableName } from '../schema/table-name.ts';
import type { RuleContext } from './rule.ts';

/**
 * Whether a table holds rows and serves queries when a change reaches it. A table that this migration itself created
 * does not, until rows are written to it; one that no migration in sight creates does. Initial and squashed migrations
 * run one after the other on a new database only, so their tables are as new as their own.
 */
export function isInUse(table: TableName, change: Change, migration: Migration, context: RuleContext): boolean {
  const known = findTable(context.before(change), table);
  if (known?.bornIn === undefined) return true;
  if (known.bornIn === migration.id) return known.hasRows;
  return !(migration.initial && context.project.migration(known.bornIn)?.migration.initial);
}

/**
 * Whether a table in use holds rows that this migration did not put there: one that it created itself, a scratch table
 * or a temporary one, loses nothing but its own work.
 */
export function hasHistory(table: TableName, change: Change, migration: Migration, context: RuleContext): boolean {
  if (findTable(context.before(change), table)?.bornIn === migration.id) return false;
  return isInUse(table, change, migration, context);
}

/** The column as it stands before the change, where the replayed migrations know it. */
export function columnBefore(
  table: TableName,
  column: string,
  change: Change,
  context: RuleContext,
): Column | undefined {
  return findColumn(context.before(change), table, column);
}

/** Whether the change stands behind a guard in its own code, or a step that raises unless a flag or a setting allows it. */
export function isGuarded(change: Change, migration: Migration): boolean {
  if (change.guarded === true) return true;
  const { forward } = migration;
  const place = placeOf(change, forward);
  return changesOf(forward, 'RunCode').some((code) => code.isGuard && placeOf(code, forward) < place);
}

/**
 * Whether an earlier migration took the column out of the state: no release that runs still uses it. A drop may take it
 * back into the state first, in the same migration, to let Django do the work.
 */
export function hasLeftState({ leftStateIn, backInStateIn }: Column, migration: Migration): boolean {
  if (leftStateIn === undefined || leftStateIn === migration.id) return false;
  return backInStateIn === undefined || backInStateIn === migration.id;
}

/**
 * Whether the migration is marked to run when no release is left that uses what it drops. The release that runs by then
 * knows nothing of a column either, so the column has to take rows without it.
 */
export function isDroppedAfterDeploy(column: Column | 'table', { phase }: Migration): boolean {
  return phase === 'after-deploy' && (column === 'table' || column.nullable || column.default !== undefined);
}
