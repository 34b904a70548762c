import type { Change, WriteRows } from '../../schema/change.ts';
import { findTable } from '../../schema/schema.ts';
import { isSameTable } from '../../schema/table-name.ts';
import type { Reversed, Reversing } from './reversing.ts';
import type { PlainCode } from './written-directive.ts';

/**
 * What the way back does about rows: nothing where they go with their table or column, else a remark, as for the values
 * of a column that comes back. Undefined for what writes no rows.
 */
export function reversedRows(change: Change, { start, migration }: Reversing): Reversed {
  if (change.kind === 'Truncate') return [rowsGone(change.table.name)];
  if (change.kind !== 'WriteRows') return undefined;
  const { table, label, operation } = change;
  const isNew =
    table !== undefined && findTable(start, table) === undefined && isCreatedHere(change, migration.forward);
  if (isNew) return [];
  const named = table?.name ?? label;
  switch (operation) {
    case 'insert':
      return [remark(`The rows that upgrade() adds to ${named} stay.`)];
    case 'update': {
      if (isOfNewColumns(change, migration.forward)) return [];
      const columns = [...new Set(change.assignments.map(({ column }) => column))].join(', ');
      const what = columns === '' ? named : `${named} (${columns})`;
      return [remark(`The values that ${what} had before upgrade() are gone.`)];
    }
    default:
      return [rowsGone(named)];
  }
}

function isCreatedHere({ table }: WriteRows, forward: readonly Change[]): boolean {
  return forward.some((each) => each.kind === 'CreateTable' && table !== undefined && isSameTable(each.table, table));
}

/** What fills new columns goes with them. */
function isOfNewColumns({ table, assignments }: WriteRows, forward: readonly Change[]): boolean {
  const added = forward.flatMap((each) =>
    each.kind === 'AddColumn' && table !== undefined && isSameTable(each.table, table) ? [each.column.name] : [],
  );
  return assignments.length > 0 && assignments.every(({ column }) => added.includes(column));
}

function rowsGone(table: string): PlainCode {
  return remark(`The rows of ${table} that upgrade() deleted are gone.`);
}

function remark(comment: string): PlainCode {
  return { kind: 'code', code: '', isAutocommit: false, comments: [comment] };
}
