import { withEntry } from './layered-map.ts';
import type { Index, Table } from './schema.ts';

export function indexCreated(table: Table, index: Index): Table {
  return { ...table, indexes: withEntry(table.indexes, index.name, index) };
}

/** @param columns what the index is built on, where that finds it when its name does not */
export function indexDropped(table: Table, name: string, columns: readonly string[] | undefined): Table {
  const found = findIndex(table, name, columns);
  if (!found) return table;
  const indexes = new Map(table.indexes);
  indexes.delete(found.name);
  return { ...table, indexes };
}

export function indexRenamed(table: Table, name: string, to: string, columns: readonly string[] | undefined): Table {
  const found = findIndex(table, name, columns);
  if (!found) return table;
  const indexes = [...table.indexes.values()].map((index): [string, Index] =>
    index === found ? [to, { ...index, name: to, nameIsExact: true }] : [index.name, index],
  );
  return { ...table, indexes: new Map(indexes) };
}

function findIndex(table: Table, name: string, columns: readonly string[] | undefined): Index | undefined {
  const named = table.indexes.get(name);
  if (named || !columns) return named;
  const key = columns.join();
  return [...table.indexes.values()].find((index) => !index.unique && !index.partial && index.columns.join() === key);
}
