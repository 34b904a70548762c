import { isVersionAtLeast } from '../../base/target.ts';
import type { Change, ChangeOf } from '../../schema/change.ts';
import type { Column, ColumnDefault } from '../../schema/column.ts';
import { findColumn, findTable, type Table } from '../../schema/schema.ts';
import { isSameTable, type TableName } from '../../schema/table-name.ts';
import type { EffectsSetting } from '../setting.ts';
import { alterColumnFacts, hasNotNullProof } from './alter-column.ts';
import { facts, type StatementFact } from './facts.ts';
import { withPartitions } from './partitions.ts';
import { sqlStatementsOf } from './sql-statements.ts';
import { alone, type Statement, uniqueTables } from './statement.ts';
import { createTable, dropTable } from './whole-tables.ts';

/** The statements that a change comes down to on PostgreSQL; none for what is not known or changes no table. */
export function statementsOf(change: Change, setting: EffectsSetting): readonly Statement[] {
  const statements = ownStatementsOf(change, setting);
  return 'only' in change && change.only === true ? statements : withPartitions(statements, setting);
}

function ownStatementsOf(change: Change, setting: EffectsSetting): readonly Statement[] {
  switch (change.kind) {
    case 'CreateTable':
      return createTable(change, setting);
    case 'DropTable':
      return dropTable(change.table, setting);
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
      return [createIndex(change, setting)];
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
      return sqlStatementsOf(change, setting);
  }
}

function createIndex(change: ChangeOf<'CreateIndex'>, { before }: EffectsSetting): Statement {
  const { table, index, concurrently, ifNotExists, only } = change;
  const fact = concurrently ? facts.createIndexConcurrently : facts.createIndex;
  const known = findTable(before, table);
  const isThere = ifNotExists && known?.indexes.has(index.name) === true;
  // A partitioned table has no rows of its own, and ONLY is said of no other.
  const isEmpty = only === true && (known?.complete !== true || known.partitionedBy !== undefined);
  if (isThere || isEmpty) return alone({ ...fact, work: 'catalog' }, table);
  // Nothing but REFRESH writes to a materialized view.
  return alone(known?.materialized === true ? { ...fact, blocks: 'schema changes' } : fact, table);
}

function addColumn(change: ChangeOf<'AddColumn'>, setting: EffectsSetting): readonly Statement[] {
  const { column, table, transientDefault } = change;
  const { databaseVersion } = setting.target;
  const isThere = change.ifNotExists === true && findColumn(setting.before, table, column.name) !== undefined;
  // Before PostgreSQL 13 the constraints beside a column that is there already were added all the same.
  if (isThere) {
    const added = isVersionAtLeast(databaseVersion, 13, 0) ? [] : columnConstraints(column, undefined, table);
    return [alone(facts.addColumn, table), ...added];
  }
  const value = column.default ?? transientDefault;
  const isFilled = value !== undefined && !isVersionAtLeast(databaseVersion, 11, 0);
  return [
    alone(addColumnFact(column, setting), table),
    ...(isFilled ? [alone(facts.addColumnVolatile, table)] : []),
    ...columnConstraints(column, value, table),
  ];
}

function columnConstraints(column: Column, value: ColumnDefault | undefined, table: TableName): readonly Statement[] {
  const statements: Statement[] = [];
  if (column.check !== undefined) statements.push(alone(facts.addColumnCheck, table));
  if (column.unique || column.primaryKey) statements.push(alone(facts.addColumnUnique, table));
  if (column.references?.enforced === true) {
    const fact = value === undefined ? facts.addColumnReference : facts.addColumnReferenceDefault;
    statements.push({ fact, table, referenced: [column.references.table] });
  }
  return statements;
}

function addColumnFact(column: Column, { before }: EffectsSetting): StatementFact {
  if (before.constrainedDomains?.has(column.type.name) === true) return facts.addColumnDomain;
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
