import type { Apart } from '../fixes/split-points.ts';
import type { Change } from '../schema/change.ts';
import { transactionsOf } from '../schema/change-order.ts';
import type { Migration } from '../schema/migration.ts';
import { liveTablesLocked } from './live-locks.ts';
import type { RuleContext } from './rule.ts';
import { isInUse } from './tables-in-use.ts';

/** What locks a table and leaves it as it is, or is done for the rows. */
const notAlterations: ReadonlySet<Change['kind']> = new Set([
  'CreateTable',
  'LockTable',
  'SwitchTriggers',
  'Truncate',
  'WriteRows',
]);

/** Whether a table in use is altered so that others wait for it. */
export function isAlteration(change: Change, migration: Migration, context: RuleContext): boolean {
  return !notAlterations.has(change.kind) && liveTablesLocked(change, 'SHARE', migration, context).length > 0;
}

/** Where rows of tables in use are written before or after such a table is altered, in one transaction. */
export function schemaAndDataApart(migration: Migration, context: RuleContext): readonly Apart[] {
  return transactionsOf(migration.forward).flatMap((changes) => {
    const aparts: Apart[] = [];
    let altered: Change | undefined;
    let written: Change | undefined;
    for (const change of changes) {
      if (isAlteration(change, migration, context)) {
        if (written !== undefined) aparts.push({ earlier: written, later: change });
        [altered, written] = [change, undefined];
      } else if (isWrite(change, migration, context)) {
        if (altered !== undefined) aparts.push({ earlier: altered, later: change });
        [altered, written] = [undefined, change];
      }
    }
    return aparts;
  });
}

function isWrite(change: Change, migration: Migration, context: RuleContext): boolean {
  if (change.kind !== 'WriteRows') return false;
  return change.table === undefined || isInUse(change.table, change, migration, context);
}
