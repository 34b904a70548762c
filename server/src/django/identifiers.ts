import { md5 } from '../base/md5.ts';
import type { DatabaseKind } from '../base/target.ts';

/** How long a table or column name may be before Django shortens it; `undefined` where it never does. */
function maxNameLength(database: DatabaseKind): number | undefined {
  switch (database) {
    case 'postgresql':
      return 63;
    case 'mysql':
    case 'mariadb':
      return 64;
    case 'oracle':
      return 30;
    case 'sqlite':
      return undefined;
  }
}

/** A name cut to the database's limit as Django cuts it: the last four characters become a digest of the whole. */
export function truncatedName(name: string, database: DatabaseKind): string {
  const limit = maxNameLength(database);
  if (limit === undefined || name.length <= limit) return name;
  return name.slice(0, limit - 4) + md5(name).slice(0, 4);
}

/** A table name without its schema: Django people write `db_table = 'schema"."table'`. */
export function splitTableName(name: string): { readonly schema: string | undefined; readonly name: string } {
  if (!name.includes('"')) return { schema: undefined, name };
  const parts = name.split('"."');
  const [schema, table] = parts;
  if (parts.length !== 2 || schema === undefined || table === undefined) {
    return { schema: undefined, name: name.replace(/^"(.*)"$/, '$1') };
  }
  return { schema: schema.replace(/^"/, ''), name: table.replace(/"$/, '') };
}

/**
 * The name that Django makes up for an index or a constraint: table, columns, a digest of both and a suffix
 * (`''`, `_like`, `_uniq`, `_idx`, `_fk_shop_order_id`, `_check`, `_pk`), cut to the database's limit.
 */
export function generatedName(
  table: string,
  columns: readonly string[],
  suffix: string,
  database: DatabaseKind,
): string {
  const tail = digestOf(table + columns.join('')) + suffix;
  const limit = maxNameLength(database) ?? 200;
  const joined = columns.join('_');
  const whole = `${table}_${joined}_${tail}`;
  if (whole.length <= limit) return whole;
  const shortTail = tail.length > limit / 3 ? tail.slice(0, Math.floor(limit / 3)) : tail;
  const room = Math.floor((limit - shortTail.length) / 2) - 1;
  const short = `${table.slice(0, room)}_${joined.slice(0, room)}_${shortTail}`;
  return /^[_0-9]/.test(short) ? `D${short.slice(0, -1)}` : short;
}

let digested = { text: '', digest: '' };

/** One column has several names made of it, one after another. */
function digestOf(text: string): string {
  if (digested.text !== text) digested = { text, digest: md5(text).slice(0, 8) };
  return digested.digest;
}
