import { isVersionAtLeast } from '../../../base/target.ts';
import { sortEdits, type TextEdit } from '../../../base/text-edit.ts';
import type { Project } from '../../../project/project.ts';
import type { AddColumn } from '../../../schema/change.ts';
import type { Migration } from '../../../schema/migration.ts';
import { backfillRevision, columnToFill } from '../../alembic/backfill.ts';
import { type ColumnCall, columnCallOf } from '../../alembic/column-call.ts';
import { editsInside } from '../../alembic/directive-text.ts';
import { alterNewColumn, areValuesNeeded, newColumnProven } from '../../alembic/new-column.ts';
import { revisionsAfter } from '../../alembic/new-revision.ts';
import { addCheckText } from '../../alembic/not-null-steps.ts';
import { readDirectivePlace } from '../../alembic/revision-site.ts';
import { insertAfterStatement, outsideOfBatch } from '../../alembic/statement-edits.ts';
import { findKeyword, removeArgument, setKeyword } from '../../edits/arguments.ts';
import { quoted, quoteOf } from '../../edits/layout.ts';
import { rewrittenCode } from '../../edits/rewritten.ts';
import { type Answer, isRefused } from '../../fix.ts';
import {
  doesMore,
  filledInPartitions,
  neededLater,
  noProofOfNotNull,
  notWrittenOut,
  severalKeys,
} from '../../refusals.ts';
import { isOnPartitioned, schemaBefore } from '../../schema-before.ts';
import { titleOfDefaultAfterwards } from '../default-afterwards.ts';

/**
 * Adds a column without its default, so that no row is touched, and sets the default for new rows directly afterwards, in
 * the same transaction: also the release that runs cannot leave the column empty. The rows that are there get theirs in
 * batches, then it becomes NOT NULL.
 */
export function defaultAfterAdding(
  change: AddColumn,
  migration: Migration,
  { project }: { readonly project: Project },
): readonly Answer[] {
  const place = readDirectivePlace(change, migration, project);
  if (isRefused(place)) return place;
  const column = columnCallOf(place);
  const value = column && defaultText(column);
  if (column === undefined || value === undefined) return notWrittenOut;
  const { table, column: added } = change;
  const isSaidNotNull = column.keyword('nullable') !== undefined;
  if (added.primaryKey || (!added.nullable && !isSaidNotNull)) return doesMore;
  if (!added.nullable && !isVersionAtLeast(project.target.databaseVersion, 12, 0)) return noProofOfNotNull;
  if (isOnPartitioned(change, migration, project)) return filledInPartitions;
  if (areValuesNeeded(change, migration)) return neededLater;
  const before = schemaBefore(change, migration, project);
  const fill = before && columnToFill(table, added.name, before);
  if (fill === undefined) return severalKeys;
  const { source } = place;
  // The database evaluates its default for each row.
  const filling = backfillRevision(fill, `sa.text(${quoted('DEFAULT', quoteOf(source.text))})`, source);
  const prove = added.nullable ? [] : newColumnProven({ change, place, column, project });
  if (isRefused(prove) && prove.length > 0) return prove;
  const chain = revisionsAfter(project, source, [filling, ...(isRefused(prove) ? [] : [prove])]);
  if (isRefused(chain)) return chain;
  const setDefault = alterNewColumn({ change, place }, { server_default: value });
  const check = addCheckText({ table, column: added.name, source, project });
  const behind = added.nullable ? [setDefault] : [setDefault, check];
  const edits = [
    ...editsInside(place, withoutDefault(column)),
    insertAfterStatement(outsideOfBatch(place), behind.join('\n')),
  ];
  return [
    {
      title: titleOfDefaultAfterwards(added),
      safety: 'review',
      edits: [{ kind: 'change', file: source.file, edits: sortEdits(edits) }, ...chain.repointed, ...chain.created],
    },
  ];
}

/** What `server_default=` says, as it is written. */
function defaultText({ text, call }: ColumnCall): string | undefined {
  const value = findKeyword(call, 'server_default')?.value;
  return value && rewrittenCode(text, value.span, []);
}

/** Without a default the column can only be added as one that may be NULL. */
function withoutDefault(column: ColumnCall): readonly TextEdit[] {
  const [fallback, nullable] = ['server_default', 'nullable'].map((name) => findKeyword(column.call, name));
  return sortEdits([
    ...(fallback === undefined ? [] : [removeArgument(column, fallback)]),
    ...(nullable === undefined ? [] : [setKeyword(column, 'nullable', 'True')]),
  ]);
}
