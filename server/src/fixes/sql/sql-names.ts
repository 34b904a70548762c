import { reservedWords } from '../../database/postgresql/reserved-words.ts';
import { quotedName } from '../../database/quoted-names.ts';
import type { TableName } from '../../schema/table-name.ts';
import { longestName } from '../../sql/postgresql/names.ts';

/** `shop_order_archived`, cut in front so that it stays within the limit of PostgreSQL, which is the lowest. */
export function suffixedName(name: string, suffix: string): string {
  return name.slice(0, longestName - suffix.length) + suffix;
}

/** A name of PostgreSQL as one would write it: in quotes only where it needs them. */
export function writtenName(name: string): string {
  const isPlain = /^[a-z_][a-z0-9_]*$/.test(name) && !reservedWords.has(name);
  return isPlain ? name : quotedName(name, 'postgresql');
}

/** A table of PostgreSQL as {@link writtenName} writes it. */
export function writtenTable({ schema, name }: TableName): string {
  return schema === undefined ? writtenName(name) : `${writtenName(schema)}.${writtenName(name)}`;
}
