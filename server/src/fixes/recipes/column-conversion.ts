import { needsUsing, typeChangeOf } from '../../database/postgresql/type-change.ts';
import { canonicalType } from '../../database/postgresql/type-name.ts';
import { type Column, type ColumnType, typeText } from '../../schema/column.ts';
import type { TableName } from '../../schema/table-name.ts';
import { refusal } from '../fix.ts';
import { suffixedName, writtenName, writtenTable } from '../sql/sql-names.ts';
import { fittingConstraint } from './fitting-check.ts';
import type { Trigger } from './in-step.ts';

/** What is written as text by the settings of the session. */
const writtenBySettings: ReadonlySet<string> = new Set(
  'date time timestamp interval real money bytea xml double'.split(' '),
);

/** How values are converted; `undefined` where sessions differ, or it cannot be said which values fail. */
export function conversionOf(
  before: Column,
  to: ColumnType,
  table: TableName,
): { readonly mayFail: boolean } | undefined {
  const [one, other] = [canonicalType(before.type).name, canonicalType(to).name];
  const isZoned = (name: string): boolean => name.endsWith('with time zone');
  if (isZoned(one) !== isZoned(other)) return undefined;
  if (one !== other && writtenBySettings.has(one.split(' ')[0] ?? '') && ['varchar', 'text', 'char'].includes(other))
    return undefined;
  switch (typeChangeOf(before.type, to)) {
    case 'rewrite':
      return { mayFail: false };
    case 'rewrite-and-may-fail':
      return fittingConstraint({ table, column: before, to }) && { mayFail: true };
    default:
      return undefined;
  }
}

/** An assignment converts by itself and cuts nothing; only what has to be asked for is written. */
function castTo(type: ColumnType, from: ColumnType, value: string): string {
  return needsUsing(from, type) ? `${value}::${typeText(type)}` : value;
}

/** Of what {@link conversionOf} gives up. */
export const unsureConversion = refusal(
  'Which values convert, and to what, depends on the session or cannot be told beforehand.',
);

/** Keeps the second column in step with the one that it is to replace, whatever code writes the rows. */
export function conversionTrigger(table: TableName, before: Column, to: ColumnType, newName: string): Trigger {
  const value = castTo(to, before.type, `NEW.${writtenName(before.name)}`);
  return {
    name: suffixedName(`${table.name}_${before.name}`, '_new'),
    table,
    body: [`NEW.${writtenName(newName)} := ${value};`],
  };
}

/** Gives the old column, when it gets its place back, what has been written to the one that had its place. */
export function valuesBack(
  table: TableName,
  old: { readonly name: string; readonly type: ColumnType },
  current: { readonly name: string; readonly type: ColumnType },
): string {
  const value = castTo(old.type, current.type, writtenName(current.name));
  const name = writtenName(old.name);
  return `UPDATE ${writtenTable(table)} SET ${name} = ${value} WHERE ${name} IS DISTINCT FROM ${value}`;
}

/** What the step says of itself that puts the second column in the place of the old one. */
export function swapDocstring(column: string, table: string, oldName: string, after: string): string {
  return [
    `Puts the filled column in the place of "${column}" of "${table}".`,
    '',
    `Runs after ${after}, in the same deploy. The old column stays, as`,
    `"${oldName}", until a later release drops it; on the way back it gets what was written since.`,
    '',
  ].join('\n');
}
