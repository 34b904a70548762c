import { isVersionAtLeast } from '../base/target.ts';
import type { Change, ChangeOf } from '../schema/change.ts';
import { type Column, isSameType, typeText, unknownType } from '../schema/column.ts';
import type { Index } from '../schema/schema.ts';
import type { TableName } from '../schema/table-name.ts';
import { databaseDefault, effectiveDefaultOf } from './column-defaults.ts';
import { checkOf } from './column-types.ts';
import { columnOfField } from './columns.ts';
import { databaseDefaultOf, defaultOf, type Field, isUnique } from './field.ts';
import { hasSameShape, isAlteration } from './field-difference.ts';
import { type FieldSite, namedTable, type PlacedField, tableOfPlaced } from './field-site.ts';
import { foreignKeyOf } from './foreign-keys.ts';
import { generatedName } from './identifiers.ts';
import { incomingKeysOf } from './incoming-keys.ts';
import { builtConstraintOf, fieldIndexOf, likeIndexOf, type NamedTable, uniqueConstraintOf } from './indexes.ts';
import { isSameValue } from './values.ts';

/** Everything that Django compares when it alters the column of a field. */
interface Alteration {
  readonly old: Side;
  readonly new: Side;
  readonly site: FieldSite;
  readonly table: TableName;
  readonly named: NamedTable;
  readonly typeDiffers: boolean;
}

interface Side extends PlacedField {
  readonly column: Column;
}

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
    named: namedTable(table, site.context, site.id),
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

function uniqueDropped({ old, new: changed, site, table, named }: Alteration): readonly Change[] {
  const becameKey = !old.field.primaryKey && changed.field.primaryKey;
  if (!old.column.unique || (isUnique(changed.field) && !becameKey)) return [];
  const { name } = uniqueConstraintOf([old.column.name], named);
  return [
    {
      ...site.facts('unique'),
      kind: 'DropConstraint',
      table,
      constraint: name,
      constraintKind: 'unique',
      columns: [old.column.name],
    },
  ];
}

function uniqueAdded({ old, new: changed, site, table, named }: Alteration): readonly Change[] {
  if (changed.field.primaryKey || !isUnique(changed.field)) return [];
  if (isUnique(old.field) && !old.field.primaryKey) return [];
  const constraint = uniqueConstraintOf([changed.column.name], named);
  return [{ ...site.facts('unique'), kind: 'AddConstraint', table, constraint, usingIndex: undefined }];
}

function indexesDropped({ old, new: changed, site, table, named }: Alteration): readonly Change[] {
  if (changed.field.dbIndex && !isUnique(changed.field)) return [];
  const index = fieldIndexOf(old.field, old.column, named);
  if (!index) return [];
  // Django drops every index on the column alone that Meta.indexes does not name: the one for LIKE is among them, and
  // so are unique constraints that are built as indexes.
  const like = likeIndexOf(old.field, old.column, named, old.state);
  const unique = old.model.options.constraints.flatMap((constraint) => {
    const built = builtConstraintOf(old.model, constraint, named);
    return built && 'index' in built && built.index.columns.join() === old.column.name ? built.index : [];
  });
  return [index, ...(like ? [like] : []), ...unique].map((each) => indexDropped(each, site, table));
}

function indexDropped(index: Index, site: FieldSite, table: TableName): Change {
  return { ...namedIndexDropped(index, site, table), columns: index.columns };
}

/** Django drops the index for LIKE under the name it would have now: one that was named otherwise stays. */
function namedIndexDropped(index: Index, site: FieldSite, table: TableName): ChangeOf<'DropIndex'> {
  return { ...site.facts('db_index', 'unique'), kind: 'DropIndex', table, index: index.name, concurrently: false };
}

function indexAdded({ old, new: changed, site, table, named }: Alteration): readonly Change[] {
  if (old.field.dbIndex && !isUnique(old.field)) return [];
  const index = fieldIndexOf(changed.field, changed.column, named);
  return index ? [indexCreated(index, site, table)] : [];
}

function indexCreated(index: Index, site: FieldSite, table: TableName): Change {
  return {
    ...site.facts('db_index', 'unique'),
    kind: 'CreateIndex',
    table,
    index,
    concurrently: false,
    ifNotExists: false,
  };
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
  if (!typeDiffers && !nullDiffers && !defaultDiffers && !collationDiffers) return [];
  const typeSpan = site.span('max_length', 'max_digits', 'decimal_places', 'base_field', 'db_collation');
  const facts = (): ReturnType<FieldSite['facts']> => {
    if (nullDiffers) return site.facts('null');
    if (typeDiffers) return { ...site.facts(), at: typeSpan };
    return site.facts(defaultDiffers ? 'db_default' : 'db_collation');
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

function primaryKeyChanged({ old, new: changed, site, table, named }: Alteration): readonly Change[] {
  if (old.field.primaryKey === changed.field.primaryKey) return [];
  const columns = [changed.column.name];
  const facts = site.facts('primary_key');
  if (old.field.primaryKey) {
    const constraint = `${named.name}_pkey`;
    return [{ ...facts, kind: 'DropConstraint', table, constraint, constraintKind: 'primary-key', columns }];
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

function leavesText({ old, new: changed, site, typeDiffers }: Alteration): boolean {
  if (site.context.target.database !== 'postgresql' || !typeDiffers) return false;
  if (!old.field.dbIndex && !isUnique(old.field)) return false;
  const [from, to] = [typeText(old.column.type), typeText(changed.column.type)];
  return ['varchar', 'text', 'citext'].some((name) => from.startsWith(name) && !to.startsWith(name));
}

function likeDroppedForType(alteration: Alteration): readonly Change[] {
  const { old, site, table, named } = alteration;
  const like = leavesText(alteration) ? likeIndexOf(old.field, old.column, named, old.state) : undefined;
  // An index that goes because the field is no longer indexed has been dropped already.
  if (!like || indexesDropped(alteration).length > 0) return [];
  return [namedIndexDropped(like, site, table)];
}

function likeIndexesChanged(alteration: Alteration): readonly Change[] {
  const { old, new: changed, site, table, named } = alteration;
  const wasIndexed = old.field.dbIndex || isUnique(old.field);
  const isAdded =
    (!wasIndexed && changed.field.dbIndex) ||
    (!isUnique(old.field) && isUnique(changed.field)) ||
    leavesText(alteration);
  if (isAdded) {
    const like = likeIndexOf(changed.field, changed.column, named, changed.state);
    return like ? [indexCreated(like, site, table)] : [];
  }
  if (!isUnique(old.field) || changed.field.dbIndex || isUnique(changed.field)) return [];
  const like = likeIndexOf(old.field, old.column, named, old.state);
  return like && !leavesText(alteration) ? [namedIndexDropped(like, site, table)] : [];
}
