import { canonicalType } from '../../database/postgresql/type-name.ts';
import type { Column, ColumnType } from '../../schema/column.ts';
import type { TableName } from '../../schema/table-name.ts';
import { runSqlText } from '../sql/python-sql.ts';
import { suffixedName, writtenName, writtenTable } from '../sql/sql-names.ts';

/**
 * A check that a column holds only values that a narrower type has room for, as operations in column 0. It stays with the
 * column and goes when that is dropped.
 */
export interface FittingCheck {
  /** For new rows only; dropped on the way back. */
  readonly add: string;
  readonly validate: string;
}

interface Narrowing {
  readonly table: TableName;
  readonly column: Column;
  readonly to: ColumnType;
}

export function fittingCheck(of: Narrowing, quote: '"' | "'"): FittingCheck | undefined {
  const check = fittingConstraint(of);
  if (check === undefined) return undefined;
  const alter = `ALTER TABLE ${writtenTable(of.table)}`;
  const name = writtenName(check.name);
  const add = `${alter} ADD CONSTRAINT ${name} CHECK (${check.condition}) NOT VALID`;
  const drop = `${alter} DROP CONSTRAINT ${name}`;
  return {
    add: runSqlText('migrations', [add], [drop], quote),
    validate: runSqlText('migrations', [`${alter} VALIDATE CONSTRAINT ${name}`], 'noop', quote),
  };
}

/** The check itself: its name, and what has to hold as SQL. Undefined where that cannot be said, or nothing has to. */
export function fittingConstraint({
  table,
  column,
  to,
}: Narrowing): { readonly name: string; readonly condition: string } | undefined {
  const condition = fittingCondition(writtenName(column.name), column.type, to);
  return condition === undefined
    ? undefined
    : { name: suffixedName(`${table.name}_${column.name}`, '_fits'), condition };
}

const ranges: Readonly<Record<string, readonly [least: string, most: string]>> = {
  smallint: ['-32768', '32767'],
  integer: ['-2147483648', '2147483647'],
};

const integers: ReadonlySet<string> = new Set(['smallint', 'integer', 'bigint']);
const texts: ReadonlySet<string> = new Set(['varchar', 'text']);

/** What has to hold of each value, as SQL; `undefined` where that cannot be said, or nothing has to. */
function fittingCondition(name: string, from: ColumnType, to: ColumnType): string | undefined {
  const [before, after] = [canonicalType(from), canonicalType(to)];
  if (before.isArray || after.isArray) return undefined;
  const [size, scale = 0] = after.arguments;
  if (after.name === 'varchar' && texts.has(before.name)) {
    const isLonger = before.arguments[0] !== undefined && size !== undefined && before.arguments[0] <= size;
    return size === undefined || isLonger ? undefined : `char_length(${name}) <= ${size}`;
  }
  if (after.name === 'numeric' && size !== undefined) {
    const fits = `abs(${name}) < 1${'0'.repeat(Math.max(size - scale, 0))}`;
    if (integers.has(before.name)) return fits;
    if (before.name !== 'numeric') return undefined;
    return (before.arguments[1] ?? Number.POSITIVE_INFINITY) > scale
      ? `${name} = round(${name}, ${scale}) AND ${fits}`
      : fits;
  }
  const [least, most] = ranges[after.name] ?? [];
  return least !== undefined && integers.has(before.name) ? `${name} BETWEEN ${least} AND ${most}` : undefined;
}
