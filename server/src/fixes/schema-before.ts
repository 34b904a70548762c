import type { Project } from '../project/project.ts';
import type { Change } from '../schema/change.ts';
import type { Migration } from '../schema/migration.ts';
import { findTable, type Schema, type Table } from '../schema/schema.ts';
import type { TableName } from '../schema/table-name.ts';

/** The schema just before one of a migration's changes. */
export function schemaBefore(change: Change, migration: Migration, project: Project): Schema | undefined {
  return project.migration(migration.id)?.steps[migration.forward.indexOf(change)];
}

/** A table as it stands just before a change; undefined where no migration in sight creates it. */
export function tableBefore(
  table: TableName | undefined,
  change: Change,
  migration: Migration,
  project: Project,
): Table | undefined {
  const before = schemaBefore(change, migration, project);
  return table && before && findTable(before, table);
}

/**
 * Whether the rows of the change's table are in partitions: PostgreSQL builds and drops no index of such a table
 * concurrently, and makes no constraint out of one.
 */
export function isOnPartitioned(
  change: Change & { readonly table?: TableName | undefined },
  migration: Migration,
  project: Project,
): boolean {
  return tableBefore(change.table, change, migration, project)?.partitionedBy !== undefined;
}
