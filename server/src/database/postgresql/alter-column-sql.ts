import type { ChangeOf } from '../../schema/change.ts';
import { type ColumnType, unknownType } from '../../schema/column.ts';
import { typeChangeOf } from './type-change.ts';
import { canonicalType } from './type-name.ts';

/** Types that another one can be relabeled to, or that only lose a limit: a change to them may cost nothing. */
const freelyReached: ReadonlySet<string> = new Set([
  'varchar',
  'text',
  'citext',
  'numeric',
  'time',
  'time with time zone',
  'timestamp',
  'timestamp with time zone',
  'interval',
  'inet',
  'varbit',
  'oid',
  'unknown',
]);

/** Whether a change to the type writes the table anew, whatever built-in type the column had before. */
export function isAlwaysRewritten(to: ColumnType): boolean {
  return to.isArray || !freelyReached.has(canonicalType(to).name);
}

/** Whether the change is to or from a type of somebody's own, such as an enum: nothing is known to be stored as it is. */
export function isToOwnType(from: ColumnType, to: ColumnType): boolean {
  const isTold = from.name !== unknownType.name && to.name !== unknownType.name;
  return isTold && canonicalType(from).name !== canonicalType(to).name && typeChangeOf(from, to) === 'unknown';
}

/** Whether `USING` is more than the column itself or a cast of it: then it is computed for every row. */
export function computes({ using, column }: ChangeOf<'AlterColumn'>): boolean {
  if (using === undefined) return false;
  const plain = using.replaceAll('"', '').trim();
  const cast =
    /^cast\s*\(\s*(\w+)\s+as\s+[^()]+(?:\([\d, ]+\))?\s*\)$/i.exec(plain) ??
    /^(\w+)\s*(?:::\s*[^()]+(?:\([\d, ]+\))?)?$/.exec(plain);
  return cast?.[1]?.toLowerCase() !== column.toLowerCase();
}
