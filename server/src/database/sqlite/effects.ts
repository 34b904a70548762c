import type { Change, ChangeOf } from '../../schema/change.ts';
import { referringColumns } from '../../schema/references.ts';
import { findColumn } from '../../schema/schema.ts';
import { isSameTable, type TableName } from '../../schema/table-name.ts';
import { consequencesOf } from '../consequences.ts';
import { type Citation, type Effects, noEffects, type SqliteManner } from '../effects.ts';
import { type EffectsSetting, isEmptyHere } from '../setting.ts';
import { holdsColumn } from './held-columns.ts';
import { refusalOf } from './refusals.ts';

/** What a change does on SQLite 3.35 and newer, whose one writer at a time has the whole database for itself. */
export function sqliteEffectsOf(change: Change, setting: EffectsSetting): Effects {
  const base = { ...noEffects, ...consequencesOf(change, setting), ...refusalOf(change, setting) };
  if ('table' in change && change.table !== undefined && isEmptyHere(change.table, setting)) return base;
  const manner = mannerOf(change, setting);
  if (manner === undefined) return base;
  const source = manner === 'framework-copy' ? copySources[change.origin.kind] : sources[manner];
  return { ...base, ...workOf(manner), manner, source };
}

function mannerOf(change: Change, setting: EffectsSetting): SqliteManner | undefined {
  switch (change.origin.kind) {
    case 'sql-statement':
      return mannerOfSql(change);
    case 'alembic-call':
      return mannerOfAlembic(change);
    case 'django-operation':
      return mannerOfDjango(change, setting);
  }
}

function workOf(manner: SqliteManner): Pick<Effects, 'rewrites' | 'scans' | 'blocks'> {
  switch (manner) {
    case 'framework-copy':
    case 'native-write':
      return { rewrites: true, scans: false, blocks: 'writes' };
    case 'native-scan':
      return { rewrites: false, scans: true, blocks: 'writes' };
    default:
      return { rewrites: false, scans: false, blocks: 'nothing' };
  }
}

const alterTable: Citation = { title: 'SQLite: ALTER TABLE', url: 'https://www.sqlite.org/lang_altertable.html' };
const createIndex: Citation = { title: 'SQLite: CREATE INDEX', url: 'https://www.sqlite.org/lang_createindex.html' };
const djangoNotes: Citation = {
  title: 'Django: SQLite and migrations',
  url: 'https://docs.djangoproject.com/en/5.2/topics/migrations/#sqlite',
};

const sources: Readonly<Record<Exclude<SqliteManner, 'framework-copy'>, Citation>> = {
  'native-scan': createIndex,
  native: alterTable,
  'native-write': alterTable,
};

const copySources: Readonly<Record<Change['origin']['kind'], Citation>> = {
  'alembic-call': {
    title: 'Alembic: Running “Batch” Migrations for SQLite and Other Databases',
    url: 'https://alembic.sqlalchemy.org/en/latest/batch.html',
  },
  'django-operation': djangoNotes,
  'sql-statement': alterTable,
};

function mannerOfSql(change: Change): SqliteManner | undefined {
  switch (change.kind) {
    case 'AddColumn':
    case 'RenameColumn':
    case 'RenameTable':
    case 'DropIndex':
      return 'native';
    case 'DropColumn':
      // The values are taken out of every row.
      return 'native-write';
    case 'CreateIndex':
      return 'native-scan';
    case 'Maintenance':
      return change.operation === 'vacuum-full' ? 'native-write' : undefined;
    default:
      return undefined;
  }
}

/** `batch_alter_table` makes a new table unless all that it does is to add columns or to change indexes. */
function mannerOfAlembic(change: Change): SqliteManner | undefined {
  switch (change.kind) {
    case 'AddConstraint':
    case 'AlterColumn':
    case 'DropColumn':
    case 'DropConstraint':
      return 'framework-copy';
    default:
      return mannerOfSql(change);
  }
}

/** What Django's schema editor lets SQLite alter, and what it makes a new table for. */
function mannerOfDjango(change: Change, setting: EffectsSetting): SqliteManner | undefined {
  switch (change.kind) {
    case 'AddColumn':
      return isAddedNatively(change) ? 'native' : 'framework-copy';
    case 'DropColumn':
      return mannerOfDrop(change, setting);
    case 'RenameColumn':
      // A foreign key is written anew with its column.
      return findColumn(setting.before, change.table, change.column)?.references?.enforced === true
        ? 'framework-copy'
        : 'native';
    case 'AlterColumn':
    case 'DropConstraint':
      return 'framework-copy';
    case 'AddConstraint':
      return change.origin.name === 'AlterUniqueTogether' ? 'native-scan' : 'framework-copy';
    case 'CreateIndex':
      return 'native-scan';
    case 'DropIndex':
    case 'RenameIndex':
      return 'native';
    case 'RenameTable':
      return isReferenced(change.table, setting) ? 'framework-copy' : 'native';
    default:
      return undefined;
  }
}

/** Django makes the tables anew whose foreign keys refer to the one that is renamed. */
function isReferenced(table: TableName, { before }: EffectsSetting): boolean {
  return [...before.tables.values()].some((each) =>
    referringColumns(each).some(
      ({ references }) => references?.enforced === true && isSameTable(references.table, table),
    ),
  );
}

/** SQLite adds no unique column, and Django could not take a default away again. */
function isAddedNatively({ column, transientDefault }: ChangeOf<'AddColumn'>): boolean {
  if (column.primaryKey || column.unique || !column.nullable || column.generated !== undefined) return false;
  return transientDefault === undefined && column.default === undefined;
}

/** Django makes a new table where SQLite would not drop the column, and for every foreign key. */
function mannerOfDrop(change: ChangeOf<'DropColumn'>, setting: EffectsSetting): SqliteManner | undefined {
  const column = findColumn(setting.before, change.table, change.column);
  if (column === undefined) return undefined;
  return column.references !== undefined || holdsColumn(change, setting) ? 'framework-copy' : 'native-write';
}
