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

/** A name of PostgreSQL as one would write it: in quotes only where it needs them or may be a key word. */
export function writtenName(name: string): string {
  // No key word that cannot be a name has an underscore, but for those that begin with `current_` and the like.
  const isPlain = /^[a-z_][a-z0-9]*_[a-z0-9_]*$/.test(name) && !/^(current|session|system)_[a-z]+$/.test(name);
  return isPlain ? name : quotedName(name, 'postgresql');
}
