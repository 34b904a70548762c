import type { Change, WriteRows } from '../schema/change.ts';
import type { Column, ColumnDefault, ColumnType } from '../schema/column.ts';
import { type Constraint, findTable, type Index, type Schema } from '../schema/schema.ts';
import type { AlterEnum } from '../schema/sql-change.ts';
import type { TableName } from '../schema/table-name.ts';
import { castStringsIn } from '../sql/cast-strings.ts';
import { comparedStringsIn } from '../sql/compared-strings.ts';
import { tokensOf } from '../sql/token.ts';

/** A value of an enum type, and the columns of the table that a statement is about. */
interface Sought {
  readonly value: string;
  readonly type: string;
  readonly typeOf: (column: string) => ColumnType | undefined;
}

/**
 * Whether the change makes PostgreSQL look up the value that was added: as a default, in a condition or an expression, in
 * rows that it writes. False where that is not known. The text of a statement tells more (see `SqlOrigin.strings`).
 */
export function usesEnumValue(change: Change, { type, values }: AlterEnum, before: Schema): boolean {
  const [value] = values;
  if (value === undefined || !('table' in change) || change.table === undefined) return false;
  const sought: Sought = { value, type, typeOf: typesOf(change, change.table, before) };
  switch (change.kind) {
    case 'AddColumn':
      return (
        isInColumn(change.column, sought) ||
        isDefault(change.transientDefault, change.column, sought) ||
        (change.constraints ?? []).some((each) => isInConstraint(each, sought))
      );
    case 'AlterColumn':
      return isInAlteration(change, sought);
    case 'CreateTable':
      return (
        change.columns.some((column) => isInColumn(column, sought)) ||
        change.constraints.some((each) => isInConstraint(each, sought)) ||
        change.indexes.some((each) => isInIndex(each, sought))
      );
    case 'CreateIndex':
      return isInIndex(change.index, sought);
    case 'AddConstraint':
      return isInConstraint(change.constraint, sought);
    case 'WriteRows':
      return isInRows(change, sought);
    default:
      return false;
  }
}

function typesOf(change: Change, table: TableName, before: Schema): Sought['typeOf'] {
  const columns = findTable(before, table)?.columns;
  let own: readonly Column[] = [];
  if (change.kind === 'CreateTable') own = change.columns;
  if (change.kind === 'AddColumn') own = [change.column];
  return (name) => (own.find((column) => column.name === name) ?? columns?.get(name))?.type;
}

function isInColumn(column: Column, sought: Sought): boolean {
  const { check, expression } = column;
  return isDefault(column.default, column, sought) || isInSql(check, sought) || isInSql(expression?.(), sought);
}

/** Each facet that is named is sent, and the type before the default. */
function isInAlteration(change: Extract<Change, { kind: 'AlterColumn' }>, sought: Sought): boolean {
  const { to, facets, fillsNulls, transientDefault, using } = change;
  const set = facets.default === undefined ? [] : [to.default];
  return (
    [...set, fillsNulls, transientDefault].some((each) => isDefault(each, to, sought)) ||
    (using !== undefined && isCast(using, sought))
  );
}

function isInConstraint({ condition, definition }: Constraint, sought: Sought): boolean {
  return isInSql(condition ?? definition?.(), sought);
}

function isInIndex({ definition }: Index, sought: Sought): boolean {
  const { condition, keys = [] } = definition?.() ?? {};
  const where = condition === undefined || condition === 'unknown' ? [] : [condition.sql];
  return [...where, ...keys].some((sql) => isInSql(sql, sought));
}

function isInRows({ strings = [] }: WriteRows, { value, type, typeOf }: Sought): boolean {
  return strings.some((each) => each.value === value && isOfType(typeOf(each.column), type));
}

/** A default is converted to the column's type when it is a constant; what is computed is only kept. */
function isDefault(given: ColumnDefault | undefined, column: Column, sought: Sought): boolean {
  if (given?.sql === undefined) return false;
  const isOfColumn = isOfType(column.type, sought.type) && given.sql.trim() === quoted(sought.value);
  return isOfColumn || isCast(given.sql, sought);
}

function quoted(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

function isInSql(sql: string | undefined, sought: Sought): boolean {
  if (sql === undefined || !sql.includes(sought.value)) return false;
  const { value, type, typeOf } = sought;
  const isCompared = comparedStringsIn(sql).some((each) => each.value === value && isOfType(typeOf(each.column), type));
  return isCompared || isCast(sql, sought);
}

function isCast(sql: string, { value, type }: Sought): boolean {
  const name = type.slice(type.lastIndexOf('.') + 1);
  return castStringsIn(sql, tokensOf(sql, 'postgresql')).some((cast) => cast.value === value && cast.type === name);
}

function isOfType(type: ColumnType | undefined, name: string): boolean {
  return type !== undefined && !type.isArray && type.name.toLowerCase() === name.toLowerCase();
}
