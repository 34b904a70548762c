import { quotedName } from '../../database/quoted-names.ts';
import type { TableName } from '../../schema/table-name.ts';
import { longestName } from '../../sql/postgresql/names.ts';

/** `shop_order_archived`, cut in front so that it stays within the limit of PostgreSQL, which is the lowest. */
export function suffixedName(name: string, suffix: string): string {
  return name.slice(0, longestName - suffix.length) + suffix;
}

/** The key words of PostgreSQL that are no names without quotes. */
const reserved = new Set(
  `all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation column
  concurrently constraint create cross current_catalog current_date current_role current_schema current_time
  current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign freeze from
  full grant group having ilike in initially inner intersect into is isnull join lateral leading left like limit
  localtime localtimestamp natural not notnull null offset on only or order outer overlaps placing primary references
  returning right select session_user similar some symmetric system_user table tablesample then to trailing true union
  unique user using variadic verbose when where window with`.split(/\s+/),
);

/** A name of PostgreSQL as one would write it: in quotes only where it needs them. */
export function writtenName(name: string): string {
  const isPlain = /^[a-z_][a-z0-9_]*$/.test(name) && !reserved.has(name);
  return isPlain ? name : quotedName(name, 'postgresql');
}

/** A table of PostgreSQL as {@link writtenName} writes it. */
export function writtenTable({ schema, name }: TableName): string {
  return schema === undefined ? writtenName(name) : `${writtenName(schema)}.${writtenName(name)}`;
}
