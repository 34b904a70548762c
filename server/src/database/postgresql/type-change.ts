import { type ColumnType, isSameType } from '../../schema/column.ts';
import { isExplicitCast, isPossibleCast, isSafeCast } from './casts.ts';
import { canonicalType, precisionOf } from './type-name.ts';

/**
 * What `ALTER COLUMN … TYPE` does to the rows that are there.
 * - `same`: the two are one type; nothing happens.
 * - `free`: only the catalog changes. The column's statistics are lost until the next ANALYZE, and its indexes are kept
 *   where {@link keepsIndexes} says so.
 * - `rewrite`: the table and all its indexes are written anew; every value of the old type has its place in the new.
 * - `rewrite-and-may-fail`: likewise, and some values fail, are cut or lose digits.
 * - `impossible`: no cast leads from the one to the other: the statement fails.
 * - `unknown`: one of the two is not a type of PostgreSQL's own; nothing may be concluded.
 */
export type TypeChange = 'same' | 'free' | 'rewrite' | 'rewrite-and-may-fail' | 'impossible' | 'unknown';

/**
 * The type-change matrix of PostgreSQL 12 to 18, for a change with or without `USING column::new_type` (Django writes
 * it for some of them; it makes no difference to what is free). Measured for every pair of 53 types on PostgreSQL 12,
 * 15 and 18 by whether the table's `relfilenode` changed; the casts that are new in 18 are told apart in `casts.ts`.
 *
 * Between `timestamp` and `timestamp with time zone` the change ({@link isByZone}) is free for a session whose TimeZone is UTC (since
 * PostgreSQL 12) and a rewrite for others. The answer is for UTC: Django opens its sessions with it where USE_TZ is on
 * and the connection has no `TIME_ZONE` of its own.
 */
export function typeChangeOf(from: ColumnType, to: ColumnType): TypeChange {
  const before = canonicalType(from);
  const after = canonicalType(to);
  if (before.name === 'unknown' || after.name === 'unknown') return 'unknown';
  if (isSameType(before, after)) return 'same';
  if (before.isArray || after.isArray) return arrayChange(before, after);
  if (before.name === after.name) return argumentsChange(before, after);
  return nameChange(before, after);
}

/**
 * Whether `ALTER COLUMN … TYPE` needs a USING: the cast is one that has to be asked for. Measured like the matrix. False
 * for types that are not known.
 */
export function needsUsing(from: ColumnType, to: ColumnType): boolean {
  const before = canonicalType(from);
  const after = canonicalType(to);
  if (before.isArray !== after.isArray) return after.isArray || !isCharacter(after);
  if (before.name === after.name || typeChangeOf(from, to) === 'unknown') return false;
  if (isCharacter(before)) return !isCharacter(after);
  return isExplicitCast(before.name, after.name);
}

/** Types whose values are stored as the other's: relabeled, not converted. Lengths are looked at separately. */
const relabeled: readonly (readonly [from: string, to: string])[] = [
  ['varchar', 'text'],
  ['varchar', 'citext'],
  ['text', 'varchar'],
  ['text', 'citext'],
  ['citext', 'text'],
  ['citext', 'varchar'],
  ['xml', 'text'],
  ['xml', 'varchar'],
  ['cidr', 'inet'],
  ['bit', 'varbit'],
  ['integer', 'oid'],
  ['oid', 'integer'],
];

const timestamps: readonly string[] = ['timestamp', 'timestamp with time zone'];

/** Whether values are converted by the time zone of the session: free in UTC, a rewrite in every other. */
export function isByZone(from: ColumnType, to: ColumnType): boolean {
  const [before, after] = [canonicalType(from), canonicalType(to)];
  return [before, after].every(({ name }) => timestamps.includes(name)) && before.name !== after.name;
}

/** Types whose indexes order and hash values as those of the other type do; citext and text differ, for one. */
const operatorClassOf: Readonly<Record<string, string>> = { varchar: 'text', cidr: 'inet' };

/** Whether the indexes on the column stay as they are where its change is `free`. */
export function keepsIndexes(from: ColumnType, to: ColumnType): boolean {
  const [before = '', after = ''] = [from, to].map((type) => canonicalType(type).name);
  return (operatorClassOf[before] ?? before) === (operatorClassOf[after] ?? after);
}

function nameChange(before: ColumnType, after: ColumnType): TypeChange {
  const isRelabeled = relabeled.some(([from, to]) => from === before.name && to === after.name);
  if (isRelabeled && after.arguments.length === 0) return 'free';
  if (timestamps.includes(before.name) && timestamps.includes(after.name)) {
    if (after.arguments.length === 0) return 'free';
    // The cast forgets the precision of the old type: what has one is cut to it anew.
    if (precisionOf(after) >= precisionOf(before)) return 'rewrite';
  }
  if (isSafeCast(before, after)) return 'rewrite';
  const possible = isPossibleCast(before, after);
  if (possible === undefined) return 'unknown';
  return possible ? 'rewrite-and-may-fail' : 'impossible';
}

function argumentsChange(before: ColumnType, after: ColumnType): TypeChange {
  switch (before.name) {
    case 'varchar':
    case 'varbit':
      return fitsLength(before, after) ? 'free' : 'rewrite-and-may-fail';
    case 'char':
      return fitsLength(before, after) ? 'rewrite' : 'rewrite-and-may-fail';
    case 'numeric':
      return numericChange(before, after);
    case 'time':
    case 'time with time zone':
    case 'timestamp':
    case 'timestamp with time zone':
    case 'interval':
      return precisionOf(after) >= precisionOf(before) ? 'free' : 'rewrite-and-may-fail';
    default:
      return 'rewrite-and-may-fail';
  }
}

/** Whether everything of the old length has room in the new one; no argument is no limit. */
function fitsLength(before: ColumnType, after: ColumnType): boolean {
  const [limit] = after.arguments;
  const [length] = before.arguments;
  return limit === undefined || (length !== undefined && length <= limit);
}

function numericChange(before: ColumnType, after: ColumnType): TypeChange {
  const [precision, scale = 0] = before.arguments;
  const [newPrecision, newScale = 0] = after.arguments;
  if (newPrecision === undefined) return 'free';
  if (precision === undefined) return 'rewrite-and-may-fail';
  const fits = newPrecision - newScale >= precision - scale && newScale >= scale;
  if (!fits) return 'rewrite-and-may-fail';
  return newScale === scale ? 'free' : 'rewrite';
}

function arrayChange(before: ColumnType, after: ColumnType): TypeChange {
  if (!after.isArray) return isCharacter(after) ? 'rewrite' : 'impossible';
  if (!before.isArray) return isCharacter(before) ? 'rewrite-and-may-fail' : 'impossible';
  const element = typeChangeOf({ ...before, isArray: false }, { ...after, isArray: false });
  if (element !== 'free') return element;
  // Dropping the limit is the one change of an array that is only a relabeling: `varchar(10)[]` to `varchar[]`.
  return before.name === after.name && before.name === 'varchar' && after.arguments.length === 0 ? 'free' : 'rewrite';
}

function isCharacter(type: ColumnType): boolean {
  return ['varchar', 'text', 'citext', 'char'].includes(type.name);
}
