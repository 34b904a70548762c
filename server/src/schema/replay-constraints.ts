import type { ChangeOf } from './change.ts';
import type { Column } from './column.ts';
import { withEntry } from './layered-map.ts';
import { withColumn } from './replay-columns.ts';
import type { Constraint, Index, Table } from './schema.ts';

/** @param usingIndex the unique index that becomes the constraint */
export function constraintAdded(table: Table, constraint: Constraint, usingIndex: string | undefined): Table {
  const constraints = withEntry(table.constraints, constraint.name, constraint);
  const used = usingIndex === undefined ? undefined : table.indexes.get(usingIndex);
  if (usingIndex === undefined || used === undefined) return withFacet({ ...table, constraints }, constraint);
  const indexes = new Map(table.indexes);
  indexes.delete(usingIndex);
  indexes.set(constraint.name, { ...used, name: constraint.name, ownedBy: constraint.name });
  return withFacet({ ...table, constraints, indexes }, constraint);
}

export function constraintDropped(table: Table, change: ChangeOf<'DropConstraint'>): Table {
  const found = findConstraint(table, change);
  if (!found) return withoutFacet(withDoubt(table, change), change.constraintKind, change.columns ?? []);
  const constraints = new Map(table.constraints);
  constraints.delete(found.name);
  const owned = [...table.indexes.values()].filter((index) => index.ownedBy === found.name);
  const indexes = new Map(table.indexes);
  for (const index of owned) indexes.delete(index.name);
  const after = { ...table, constraints, indexes: owned.length > 0 ? indexes : table.indexes };
  return withoutFacet(after, found.kind, found.columns);
}

/** The name that is dropped may be that of a constraint whose name was not written. */
function withDoubt(table: Table, { constraintKind, columns }: ChangeOf<'DropConstraint'>): Table {
  const isMeant = ({ kind, nameIsExact }: Constraint): boolean =>
    !nameIsExact && (constraintKind === undefined || constraintKind === kind);
  if (columns !== undefined || ![...table.constraints.values()].some(isMeant)) return table;
  const constraints = [...table.constraints].map(([name, each]): [string, Constraint] => [
    name,
    isMeant(each) ? { ...each, maybeGone: true } : each,
  ]);
  return { ...table, constraints: new Map(constraints) };
}

/** The constraints that stand beside a column where it is defined, under the names that PostgreSQL gives them. */
export function withInlineConstraints(table: Table, column: Column): Table {
  const inline: Constraint[] = [];
  const named = (kind: Constraint['kind'], suffix: string): Constraint => ({
    kind,
    name: `${table.name.name}_${column.name}_${suffix}`,
    nameIsExact: false,
    columns: [column.name],
    condition: kind === 'check' ? column.check || undefined : undefined,
    provesNotNull: undefined,
    references: undefined,
    validated: true,
    bornIn: column.bornIn,
  });
  if (column.unique) inline.push(named('unique', 'key'));
  if (column.check !== undefined) inline.push(named('check', 'check'));
  if (inline.length === 0) return table;
  const constraints = new Map(table.constraints);
  for (const constraint of inline) constraints.set(constraint.name, constraint);
  return { ...table, constraints };
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
  const validated = { ...constraint, validated: true };
  return withFacet({ ...table, constraints: new Map(table.constraints).set(name, validated) }, validated);
}

/** By name, or by kind and columns: of several the one that was not named by hand. */
export function findConstraint(table: Table, change: ChangeOf<'DropConstraint'>): Constraint | undefined {
  const named = table.constraints.get(change.constraint);
  if (named || !change.columns) return named;
  const key = change.columns.join();
  const candidates = [...table.constraints.values()].filter(
    (constraint) => constraint.kind === change.constraintKind && constraint.columns.join() === key,
  );
  return candidates.find(({ name }) => /_(key|uniq|check)$/.test(name)) ?? candidates[0];
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
    case 'not-null':
      return constraint.validated ? withColumn(table, { ...column, nullable: false }) : table;
    case 'foreign-key': {
      const { references } = constraint;
      if (!references) return table;
      const kept = column.references?.table.name === references.name ? column.references.column : undefined;
      const referenced = constraint.referencedColumns?.[0] ?? kept;
      const to = { table: references, column: referenced, enforced: true, constraint: constraint.name };
      return withColumn(table, { ...column, references: constraint.deferred ? { ...to, deferred: true } : to });
    }
    default:
      return table;
  }
}

function withoutFacet(table: Table, kind: Constraint['kind'] | undefined, columns: readonly string[]): Table {
  const column = onlyColumnOf(table, columns);
  if (!column) return table;
  const remaining = [...table.constraints.values()].filter(
    (constraint) => constraint.kind === kind && constraint.columns.join() === column.name,
  );
  switch (kind) {
    case 'unique':
      return withColumn(table, { ...column, unique: remaining.length > 0 });
    case 'primary-key':
      return withColumn(table, { ...column, primaryKey: false });
    case 'foreign-key':
      return withColumn(table, { ...column, references: undefined });
    case 'not-null':
      return withColumn(table, { ...column, nullable: !column.primaryKey });
    case 'check':
      return isStillChecked(column, remaining) ? table : withColumn(table, { ...column, check: undefined });
    default:
      return table;
  }
}

function isStillChecked(column: Column, remaining: readonly Constraint[]): boolean {
  return column.check !== undefined && remaining.some(({ condition }) => condition === (column.check || undefined));
}

function onlyColumnOf(table: Table, columns: readonly string[]): Column | undefined {
  const [name] = columns;
  return name !== undefined && columns.length === 1 ? table.columns.get(name) : undefined;
}
