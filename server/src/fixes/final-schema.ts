import { columnNameOf, hasColumn } from '../django/field.ts';
import { modelsOf } from '../django/project-state.ts';
import { tableOfModel } from '../django/tables.ts';
import type { JudgedMigration, Project } from '../project/project.ts';
import type { DropColumn, DropTable } from '../schema/change.ts';
import type { Migration } from '../schema/migration.ts';
import type { MigrationId } from '../schema/migration-id.ts';
import { findColumn, findTable, type Schema } from '../schema/schema.ts';
import { isSameTable, type TableName } from '../schema/table-name.ts';
import { stringOf } from './argument-values.ts';
import { findOperationOf } from './operation-site.ts';

/** The database after all migrations. */
export function finalSchema(project: Project): Schema | undefined {
  return lastOf(project)?.after;
}

/** Whether the migration took the column out of the state, and it is still there after all migrations. */
export function isDropOwed({ table, column }: DropColumn, { id }: Migration, project: Project): boolean {
  const final = finalSchema(project);
  const left = final && findColumn(final, table, column);
  if (left?.leftStateIn !== id || left.backInStateIn !== undefined) return false;
  // The same migration may have given the column to another field before.
  return !hasModelOf(table, project, (columns) => columns.has(column));
}

/** Whether the migration took the table out of the state, and it is still there after all migrations. */
export function isTableDropOwed(change: DropTable, { id }: Migration, project: Project): boolean {
  const final = finalSchema(project);
  const left = final && findTable(final, change.table);
  // Of a table that no migration in sight created, nobody knows whether it is there: unmanaged models have none.
  if (left?.leftStateIn !== id || left.bornIn === undefined) return false;
  // A model that moves to another app takes its table along, be it under another name.
  return !hasModelOf(change.table, project, () => true) && !isMoved(change, id, project);
}

function isMoved(change: DropTable, id: MigrationId, project: Project): boolean {
  const source = project.source(id);
  const state = lastOf(project)?.stateAfter;
  const name = source && stringOf(findOperationOf(change, source)?.arguments.get('name'))?.toLowerCase();
  if (name === undefined || state === undefined) return false;
  return [...state.apps].some(([app, models]) => app !== source?.app && models.has(name));
}

function hasModelOf(table: TableName, project: Project, accepts: (columns: ReadonlySet<string>) => boolean): boolean {
  const state = lastOf(project)?.stateAfter;
  if (state === undefined) return false;
  for (const model of modelsOf(state)) {
    if (!isSameTable(tableOfModel(state, model, project.target.database), table)) continue;
    const fields = [...model.fields.values()].filter(hasColumn);
    if (accepts(new Set(fields.map(columnNameOf)))) return true;
  }
  return false;
}

function lastOf(project: Project): JudgedMigration | undefined {
  const last = project.order.at(-1);
  return last === undefined ? undefined : project.migration(last);
}
