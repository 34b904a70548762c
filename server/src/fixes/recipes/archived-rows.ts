import { isMysqlOrMariadb } from '../../base/target.ts';
import { quotedName, quotedTable } from '../../database/quoted-names.ts';
import type { Project } from '../../project/project.ts';
import { type Change, changesOf, type WriteRows } from '../../schema/change.ts';
import type { Migration } from '../../schema/migration.ts';
import { findTable, type Schema, type Table } from '../../schema/schema.ts';
import { isSameTable, type TableName, tableName } from '../../schema/table-name.ts';
import { insertItems, itemIndentation } from '../edits/list-items.ts';
import { indented } from '../edits/rewritten.ts';
import type { Fix } from '../fix.ts';
import { findCarrierSite, migrationsModule } from '../operation-site.ts';
import { isNamed } from '../sql/earlier-sql.ts';
import { runSqlText } from '../sql/python-sql.ts';
import { suffixedName } from '../sql/sql-names.ts';

interface Surroundings {
  readonly project: Project;
  before(change: Change): Schema;
}

/**
 * Copies the rows to a table of their own in a step before they are deleted. The copy stays until somebody drops it;
 * migrating back puts the rows where they were. Not offered where the columns of the table are not all known.
 */
export function archivedRows(
  changes: readonly [WriteRows, ...WriteRows[]],
  migration: Migration,
  { project, before }: Surroundings,
): readonly Fix[] {
  const site = findCarrierSite(changes[0], migration, project);
  const tables = changes.flatMap((change) => (change.table && findTable(before(change), change.table)) ?? []);
  if (site === undefined || !site.isTopLevel || tables.length < changes.length) return [];
  if (!tables.every(({ complete }) => complete)) return [];
  // The name alone does not say which table to copy.
  if (changes.some(({ table }) => table?.unknown !== undefined)) return [];
  const migrations = migrationsModule(site.source);
  const indentation = itemIndentation(site.list);
  const kept = tables.map((table) => ({
    table,
    archive: archiveOf(table.name, changes[0], migration, { project, before }),
  }));
  const steps = kept.map((each) => indented(archivingStep(migrations.name, each, project), indentation));
  const archives = kept.map(({ archive }) => `"${archive.name}"`).join(', ');
  return [
    {
      title: `Copy the rows to ${archives} first, an archive that migrating back restores`,
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

interface Archived {
  readonly table: Table;
  readonly archive: TableName;
}

/**
 * A name for the copy that no table has and no migration speaks of. Of several deletes in one migration each takes the
 * next free one, so that their archives can be made at the same time.
 */
function archiveOf(
  table: TableName,
  change: WriteRows,
  { forward }: Migration,
  { project, before }: Surroundings,
): TableName {
  const schema = before(change);
  let toPass = changesOf(forward.slice(0, forward.indexOf(change)), 'WriteRows').filter(
    (each) => each.operation === 'delete' && each.table !== undefined && isSameTable(each.table, table),
  ).length;
  for (let number = 1; ; number++) {
    const archive = tableName(
      suffixedName(table.name, number === 1 ? '_archived' : `_archived_${number}`),
      table.schema,
    );
    if (findTable(schema, archive) !== undefined || isNamed(archive.name, project)) continue;
    if (toPass === 0) return archive;
    toPass--;
  }
}

function archivingStep(migrations: string, { table, archive }: Archived, { target }: Project): string {
  const { database } = target;
  const from = quotedTable(table.name, database);
  const to = quotedTable(archive, database);
  const columns = [...table.columns.values()]
    .filter(({ generated }) => generated === undefined)
    .map(({ name }) => quotedName(name, database))
    .join(', ');
  const isMysql = isMysqlOrMariadb(database);
  const insert = `INSERT ${isMysql ? 'IGNORE ' : ''}INTO ${from} (${columns}) SELECT ${columns} FROM ${to}`;
  return runSqlText(
    migrations,
    [`CREATE TABLE ${to} AS SELECT * FROM ${from}`],
    [isMysql ? insert : `${insert} ON CONFLICT DO NOTHING`, `DROP TABLE ${to}`],
  );
}
