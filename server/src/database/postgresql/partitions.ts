import { findTable, type Schema, type Table } from '../../schema/schema.ts';
import { isSameTable, type TableName } from '../../schema/table-name.ts';
import type { EffectsSetting } from '../setting.ts';
import type { Statement } from './statement.ts';

/** The partitions of a table, those of partitions included. */
function partitionsOf(table: TableName, before: Schema): readonly Table[] {
  const own = ownPartitionsOf(table, before);
  return [...own, ...own.flatMap(({ name }) => partitionsOf(name, before))];
}

function ownPartitionsOf(table: TableName, before: Schema): readonly Table[] {
  // Few tables have partitions: all others are not looked for.
  if (findTable(before, table)?.partitionedBy === undefined) return [];
  return [...before.tables.values()].filter(
    ({ name, partitionOf }) =>
      partitionOf !== undefined && isSameTable(partitionOf, table) && !isSameTable(name, table),
  );
}

/** The partition that takes what no other one does. */
export function defaultPartitionOf(table: TableName, before: Schema): TableName | undefined {
  return ownPartitionsOf(table, before).find(({ isDefaultPartition }) => isDefaultPartition === true)?.name;
}

/** The statements, and the same on the partitions of their tables where they reach them. */
export function withPartitions(
  statements: readonly Statement[],
  { before }: Pick<EffectsSetting, 'before'>,
): readonly Statement[] {
  return statements.flatMap((statement) => {
    if (!statement.fact.onPartitions) return [statement];
    const partitions = partitionsOf(statement.table, before);
    return [statement, ...partitions.map(({ name }) => ({ ...statement, table: name }))];
  });
}
