import type { ChangeOf } from '../../schema/change.ts';
import { findTable, tablesInSchema, tablesWithType } from '../../schema/schema.ts';
import { isSameTable, type TableName } from '../../schema/table-name.ts';
import type { EffectsSetting } from '../setting.ts';
import { isType } from '../type-kinds.ts';
import { facts } from './facts.ts';
import { defaultPartitionOf } from './partitions.ts';
import { alone, referencesOf, referencingTables, type Statement, uniqueTables } from './statement.ts';

export function createTable(change: ChangeOf<'CreateTable'>, setting: EffectsSetting): readonly Statement[] {
  const { table, columns, constraints, partitionOf } = change;
  const isThere = change.ifNotExists === true && findTable(setting.before, table) !== undefined;
  if (isThere) return [];
  const parent = partitionOf && findTable(setting.before, partitionOf);
  const referenced = uniqueTables([
    ...columns.flatMap((column) => (column.references?.enforced === true ? [column.references.table] : [])),
    ...constraints.flatMap((constraint) => constraint.references ?? []),
    ...(parent === undefined ? [] : referencesOf(parent)),
  ]).filter((other) => !isSameTable(other, table));
  const fact = referenced.length > 0 ? facts.createTableWithForeignKey : facts.createTable;
  const created: Statement = { fact, table, referenced };
  return partitionOf === undefined ? [created] : [created, ...createPartition(partitionOf, setting)];
}

function createPartition(parent: TableName, { before }: EffectsSetting): readonly Statement[] {
  const rest = defaultPartitionOf(parent, before);
  return [alone(facts.createPartition, parent), ...(rest === undefined ? [] : [alone(facts.defaultPartition, rest)])];
}

export function dropTable(table: TableName, setting: EffectsSetting): readonly Statement[] {
  const known = findTable(setting.before, table);
  const parent = known?.partitionOf;
  const rest = parent && defaultPartitionOf(parent, setting.before);
  const tied = [
    ...(known === undefined ? [] : referencesOf(known)),
    ...referencingTables(table, setting),
    ...[parent, rest].filter((each) => each !== undefined),
  ];
  return [
    { fact: facts.dropTable, table, referenced: uniqueTables(tied).filter((other) => !isSameTable(other, table)) },
  ];
}

/** With CASCADE all tables that refer to it are emptied, and those that refer to these. */
export function truncate({ table, cascade }: ChangeOf<'Truncate'>, setting: EffectsSetting): readonly Statement[] {
  const emptied: TableName[] = [table];
  for (const each of cascade ? emptied : []) {
    for (const other of referencingTables(each, setting)) {
      if (!emptied.some((known) => isSameTable(known, other))) emptied.push(other);
    }
  }
  return emptied.map((each) => alone(facts.truncate, each));
}

/** Everything in a schema, where it goes with it. */
export function dropSchema({ schema, cascade }: ChangeOf<'DropSchema'>, setting: EffectsSetting): readonly Statement[] {
  const tables = cascade ? tablesInSchema(setting.before, schema) : [];
  return tables.flatMap(({ name }) => dropTable(name, setting));
}

/** A domain or another type that goes with the columns that are of it. */
export function dropObject(
  { objectKind, name, cascade }: ChangeOf<'DropObject'>,
  { before }: EffectsSetting,
): readonly Statement[] {
  if (!cascade || !isType(objectKind)) return [];
  return tablesWithType(before, name).map((table) => alone(facts.dropTypeCascade, table.name));
}
