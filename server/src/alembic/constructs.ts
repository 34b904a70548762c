import type { TableName } from '../schema/table-name.ts';
import { tableName } from '../schema/table-name.ts';
import { valueOfName } from '../syntax/evaluate.ts';
import type { CallValue, ClassValue, Value } from '../syntax/value.ts';
import { calledName, textOf } from './columns.ts';

/** `a.b().c()`: the calls from the last to the first. */
export function chainOf(call: CallValue): readonly CallValue[] {
  const chain: CallValue[] = [];
  let value: Value | undefined = call;
  while (value?.kind === 'call') {
    chain.push(value);
    value = value.receiver;
  }
  return chain;
}

/** `sa.table("users", …)`, what `op.create_table` returns, a class with `__tablename__`, one of its objects. */
export function tableOfValue(value: Value): TableName | undefined {
  if (value.kind === 'class') return tableOfClass(value);
  if (value.kind !== 'call') return undefined;
  if (value.called?.kind === 'class') return tableOfClass(value.called);
  if (!['create_table', 'table', 'Table'].includes(calledName(value))) return undefined;
  const name = textOf(value.positional[0] ?? value.keywords.get('name') ?? value.keywords.get('table_name'));
  return name === undefined ? undefined : tableName(name, textOf(value.keywords.get('schema')));
}

function tableOfClass({ scope }: ClassValue): TableName | undefined {
  const name = textOf(valueOfName('__tablename__', scope));
  if (name !== undefined) return tableName(name);
  const table = valueOfName('__table__', scope);
  return table === undefined ? undefined : tableOfValue(table);
}

/** What code calls a table that cannot be told. */
export function textFor(value: Value | undefined): string {
  if (value?.at.kind === 'name' || value?.at.kind === 'attribute') return value.at.name;
  return 'a table';
}

const filters: ReadonlySet<string> = new Set([
  'distinct',
  'filter',
  'filter_by',
  'group_by',
  'having',
  'join',
  'limit',
  'outerjoin',
  'where',
]);

export function isFiltered(chain: readonly CallValue[]): boolean {
  return chain.some((call) => filters.has(calledName(call)));
}

/** The rows that a loop goes through. */
export interface QueriedRows {
  readonly table: TableName | undefined;
  readonly rows: 'all' | 'filtered';
}

/** The text in `sa.text("…")`, also where values are bound to it (`.bindparams(x=1)`); everything else as it is. */
export function textIn(sent: Value): Value | undefined {
  let text = sent;
  while (text.kind === 'call' && text.receiver !== undefined && ofText.has(calledName(text))) text = text.receiver;
  return isText(text) ? (text.positional[0] ?? text.keywords.get('text')) : sent;
}

/** Methods of a text that answer the same text. */
const ofText: ReadonlySet<string> = new Set(['bindparams', 'columns', 'execution_options', 'params']);

function isText(value: Value): value is CallValue {
  return value.kind === 'call' && ['text', 'DDL'].includes(calledName(value));
}

/** `session.query(User).all()`, `connection.execute(sa.select(users)).fetchall()`; undefined for what is no query. */
export function queriedRows(value: Value): QueriedRows | undefined {
  if (value.kind !== 'call') return undefined;
  const chain = chainOf(value);
  const query = chain.find((call) => calledName(call) === 'query');
  if (query !== undefined) return { table: tableIn(query.positional), rows: isFiltered(chain) ? 'filtered' : 'all' };
  const sent = chain.find((call) => ['execute', 'scalars'].includes(calledName(call)))?.positional[0];
  return sent === undefined ? undefined : selectedRows(sent);
}

function selectedRows(sent: Value): QueriedRows | undefined {
  const text = textIn(sent);
  if (text?.kind === 'string') return rowsOfSql(text.value);
  if (text?.kind !== 'call') return undefined;
  const chain = chainOf(text);
  const select = chain.find((call) => calledName(call) === 'select');
  if (select === undefined) return undefined;
  const from = chain.find((call) => calledName(call) === 'select_from')?.positional ?? [];
  const table = tableIn([...from, ...select.positional]) ?? (select.receiver && tableOfValue(select.receiver));
  return { table, rows: isFiltered(chain) ? 'filtered' : 'all' };
}

function tableIn(entities: readonly Value[]): TableName | undefined {
  for (const entity of entities) {
    const table = tableOfValue(entity);
    if (table !== undefined) return table;
  }
  return undefined;
}

function rowsOfSql(sql: string): QueriedRows | undefined {
  if (!/^\s*select\b/i.test(sql)) return undefined;
  const [, schema, name] = /\bfrom\s+(?:"?(\w+)"?\.)?"?(\w+)"?/i.exec(sql) ?? [];
  const isPart = /\b(?:distinct|group|having|join|limit|where)\b/i.test(sql);
  return { table: name === undefined ? undefined : tableName(name, schema), rows: isPart ? 'filtered' : 'all' };
}
