import type { Change } from './change.ts';

/** Nobody can tell from reading what it does. */
export function isUnknown(change: Change): boolean {
  switch (change.kind) {
    case 'InvalidSql':
    case 'Opaque':
    case 'RunCode':
      return true;
    case 'RunSql':
      return change.isUnread === true || change.statements.includes(undefined);
    case 'OtherStatement':
      return change.statement === 'DO' || change.statement === 'CALL';
    default:
      return 'table' in change && change.table?.unknown !== undefined;
  }
}

/** What rows held, how a view was defined, what nobody can tell: only the author knows whether there is a way back. */
export function isIrreversible(change: Change): boolean {
  switch (change.kind) {
    case 'WriteRows':
      return change.operation !== 'insert';
    case 'AlterEnum':
      return change.action !== 'create';
    case 'AlterDomain':
    case 'DropObject':
    case 'DropSchema':
    case 'DropTrigger':
    case 'DropView':
    case 'Truncate':
      return true;
    case 'OtherStatement':
      // `CREATE FUNCTION`, and not `SELECT`.
      return change.statement.includes(' ') || isUnknown(change);
    default:
      return isUnknown(change);
  }
}
