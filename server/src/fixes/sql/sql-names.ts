import type { DatabaseKind } from '../../base/target.ts';
import type { TableName } from '../../schema/table-name.ts';

/** PostgreSQL cuts longer names silently, MySQL refuses them beyond one more. */
const longestName = 63;

/** A name in the database's own quotes. */
export function quotedName(name: string, database: DatabaseKind): string {
  const quote = database === 'mysql' || database === 'mariadb' ? '`' : '"';
  return quote + name.replaceAll(quote, quote + quote) + quote;
}

export function quotedTable({ schema, name }: TableName, database: DatabaseKind): string {
  const table = quotedName(name, database);
  return schema === undefined ? table : `${quotedName(schema, database)}.${table}`;
}

/** `shop_order_archived`, cut in front so that it stays within the limit. */
export function suffixedName(name: string, suffix: string): string {
  return name.slice(0, longestName - suffix.length) + suffix;
}
