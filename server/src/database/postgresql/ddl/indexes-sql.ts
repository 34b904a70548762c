import type { ChangeOf } from '../../../schema/change.ts';
import { findTable, type Index, type IndexDefinition, type Table } from '../../../schema/schema.ts';
import type { TableName } from '../../../schema/table-name.ts';
import { quotedName, quotedTable } from '../../quoted-names.ts';
import { type DdlSetting, type Draft, type SentStatement, sent, sentLast, unknownPart } from './sent-statement.ts';

export function createIndex(change: ChangeOf<'CreateIndex'>): SentStatement {
  const { table, index } = change;
  const statement = sent((draft) => createIndexSql(change, draft));
  return change.sentLast ? sentLast(statement, [{ table, columns: index.columns }]) : statement;
}

/** The index of a table that is created along with it. */
export function indexOfTable(table: TableName, index: Index): SentStatement {
  return sent((draft) => createIndexSql({ table, index, concurrently: false, ifNotExists: false }, draft));
}

function createIndexSql(
  change: Pick<ChangeOf<'CreateIndex'>, 'table' | 'index' | 'concurrently' | 'ifNotExists' | 'only'>,
  draft: Draft,
): string {
  const { table, index, concurrently, ifNotExists, only } = change;
  const definition = index.definition?.();
  const words = [
    `CREATE ${index.unique ? 'UNIQUE ' : ''}INDEX`,
    ...(concurrently ? ['CONCURRENTLY'] : []),
    ...(ifNotExists ? ['IF NOT EXISTS'] : []),
    index.nameIsExact ? quotedName(index.name, 'postgresql') : unknownPart('name', draft),
    `ON${only ? ' ONLY' : ''} ${quotedTable(table, 'postgresql')}${methodSql(index, draft)}`,
    `(${keysSql(index, definition, draft)})`,
    ...partsBehind(index, definition),
    ...conditionSql(index, definition, draft),
  ];
  return words.join(' ');
}

function methodSql({ method }: Index, draft: Draft): string {
  if (method === 'btree') return '';
  return method === 'unknown' ? ` USING ${unknownPart('expression', draft)}` : ` USING ${method}`;
}

function keysSql(index: Index, definition: IndexDefinition | undefined, draft: Draft): string {
  const keys = definition?.keys ?? index.columns.map((column) => plainKey(column, index));
  if (keys.length === 0) return unknownPart('expression', draft);
  return keys.map((key) => key ?? unknownPart('expression', draft)).join(', ');
}

function plainKey(column: string, { operatorClass }: Index): string {
  return [quotedName(column, 'postgresql'), ...(operatorClass === undefined ? [] : [operatorClass])].join(' ');
}

function partsBehind({ nullsDistinct }: Index, definition: IndexDefinition | undefined): readonly string[] {
  if (definition === undefined) return [];
  const { include, parameters, tablespace } = definition;
  return [
    ...(include.length > 0 ? [`INCLUDE (${columnList(include)})`] : []),
    ...(nullsDistinct === false ? ['NULLS NOT DISTINCT'] : []),
    ...(parameters === undefined ? [] : [`WITH (${parameters})`]),
    ...(tablespace === undefined ? [] : [`TABLESPACE ${quotedName(tablespace, 'postgresql')}`]),
  ];
}

function conditionSql(index: Index, definition: IndexDefinition | undefined, draft: Draft): readonly string[] {
  if (!index.partial) return [];
  const condition = definition?.condition;
  return [`WHERE ${typeof condition === 'object' ? condition.sql : unknownPart('condition', draft)}`];
}

export function columnList(columns: readonly string[]): string {
  return columns.map((column) => quotedName(column, 'postgresql')).join(', ');
}

export function dropIndex(change: ChangeOf<'DropIndex'>, setting: DdlSetting): SentStatement {
  const { concurrently, ifExists } = change;
  return sent((draft) =>
    [
      'DROP INDEX',
      ...(concurrently ? ['CONCURRENTLY'] : []),
      ...(ifExists ? ['IF EXISTS'] : []),
      indexName(change, setting, draft),
      ...(change.cascade ? ['CASCADE'] : []),
    ].join(' '),
  );
}

export function renameIndex(change: ChangeOf<'RenameIndex'>, setting: DdlSetting): SentStatement {
  return sent(
    (draft) => `ALTER INDEX ${indexName(change, setting, draft)} RENAME TO ${quotedName(change.to, 'postgresql')}`,
  );
}

/** The name that it has by now, where the framework looks that up. */
function indexName(
  change: Pick<ChangeOf<'RenameIndex'>, 'table' | 'index' | 'columns'>,
  { before }: DdlSetting,
  draft: Draft,
): string {
  const schema = schemaPrefix(change.table);
  if (change.columns === undefined) return schema + quotedName(change.index, 'postgresql');
  const table = change.table && findTable(before, change.table);
  const index = table && findIndex(table, change.index, change.columns);
  if (index) return schema + quotedName(index.name, 'postgresql');
  return table?.complete === true ? schema + quotedName(change.index, 'postgresql') : unknownPart('name', draft);
}

/** An index is in the schema of its table. */
function schemaPrefix(table: TableName | undefined): string {
  return table?.schema === undefined ? '' : `${quotedName(table.schema, 'postgresql')}.`;
}

function findIndex(table: Table, name: string, columns: readonly string[]): Index | undefined {
  const key = columns.join();
  return (
    table.indexes.get(name) ??
    [...table.indexes.values()].find((index) => !index.unique && !index.partial && index.columns.join() === key)
  );
}
