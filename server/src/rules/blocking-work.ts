import type { Effects, LongWork, WorkReason } from '../database/effects.ts';
import type { Change } from '../schema/change.ts';
import type { Migration } from '../schema/migration.ts';

/** The work that a change does for one reason while others wait for the table; undefined where nobody waits. */
export function findBlockingWork({ works }: Effects, reason: WorkReason): LongWork | undefined {
  return works.find(
    (work) => work.reason === reason && (work.blocks === 'writes' || work.blocks === 'reads and writes'),
  );
}

/** The changes that the operation or statement of this one makes, itself included. */
export function sameOrigin(change: Change, migration: Migration): readonly Change[] {
  const { origin } = change;
  return migration.forward.filter(
    (each) => each.origin.kind === origin.kind && each.origin.span.start === origin.span.start,
  );
}
