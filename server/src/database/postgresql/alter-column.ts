import { isVersionAtLeast, type Target } from '../../base/target.ts';
import type { ChangeOf } from '../../schema/change.ts';
import { type Column, type ColumnDefault, unknownType } from '../../schema/column.ts';
import { findTable, type Table } from '../../schema/schema.ts';
import type { EffectsSetting } from '../setting.ts';
import { computes, isAlwaysRewritten, isToOwnType } from './alter-column-sql.ts';
import { facts, type StatementFact } from './facts.ts';
import { isByZone, keepsIndexes, typeChangeOf } from './type-change.ts';

/**
 * What changes between the column before and after: its type, collation, default and nullability. Unique and foreign
 * keys, checks and indexes that come and go with it are changes of their own. Django sends nothing where nothing
 * differs, so nothing is told of a column that is not known; what SQL and Alembic say is sent.
 */
export function alterColumnFacts(change: ChangeOf<'AlterColumn'>, setting: EffectsSetting): readonly StatementFact[] {
  const table = findTable(setting.before, change.table);
  const column = table?.columns.get(change.column) ?? change.was;
  if (change.origin.sql !== undefined) return [sqlFact(change, table, column, setting)];
  if (column === undefined) return [];
  return [
    ...(isRewrittenFromUnknown(change) || isComputed(change)
      ? [facts.alterTypeRewrite]
      : typeFacts(table, column, change)),
    ...(isSameDefault(column.default, change.to.default) ? [] : [facts.setDefault]),
    ...nullabilityFacts(table, column, change.to, setting),
    ...(change.fillsNulls === undefined || !column.nullable ? [] : [facts.writeRows]),
  ];
}

/** A type that is written anew whatever it was, of a column that nothing else is known of. */
function isRewrittenFromUnknown({ was, facets, to }: ChangeOf<'AlterColumn'>): boolean {
  return was?.type.name === unknownType.name && facets.type !== undefined && isAlwaysRewritten(to.type);
}

/** SQL changes one facet at a time, and locks the table even where it is so already. */
function sqlFact(
  change: ChangeOf<'AlterColumn'>,
  table: Table | undefined,
  column: Column | undefined,
  { target }: EffectsSetting,
): StatementFact {
  const { facets, to } = change;
  if (facets.default !== undefined) return facts.setDefault;
  if (facets.nullable !== undefined) {
    if (to.nullable) return facts.dropNotNull;
    // What is NOT NULL already is not looked at again.
    return column?.nullable === false ? facts.setNotNullProven : setNotNullFact(table, change.column, target);
  }
  if (computes(change)) return facts.alterTypeRewrite;
  if (table === undefined || column === undefined) {
    return isAlwaysRewritten(to.type) ? facts.alterTypeRewrite : facts.alterTypeFree;
  }
  return typeFacts(table, column, change)[0] ?? facts.alterTypeFree;
}

/** SET NOT NULL reads no row where a valid constraint proves it already (since PostgreSQL 12). */
function setNotNullFact(table: Table | undefined, column: string, target: Target): StatementFact {
  const isProven = isVersionAtLeast(target.databaseVersion, 12, 0) && table && hasNotNullProof(table, column);
  return isProven ? facts.setNotNullProven : facts.setNotNull;
}

/** An operation of a framework names what changes beside. */
function isComputed(change: ChangeOf<'AlterColumn'>): boolean {
  return change.facets.type !== undefined && computes(change);
}

function typeFacts(
  table: Table | undefined,
  column: Column,
  { to, zoneIsUnknown }: ChangeOf<'AlterColumn'>,
): readonly StatementFact[] {
  if (zoneIsUnknown && isByZone(column.type, to.type)) return [facts.alterTypeRewrite];
  switch (typeChangeOf(column.type, to.type)) {
    case 'rewrite':
    case 'rewrite-and-may-fail':
    case 'impossible':
      return [facts.alterTypeRewrite];
    case 'free':
      return [
        ...indexFacts(table, column, to),
        isChecked(table, column) ? facts.alterTypeChecked : facts.alterTypeFree,
      ];
    case 'same':
    case 'unknown':
      if (isToOwnType(column.type, to.type)) return [facts.alterTypeRewrite];
      if (column.collation === to.collation) return [];
      return [isIndexed(table, column) ? facts.alterCollation : facts.alterTypeFree];
  }
}

function indexFacts(table: Table | undefined, column: Column, to: Column): readonly StatementFact[] {
  return isIndexed(table, column) && !keepsIndexes(column.type, to.type) ? [facts.alterTypeIndexed] : [];
}

function isChecked(table: Table | undefined, column: Column): boolean {
  if (column.check !== undefined) return true;
  return [...(table?.constraints.values() ?? [])].some(
    ({ kind, columns }) => kind === 'check' && columns.includes(column.name),
  );
}

function isIndexed(table: Table | undefined, column: Column): boolean {
  if (column.unique || column.primaryKey) return true;
  return [...(table?.indexes.values() ?? [])].some(({ columns }) => columns.includes(column.name));
}

/** A default that cannot be told is not compared. */
function isSameDefault(one: ColumnDefault | undefined, other: ColumnDefault | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one.sql === undefined || other.sql === undefined || one.sql === other.sql;
}

function nullabilityFacts(
  table: Table | undefined,
  column: Column,
  to: Column,
  { target }: EffectsSetting,
): readonly StatementFact[] {
  if (column.nullable === to.nullable) return [];
  if (to.nullable) return [facts.dropNotNull];
  return [setNotNullFact(table, column.name, target)];
}

/** Whether a validated constraint guarantees that the column holds no NULL; one that is NOT VALID does not. */
export function hasNotNullProof(table: Table, column: string): boolean {
  return [...table.constraints.values()].some(
    ({ validated, provesNotNull, alsoNotNull, kind, columns }) =>
      validated &&
      (provesNotNull === column ||
        alsoNotNull?.includes(column) === true ||
        (kind === 'not-null' && columns.includes(column))),
  );
}
