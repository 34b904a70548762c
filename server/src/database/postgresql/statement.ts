import type { Table } from '../../schema/schema.ts';
import { isSameTable, type TableName } from '../../schema/table-name.ts';
import type { EffectsSetting } from '../setting.ts';
import type { StatementFact } from './facts.ts';

/** One form of statement on one table: a row of the fact table, applied. */
export interface Statement {
  readonly fact: StatementFact;
  readonly table: TableName;
  /** The tables that `fact.lockOnReferenced` is taken on. */
  readonly referenced: readonly TableName[];
}

/** A statement that touches no other table. */
export function alone(fact: StatementFact, table: TableName): Statement {
  return { fact, table, referenced: [] };
}

export function uniqueTables(tables: readonly TableName[]): readonly TableName[] {
  return tables.filter((table, index) => tables.findIndex((other) => isSameTable(other, table)) === index);
}

/** The tables that the foreign keys of a table refer to. */
export function referencesOf(table: Table): readonly TableName[] {
  return uniqueTables([
    ...[...table.columns.values()].flatMap(({ references: to }) => (to?.enforced === true ? [to.table] : [])),
    ...[...table.constraints.values()].flatMap(({ references: to }) => to ?? []),
  ]);
}

/** The tables whose foreign keys refer to a table. */
export function referencingTables(table: TableName, { before }: EffectsSetting): readonly TableName[] {
  const others = [...before.tables.values()].filter((other) => !isSameTable(other.name, table));
  return others.filter((other) => referencesOf(other).some((to) => isSameTable(to, table))).map(({ name }) => name);
}
