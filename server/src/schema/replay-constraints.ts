import type { ChangeOf } from './change.ts';
import type { Column } from './column.ts';
import { withColumn } from './replay-columns.ts';
import type { Constraint, Index, Table } from './schema.ts';

/** @param usingIndex the unique index that becomes the constraint */
export function constraintAdded(table: Table, constraint: Constraint, usingIndex: string | undefined): Table {
  const constraints = new Map(table.constraints).set(constraint.name, constraint);
  const indexes = new Map(table.indexes);
  const used = usingIndex === undefined ? undefined : indexes.get(usingIndex);
  if (usingIndex !== undefined) indexes.delete(usingIndex);
  if (used) indexes.set(constraint.name, { ...used, name: constraint.name, ownedBy: constraint.name });
  return withFacet({ ...table, constraints, indexes: used ? indexes : table.indexes }, constraint);
}

export function constraintDropped(table: Table, change: ChangeOf<'DropConstraint'>): Table {
  const found = findConstraint(table, change);
  const constraints = new Map(table.constraints);
  if (found) constraints.delete(found.name);
  const indexes = [...table.indexes].filter(
    ([, index]) => index.ownedBy === undefined || index.ownedBy !== found?.name,
  );
  const kind = found?.kind ?? change.constraintKind;
  const columns = found?.columns ?? change.columns ?? [];
  const after: Table = {
    ...table,
    constraints: found ? constraints : table.constraints,
    indexes: indexes.length === table.indexes.size ? table.indexes : new Map(indexes),
  };
  // A check of its own says nothing about the check that stands beside the column.
  return kind === 'check' && found ? after : withoutFacet(after, kind, columns);
}

/** The index behind it is renamed with it. */
export function constraintRenamed(table: Table, name: string, to: string): Table {
  const constraint = table.constraints.get(name);
  if (!constraint) return table;
  const constraints = [...table.constraints].map(([key, each]): [string, Constraint] =>
    each === constraint ? [to, { ...each, name: to, nameIsExact: true }] : [key, each],
  );
  const indexes = [...table.indexes].map(([key, index]): [string, Index] =>
    index.ownedBy === name ? [to, { ...index, name: to, ownedBy: to }] : [key, index],
  );
  return { ...table, constraints: new Map(constraints), indexes: new Map(indexes) };
}

export function constraintValidated(table: Table, name: string): Table {
  const constraint = table.constraints.get(name);
  if (!constraint) return table;
  return { ...table, constraints: new Map(table.constraints).set(name, { ...constraint, validated: true }) };
}

function findConstraint(table: Table, change: ChangeOf<'DropConstraint'>): Constraint | undefined {
  const named = table.constraints.get(change.constraint);
  if (named || !change.columns) return named;
  const key = change.columns.join();
  return [...table.constraints.values()].find(
    (constraint) => constraint.kind === change.constraintKind && constraint.columns.join() === key,
  );
}

/** What a constraint on one column says about that column. */
function withFacet(table: Table, constraint: Constraint): Table {
  const column = onlyColumnOf(table, constraint.columns);
  if (!column) return table;
  switch (constraint.kind) {
    case 'unique':
      return withColumn(table, { ...column, unique: true });
    case 'primary-key':
      return withColumn(table, { ...column, primaryKey: true });
    case 'foreign-key': {
      const { references } = constraint;
      if (!references) return table;
      const kept = column.references?.table.name === references.name ? column.references.column : undefined;
      return withColumn(table, { ...column, references: { table: references, column: kept, enforced: true } });
    }
    default:
      return table;
  }
}

function withoutFacet(table: Table, kind: Constraint['kind'] | undefined, columns: readonly string[]): Table {
  const column = onlyColumnOf(table, columns);
  if (!column) return table;
  switch (kind) {
    case 'unique':
      return withColumn(table, { ...column, unique: false });
    case 'primary-key':
      return withColumn(table, { ...column, primaryKey: false });
    case 'foreign-key':
      return withColumn(table, { ...column, references: undefined });
    case 'check':
      return withColumn(table, { ...column, check: undefined });
    default:
      return table;
  }
}

function onlyColumnOf(table: Table, columns: readonly string[]): Column | undefined {
  const [name] = columns;
  return name !== undefined && columns.length === 1 ? table.columns.get(name) : undefined;
}
