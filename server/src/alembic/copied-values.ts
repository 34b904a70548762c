import type { WriteRows } from '../schema/change.ts';
import type { TableName } from '../schema/table-name.ts';
import { childExpressionsOf } from '../syntax/child-expressions.ts';
import type { Expression } from '../syntax/module.ts';
import type { CallValue } from '../syntax/value.ts';
import { calledName } from './columns.ts';
import { isFiltered } from './constructs.ts';

/** Where an `update(…).values(…)` of SQLAlchemy takes its values from, if it does so for every row that has one. */
export function copiedByConstruct(
  chain: readonly CallValue[],
  table: TableName | undefined,
): Pick<WriteRows, 'copies'> {
  const given = chain.filter((call) => calledName(call) === 'values').flatMap(({ at }) => at.arguments);
  const columns = given.flatMap(({ value }) => columnsIn(value));
  const conditions = chain.filter((call) => calledName(call) === 'where').flatMap(({ at }) => at.arguments);
  const isWhole =
    !isFiltered(chain.filter((call) => calledName(call) !== 'where')) &&
    conditions.every(({ value }) => columnsIn(value).every((name) => columns.includes(name)));
  if (columns.length === 0 || table === undefined || !isWhole) return {};
  return { copies: { tables: [table], columns } };
}

/** `.where(users.c.name.is_(None))`, `.where(users.c.name == None)`: of one column alone. */
export function whereNullOf(chain: readonly CallValue[]): Pick<WriteRows, 'whereNull'> {
  const filters = chain.filter((call) => isFiltered([call]));
  const [only, ...others] = filters.flatMap(({ at }) => at.arguments);
  if (only === undefined || others.length > 0 || filters.some((call) => calledName(call) !== 'where')) return {};
  const [column, ...more] = columnsIn(only.value);
  return column !== undefined && more.length === 0 && isNullTest(only.value) ? { whereNull: column } : {};
}

function isNullTest(test: Expression): boolean {
  const isNone = (value: Expression | undefined): boolean => value?.kind === 'constant' && value.value === null;
  if (test.kind === 'comparison') return test.operators.join() === '==' && isNone(test.operands[1]);
  if (test.kind !== 'call' || test.callee.kind !== 'attribute') return false;
  return ['is_', 'is'].includes(test.callee.name) && isNone(test.arguments[0]?.value);
}

/** `users.c.name`, `users.c["name"]`, `sa.column("name")`. */
export function columnsIn(expression: Expression): readonly string[] {
  const [name] = columnNames(expression);
  return name === undefined ? childExpressionsOf(expression).flatMap(columnsIn) : [name];
}

function columnNames(expression: Expression): readonly string[] {
  if (expression.kind === 'attribute') return isColumns(expression.object) ? [expression.name] : [];
  if (expression.kind === 'subscript' && isColumns(expression.object)) return expression.index.flatMap(textIn);
  if (expression.kind !== 'call') return [];
  const { callee } = expression;
  const called = callee.kind === 'attribute' || callee.kind === 'name' ? callee.name : '';
  return called === 'column' || called === 'literal_column'
    ? expression.arguments.slice(0, 1).flatMap(({ value }) => textIn(value))
    : [];
}

function isColumns(expression: Expression): boolean {
  return expression.kind === 'attribute' && (expression.name === 'c' || expression.name === 'columns');
}

function textIn(expression: Expression): readonly string[] {
  return expression.kind === 'string' && expression.value !== undefined ? [expression.value] : [];
}
