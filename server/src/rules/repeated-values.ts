import type { Change } from '../schema/change.ts';
import { changesOf } from '../schema/change.ts';
import type { Migration } from '../schema/migration.ts';
import { findTable } from '../schema/schema.ts';
import { isSameTable, type TableName } from '../schema/table-name.ts';
import type { RuleContext } from './rule.ts';

/** The unique key that a change builds. */
export interface UniqueKey {
  readonly table: TableName;
  /** Empty for expressions. */
  readonly columns: readonly string[];
}

/**
 * Whether two rows may share a value that the key is to keep apart. Not where some of its columns are unique already, nor
 * where one of them is new and holds NULL so far.
 */
export function mayRepeat(
  { table, columns }: UniqueKey,
  change: Change,
  migration: Migration,
  context: RuleContext,
): boolean {
  const known = findTable(context.before(change), table);
  if (known === undefined || columns.length === 0) return true;
  const isWithin = (others: readonly string[]): boolean =>
    others.length > 0 && others.every((other) => columns.includes(other));
  const isApart =
    columns.some((name) => known.columns.get(name)?.unique === true || known.columns.get(name)?.primaryKey === true) ||
    [...known.indexes.values()].some(({ unique, partial, columns: own }) => unique && !partial && isWithin(own)) ||
    [...known.constraints.values()].some(
      ({ kind, columns: own }) => (kind === 'unique' || kind === 'primary-key') && isWithin(own),
    );
  return !isApart && !columns.some((column) => isStillNull(table, column, migration));
}

/** Added by this migration without a value for the rows that are there, and written by nothing in it. */
function isStillNull(table: TableName, column: string, { forward }: Migration): boolean {
  const added = changesOf(forward, 'AddColumn').find(
    (each) => each.column.name === column && isSameTable(each.table, table),
  );
  if (added === undefined || added.column.default !== undefined || added.transientDefault !== undefined) return false;
  return !forward.some(({ kind }) => kind === 'WriteRows' || kind === 'RunCode' || kind === 'Opaque');
}
