import { isVersionAtLeast } from '../../../base/target.ts';
import type { Project } from '../../../project/project.ts';
import type { AlterColumn } from '../../../schema/change.ts';
import type { Migration } from '../../../schema/migration.ts';
import { directiveText } from '../../alembic/directive-text.ts';
import { codeAround } from '../../alembic/moved-code.ts';
import { revisionsAfter } from '../../alembic/new-revision.ts';
import {
  addCheckText,
  dropCheckText,
  isNullableAgain,
  isOnlyNullability,
  proveRevision,
} from '../../alembic/not-null-steps.ts';
import { readDirectivePlace } from '../../alembic/revision-site.ts';
import { replaceOutsideOfBatch } from '../../alembic/statement-edits.ts';
import { wayBackOf } from '../../alembic/way-back.ts';
import { changedSource } from '../../changed-source.ts';
import { type Answer, isRefused } from '../../fix.ts';
import { behindGuard, doesMore, neededLater, noProofOfNotNull, severalKeys, unreadReverse } from '../../refusals.ts';
import { isMovable } from '../../sql/later-changes.ts';
import { checkTakenBack } from './check-taken-back.ts';
import { executedNotNull } from './executed-not-null.ts';
import { fillBefore } from './not-null-fill.ts';

/**
 * Sets an existing column NOT NULL without reading the table under an exclusive lock: a check that new rows obey at once, a
 * backfill in batches, the proof, then NOT NULL on that proof.
 */
export function notNullByCheckedSteps(
  change: AlterColumn,
  migration: Migration,
  { project }: { readonly project: Project },
): readonly Answer[] {
  if (change.origin.sql !== undefined) return executedNotNull(change, migration, { project });
  const place = readDirectivePlace(change, migration, project);
  if (isRefused(place)) return place;
  if (!isVersionAtLeast(project.target.databaseVersion, 12, 0)) return noProofOfNotNull;
  if (!isOnlyNullability(place.directive)) return place.directive.name === 'alter_column' ? doesMore : [];
  if (change.guarded === true) return behindGuard;
  if (!isMovable(change, migration)) return neededLater;
  const fill = fillBefore(change, migration, place.source, project);
  if (fill === 'unknown') return severalKeys;
  const { source } = place;
  const { table, column } = change;
  const of = { table, column, source, project };
  const back = wayBackOf(source, (directive) => isNullableAgain(directive, change), []);
  if (back.kind === 'unclear') return unreadReverse;
  const forward = directiveText(place, {}, 4);
  const [places, backward] =
    back.kind === 'written'
      ? [[place, back.place], directiveText(back.place, {}, 4)]
      : [[place], directiveText(place, { set: { nullable: 'True' } }, 4)];
  const around = codeAround(source, places, [forward, backward]);
  if (isRefused(around)) return around;
  const prove = { ...proveRevision(of, { forward, backward }), ...around };
  const chain = revisionsAfter(project, source, [...fill, prove]);
  if (isRefused(chain)) return chain;
  const changed = [
    ...replaceOutsideOfBatch(place, addCheckText(of)),
    ...(back.kind === 'written'
      ? replaceOutsideOfBatch(back.place, dropCheckText(of))
      : checkTakenBack(change, migration, source, dropCheckText(of))),
  ];
  return [
    {
      title: `Set "${column}" NOT NULL in steps: check, ${fill.length > 0 ? 'fill, ' : ''}validate`,
      safety: 'review',
      edits: [changedSource(source, changed), ...chain.repointed, ...chain.created],
    },
  ];
}
