import type { Change, ChangeOf } from '../schema/change.ts';
import { tableText } from '../schema/table-name.ts';

/** What a change that only SQL makes does, where its own words do not say it; undefined for all others. */
export function describeSqlChange(change: Change): string | undefined {
  switch (change.kind) {
    case 'Truncate':
      return `Empties ${tableText(change.table)}${change.cascade ? ' and every table that refers to it' : ''}.`;
    case 'LockTable':
      return 'Does nothing but hold the lock until the transaction ends.';
    case 'LockRows':
      return `Locks the rows of ${tableText(change.table)} that it finds.`;
    case 'Maintenance':
      return maintenance[change.operation];
    case 'Reindex':
      return change.concurrently
        ? 'Builds the index anew beside the old one, which is used meanwhile.'
        : 'Builds the index anew. Until then no query of the table can be planned, because the index is locked.';
    case 'DropDatabase':
      return `Drops the database "${change.database}" with everything in it.`;
    case 'DropSchema':
      return `Drops the schema "${change.schema}"${change.cascade ? ' with everything in it' : ', if nothing is in it'}.`;
    case 'DropObject':
      return change.cascade ? 'Drops everything that depends on it as well.' : undefined;
    case 'InvalidSql':
      return `PostgreSQL rejects it: ${change.message}.`;
    default:
      return ofViewsAndPartitions(change) ?? ofSessions(change);
  }
}

const maintenance: Readonly<Record<ChangeOf<'Maintenance'>['operation'], string>> = {
  analyze: 'Counts what is in a sample of the rows, for the planner.',
  cluster: 'Sorts the rows of the table by an index.',
  convert: 'Writes every text of the table in another character set.',
  optimize: 'Writes the table anew without its gaps.',
  'set-access-method': 'Keeps the table in another way.',
  'set-logged': 'Writes the table to the write-ahead log from now on.',
  'set-tablespace': 'Moves the table to another place.',
  'set-unlogged': 'Leaves the table out of the write-ahead log from now on: it is empty after a crash.',
  vacuum: 'Frees the room of rows that are gone.',
  'vacuum-full': 'Writes the table anew without its gaps.',
};

function ofViewsAndPartitions(change: Change): string | undefined {
  switch (change.kind) {
    case 'CreateView':
      return change.materialized ? 'Runs the query, and keeps what it finds.' : undefined;
    case 'RefreshView':
      return refresh(change);
    case 'AttachPartition':
      return `Makes ${tableText(change.partition)} a partition of ${tableText(change.table)}.${
        change.isProven ? ' A check already keeps its rows within the bounds.' : ''
      }`;
    case 'DetachPartition':
      return `Takes ${tableText(change.partition)} with its rows out of ${tableText(change.table)}.`;
    default:
      return undefined;
  }
}

function refresh({ view, concurrently, withData }: ChangeOf<'RefreshView'>): string {
  if (!withData) return `Empties ${tableText(view)}: it cannot be read until it is refreshed.`;
  return concurrently
    ? 'Runs the query again, and changes the rows that differ.'
    : 'Runs the query again, and replaces all rows.';
}

function ofSessions(change: Change): string | undefined {
  switch (change.kind) {
    case 'SwitchTriggers':
      return switched(change);
    case 'SetTimeout':
      return timeout(change);
    case 'TransactionControl':
      return change.command === 'commit' ? 'What came before it can no longer be rolled back.' : undefined;
    case 'AlterEnum':
      return change.action === 'add-value'
        ? 'The new value cannot be used before the transaction has ended.'
        : undefined;
    case 'AlterDomain':
      return change.validates ? 'Checks the rows of every table that uses the domain.' : undefined;
    default:
      return undefined;
  }
}

function switched({ table, triggers, enabled }: ChangeOf<'SwitchTriggers'>): string {
  const where = table === undefined ? ' in this session' : '';
  if (typeof triggers !== 'string') return `Switches the trigger "${triggers.name}" ${enabled ? 'on' : 'off'}.`;
  if (triggers === 'user')
    return `Switches all triggers${where} ${enabled ? 'on' : 'off'}, but not those of foreign keys.`;
  return enabled
    ? `Switches all triggers${where} on. Rows that were written meanwhile are not looked at.`
    : `Switches all triggers${where} off, those of foreign keys as well.`;
}

const limited: Readonly<Record<string, string>> = {
  lock_timeout: 'waits for a lock',
  statement_timeout: 'takes',
  transaction_timeout: 'leaves its transaction open',
  idle_in_transaction_session_timeout: 'leaves a transaction idle',
};

function timeout({ setting, milliseconds, scope }: ChangeOf<'SetTimeout'>): string | undefined {
  const what = limited[setting];
  if (what === undefined || milliseconds === undefined) return undefined;
  const until = scope === 'transaction' ? 'Until the transaction ends' : 'From now on';
  if (milliseconds === 0) return `${until} there is no limit to how long a statement ${what}.`;
  return `${until} a statement fails when it ${what} for more than ${durationOf(milliseconds)}.`;
}

function durationOf(milliseconds: number): string {
  if (milliseconds < 1000) return `${milliseconds} ms`;
  return milliseconds < 120_000 ? `${milliseconds / 1000} s` : `${milliseconds / 60_000} min`;
}
