import type { AlembicRevision } from '../../../alembic/revision-file.ts';
import type { Project } from '../../../project/project.ts';
import type { AlterColumn } from '../../../schema/change.ts';
import type { Migration } from '../../../schema/migration.ts';
import { findColumn } from '../../../schema/schema.ts';
import { backfillRevision, columnToFill } from '../../alembic/backfill.ts';
import type { NewRevision } from '../../alembic/new-revision.ts';
import { quoted, quoteOf } from '../../edits/layout.ts';
import { schemaBefore } from '../../schema-before.ts';
import { isFilledBefore } from '../field-definition.ts';

/**
 * The backfill that a column needs before it is NOT NULL, where the revision has not filled it before. A default of the
 * database is what empty rows get.
 */
export function fillBefore(
  change: AlterColumn,
  migration: Migration,
  source: AlembicRevision,
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
