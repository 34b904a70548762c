import type { Change } from '../../schema/change.ts';
import type { TableName } from '../../schema/table-name.ts';

/** What `ALTER TABLE` and its like do not mind. */
const minorOptions: ReadonlySet<string> = new Set(['comment', 'policy', 'privileges', 'rule']);

/** What is done to a table beside its use; a full VACUUM runs in no transaction that could hold events. */
const unobtrusive: ReadonlySet<string> = new Set(['analyze', 'vacuum', 'vacuum-full']);

/**
 * The table that must have no pending trigger events for PostgreSQL to make the change: rows whose foreign keys are
 * checked when the transaction ends. Undefined where such events are in nobody's way.
 */
export function tableFreeOfEvents(change: Change): TableName | undefined {
  switch (change.kind) {
    case 'AddColumn':
    case 'AddConstraint':
    case 'AlterColumn':
    case 'DropColumn':
    case 'DropConstraint':
    case 'DropTable':
    case 'SwitchTriggers':
    case 'Truncate':
    case 'ValidateConstraint':
      return change.table;
    case 'CreateIndex':
      return change.concurrently ? undefined : change.table;
    case 'Maintenance':
      return unobtrusive.has(change.operation) ? undefined : change.table;
    case 'SetTableOption':
      return minorOptions.has(change.option) ? undefined : change.table;
    default:
      return undefined;
  }
}
