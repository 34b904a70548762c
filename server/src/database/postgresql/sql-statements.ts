import { isVersionAtLeast } from '../../base/target.ts';
import type { Change, ChangeOf } from '../../schema/change.ts';
import { findTable, type Table, tablesInSchema, tablesWithType } from '../../schema/schema.ts';
import type { SetTableOption } from '../../schema/sql-change.ts';
import { lockModes } from '../effects.ts';
import type { EffectsSetting } from '../setting.ts';
import { facts, type StatementFact } from './facts.ts';
import { defaultPartitionOf } from './partitions.ts';
import { alone, referencesOf, type Statement } from './statement.ts';
import { dropObject, dropSchema, truncate } from './whole-tables.ts';

/** What the changes that only SQL can make come down to. */
export function sqlStatementsOf(change: Change, setting: EffectsSetting): readonly Statement[] {
  switch (change.kind) {
    case 'Truncate':
      return truncate(change, setting);
    case 'LockRows':
      return [alone(facts.lockRows, change.table)];
    case 'LockTable':
      return [lockTable(change)];
    case 'Maintenance':
      return maintain(change, setting);
    case 'Reindex':
      return reindex(change, setting);
    case 'RenameConstraint':
      return [alone(facts.renameConstraint, change.table)];
    case 'DropSchema':
      return dropSchema(change, setting);
    case 'DropObject':
      return dropObject(change, setting);
    case 'AlterDomain':
      return alterDomain(change, setting);
    case 'AttachPartition':
      return attachPartition(change, setting);
    case 'DetachPartition':
      return detachPartition(change, setting);
    default:
      return onOneTable(change, setting);
  }
}

function onOneTable(change: Change, setting: EffectsSetting): readonly Statement[] {
  switch (change.kind) {
    case 'CreateView':
      return [alone(change.replaces ? facts.replaceView : facts.createView, change.view)];
    case 'DropView':
      return [alone(facts.dropView, change.view)];
    case 'RefreshView':
      return [alone(refreshFact(change), change.view)];
    case 'CreateTrigger':
      return [alone(facts.createTrigger, change.table)];
    case 'DropTrigger':
      return [alone(facts.dropTrigger, change.table)];
    case 'SwitchTriggers':
      return change.table === undefined ? [] : [alone(facts.switchTrigger, change.table)];
    case 'SetTableOption':
      return [
        { fact: optionFact(change, setting), table: change.table, referenced: change.parent ? [change.parent] : [] },
      ];
    case 'AlterEnum':
      return change.action === 'create' ? [] : [alone(facts.alterEnum, { name: change.type, schema: undefined })];
    default:
      return [];
  }
}

function lockTable({ table, mode }: ChangeOf<'LockTable'>): Statement {
  const lock = lockModes.find((known) => known === mode.toUpperCase()) ?? facts.lockTable.lock;
  return alone({ ...facts.lockTable, lock }, table);
}

const maintenanceFacts: Readonly<Record<ChangeOf<'Maintenance'>['operation'], StatementFact | undefined>> = {
  analyze: facts.analyze,
  cluster: facts.cluster,
  convert: undefined,
  optimize: undefined,
  'set-access-method': facts.setAccessMethod,
  'set-logged': facts.setLogged,
  'set-tablespace': facts.setTablespace,
  'set-unlogged': facts.setLogged,
  vacuum: facts.vacuum,
  'vacuum-full': facts.vacuumFull,
};

function maintain({ operation, table }: ChangeOf<'Maintenance'>, { before }: EffectsSetting): readonly Statement[] {
  const fact = maintenanceFacts[operation];
  if (fact === undefined) return [];
  if (table !== undefined) return [alone(fact, table)];
  // Which tables CLUSTER and ALTER TABLE ALL IN TABLESPACE go through is not known here.
  const isForAll = operation === 'vacuum' || operation === 'vacuum-full' || operation === 'analyze';
  return isForAll ? [...before.tables.values()].map(({ name }) => alone(fact, name)) : [];
}

function reindex({ target, name, table, concurrently }: ChangeOf<'Reindex'>, { before }: EffectsSetting) {
  const fact = concurrently ? facts.reindexConcurrently : facts.reindex;
  if (table !== undefined) return [alone(fact, table)];
  const inSchema = target === 'schema' && name !== undefined ? tablesInSchema(before, name) : [];
  const tables = target === 'database' ? [...before.tables.values()] : inSchema;
  return tables.map((known) => alone(fact, known.name));
}

function refreshFact({ concurrently, withData }: ChangeOf<'RefreshView'>): StatementFact {
  if (!withData) return facts.emptyView;
  return concurrently ? facts.refreshViewConcurrently : facts.refreshView;
}

/** The rows of every table that uses the domain are checked. */
function alterDomain({ domain, validates }: ChangeOf<'AlterDomain'>, { before }: EffectsSetting): readonly Statement[] {
  return validates ? tablesWithType(before, domain).map((table) => alone(facts.checkDomain, table.name)) : [];
}

function attachPartition(change: ChangeOf<'AttachPartition'>, { before }: EffectsSetting): readonly Statement[] {
  const { table, partition, isProven } = change;
  const parent = findTable(before, table);
  const rest = defaultPartitionOf(table, before);
  const checked = isProven ? facts.attachedPartitionProven : facts.attachedPartition;
  const referenced = parent === undefined ? [] : referencesOf(parent);
  const statements = [alone(facts.attachPartition, table), { fact: checked, table: partition, referenced }];
  if (parent !== undefined && lacksIndex(parent, findTable(before, partition))) {
    statements.push(alone(facts.attachedPartitionIndexed, partition));
  }
  if (rest !== undefined) statements.push(alone(facts.defaultPartition, rest));
  return statements;
}

/** Whether the partitioned table has an index that is built on the partition because nothing there is like it. */
function lacksIndex(parent: Table, partition: Table | undefined): boolean {
  const own = partition === undefined ? [] : keysOf(partition);
  return keysOf(parent).some((key) => !own.includes(key));
}

/** What the indexes of a table are on, those behind its constraints included. */
function keysOf({ indexes, constraints }: Table): readonly string[] {
  const unique = (columns: readonly string[]): string => `unique ${columns.join()}`;
  return [
    ...[...indexes.values()].map((index) => (index.unique ? unique(index.columns) : index.columns.join())),
    ...[...constraints.values()].flatMap(({ kind, columns }) =>
      kind === 'unique' || kind === 'primary-key' ? [unique(columns)] : [],
    ),
  ];
}

function detachPartition(
  { table, partition, mode }: ChangeOf<'DetachPartition'>,
  { before, target }: EffectsSetting,
): readonly Statement[] {
  const isEarlier = !isVersionAtLeast(target.databaseVersion, 14, 0);
  const parent = findTable(before, table);
  const rest = defaultPartitionOf(table, before);
  const referenced = parent === undefined ? [] : referencesOf(parent);
  return [
    alone(mode === 'plain' ? facts.detachPartition : facts.detachPartitionConcurrently, table),
    { fact: isEarlier ? facts.detachedPartitionEarlier : facts.detachedPartition, table: partition, referenced },
    ...(rest === undefined ? [] : [alone(facts.detachedPartition, rest)]),
  ];
}

const optionFacts: Readonly<Record<SetTableOption['option'], StatementFact>> = {
  comment: facts.comment,
  compression: facts.setCompression,
  constraint: facts.alterConstraint,
  'generated-expression': facts.setExpression,
  identity: facts.setIdentity,
  inheritance: facts.inherit,
  owner: facts.setOwner,
  parameters: facts.setParameters,
  policy: facts.policy,
  privileges: facts.grant,
  'replica-identity': facts.replicaIdentity,
  'row-security': facts.rowSecurity,
  rule: facts.rule,
  statistics: facts.setStatistics,
  storage: facts.setStorage,
  other: facts.otherAction,
};

function optionFact({ option, table, column, isDropped }: SetTableOption, { before }: EffectsSetting) {
  if (option !== 'generated-expression') return optionFacts[option];
  if (isDropped === true) return facts.dropExpression;
  const generated = column === undefined ? undefined : findTable(before, table)?.columns.get(column)?.generated;
  return generated === 'virtual' ? facts.setExpressionVirtual : facts.setExpression;
}
