import type { Column } from './column.ts';
import type { Table } from './schema.ts';

const referring = new WeakMap<Table['columns'], readonly Column[]>();

/** The columns of a table that refer to another one. Whoever looks for what refers to a table asks all tables for them. */
export function referringColumns({ columns }: Table): readonly Column[] {
  let found = referring.get(columns);
  if (found === undefined) {
    found = [...columns.values()].filter(({ references }) => references !== undefined);
    referring.set(columns, found);
  }
  return found;
}
