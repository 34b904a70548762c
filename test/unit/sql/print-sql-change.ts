import type { SqlChange } from '../../../server/src/schema/sql-change.ts';
import { type TableName, tableKeyOf } from '../../../server/src/schema/table-name.ts';

/** What a change that only SQL makes does, on one line. */
export function printSqlChange(change: SqlChange): string {
  switch (change.kind) {
    case 'AlterDomain':
      return words(
        `${change.domain} ${change.action}`,
        change.validates && 'validates',
        change.constrains && 'constrains',
      );
    case 'AlterEnum':
      return words(
        change.type,
        change.action,
        change.values.join(', '),
        change.to && `to ${change.to}`,
        change.place && `${change.place.side} ${change.place.value}`,
        change.ifNotExists && 'if not exists',
      );
    case 'AttachPartition':
      return words(
        `${tableKeyOf(change.table)} ${tableKeyOf(change.partition)}`,
        change.isDefault && 'default',
        change.isProven && 'proven',
      );
    case 'CreateTrigger':
      return `${tableKeyOf(change.table)}.${change.trigger}`;
    case 'CreateView':
      return words(
        tableKeyOf(change.view),
        change.materialized && 'materialized',
        change.replaces && 'replaces',
        `reads ${change.reads.map(tableKeyOf).join(', ')}`,
      );
    case 'DetachPartition':
      return `${tableKeyOf(change.table)} ${tableKeyOf(change.partition)} ${change.mode}`;
    case 'DropDatabase':
      return change.database;
    case 'DropObject':
      return words(change.objectKind, change.name, change.cascade && 'cascade');
    case 'DropSchema':
      return words(change.schema, change.cascade && 'cascade');
    case 'DropTrigger':
      return words(`${tableKeyOf(change.table)}.${change.trigger}`, change.cascade && 'cascade');
    case 'DropView':
      return words(tableKeyOf(change.view), change.materialized && 'materialized', change.cascade && 'cascade');
    case 'InvalidSql':
      return change.message;
    case 'LockRows':
      return tableKeyOf(change.table);
    case 'LockTable':
      return `${tableKeyOf(change.table)} ${change.mode}`;
    case 'Maintenance':
      return `${change.operation} ${tableOrAll(change.table)}`;
    case 'OtherStatement':
      return change.statement;
    case 'RefreshView':
      return words(tableKeyOf(change.view), change.concurrently && 'concurrently', !change.withData && 'without data');
    case 'Reindex':
      return words(
        change.target,
        change.name ?? '',
        `of ${tableOrAll(change.table)}`,
        change.concurrently && 'concurrently',
      );
    case 'RenameConstraint':
      return `${tableKeyOf(change.table)}.${change.constraint} to ${change.to}`;
    case 'RenameSchema':
      return `${change.schema} to ${change.to}`;
    case 'RenameType':
      return `${change.type} to ${change.to}`;
    case 'SetConstraints':
      return `${change.constraints === 'all' ? 'all' : change.constraints.join(', ')} ${change.when}`;
    case 'SetTableOption':
      return words(
        tableKeyOf(change.table),
        change.option,
        change.column && `of ${change.column}`,
        change.parent && `from ${tableKeyOf(change.parent)}`,
      );
    case 'SetTimeout':
      return `${change.setting} ${change.milliseconds ?? '?'} for the ${change.scope}`;
    case 'SwitchTriggers':
      return words(
        tableOrAll(change.table),
        typeof change.triggers === 'string' ? change.triggers : change.triggers.name,
        change.enabled ? 'on' : 'off',
      );
    case 'TransactionControl':
      return change.command;
    case 'Truncate':
      return words(tableKeyOf(change.table), change.cascade && 'cascade', change.restartIdentity && 'restart identity');
  }
}

function tableOrAll(table: TableName | undefined): string {
  return table === undefined ? '*' : tableKeyOf(table);
}

function words(...parts: readonly (string | false | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== false && part !== '').join(' ');
}
