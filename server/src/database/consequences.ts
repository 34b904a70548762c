import type { Change, ChangeOf } from '../schema/change.ts';
import type { Column, ColumnDefault } from '../schema/column.ts';
import { findColumn, tablesInSchema, tablesWithType } from '../schema/schema.ts';
import type { TableName } from '../schema/table-name.ts';
import type { Effects } from './effects.ts';
import { type EffectsSetting, isEmptyHere } from './setting.ts';
import { isType } from './type-kinds.ts';

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
    case 'Truncate':
      return isUsed(change.table, setting) ? { ...harmless, loses: 'rows' } : harmless;
    case 'DropDatabase':
      return { ...harmless, loses: 'table', breaksRunningCode: true };
    case 'InvalidSql':
      return { ...harmless, fails: 'always' };
    default:
      return byOtherObjects(change, setting);
  }
}

/** What happens to tables and code by a change of something else. */
function byOtherObjects(change: Change, setting: EffectsSetting): Consequences {
  switch (change.kind) {
    case 'DropSchema':
      // One that is not empty goes only with CASCADE; what nobody has seen in it may be there.
      if (!change.cascade || !isUsedSchema(change.schema, setting)) return harmless;
      return { ...harmless, loses: 'table', breaksRunningCode: true };
    case 'RenameSchema':
      return { ...harmless, breaksRunningCode: isUsedSchema(change.schema, setting) };
    case 'DropObject':
      return typesGo(change, setting) ? { ...harmless, loses: 'column', breaksRunningCode: true } : harmless;
    case 'DropView':
      return { ...harmless, breaksRunningCode: true };
    case 'RefreshView':
      // What holds no data cannot be read.
      return { ...harmless, breaksRunningCode: !change.withData };
    case 'AlterEnum':
      return { ...harmless, breaksRunningCode: change.action === 'rename-value' };
    default:
      return harmless;
  }
}

/** Whether somebody may use a table of the schema: not if this migration has filled it. */
function isUsedSchema(schema: string, setting: EffectsSetting): boolean {
  const known = tablesInSchema(setting.before, schema);
  return known.length === 0 || known.some(({ name }) => isUsed(name, setting));
}

/** Whether the columns of a type go with it. */
function typesGo({ objectKind, name, cascade }: ChangeOf<'DropObject'>, setting: EffectsSetting): boolean {
  if (!cascade || !isType(objectKind)) return false;
  return tablesWithType(setting.before, name).some((table) => isUsed(table.name, setting));
}

/** A table that cannot be told is taken for one in use. */
function isUsed(table: TableName | undefined, setting: EffectsSetting): boolean {
  return table === undefined || !isEmptyHere(table, setting);
}

/** `ADD COLUMN IF NOT EXISTS` of one that exists. */
function isThere({ ifNotExists, table, column }: ChangeOf<'AddColumn'>, { before }: EffectsSetting): boolean {
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
  const column = findColumn(before, change.table, change.column) ?? change.was;
  if (change.to.nullable) return false;
  // SQL says that it sets NOT NULL; a framework only how the column is in the end.
  if (column === undefined) return change.origin.sql !== undefined && change.facets.nullable !== undefined;
  const losesDefault = column.default !== undefined && change.to.default === undefined && !fillsItself(change.to);
  return column.nullable || losesDefault;
}
