import { listedUpTo } from '../../base/listed.ts';
import { isVersionAtLeast } from '../../base/target.ts';
import type { Change, ChangeOf } from '../../schema/change.ts';
import type { Column, ColumnType } from '../../schema/column.ts';
import { findColumn, findTable, type Schema, type Table, tablesWithType } from '../../schema/schema.ts';
import { isSameTable, type TableName, tableText } from '../../schema/table-name.ts';
import type { EffectsSetting } from '../setting.ts';
import { computes } from './alter-column-sql.ts';
import { isCastOf18 } from './casts.ts';
import { enumChangeOf } from './enum-change.ts';
import { defaultPartitionOf } from './partitions.ts';
import { needsUsing, typeChangeOf } from './type-change.ts';
import { canonicalType } from './type-name.ts';
import { isTooNew } from './versions.ts';

/** Why PostgreSQL refuses a statement that its parser may take, in a transaction and outside; undefined where it does not. */
export function refusalOf(change: Change, setting: EffectsSetting): string | undefined {
  if (isTooNew(change, setting.target)) {
    return `PostgreSQL ${setting.target.databaseVersion[0]} does not know it yet`;
  }
  switch (change.kind) {
    case 'AddColumn':
      return refusalOfColumn(change.column);
    case 'AddConstraint':
      return refusalOfConstraint(change, setting);
    case 'CreateTable':
      return change.columns.map(refusalOfColumn).find((refusal) => refusal !== undefined);
    case 'CreateIndex':
      return change.concurrently ? refusalOfConcurrent('built', change, setting) : undefined;
    case 'DropIndex':
      return refusalOfDrop(change, setting);
    case 'DropObject':
      return change.cascade || change.objectKind !== 'type' ? undefined : refusalOfType(change.name, setting);
    case 'DropTable':
      return change.cascade ? undefined : refusalOfReferences(change.table, setting);
    case 'DetachPartition':
      if (change.mode !== 'concurrently' || defaultPartitionOf(change.table, setting.before) === undefined)
        return undefined;
      return 'partitions cannot be detached concurrently where there is a DEFAULT partition';
    case 'RefreshView':
      return change.concurrently && !change.withData ? 'CONCURRENTLY and WITH NO DATA exclude each other' : undefined;
    default:
      return undefined;
  }
}

function refusalOfDrop(change: ChangeOf<'DropIndex'>, setting: EffectsSetting): string | undefined {
  if (isBehindConstraint(change, setting)) return 'the index belongs to a constraint, which is dropped instead';
  if (!change.concurrently) return undefined;
  if (change.followsAnother === true) return 'DROP INDEX CONCURRENTLY takes one index at a time';
  if (change.cascade === true) return 'DROP INDEX CONCURRENTLY does not take CASCADE';
  return refusalOfConcurrent('dropped', change, setting);
}

/** Why an index of the table cannot be built or dropped concurrently. */
export function refusalOfConcurrent(
  work: 'built' | 'dropped',
  { table }: { readonly table: TableName | undefined },
  setting: Pick<EffectsSetting, 'before'>,
): string | undefined {
  return isPartitioned({ table }, setting)
    ? `the index of a partitioned table cannot be ${work} concurrently`
    : undefined;
}

/** Whether SQL names the index of a constraint, which has the constraint's name. */
function isBehindConstraint(
  { origin, index, table, columns }: ChangeOf<'DropIndex'>,
  { before }: EffectsSetting,
): boolean {
  if (origin.sql === undefined || columns !== undefined) return false;
  const tables = table === undefined ? [...before.tables.values()] : [findTable(before, table)];
  return tables.some((known) => {
    const constraint = known?.constraints.get(index);
    return constraint?.nameIsExact === true && hasIndex.has(constraint.kind);
  });
}

const hasIndex: ReadonlySet<string> = new Set(['exclusion', 'primary-key', 'unique']);

function refusalOfConstraint(change: ChangeOf<'AddConstraint'>, setting: EffectsSetting): string | undefined {
  const { kind, validated } = change.constraint;
  if (change.usingIndex !== undefined) return refusalOfIndex(change.usingIndex, change, setting);
  return kind === 'foreign-key' && !validated ? refusalOfNotValidKey(change, setting) : undefined;
}

/** Why a foreign key of the table cannot be NOT VALID. */
export function refusalOfNotValidKey(
  { table }: { readonly table: TableName },
  setting: Pick<EffectsSetting, 'before' | 'target'>,
): string | undefined {
  if (!isPartitioned({ table }, setting) || isVersionAtLeast(setting.target.databaseVersion, 18, 0)) return undefined;
  return 'before PostgreSQL 18 a foreign key of a partitioned table cannot be NOT VALID';
}

function refusalOfColumn({ name, untyped }: Column): string | undefined {
  if (untyped === undefined) return undefined;
  const notTaken = untyped === 'with a key' ? ', and that of a key is not taken from another table' : '';
  return `the column "${name}" has no type${notTaken}`;
}

/** Foreign keys hold on to their table, where nothing is known to have dropped them. */
function refusalOfReferences(table: TableName, { before }: EffectsSetting): string | undefined {
  const others = [...before.tables.values()].filter(
    (other) => other.complete && !isSameTable(other.name, table) && isReferredToBy(other, table),
  );
  if (others.length === 0) return undefined;
  const names = listedUpTo(
    3,
    others.map(({ name }) => tableText(name)),
    'tables',
  );
  return `${names} ${others.length > 1 ? 'refer' : 'refers'} to ${tableText(table)} by a foreign key`;
}

function isReferredToBy({ constraints }: Table, table: TableName): boolean {
  return [...constraints.values()].some(
    ({ kind, maybeGone, references }) =>
      kind === 'foreign-key' && maybeGone !== true && references !== undefined && isSameTable(references, table),
  );
}

function refusalOfType(type: string, { before }: EffectsSetting): string | undefined {
  const [table] = tablesWithType(before, type);
  const column = [...(table?.columns.values() ?? [])].find(({ type: { name } }) => name === type);
  return table && column && `the column "${column.name}" of ${tableText(table.name)} is of the type "${type}"`;
}

/** A constraint takes over an index only if that keeps all rows apart, by the values of columns alone. */
function refusalOfIndex(name: string, { table }: ChangeOf<'AddConstraint'>, { before }: EffectsSetting) {
  const index = findTable(before, table)?.indexes.get(name);
  if (index === undefined) return undefined;
  if (!index.unique) return `the index "${name}" is not unique`;
  if (index.partial) return `the index "${name}" is on some of the rows alone`;
  return index.expressions ? `the index "${name}" is on an expression` : undefined;
}

/** Whether PostgreSQL refuses the statement whatever the tables hold. */
export function cannotRun(change: Change, setting: EffectsSetting): boolean {
  if (refusalOf(change, setting) !== undefined) return true;
  if (change.transaction !== undefined && isRefusedInTransaction(change, setting)) return true;
  switch (change.kind) {
    case 'AlterColumn': {
      const column = findColumn(setting.before, change.table, change.column);
      if (column === undefined) return false;
      if (lacksCast(column.type, change, setting) || strandsDefault(column, change, setting.before)) return true;
      if (change.using !== undefined || change.usingIsUnread === true) return false;
      return (
        typeChangeOf(column.type, change.to.type) === 'impossible' || lacksUsing(column.type, change, setting.before)
      );
    }
    default:
      return false;
  }
}

/** Whether the column needs a cast that has to be asked for, and nothing asks for it. */
export function lacksUsing(
  from: ColumnType,
  { to, using, usingIsUnread, casts }: ChangeOf<'AlterColumn'>,
  before: Schema,
): boolean {
  const isAskedFor = using !== undefined || usingIsUnread === true || casts === true;
  return !isAskedFor && needsCast(from, to.type, before);
}

function needsCast(from: ColumnType, to: ColumnType, before: Schema): boolean {
  return needsUsing(from, to) || enumChangeOf(from, to, before)?.toEnum === true;
}

/**
 * Whether the column has a default that does not follow it to its new type: USING is about the values of rows, and the
 * default is cast by itself or not at all. What casts for a framework drops the default first.
 */
export function strandsDefault(
  { type, default: kept }: Column,
  { to, casts }: ChangeOf<'AlterColumn'>,
  before: Schema,
): boolean {
  if (kept?.kind !== 'constant' || kept.sql === undefined || casts === true) return false;
  const { name } = canonicalType(type);
  const isText = kept.sql.startsWith("'");
  const isTruth = /^(?:true|false)$/i.test(kept.sql) && name === 'boolean';
  const isNumber = /^-?[\d.]+$/.test(kept.sql) && !['varchar', 'text', 'char', 'citext'].includes(name);
  return (isText || isTruth || isNumber) && needsCast(type, to.type, before);
}

function lacksCast(from: ColumnType, change: ChangeOf<'AlterColumn'>, { target }: EffectsSetting): boolean {
  if (isVersionAtLeast(target.databaseVersion, 18, 0) || computes(change)) return false;
  return isCastOf18(canonicalType(from).name, canonicalType(change.to.type).name);
}

/** Statements that no change is about, by their first words. */
const ownTransaction: ReadonlySet<string> = new Set([
  'ALTER SYSTEM',
  'CREATE DATABASE',
  'CREATE TABLESPACE',
  'DROP TABLESPACE',
]);

/** Whether it runs outside of transactions only. */
export function isRefusedInTransaction(change: Change, setting: EffectsSetting): boolean {
  if (change.origin.standsAlone === true) return true;
  switch (change.kind) {
    case 'AlterEnum':
      return change.action === 'add-value' && !isVersionAtLeast(setting.target.databaseVersion, 12, 0);
    case 'CreateIndex':
    case 'DropIndex':
      return change.concurrently;
    case 'DropDatabase':
      return true;
    case 'DetachPartition':
      return change.mode === 'concurrently';
    case 'Maintenance':
      return maintainsAlone(change, setting);
    case 'OtherStatement':
      return ownTransaction.has(change.statement);
    case 'Reindex':
      return (
        change.concurrently ||
        (change.target !== 'index' && change.target !== 'table') ||
        isPartitioned(change, setting)
      );
    default:
      return false;
  }
}

/** VACUUM begins and ends transactions of its own, as does what goes through more than one table. */
function maintainsAlone(change: ChangeOf<'Maintenance'>, setting: EffectsSetting): boolean {
  switch (change.operation) {
    case 'vacuum':
    case 'vacuum-full':
      return true;
    case 'cluster':
      return change.table === undefined || isPartitioned(change, setting);
    default:
      return false;
  }
}

function isPartitioned(
  { table }: { readonly table: TableName | undefined },
  { before }: Pick<EffectsSetting, 'before'>,
): boolean {
  return table !== undefined && findTable(before, table)?.partitionedBy !== undefined;
}
