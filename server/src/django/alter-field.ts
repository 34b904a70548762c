import { isVersionAtLeast } from '../base/target.ts';
import type { Change } from '../schema/change.ts';
import { type Column, type ColumnDefault, isSameType, unknownType } from '../schema/column.ts';
import {
  indexAdded,
  indexesDropped,
  likeDroppedForType,
  likeDroppedUnseen,
  likeIndexesChanged,
  uniqueAdded,
  uniqueDropped,
} from './alter-indexes.ts';
import type { Alteration, Side } from './alteration.ts';
import { databaseDefault, effectiveDefaultOf } from './column-defaults.ts';
import { checkOf, isCast } from './column-types.ts';
import { columnOfField } from './columns.ts';
import { databaseDefaultOf, defaultOf, type Field, isUnique } from './field.ts';
import { hasSameShape, isAlteration } from './field-difference.ts';
import { type FieldSite, namedTable, type PlacedField, tableOfPlaced } from './field-site.ts';
import { foreignKeyOf } from './foreign-keys.ts';
import { generatedName } from './identifiers.ts';
import { incomingKeysOf } from './incoming-keys.ts';
import { isSameValue } from './values.ts';

/**
 * The changes that Django's schema editor makes when a field with a column becomes another field with a column, in
 * its order; none where only labels, choices and the like differ.
 */
export function alterationsOf(before: PlacedField, after: PlacedField, site: FieldSite): readonly Change[] {
  if (!isAlteration(before, after, site.context.target)) return [];
  const { database } = site.context.target;
  const oldColumn = columnOfField(before.field, before.state, database, before.field.bornIn);
  const newColumn = columnOfField(after.field, after.state, database, before.field.bornIn);
  if (!oldColumn || !newColumn) return [];
  const table = tableOfPlaced(after, site.context);
  const alteration: Alteration = {
    old: { ...before, column: oldColumn },
    new: { ...after, column: newColumn },
    site,
    table,
    named: namedTable(table, after.model, site.context, site.id),
    typeDiffers: isTypeDifferent(before.field, after.field, oldColumn, newColumn),
  };
  const dropsKey = dropsForeignKey(alteration);
  const incoming = incomingKeysOf(alteration.old, alteration.new, site, typeMayReachKeys(alteration));
  return [
    ...(dropsKey ? foreignKeyDropped(alteration) : []),
    ...uniqueDropped(alteration),
    ...incoming.dropped,
    ...indexesDropped(alteration),
    ...checkDropped(alteration),
    ...columnRenamed(alteration),
    ...likeDroppedForType(alteration),
    ...columnAltered(alteration),
    ...primaryKeyChanged(alteration),
    ...uniqueAdded(alteration),
    ...indexAdded(alteration),
    ...incoming.altered,
    ...foreignKeyAdded(alteration, dropsKey),
    ...incoming.added,
    ...checkAdded(alteration),
    ...likeIndexesChanged(alteration),
  ];
}

function isTypeDifferent(old: Field, changed: Field, oldColumn: Column, newColumn: Column): boolean {
  if (oldColumn.type !== unknownType && newColumn.type !== unknownType) {
    return !isSameType(oldColumn.type, newColumn.type) || oldColumn.autoIncrement !== newColumn.autoIncrement;
  }
  // Of two foreign keys of which one's target is out of sight nothing can be said but that both are keys.
  if (old.relation && changed.relation) return false;
  return !hasSameShape(old, changed);
}

function typeMayReachKeys({ old, new: changed, typeDiffers, site }: Alteration): boolean {
  const bothKeys = old.field.primaryKey && changed.field.primaryKey;
  const bothUnique = isUnique(old.field) && isUnique(changed.field);
  const isDifferent = typeDiffers || old.column.collation !== changed.column.collation;
  return (bothKeys || bothUnique) && isDifferent && site.context.target.database !== 'sqlite';
}

/** Django drops and re-adds the foreign key of every altered foreign key field, whatever about it is altered. */
function dropsForeignKey({ old, new: changed, site }: Alteration): boolean {
  if (old.column.references?.enforced !== true) return false;
  if (site.context.target.database !== 'sqlite') return true;
  const now = changed.column.references;
  return now?.enforced !== true || now.table.name !== old.column.references.table.name;
}

function foreignKeyDropped({ old, site, table }: Alteration): readonly Change[] {
  const key = foreignKeyOf(old.column, table, site);
  return [
    {
      ...site.facts('to', 'db_constraint', 'null'),
      kind: 'DropConstraint',
      table,
      constraint: key.name,
      constraintKind: 'foreign-key',
      ...(old.column.references?.deferred && { checksFirst: true as const }),
      columns: [old.column.name],
    },
  ];
}

function foreignKeyAdded({ old, new: changed, site, table }: Alteration, wasDropped: boolean): readonly Change[] {
  if (changed.column.references?.enforced !== true) return [];
  if (!wasDropped && old.column.references?.enforced === true) return [];
  return [
    {
      ...site.facts('to', 'db_constraint', ...(wasDropped ? ['null'] : [])),
      kind: 'AddConstraint',
      table,
      constraint: foreignKeyOf(changed.column, table, site),
      usingIndex: undefined,
    },
  ];
}

function checkDropped({ old, new: changed, site, table }: Alteration): readonly Change[] {
  if (old.column.check === undefined || isSameCheck(old, changed, site)) return [];
  return [
    {
      ...site.facts(),
      kind: 'DropConstraint',
      table,
      constraint: `${table.name}_${old.column.name}_check`,
      constraintKind: 'check',
      columns: [old.column.name],
    },
  ];
}

function checkAdded({ old, new: changed, site, table, named }: Alteration): readonly Change[] {
  if (changed.column.check === undefined || isSameCheck(old, changed, site)) return [];
  return [
    {
      ...site.facts(),
      kind: 'AddConstraint',
      table,
      constraint: {
        kind: 'check',
        name: generatedName(named.name, [changed.column.name], '_check', named.database),
        nameIsExact: true,
        columns: [changed.column.name],
        condition: changed.column.check,
        provesNotNull: undefined,
        references: undefined,
        validated: true,
        bornIn: site.id,
      },
      usingIndex: undefined,
    },
  ];
}

/** Up to Django 4.2 a check also counts as another one when its column is renamed. */
function isSameCheck(old: Side, changed: Side, site: FieldSite): boolean {
  const { database, django } = site.context.target;
  if (!isVersionAtLeast(django, 5, 0)) return old.column.check === changed.column.check;
  return checkOf(old.field, 'column', database) === checkOf(changed.field, 'column', database);
}

function columnRenamed({ old, new: changed, site, table }: Alteration): readonly Change[] {
  if (old.column.name === changed.column.name) return [];
  return [
    {
      ...site.facts('db_column'),
      kind: 'RenameColumn',
      table,
      column: old.column.name,
      to: changed.column.name,
    },
  ];
}

function columnAltered(alteration: Alteration): readonly Change[] {
  const { old, new: changed, site, table, typeDiffers } = alteration;
  const nullDiffers = old.column.nullable !== changed.column.nullable;
  const defaultDiffers = !isSameValue(databaseDefaultOf(old.field), databaseDefaultOf(changed.field));
  const collationDiffers = old.column.collation !== changed.column.collation;
  const commentDiffers = old.column.comment !== changed.column.comment;
  if (!typeDiffers && !nullDiffers && !defaultDiffers && !collationDiffers && !commentDiffers) return [];
  const typeSpan = site.span('max_length', 'max_digits', 'decimal_places', 'base_field', 'db_collation');
  const facts = (): ReturnType<FieldSite['facts']> => {
    if (nullDiffers) return site.facts('null');
    if (typeDiffers) return { ...site.facts(), at: typeSpan };
    if (defaultDiffers) return site.facts('db_default');
    return site.facts(collationDiffers ? 'db_collation' : 'db_comment');
  };
  return [
    {
      ...facts(),
      kind: 'AlterColumn',
      table,
      column: changed.column.name,
      to: changed.column,
      facets: {
        type: typeDiffers || collationDiffers ? typeSpan : undefined,
        nullable: nullDiffers ? site.span('null') : undefined,
      },
      fillsNulls: nullDiffers && !changed.column.nullable ? fillingOf(alteration) : undefined,
      ...(isCast(old, changed, site.context.target.database) && { casts: true as const }),
      ...(nullDiffers && transientDefaultOf(alteration)),
    },
  ];
}

/** What rows that hold NULL get: only a default that is written counts here, not the implied '' of `blank`. */
function fillingOf({ new: changed, site }: Alteration): ReturnType<typeof effectiveDefaultOf> {
  const { database } = site.context.target;
  const kept = databaseDefault(changed.field, database);
  if (kept) return kept;
  return defaultOf(changed.field) ? effectiveDefaultOf(changed.field, database) : undefined;
}

/** What new rows get while those that are there are filled and checked: the implied '' of `blank` counts here. */
function transientDefaultOf({ old, new: changed, site }: Alteration): { readonly transientDefault?: ColumnDefault } {
  const { database } = site.context.target;
  if (changed.column.nullable || databaseDefault(changed.field, database)) return {};
  const before = effectiveDefaultOf(old.field, database);
  const after = effectiveDefaultOf(changed.field, database);
  const isSame = before?.sql === after?.sql && after?.sql !== undefined;
  return after === undefined || isSame ? {} : { transientDefault: after };
}

function primaryKeyChanged(alteration: Alteration): readonly Change[] {
  const { old, new: changed, site, table, named } = alteration;
  if (old.field.primaryKey === changed.field.primaryKey) return [];
  const columns = [changed.column.name];
  const facts = site.facts('primary_key');
  if (old.field.primaryKey) {
    const constraint = `${named.name}_pkey`;
    const like = likeDroppedUnseen(alteration);
    return [{ ...facts, kind: 'DropConstraint', table, constraint, constraintKind: 'primary-key', columns, ...like }];
  }
  return [
    {
      ...facts,
      kind: 'AddConstraint',
      table,
      constraint: {
        kind: 'primary-key',
        name: generatedName(named.name, columns, '_pk', named.database),
        nameIsExact: true,
        columns,
        condition: undefined,
        provesNotNull: undefined,
        references: undefined,
        validated: true,
        bornIn: site.id,
      },
      usingIndex: undefined,
    },
  ];
}
