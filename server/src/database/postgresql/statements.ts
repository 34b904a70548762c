import { isVersionAtLeast } from '../../base/target.ts';
import type { Change, ChangeOf } from '../../schema/change.ts';
import type { Column } from '../../schema/column.ts';
import { findColumn, findTable, type Table } from '../../schema/schema.ts';
import { isSameTable, type TableName } from '../../schema/table-name.ts';
import type { EffectsSetting } from '../setting.ts';
import { alterColumnFacts, hasNotNullProof } from './alter-column.ts';
import { facts, type StatementFact } from './facts.ts';

/** One form of statement on one table: a row of the fact table, applied. */
export interface Statement {
  readonly fact: StatementFact;
  readonly table: TableName;
  /** The tables that `fact.lockOnReferenced` is taken on. */
  readonly referenced: readonly TableName[];
}

/** The statements that a change comes down to on PostgreSQL; none for what is not known or changes no table. */
export function statementsOf(change: Change, setting: EffectsSetting): readonly Statement[] {
  switch (change.kind) {
    case 'CreateTable':
      return [createTable(change)];
    case 'DropTable':
      return [{ fact: facts.dropTable, table: change.table, referenced: tablesTiedTo(change.table, setting) }];
    case 'RenameTable':
      return [alone(facts.renameTable, change.table)];
    case 'AddColumn':
      return addColumn(change, setting);
    case 'DropColumn':
      return [{ fact: facts.dropColumn, table: change.table, referenced: referencedByColumn(change, setting) }];
    case 'RenameColumn':
      return [alone(facts.renameColumn, change.table)];
    case 'AlterColumn':
      return alterColumnFacts(change, setting).map((fact) => alone(fact, change.table));
    case 'CreateIndex':
      return [alone(change.concurrently ? facts.createIndexConcurrently : facts.createIndex, change.table)];
    case 'DropIndex':
      if (change.table === undefined) return [];
      return [alone(change.concurrently ? facts.dropIndexConcurrently : facts.dropIndex, change.table)];
    case 'RenameIndex':
      return change.table === undefined ? [] : [alone(facts.renameIndex, change.table)];
    case 'AddConstraint':
      return [addConstraint(change, setting)];
    case 'DropConstraint':
      return [{ fact: facts.dropConstraint, table: change.table, referenced: referencedBy(change, setting) }];
    case 'ValidateConstraint':
      return [validateConstraint(change, setting)];
    case 'WriteRows':
      return change.table === undefined ? [] : [alone(facts.writeRows, change.table)];
    default:
      return [];
  }
}

function alone(fact: StatementFact, table: TableName): Statement {
  return { fact, table, referenced: [] };
}

function createTable({ table, columns, constraints }: ChangeOf<'CreateTable'>): Statement {
  const referenced = uniqueTables([
    ...columns.flatMap((column) => (column.references?.enforced === true ? [column.references.table] : [])),
    ...constraints.flatMap((constraint) => constraint.references ?? []),
  ]).filter((other) => !isSameTable(other, table));
  return { fact: referenced.length > 0 ? facts.createTableWithForeignKey : facts.createTable, table, referenced };
}

function addColumn(change: ChangeOf<'AddColumn'>, { target }: EffectsSetting): readonly Statement[] {
  const { column, table } = change;
  const value = column.default ?? change.transientDefault;
  const statements: Statement[] = [alone(addColumnFact(column), table)];
  if (value !== undefined && !isVersionAtLeast(target.databaseVersion, 11, 0)) {
    statements.push(alone(facts.addColumnVolatile, table));
  }
  if (column.check !== undefined) statements.push(alone(facts.addColumnCheck, table));
  if (column.unique || column.primaryKey) statements.push(alone(facts.addColumnUnique, table));
  if (column.references?.enforced === true) {
    const fact = value === undefined ? facts.addColumnReference : facts.addColumnReferenceDefault;
    statements.push({ fact, table, referenced: [column.references.table] });
  }
  return statements;
}

function addColumnFact(column: Column): StatementFact {
  if (column.autoIncrement) return facts.addColumnSerial;
  if (column.generated === 'stored') return facts.addColumnStored;
  return column.default?.kind === 'volatile' ? facts.addColumnVolatile : facts.addColumn;
}

function addConstraint(change: ChangeOf<'AddConstraint'>, setting: EffectsSetting): Statement {
  const { constraint, table } = change;
  switch (constraint.kind) {
    case 'check':
      return alone(constraint.validated ? facts.addCheck : facts.addCheckNotValid, table);
    case 'not-null':
      return alone(needsProof(change, setting) ? facts.addNotNull : facts.addNotNullNotValid, table);
    case 'foreign-key': {
      const fact = constraint.validated ? facts.addForeignKey : facts.addForeignKeyNotValid;
      return { fact, table, referenced: constraint.references === undefined ? [] : [constraint.references] };
    }
    case 'exclusion':
      return alone(facts.addExclusion, table);
    case 'unique':
      return alone(change.usingIndex === undefined ? facts.addUnique : facts.addUniqueUsingIndex, table);
    case 'primary-key': {
      if (change.usingIndex === undefined) return alone(facts.addUnique, table);
      const nullable = constraint.columns.some((name) => findColumn(setting.before, table, name)?.nullable === true);
      return alone(nullable ? facts.addPrimaryKeyNullable : facts.addUniqueUsingIndex, table);
    }
  }
}

/** Whether the rows are read to see that none of them holds NULL. */
function needsProof({ constraint, table: name }: ChangeOf<'AddConstraint'>, { before }: EffectsSetting): boolean {
  const table = findTable(before, name);
  return constraint.validated && !constraint.columns.every((column) => table && isKnownNotNull(table, column));
}

function isKnownNotNull(table: Table, column: string): boolean {
  return table.columns.get(column)?.nullable === false || hasNotNullProof(table, column);
}

function validateConstraint(change: ChangeOf<'ValidateConstraint'>, setting: EffectsSetting): Statement {
  const constraint = findTable(setting.before, change.table)?.constraints.get(change.constraint);
  if (constraint?.kind !== 'foreign-key') return alone(facts.validateCheck, change.table);
  const referenced = constraint.references === undefined ? [] : [constraint.references];
  return { fact: facts.validateForeignKey, table: change.table, referenced };
}

function referencedBy(change: ChangeOf<'DropConstraint'>, { before }: EffectsSetting): readonly TableName[] {
  const table = findTable(before, change.table);
  const constraint = table?.constraints.get(change.constraint);
  // The foreign key of a column is known with the column.
  const ofColumns = change.constraintKind === 'foreign-key' ? (change.columns ?? []) : [];
  const known = [constraint?.references, ...ofColumns.map((name) => table?.columns.get(name)?.references?.table)];
  return uniqueTables(known.flatMap((name) => name ?? [])).filter((name) => !isSameTable(name, change.table));
}

function referencedByColumn(change: ChangeOf<'DropColumn'>, { before }: EffectsSetting): readonly TableName[] {
  const references = findColumn(before, change.table, change.column)?.references;
  return references?.enforced !== true || isSameTable(references.table, change.table) ? [] : [references.table];
}

/** The tables whose foreign keys go with this one: those it refers to and those that refer to it. */
function tablesTiedTo(table: TableName, { before }: EffectsSetting): readonly TableName[] {
  const tied: TableName[] = [];
  for (const other of before.tables.values()) {
    const references = [
      ...[...other.columns.values()].flatMap(({ references: to }) => (to?.enforced === true ? [to.table] : [])),
      ...[...other.constraints.values()].flatMap(({ references: to }) => to ?? []),
    ];
    if (isSameTable(other.name, table)) tied.push(...references);
    else if (references.some((name) => isSameTable(name, table))) tied.push(other.name);
  }
  return uniqueTables(tied).filter((other) => !isSameTable(other, table));
}

function uniqueTables(tables: readonly TableName[]): readonly TableName[] {
  return tables.filter((table, index) => tables.findIndex((other) => isSameTable(other, table)) === index);
}
