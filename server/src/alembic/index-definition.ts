import { quotedName } from '../database/quoted-names.ts';
import type { IndexDefinition } from '../schema/schema.ts';
import type { Value } from '../syntax/value.ts';
import { isSequence } from '../syntax/values.ts';
import { calledName, sqlOf, textOf, writtenNameOf } from './columns.ts';

/** What the statement says that builds an index on PostgreSQL. */
export function indexDefinitionOf(
  items: readonly Value[],
  argument: (name: string) => Value | undefined,
): IndexDefinition {
  const classes = argument('postgresql_ops');
  const classOf = (column: string): string | undefined =>
    classes?.kind === 'dictionary'
      ? textOf(classes.entries.find(({ key }) => textOf(key) === column)?.value)
      : undefined;
  const included = argument('postgresql_include');
  return {
    keys: items.map((item) => keySql(item, classOf)),
    include: isSequence(included) ? included.items.flatMap((item) => textOf(item) ?? []) : [],
    condition: conditionOf(argument('postgresql_where')),
    parameters: parametersOf(argument('postgresql_with')),
    tablespace: textOf(argument('postgresql_tablespace')),
  };
}

/** A column by its name, or an expression; undefined where that is built of more than is read here. */
function keySql(item: Value, classOf: (column: string) => string | undefined): string | undefined {
  if (item.kind === 'string') {
    return [quotedName(item.value, 'postgresql'), classOf(item.value)].filter((part) => part !== undefined).join(' ');
  }
  if (item.kind !== 'call') return undefined;
  const name = calledName(item);
  const [first] = item.positional;
  const order = orders[name];
  if (order !== undefined) {
    const of = item.receiver?.kind === 'call' ? item.receiver : first;
    const ordered = of && keySql(of, classOf);
    return ordered === undefined ? undefined : `${ordered} ${order}`;
  }
  if (name === 'text' || name === 'literal_column') return sqlOf(item) ?? textOf(first);
  if (name === 'column' || name === 'f') return first && keySql(first, classOf);
  return functionSql(item, classOf);
}

const orders: Readonly<Record<string, string>> = {
  asc: 'ASC',
  desc: 'DESC',
  nulls_first: 'NULLS FIRST',
  nulls_last: 'NULLS LAST',
  nullsfirst: 'NULLS FIRST',
  nullslast: 'NULLS LAST',
};

/** `sa.func.lower("name")`: a string in a function is a value, not a column. */
function functionSql(item: Value, classOf: (column: string) => string | undefined): string | undefined {
  if (item.kind !== 'call' || item.callee === undefined) return undefined;
  const [, name] = /\.func\.(\w+)$/.exec(item.callee) ?? [];
  if (name === undefined || item.positional.some(({ kind }) => kind !== 'call')) return undefined;
  const parameters = item.positional.map((each) => keySql(each, classOf));
  return parameters.includes(undefined) ? undefined : `${name}(${parameters.join(', ')})`;
}

function conditionOf(where: Value | undefined): IndexDefinition['condition'] {
  if (where === undefined) return undefined;
  const sql = sqlOf(where);
  return sql === undefined ? 'unknown' : { sql };
}

/** `{"fillfactor": 50}` */
function parametersOf(value: Value | undefined): string | undefined {
  if (value?.kind !== 'dictionary') return undefined;
  return value.entries
    .map(({ key, value: set }) => `${writtenNameOf(key)?.text} = ${set.kind === 'number' ? set.value : textOf(set)}`)
    .join(', ');
}
