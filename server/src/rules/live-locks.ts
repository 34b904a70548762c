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

const known = new WeakMap<Migration['forward'], readonly (readonly Change[])[]>();

/** The changes that commit together, for each transaction that has more than one. */
export function transactionsOf({ forward }: Migration): readonly (readonly Change[])[] {
  const found = known.get(forward) ?? changesTogether(forward);
  known.set(forward, found);
  return found;
}

function changesTogether(forward: Migration['forward']): readonly (readonly Change[])[] {
  const together = new Map<string, Change[]>();
  for (const change of forward) {
    if (change.transaction === undefined || !change.applies.database) continue;
    const changes = together.get(change.transaction);
    if (changes === undefined) together.set(change.transaction, [change]);
    else changes.push(change);
  }
  return [...together.values()].filter(({ length }) => length > 1);
}
