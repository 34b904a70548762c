import type { Effects, LongWork, WorkReason } from '../database/effects.ts';
import type { Change } from '../schema/change.ts';
import { changesOfOrigin } from '../schema/change-order.ts';
import type { Migration } from '../schema/migration.ts';

/** The work that a change does for one reason while others wait for the table; undefined where nobody waits. */
export function findBlockingWork({ works }: Effects, reason: WorkReason): LongWork | undefined {
  return works.find(
    (work) => work.reason === reason && (work.blocks === 'writes' || work.blocks === 'reads and writes'),
  );
}

/** The changes that an operation makes, or an action of a statement, this one included. */
export function sameOrigin(change: Change, { forward }: Migration): readonly Change[] {
  return changesOfOrigin(change, forward);
}
