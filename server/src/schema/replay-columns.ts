import type { Column } from './column.ts';
import type { Constraint, Index, Table } from './schema.ts';

export function withColumn(table: Table, column: Column): Table {
  return { ...table, columns: new Map(table.columns).set(column.name, column) };
}

/** Indexes and constraints on the column go with it. */
export function columnDropped(table: Table, name: string): Table {
  const columns = new Map(table.columns);
  columns.delete(name);
  return {
    ...table,
    columns,
    indexes: kept(table.indexes, name),
    constraints: kept(table.constraints, name),
  };
}

function kept<T extends Index | Constraint>(all: ReadonlyMap<string, T>, column: string): ReadonlyMap<string, T> {
  const remaining = [...all].filter(([, each]) => !each.columns.includes(column));
  return remaining.length === all.size ? all : new Map(remaining);
}

/** Indexes and constraints follow the column and keep their names. */
export function columnRenamed(table: Table, from: string, to: string): Table {
  const renamed = (columns: readonly string[]): readonly string[] =>
    columns.map((column) => (column === from ? to : column));
  const inText = (condition: string | undefined): string | undefined => condition?.replaceAll(`"${from}"`, `"${to}"`);
  const columns = [...table.columns].map(([name, column]): [string, Column] =>
    name === from ? [to, { ...column, name: to, check: inText(column.check) }] : [name, column],
  );
  const indexes = [...table.indexes].map(([name, index]): [string, Index] => [
    name,
    index.columns.includes(from) ? renamedIn(index, renamed(index.columns), from, to) : index,
  ]);
  const constraints = [...table.constraints].map(([name, constraint]): [string, Constraint] => [
    name,
    constraint.columns.includes(from)
      ? {
          ...constraint,
          columns: renamed(constraint.columns),
          condition: inText(constraint.condition),
          provesNotNull: constraint.provesNotNull === from ? to : constraint.provesNotNull,
          ...(constraint.alsoNotNull === undefined ? {} : { alsoNotNull: renamed(constraint.alsoNotNull) }),
        }
      : constraint,
  ]);
  return {
    ...table,
    columns: new Map(columns),
    indexes: new Map(indexes),
    constraints: new Map(constraints),
  };
}

function renamedIn(index: Index, columns: readonly string[], from: string, to: string): Index {
  const { definition } = index;
  if (definition === undefined) return { ...index, columns };
  const start = new RegExp(`^("?)${from.replaceAll(/\W/g, '\\$&')}\\1(?= |$)`);
  return {
    ...index,
    columns,
    definition: () => {
      const known = definition();
      const keys = known.keys.map((key) => key?.replace(start, (_, quote: string) => `${quote}${to}${quote}`));
      return { ...known, keys, include: known.include.map((column) => (column === from ? to : column)) };
    },
  };
}
