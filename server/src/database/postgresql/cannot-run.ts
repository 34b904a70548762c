import { isVersionAtLeast } from '../../base/target.ts';
import type { Change, ChangeOf } from '../../schema/change.ts';
import { findColumn, findTable } from '../../schema/schema.ts';
import type { EffectsSetting } from '../setting.ts';
import { defaultPartitionOf } from './partitions.ts';
import { needsUsing, typeChangeOf } from './type-change.ts';
import { isTooNew } from './versions.ts';

/** Why PostgreSQL refuses a statement that its parser may take, in a transaction and outside; undefined where it does not. */
export function refusalOf(change: Change, setting: EffectsSetting): string | undefined {
  if (isTooNew(change, setting.target)) {
    return `PostgreSQL ${setting.target.databaseVersion[0]} does not know it yet`;
  }
  switch (change.kind) {
    case 'CreateIndex':
      if (!change.concurrently || !isPartitioned(change, setting)) return undefined;
      return `the index of a partitioned table cannot be built concurrently`;
    case 'DropIndex':
      if (!change.concurrently) return undefined;
      if (change.cascade === true) return 'DROP INDEX CONCURRENTLY does not take CASCADE';
      return isPartitioned(change, setting)
        ? 'the index of a partitioned table cannot be dropped concurrently'
        : undefined;
    default:
      return undefined;
  }
}

/** Whether PostgreSQL refuses the statement whatever the tables hold. */
export function cannotRun(change: Change, setting: EffectsSetting): boolean {
  if (refusalOf(change, setting) !== undefined) return true;
  if (change.transaction !== undefined && isRefusedInTransaction(change, setting)) return true;
  switch (change.kind) {
    case 'RefreshView':
      return change.concurrently && !change.withData;
    case 'DetachPartition':
      return change.mode === 'concurrently' && defaultPartitionOf(change.table, setting.before) !== undefined;
    case 'AlterColumn': {
      const column = findColumn(setting.before, change.table, change.column);
      if (column === undefined || change.using !== undefined) return false;
      if (typeChangeOf(column.type, change.to.type) === 'impossible') return true;
      // A framework writes the USING that it takes.
      return change.origin.sql !== undefined && needsUsing(column.type, change.to.type);
    }
    default:
      return false;
  }
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
  { table }: ChangeOf<'CreateIndex' | 'DropIndex' | 'Maintenance' | 'Reindex'>,
  { before }: EffectsSetting,
): boolean {
  return table !== undefined && findTable(before, table)?.partitionedBy !== undefined;
}
