import { type LockMode, lockModes } from '../database/effects.ts';
import type { Change } from '../schema/change.ts';
import type { Migration } from '../schema/migration.ts';
import type { TableName } from '../schema/table-name.ts';
import type { RuleContext } from './rule.ts';
import { isInUse } from './tables-in-use.ts';

/** The tables in use that a change locks at least so strongly. */
export function liveTablesLocked(
  change: Change,
  weakest: LockMode,
  migration: Migration,
  context: RuleContext,
): readonly TableName[] {
  const { locks } = context.effects(change);
  if (locks.length === 0) return [];
  const least = lockModes.indexOf(weakest);
  return locks
    .filter(({ mode }) => lockModes.indexOf(mode) >= least)
    .map(({ table }) => table)
    .filter((table) => isInUse(table, change, migration, context));
}
