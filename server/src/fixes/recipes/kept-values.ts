import { quotedName, quotedTable } from '../../database/quoted-names.ts';
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
import { runSqlText } from '../sql/python-sql.ts';
import { suffixedName } from '../sql/sql-names.ts';

interface Surroundings {
  readonly project: Project;
  before(change: Change): Schema;
}

/**
 * Copies the values that are about to be overwritten to columns of their own, in a step before. The columns are in the
 * database alone and stay until somebody drops them; migrating back restores the values.
 */
export function keptValues(
  changes: readonly [WriteRows, ...WriteRows[]],
  columns: readonly string[],
  migration: Migration,
  { project, before }: Surroundings,
): readonly Fix[] {
  const site = findOperationSite(changes[0], migration, project);
  const kept = changes.map((change) => keptColumns(change, columns, before(change)));
  if (site === undefined || !site.isTopLevel || kept.includes(undefined)) return [];
  const migrations = migrationsModule(site.source);
  const indentation = itemIndentation(site.list);
  const steps = kept.flatMap((each) =>
    each === undefined ? [] : [indented(keepingStep(migrations.name, each, project), indentation)],
  );
  return [
    {
      title: `Keep the old values in ${columns.map((name) => `"${keptName(name)}"`).join(', ')}, which migrating back restores`,
      safety: 'review',
      edits: [
        {
          kind: 'change',
          file: site.source.file,
          edits: [...migrations.edits, insertItems(site.list, site.index, steps)],
        },
      ],
    },
  ];
}

interface KeptColumns {
  readonly table: TableName;
  readonly columns: readonly Column[];
  /**
   * A column that is not null in the rows whose values were kept: rows that came later must stay as they are. A copy of a
   * column that is never null says as much; beside copies that may be null there is one for it.
   */
  readonly mark: string;
}

/** Undefined where a type is not known, or a column of a new name is there already. */
function keptColumns({ table }: WriteRows, names: readonly string[], before: Schema): KeptColumns | undefined {
  if (table === undefined) return undefined;
  const columns = names.flatMap((name) => findColumn(before, table, name) ?? []);
  const [first] = columns;
  if (first === undefined || columns.length < names.length) return undefined;
  if (columns.some(({ type }) => type.name === 'unknown')) return undefined;
  const sure = columns.find(({ nullable }) => !nullable);
  const mark = sure === undefined ? suffixedName(first.name, '_kept') : keptName(sure.name);
  const taken = findTable(before, table)?.columns;
  const isTaken = [...names.map(keptName), mark].some((name) => taken?.has(name) === true);
  return isTaken ? undefined : { table, columns, mark };
}

function keptName(column: string): string {
  return suffixedName(column, '_before');
}

function keepingStep(migrations: string, kept: KeptColumns, { target }: Project): string {
  const { database } = target;
  const table = quotedTable(kept.table, database);
  const pairs = kept.columns.map((column) => ({
    column,
    old: quotedName(column.name, database),
    copy: quotedName(keptName(column.name), database),
  }));
  const mark = quotedName(kept.mark, database);
  const hasOwnMark = pairs.every(({ copy }) => copy !== mark);
  const added = pairs.map(({ column, copy }) => ({ name: copy, type: typeText(column.type) }));
  if (hasOwnMark) added.push({ name: mark, type: 'boolean' });
  const add = added.map(({ name, type }) => `ALTER TABLE ${table} ADD COLUMN ${name} ${type}`);
  const drop = added.map(({ name }) => `ALTER TABLE ${table} DROP COLUMN ${name}`);
  const olds = pairs.map(({ old, copy }) => `${old} = ${copy}`).join(', ');
  const restore = `UPDATE ${table} SET ${olds} WHERE ${mark} IS NOT NULL`;
  // PostgreSQL alters no table while it still has to check foreign keys of rows that were written.
  const isChecked = database === 'postgresql' && kept.columns.some(({ references }) => references?.enforced === true);
  const check = isChecked ? ['SET CONSTRAINTS ALL IMMEDIATE'] : [];
  const copies = pairs.map(({ old, copy }) => `${copy} = ${old}`);
  if (hasOwnMark) copies.push(`${mark} = true`);
  const keep = `UPDATE ${table} SET ${copies.join(', ')}`;
  return runSqlText(migrations, [...add, keep], [restore, ...check, ...drop]);
}
