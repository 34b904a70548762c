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

/** A name of PostgreSQL as one would write it: in quotes only where it means something else without them. */
export function writtenName(name: string): string {
  const isPlain = /^[a-z_][a-z0-9_]*$/.test(name) && (name.includes('_') || name.length === 1);
  return isPlain && !reserved.has(name) ? name : quotedName(name, 'postgresql');
}

/** The reserved key words of PostgreSQL that have an underscore; names without one are quoted anyway. */
const reserved = new Set(
  `current_catalog current_date current_role current_schema current_time current_timestamp current_user session_user
  system_user`.split(/\s+/),
);
