import type { Node, RangeVar } from 'libpg-query';
import type { TableName } from '../../schema/table-name.ts';
import { isStandIn } from '../stand-in.ts';
import { namesIn } from './node.ts';

/** The schema that tables without one are in, where nobody has changed the search path. */
const defaultSchema = 'public';

export function tableNameOf(relation: RangeVar | undefined): TableName {
  return tableNamed(relation?.relname ?? '', relation?.schemaname);
}

/** A table in a list of names: `schema.table`. */
export function tableNameIn(names: readonly Node[] | undefined): TableName {
  const [name = '', schema] = namesIn(names).toReversed();
  return tableNamed(name, schema);
}

export function tableNamed(name: string, schema: string | undefined): TableName {
  const named = { name, schema: schema === defaultSchema || schema === '' ? undefined : schema };
  if (isStandIn(name)) return { ...named, unknown: 'name' };
  return schema !== undefined && isStandIn(schema) ? { ...named, unknown: 'schema' } : named;
}

/** `NAMEDATALEN` without the terminating zero, in bytes. */
export const longestName = 63;

/** The UTF-8 length of a name. */
export function bytesOf(name: string): number {
  let bytes = 0;
  for (const character of name) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) bytes += 1;
    else if (code < 0x800) bytes += 2;
    else bytes += code > 0xffff ? 4 : 3;
  }
  return bytes;
}

/**
 * The name that PostgreSQL gives to what has none (`makeObjectName` in its source): `table_column_label`, the longer
 * of the two parts cut until it fits, and numbered where it is taken.
 */
export function generatedName(
  table: string,
  columns: string | undefined,
  label: string,
  isTaken: (name: string) => boolean,
): string {
  const name = objectName(table, columns, label);
  for (let number = 1, candidate = name; ; number++) {
    if (!isTaken(candidate)) return candidate;
    candidate = objectName(table, columns, `${label}${number}`);
  }
}

function objectName(table: string, columns: string | undefined, label: string): string {
  let first = table;
  let second = columns ?? '';
  const room = longestName - bytesOf(label) - 1 - (columns === undefined ? 0 : 1);
  while (bytesOf(first) + bytesOf(second) > room) {
    if (bytesOf(first) > bytesOf(second)) first = withoutLast(first);
    else second = withoutLast(second);
  }
  return [first, ...(columns === undefined ? [] : [second]), label].join('_');
}

function withoutLast(name: string): string {
  return [...name].slice(0, -1).join('');
}

/** What kind of constraint it is, by the name that PostgreSQL gives to a primary key that nobody has named. */
export function kindByName(constraint: string, table: TableName): 'primary-key' | undefined {
  return constraint === `${table.name}_pkey` ? 'primary-key' : undefined;
}
