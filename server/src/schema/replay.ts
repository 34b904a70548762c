import type {
  AddColumn,
  AddConstraint,
  AlterColumn,
  Change,
  ChangeOf,
  CreateIndex,
  DropColumn,
  DropConstraint,
  DropIndex,
  RenameColumn,
  RenameIndex,
  ValidateConstraint,
} from './change.ts';
import type { Column } from './column.ts';
import { LayeredMap } from './layered-map.ts';
import type { MigrationId } from './migration-id.ts';
import { columnDropped, columnRenamed, withColumn } from './replay-columns.ts';
import { commentSet } from './replay-comments.ts';
import {
  constraintAdded,
  constraintDropped,
  constraintRenamed,
  constraintValidated,
  withInlineConstraints,
} from './replay-constraints.ts';
import { indexCreated, indexDropped, indexRenamed } from './replay-indexes.ts';
import { changeTable, withGoneTables, withTable } from './replay-tables.ts';
import { typesChanged } from './replay-types.ts';
import { type Constraint, emptyTable, type Schema, type Table } from './schema.ts';
import type { RenameConstraint } from './sql-change.ts';
import { isSameTable, type TableName, tableKeyOf } from './table-name.ts';

/**
 * The schema after a change of a migration. Never throws: a table that no change in sight created is known by name from
 * then on, with all else about it unknown.
 */
export function applyChange(schema: Schema, change: Change, migration: MigrationId): Schema {
  if (!change.applies.database) return change.applies.state ? declare(schema, change, migration) : schema;
  const after = applyToDatabase(schema, change, migration);
  if (change.certainty !== 'certain') return after === schema ? after : markIncomplete(after, change);
  return withGoneTables(after, change, migration);
}

function applyToDatabase(schema: Schema, change: Change, migration: MigrationId): Schema {
  switch (change.kind) {
    case 'CreateTable':
      return createTable(schema, change, migration);
    case 'DropTable':
      return dropTable(schema, change);
    case 'RenameTable':
      return tableRenamed(schema, change.table, change.to);
    case 'WriteRows':
      return writeRows(schema, change);
    case 'CreateView':
      return change.materialized ? createMaterializedView(schema, change, migration) : schema;
    case 'DropView':
      return change.materialized ? dropTable(schema, { table: change.view, cascade: false }) : schema;
    case 'AlterDomain':
      return change.constrains === true ? withConstrainedDomain(schema, change.domain) : schema;
    case 'AlterEnum':
    case 'DropObject':
    case 'OtherStatement':
    case 'RenameType':
      return typesChanged(schema, change, migration);
    case 'RenameSchema':
      return schemaRenamed(schema, change);
    case 'DropSchema':
      return schemaDropped(schema, change);
    case 'AttachPartition':
      return withPartition(schema, change.partition, change.table, change.isDefault);
    case 'DetachPartition':
      return withPartition(schema, change.partition, undefined, undefined);
    case 'SetTableOption':
      return commentSet(schema, change);
    case 'AddColumn':
    case 'AddConstraint':
    case 'AlterColumn':
    case 'CreateIndex':
    case 'DropColumn':
    case 'DropConstraint':
    case 'DropIndex':
    case 'RenameColumn':
    case 'RenameConstraint':
    case 'RenameIndex':
    case 'ValidateConstraint':
      return change.table === undefined
        ? schema
        : changeTable(schema, change.table, (table) => applyToTable(table, change));
    default:
      return schema;
  }
}

type TableChange =
  | AddColumn
  | AddConstraint
  | AlterColumn
  | CreateIndex
  | DropColumn
  | DropConstraint
  | DropIndex
  | RenameColumn
  | RenameConstraint
  | RenameIndex
  | ValidateConstraint;

function applyToTable(table: Table, change: TableChange): Table {
  switch (change.kind) {
    case 'AddColumn':
      return addColumn(table, change);
    case 'DropColumn':
      return columnDropped(table, change.column);
    case 'RenameColumn':
      return columnRenamed(table, change.column, change.to);
    case 'AlterColumn':
      return alterColumn(table, change);
    case 'CreateIndex':
      return indexCreated(table, change.index);
    case 'DropIndex':
      return indexDropped(table, change.index, change.columns);
    case 'RenameIndex':
      return indexRenamed(table, change.index, change.to, change.columns);
    case 'AddConstraint':
      return constraintAdded(table, change.constraint, change.usingIndex);
    case 'DropConstraint':
      return constraintDropped(table, change);
    case 'RenameConstraint':
      return constraintRenamed(table, change.constraint, change.to);
    case 'ValidateConstraint':
      return constraintValidated(table, change.constraint);
  }
}

function addColumn(table: Table, { column, constraints, ifNotExists }: ChangeOf<'AddColumn'>): Table {
  if (ifNotExists === true && table.columns.has(column.name)) return table;
  const added = withColumn(table, column);
  return constraints === undefined ? withInlineConstraints(added, column) : withConstraints(added, constraints);
}

function withConstraints(table: Table, constraints: readonly Constraint[]): Table {
  return constraints.reduce((built, constraint) => constraintAdded(built, constraint, undefined), table);
}

function createTable(schema: Schema, change: ChangeOf<'CreateTable'>, migration: MigrationId): Schema {
  if (change.ifNotExists === true && schema.tables.has(tableKeyOf(change.table))) return schema;
  const table = tableOf(change, migration);
  return withTable(schema, change.withRows === true ? { ...table, hasRows: true } : table);
}

function tableOf(change: ChangeOf<'CreateTable'>, bornIn: MigrationId | undefined): Table {
  const table: Table = {
    ...emptyTable(change.table),
    model: change.model,
    bornIn,
    complete: change.complete,
    columns: new Map(change.columns.map((column) => [column.name, column])),
    indexes: new Map(change.indexes.map((index) => [index.name, index])),
    ...(change.comment === undefined ? {} : { comment: change.comment }),
    ...partitionFacets(change),
  };
  const isListed = change.inlineConstraints === 'listed';
  return withConstraints(isListed ? table : change.columns.reduce(withInlineConstraints, table), change.constraints);
}

/** It has indexes as a table does. */
function createMaterializedView(schema: Schema, { view }: ChangeOf<'CreateView'>, migration: MigrationId): Schema {
  if (schema.tables.has(tableKeyOf(view))) return schema;
  return withTable(schema, { ...emptyTable(view), bornIn: migration, materialized: true });
}

function partitionFacets(change: ChangeOf<'CreateTable'>): Pick<Table, 'partitionedBy' | 'partitionOf'> {
  const { partitionedBy, partitionOf, isDefaultPartition } = change;
  return {
    ...(partitionedBy === undefined ? {} : { partitionedBy }),
    ...(partitionOf === undefined ? {} : { partitionOf, isDefaultPartition: isDefaultPartition === true }),
  };
}

function alterColumn(table: Table, change: ChangeOf<'AlterColumn'>): Table {
  const before = table.columns.get(change.column);
  // Keys and uniqueness follow their constraints, which changes of their own add and drop.
  const kept: Pick<Column, 'unique' | 'primaryKey' | 'references' | 'check'> = before ?? change.to;
  const { unique, primaryKey, references, check } = kept;
  return withColumn(table, {
    ...change.to,
    unique,
    primaryKey,
    references,
    check,
    bornIn: before ? before.bornIn : change.to.bornIn,
    ...(before?.leftStateIn === undefined ? {} : { leftStateIn: before.leftStateIn }),
  });
}

/** Partitions go with the table; with CASCADE so do the foreign keys that pointed to it, whose columns stay. */
function dropTable(schema: Schema, { table: name, cascade }: Pick<ChangeOf<'DropTable'>, 'table' | 'cascade'>): Schema {
  const partitions = [...schema.tables.values()].filter(({ partitionOf }) => isTo(partitionOf, name));
  const before = partitions.reduce((rest, each) => dropTable(rest, { table: each.name, cascade }), schema);
  const after = { ...before, tables: LayeredMap.over(before.tables).without(tableKeyOf(name)) };
  return cascade ? repointed(after, name, undefined) : after;
}

function tableRenamed(schema: Schema, name: TableName, to: TableName): Schema {
  const table = schema.tables.get(tableKeyOf(name)) ?? emptyTable(name);
  const tables = LayeredMap.over(schema.tables).without(tableKeyOf(name));
  const renamed = withTable({ ...schema, tables }, { ...table, name: to });
  return repointed(renamed, name, to);
}

/** Foreign keys follow the table that they point to, or go with it. */
function repointed(schema: Schema, from: TableName, to: TableName | undefined): Schema {
  let result = schema;
  for (const table of schema.tables.values()) {
    if (isTo(table.partitionOf, from)) result = withTable(result, { ...table, partitionOf: to });
  }
  for (const table of result.tables.values()) {
    const columns = [...table.columns.values()].filter(({ references }) => isTo(references?.table, from));
    if (columns.length > 0) result = withTable(result, pointedTo(table, columns, to));
  }
  return result;
}

function isTo(one: TableName | undefined, other: TableName): boolean {
  return one !== undefined && isSameTable(one, other);
}

function pointedTo(table: Table, pointing: readonly Column[], to: TableName | undefined): Table {
  const columns = new Map(table.columns);
  for (const column of pointing) {
    const references = to && column.references ? { ...column.references, table: to } : undefined;
    columns.set(column.name, { ...column, references });
  }
  const names = new Set(pointing.map((column) => column.name));
  const constraints = new Map(table.constraints);
  for (const [name, constraint] of table.constraints) {
    if (constraint.kind !== 'foreign-key' || !constraint.columns.some((column) => names.has(column))) continue;
    if (to) constraints.set(name, { ...constraint, references: to });
    else constraints.delete(name);
  }
  return { ...table, columns, constraints };
}

function withPartition(
  schema: Schema,
  partition: TableName,
  partitionOf: TableName | undefined,
  isDefaultPartition: boolean | undefined,
): Schema {
  return changeTable(schema, partition, (table) => ({ ...table, partitionOf, isDefaultPartition }));
}

function schemaRenamed(before: Schema, { schema, to }: ChangeOf<'RenameSchema'>): Schema {
  const moved = [...before.tables.values()].filter(({ name }) => name.schema === schema);
  return moved.reduce((after, { name }) => tableRenamed(after, name, { schema: to, name: name.name }), before);
}

function schemaDropped(before: Schema, { schema, cascade }: ChangeOf<'DropSchema'>): Schema {
  const gone = cascade ? [...before.tables.values()].filter(({ name }) => name.schema === schema) : [];
  return gone.reduce((after, { name }) => dropTable(after, { table: name, cascade }), before);
}

function writeRows(schema: Schema, change: ChangeOf<'WriteRows'>): Schema {
  const table = change.table && schema.tables.get(tableKeyOf(change.table));
  return table && change.operation === 'insert' && !table.hasRows
    ? withTable(schema, { ...table, hasRows: true })
    : schema;
}

/**
 * A change of the framework's state alone. What leaves the state stays in the database and is remembered as left; what
 * enters it is taken to be in the database already, from where nobody here can see.
 */
function declare(schema: Schema, change: Change, migration: MigrationId): Schema {
  switch (change.kind) {
    case 'CreateTable':
      return declareTable(schema, change);
    case 'DropTable':
      return changeTable(schema, change.table, (table) => ({ ...table, leftStateIn: migration }));
    case 'AddColumn':
      return changeTable(schema, change.table, (table) => declareColumn(table, change.column, migration));
    case 'DropColumn':
      return changeTable(schema, change.table, (table) => {
        const column = table.columns.get(change.column) ?? undefined;
        return column ? withColumn(table, { ...column, leftStateIn: migration, backInStateIn: undefined }) : table;
      });
    default:
      return schema;
  }
}

function declareTable(schema: Schema, change: ChangeOf<'CreateTable'>): Schema {
  const known = schema.tables.get(tableKeyOf(change.table));
  if (known) {
    const { leftStateIn: _, ...table } = known;
    return withTable(schema, { ...table, model: change.model });
  }
  const columns = change.columns.map((column): [string, Column] => [column.name, { ...column, bornIn: undefined }]);
  const table = tableOf(change, undefined);
  return withTable(schema, { ...table, complete: false, columns: new Map(columns) });
}

function declareColumn(table: Table, column: Column, migration: MigrationId): Table {
  const known = table.columns.get(column.name);
  if (!known) return withColumn(table, { ...column, bornIn: undefined });
  return known.leftStateIn === undefined ? table : withColumn(table, { ...known, backInStateIn: migration });
}

/** After a change that may not have happened the table's own contents are no longer certain. */
function markIncomplete(schema: Schema, change: Change): Schema {
  const name = 'table' in change ? change.table : undefined;
  const table = name && schema.tables.get(tableKeyOf(name));
  return table ? withTable(schema, { ...table, complete: false }) : schema;
}

function withConstrainedDomain(schema: Schema, domain: string): Schema {
  return { ...schema, constrainedDomains: new Set([...(schema.constrainedDomains ?? []), domain]) };
}
