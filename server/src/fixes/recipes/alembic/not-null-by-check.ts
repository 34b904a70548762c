import { isTrue } from '../../../alembic/columns.ts';
import { nameOf } from '../../../alembic/step.ts';
import { isVersionAtLeast } from '../../../base/target.ts';
import type { Project } from '../../../project/project.ts';
import type { AlterColumn } from '../../../schema/change.ts';
import type { Migration } from '../../../schema/migration.ts';
import { findColumn } from '../../../schema/schema.ts';
import { backfillRevision, columnToFill } from '../../alembic/backfill.ts';
import { directiveText } from '../../alembic/directive-text.ts';
import { codeAround } from '../../alembic/moved-code.ts';
import { type NewRevision, revisionsAfter } from '../../alembic/new-revision.ts';
import { addCheckText, dropCheckText, proveRevision } from '../../alembic/not-null-steps.ts';
import { type DirectivePlace, readDirectivePlace } from '../../alembic/revision-site.ts';
import { replaceOutsideOfBatch } from '../../alembic/statement-edits.ts';
import { wayBackOf } from '../../alembic/way-back.ts';
import { changedSource } from '../../changed-source.ts';
import { quoted, quoteOf } from '../../edits/layout.ts';
import { type Answer, isRefused } from '../../fix.ts';
import { doesMore, neededLater, severalKeys, unreadReverse } from '../../refusals.ts';
import { schemaBefore } from '../../schema-before.ts';
import { isMovable } from '../../sql/later-changes.ts';
import { isFilledBefore } from '../field-definition.ts';

/**
 * Sets an existing column NOT NULL without reading the table under an exclusive lock: a check that new rows obey at once, a
 * backfill in batches, the proof, then NOT NULL on that proof.
 */
export function notNullByCheckedSteps(
  change: AlterColumn,
  migration: Migration,
  { project }: { readonly project: Project },
): readonly Answer[] {
  const place = readDirectivePlace(change, migration, project);
  if (isRefused(place)) return place;
  if (!isVersionAtLeast(project.target.databaseVersion, 12, 0) || change.guarded === true) return [];
  if (!isNothingElse(place)) return place.directive.name === 'alter_column' ? doesMore : [];
  if (!isMovable(change, migration)) return neededLater;
  const fill = fillOf(change, migration, place, project);
  if (fill === 'unknown') return severalKeys;
  const { source } = place;
  const { table, column } = change;
  const of = { table, column, source, project };
  const back = wayBackOf(source, (directive) => isNullableAgain(directive, change), []);
  if (back.kind === 'unclear') return unreadReverse;
  const forward = directiveText(place, {}, 4);
  const backward =
    back.kind === 'written' ? directiveText(back.place, {}, 4) : directiveText(place, { set: { nullable: 'True' } }, 4);
  const around = codeAround(source, back.kind === 'written' ? [place, back.place] : [place], [forward, backward]);
  if (isRefused(around)) return around;
  const prove = { ...proveRevision(of, { forward, backward }), ...around };
  const chain = revisionsAfter(project, source, [...fill, prove]);
  if (isRefused(chain)) return chain;
  const changed = [
    ...replaceOutsideOfBatch(place, addCheckText(of)),
    ...(back.kind === 'written' ? replaceOutsideOfBatch(back.place, dropCheckText(of)) : []),
  ];
  return [
    {
      title: `Set "${column}" NOT NULL in steps: check, ${fill.length > 0 ? 'fill, ' : ''}validate`,
      safety: 'review',
      edits: [changedSource(source, changed), ...chain.repointed, ...chain.created],
    },
  ];
}

/** Whether the directive does nothing but to set NOT NULL. */
function isNothingElse({ directive }: DirectivePlace): boolean {
  const others = [...directive.arguments.keys()].filter((name) => !name.startsWith('existing_'));
  const expected = ['column_name', 'nullable', 'schema', 'table_name'];
  return directive.name === 'alter_column' && others.every((name) => expected.includes(name));
}

function isNullableAgain(
  { name, arguments: given }: DirectivePlace['directive'],
  { table, column }: AlterColumn,
): boolean {
  if (name !== 'alter_column' || !isTrue(given.get('nullable'))) return false;
  return nameOf(given.get('table_name')) === table.name && nameOf(given.get('column_name')) === column;
}

/** The backfill, where the revision has not filled the column before. A default of the database is what empty rows get. */
function fillOf(
  change: AlterColumn,
  migration: Migration,
  { source }: DirectivePlace,
  project: Project,
): readonly NewRevision[] | 'unknown' {
  if (isFilledBefore(change, change.column, migration)) return [];
  const before = schemaBefore(change, migration, project);
  const fill = before && columnToFill(change.table, change.column, before);
  if (before === undefined || fill === undefined) return 'unknown';
  const known = findColumn(before, change.table, change.column)?.default;
  const quote = quoteOf(source.text);
  return [backfillRevision(fill, known === undefined ? undefined : `sa.text(${quoted('DEFAULT', quote)})`, source)];
}
