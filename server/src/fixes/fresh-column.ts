import type { Migration } from '../schema/migration.ts';
import { findTable, type Schema } from '../schema/schema.ts';
import type { TableName } from '../schema/table-name.ts';

/**
 * Whether a column is being filled for the first time: this migration or the one before it added it, and in the latter
 * case to a table that was there already.
 */
export function isFreshColumn(name: TableName, column: string, { id, parents }: Migration, before: Schema): boolean {
  const table = findTable(before, name);
  const bornIn = table?.columns.get(column)?.bornIn;
  if (bornIn === id) return true;
  return bornIn !== table?.bornIn && parents.some((parent) => parent.id === bornIn);
}
