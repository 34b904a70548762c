import type { Effects, LongWork, WorkReason } from '../database/effects.ts';

/** The work that a change does for one reason while others wait for the table; undefined where nobody waits. */
export function findBlockingWork({ works }: Effects, reason: WorkReason): LongWork | undefined {
  return works.find(
    (work) => work.reason === reason && (work.blocks === 'writes' || work.blocks === 'reads and writes'),
  );
}
