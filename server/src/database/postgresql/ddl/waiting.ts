import type { Change } from '../../../schema/change.ts';
import { isSameTable, type TableName } from '../../../schema/table-name.ts';
import { quotedName, quotedTable } from '../../quoted-names.ts';
import { type NamedColumns, type SentStatement, unknownPart } from './sent-statement.ts';

/** The statements that wait for the end of a migration, once a change has been made: they go with what they name. */
export function stillWaiting(waiting: readonly SentStatement[], change: Change): readonly SentStatement[] {
  if (waiting.length === 0 || !change.applies.database || change.origin.sql !== undefined) return waiting;
  switch (change.kind) {
    case 'DropTable':
      return waiting.filter(({ names }) => !names.some(({ table }) => isSameTable(table, change.table)));
    case 'DropColumn':
      return waiting.filter(({ names }) => !names.some((named) => holds(named, change.table, change.column)));
    case 'RenameTable':
      return waiting.map((statement) => tableRenamed(statement, change.table, change.to));
    case 'RenameColumn':
      return waiting.map((statement) => columnRenamed(statement, change.table, change.column, change.to));
    default:
      return waiting;
  }
}

/**
 * Whether a change is about a foreign key or an index that is still to come: Django finds none, so it drops none and
 * puts none back.
 */
export function isStillToCome(change: Change, waiting: readonly SentStatement[]): boolean {
  switch (change.kind) {
    case 'DropConstraint':
      return change.checksFirst === true && isWaiting('FOREIGN KEY', change.table, change.columns ?? [], waiting);
    case 'AddConstraint':
      return (
        change.constraint.kind === 'foreign-key' &&
        isWaiting('FOREIGN KEY', change.table, change.constraint.columns, waiting)
      );
    case 'DropIndex':
      return (
        change.table !== undefined &&
        change.columns !== undefined &&
        isWaiting('INDEX', change.table, change.columns, waiting)
      );
    default:
      return false;
  }
}

/** Whether a statement that waits makes the foreign key, or the index, of exactly these columns. */
export function isWaiting(
  what: 'FOREIGN KEY' | 'INDEX',
  table: TableName,
  columns: readonly string[],
  waiting: readonly SentStatement[],
): boolean {
  return waiting.some(
    ({ sql, names: [first] }) =>
      sql.includes(` ${what} `) &&
      first !== undefined &&
      isSameTable(first.table, table) &&
      first.columns.join() === columns.join(),
  );
}

function holds({ table, columns }: NamedColumns, name: TableName, column: string): boolean {
  return isSameTable(table, name) && columns.includes(column);
}

function tableRenamed(statement: SentStatement, from: TableName, to: TableName): SentStatement {
  if (!statement.names.some(({ table }) => isSameTable(table, from))) return statement;
  const [old, changed] = [quotedTable(from, 'postgresql'), quotedTable(to, 'postgresql')];
  return {
    ...withoutMadeName(statement, statement.sql.replaceAll(old, changed)),
    names: statement.names.map((named) => (isSameTable(named.table, from) ? { ...named, table: to } : named)),
  };
}

function columnRenamed(statement: SentStatement, table: TableName, from: string, to: string): SentStatement {
  if (!statement.names.some((named) => holds(named, table, from))) return statement;
  const [old, changed] = [quotedName(from, 'postgresql'), quotedName(to, 'postgresql')];
  return {
    ...withoutMadeName(statement, statement.sql.replaceAll(old, changed)),
    names: statement.names.map((named) =>
      holds(named, table, from) ? { table, columns: named.columns.map((each) => (each === from ? to : each)) } : named,
    ),
  };
}

/** A name that is made from others, with a digest, is made anew from what they are by then. */
function withoutMadeName(statement: SentStatement, sql: string): SentStatement {
  const draft = { notes: [...statement.notes] };
  const renamed = sql.replace(/(INDEX|CONSTRAINT) "\w+_[0-9a-f]{8}(?:_\w+)?"/, (_, word: string) => {
    return `${word} ${unknownPart('name', draft)}`;
  });
  return { ...statement, sql: renamed, notes: draft.notes };
}
