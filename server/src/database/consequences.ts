import type { Change, ChangeOf } from '../schema/change.ts';
import type { Column, ColumnDefault } from '../schema/column.ts';
import { findColumn } from '../schema/schema.ts';
import type { TableName } from '../schema/table-name.ts';
import type { Effects } from './effects.ts';
import { type EffectsSetting, isEmptyHere } from './setting.ts';

/** What a change means for rows and for running code, on any database. */
export type Consequences = Pick<Effects, 'fails' | 'loses' | 'breaksRunningCode'>;

const harmless: Consequences = { fails: undefined, loses: undefined, breaksRunningCode: false };

/** Judged by standard SQL; a database that is more lenient takes `fails` back in its own facts. */
export function consequencesOf(change: Change, setting: EffectsSetting): Consequences {
  switch (change.kind) {
    case 'DropTable':
      return isUsed(change.table, setting) ? { ...harmless, loses: 'table', breaksRunningCode: true } : harmless;
    case 'DropColumn':
      return isUsed(change.table, setting) ? { ...harmless, loses: 'column', breaksRunningCode: true } : harmless;
    case 'RenameTable':
    case 'RenameColumn':
      return { ...harmless, breaksRunningCode: isUsed(change.table, setting) };
    case 'AddColumn':
      return isUsed(change.table, setting) && !isThere(change, setting) ? addColumn(change) : harmless;
    case 'AlterColumn':
      return { ...harmless, breaksRunningCode: isUsed(change.table, setting) && breaksInserts(change, setting) };
    case 'WriteRows':
      if (change.operation !== 'delete' || !isUsed(change.table, setting)) return harmless;
      return { ...harmless, loses: 'rows' };
    default:
      return harmless;
  }
}

/** A table that cannot be told is taken for one in use. */
function isUsed(table: TableName | undefined, setting: EffectsSetting): boolean {
  return table === undefined || !isEmptyHere(table, setting);
}

function isThere({ table, column, ifNotExists }: ChangeOf<'AddColumn'>, { before }: EffectsSetting): boolean {
  return ifNotExists === true && findColumn(before, table, column.name) !== undefined;
}

function addColumn({ column, transientDefault }: ChangeOf<'AddColumn'>): Consequences {
  return {
    loses: undefined,
    fails: failsOnRows(column, transientDefault) ? 'with rows' : undefined,
    breaksRunningCode: !column.nullable && column.default === undefined && !fillsItself(column),
  };
}

function failsOnRows(column: Column, transientDefault: ColumnDefault | undefined): boolean {
  if (fillsItself(column)) return false;
  const value = column.default ?? transientDefault;
  if (value === undefined) return !column.nullable || column.primaryKey;
  // One value for every row: the second row repeats it. What Python computes is computed once.
  const isComputedOnce = column.default === undefined || value.kind === 'constant' || value.kind === 'stable';
  const isShared = isComputedOnce && value.sql?.toUpperCase() !== 'NULL';
  return (column.unique || column.primaryKey) && isShared;
}

function fillsItself(column: Column): boolean {
  return column.autoIncrement || column.generated !== undefined;
}

/** Whether an INSERT or UPDATE of the release before, which may write NULL or leave the column out, is now rejected. */
function breaksInserts(change: ChangeOf<'AlterColumn'>, { before }: EffectsSetting): boolean {
  const column = findColumn(before, change.table, change.column);
  if (column === undefined || change.to.nullable) return false;
  const losesDefault = column.default !== undefined && change.to.default === undefined && !fillsItself(change.to);
  return column.nullable || losesDefault;
}
