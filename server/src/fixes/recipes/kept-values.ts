import type { Project } from '../../project/project.ts';
import type { Change, WriteRows } from '../../schema/change.ts';
import { type Column, typeText } from '../../schema/column.ts';
import type { Migration } from '../../schema/migration.ts';
import { findColumn, findTable, type Schema } from '../../schema/schema.ts';
import type { TableName } from '../../schema/table-name.ts';
import { insertItems, itemIndentation } from '../edits/list-items.ts';
import { indented } from '../edits/rewritten.ts';
import type { Fix } from '../fix.ts';
import { findOperationSite, migrationsModule } from '../operation-site.ts';
import { quotedName, quotedTable, runSqlText, suffixedName } from '../sql-text.ts';

interface Surroundings {
  readonly project: Project;
  before(change: Change): Schema;
}

/**
 * Copies the values that are about to be overwritten to columns of their own, in a step before. The columns are in the
 * database alone and stay until somebody drops them; migrating back restores the values.
 */
export function keptValues(
  change: WriteRows,
  columns: readonly string[],
  migration: Migration,
  { project, before }: Surroundings,
): readonly Fix[] {
  const site = findOperationSite(change, migration, project);
  const { table } = change;
  if (site === undefined || !site.isTopLevel || table === undefined) return [];
  const known = columns.flatMap((name) => findColumn(before(change), table, name) ?? []);
  const isTaken = columns.some((name) => findTable(before(change), table)?.columns.has(keptName(name)) === true);
  if (known.length < columns.length || isTaken || known.some(({ type }) => type.name === 'unknown')) return [];
  const migrations = migrationsModule(site.source);
  const step = keepingStep(migrations.name, table, known, project);
  return [
    {
      title: `Keep the old values in ${known.map(({ name }) => `"${keptName(name)}"`).join(', ')}, which migrating back restores`,
      safety: 'review',
      edits: [
        {
          kind: 'change',
          file: site.source.file,
          edits: [
            ...migrations.edits,
            insertItems(site.list, site.index, [indented(step, itemIndentation(site.list))]),
          ],
        },
      ],
    },
  ];
}

function keptName(column: string): string {
  return suffixedName(column, '_before');
}

function keepingStep(migrations: string, name: TableName, columns: readonly Column[], { target }: Project): string {
  const { database } = target;
  const table = quotedTable(name, database);
  const pairs = columns.map((column) => ({
    column,
    old: quotedName(column.name, database),
    kept: quotedName(keptName(column.name), database),
  }));
  const add = pairs.map(({ column, kept }) => `ALTER TABLE ${table} ADD COLUMN ${kept} ${typeText(column.type)}`);
  const drop = pairs.map(({ kept }) => `ALTER TABLE ${table} DROP COLUMN ${kept}`);
  // Rows that came later have no old value; where NULL may be an old value they cannot be told apart.
  const restore = pairs.map(({ column, old, kept }) =>
    column.nullable
      ? `UPDATE ${table} SET ${old} = ${kept}`
      : `UPDATE ${table} SET ${old} = ${kept} WHERE ${kept} IS NOT NULL`,
  );
  const copies = pairs.map(({ old, kept }) => `${kept} = ${old}`).join(', ');
  return runSqlText(migrations, [...add, `UPDATE ${table} SET ${copies}`], [...restore, ...drop]);
}
