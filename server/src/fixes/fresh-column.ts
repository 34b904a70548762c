import type { Project } from '../project/project.ts';
import type { Migration } from '../schema/migration.ts';
import type { MigrationId } from '../schema/migration-id.ts';
import { findTable, type Schema } from '../schema/schema.ts';
import type { TableName } from '../schema/table-name.ts';

/**
 * Whether a column is being filled for the first time: this migration or the step before it added it, and in the latter
 * case to a table that was there already. One migration in between that writes no rows belongs to that step.
 */
export function isFreshColumn(
  name: TableName,
  column: string,
  { id, parents }: Migration,
  before: Schema,
  project: Project,
): boolean {
  const table = findTable(before, name);
  const bornIn = table?.columns.get(column)?.bornIn;
  if (bornIn === undefined || bornIn === id) return bornIn === id;
  if (bornIn === table?.bornIn) return false;
  return parents.some(
    (parent) =>
      parent.id === bornIn || (project.graph.parentsOf(parent.id).includes(bornIn) && writesNoRows(parent.id, project)),
  );
}

function writesNoRows(id: MigrationId, project: Project): boolean {
  const forward = project.migration(id)?.migration.forward ?? [];
  return !forward.some(({ kind }) => kind === 'RunCode' || kind === 'RunSql' || kind === 'WriteRows');
}
