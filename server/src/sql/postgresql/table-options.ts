import type { AlterTableCmd } from 'libpg-query';
import type { Change } from '../../schema/change.ts';
import { findTable } from '../../schema/schema.ts';
import type { Maintenance, SetTableOption, SwitchTriggers } from '../../schema/sql-change.ts';
import { tableNameOf } from './names.ts';
import { asKind } from './node.ts';
import { isWithinBounds } from './partition-bounds.ts';
import { actionFacts, type TableAction } from './table-action.ts';

type Subtype = NonNullable<AlterTableCmd['subtype']>;

const maintenance: Readonly<Partial<Record<Subtype, Maintenance['operation']>>> = {
  AT_SetAccessMethod: 'set-access-method',
  AT_SetLogged: 'set-logged',
  AT_SetTableSpace: 'set-tablespace',
  AT_SetUnLogged: 'set-unlogged',
};

const options: Readonly<Partial<Record<Subtype, SetTableOption['option']>>> = {
  AT_AddIdentity: 'identity',
  AT_AddInherit: 'inheritance',
  AT_AddOf: 'inheritance',
  AT_AlterConstraint: 'constraint',
  AT_ChangeOwner: 'owner',
  AT_ClusterOn: 'parameters',
  AT_DisableRowSecurity: 'row-security',
  AT_DisableRule: 'rule',
  AT_DropCluster: 'parameters',
  AT_DropExpression: 'generated-expression',
  AT_DropIdentity: 'identity',
  AT_DropInherit: 'inheritance',
  AT_DropOf: 'inheritance',
  AT_EnableAlwaysRule: 'rule',
  AT_EnableReplicaRule: 'rule',
  AT_EnableRowSecurity: 'row-security',
  AT_EnableRule: 'rule',
  AT_ForceRowSecurity: 'row-security',
  AT_NoForceRowSecurity: 'row-security',
  AT_ReplicaIdentity: 'replica-identity',
  AT_ReplaceRelOptions: 'parameters',
  AT_ResetOptions: 'statistics',
  AT_ResetRelOptions: 'parameters',
  AT_SetCompression: 'compression',
  AT_SetExpression: 'generated-expression',
  AT_SetIdentity: 'identity',
  AT_SetOptions: 'statistics',
  AT_SetRelOptions: 'parameters',
  AT_SetStatistics: 'statistics',
  AT_SetStorage: 'storage',
};

/** All actions that are neither about a column's definition nor about constraints. */
export function alterTableOption(action: TableAction): Change {
  const { command, table } = action;
  const subtype = command.subtype ?? 'AT_GenericOptions';
  const facts = actionFacts(action);
  const operation = maintenance[subtype];
  if (operation !== undefined) return { ...facts, kind: 'Maintenance', operation, table };
  const switched = switchedTriggers(command);
  if (switched !== undefined) return { ...facts, kind: 'SwitchTriggers', table, ...switched };
  return (
    partitionChange(action) ?? {
      ...facts,
      kind: 'SetTableOption',
      table,
      option: options[subtype] ?? 'other',
      column: command.name,
      ...parentIn(command),
      ...(subtype === 'AT_DropExpression' ? { isDropped: true } : {}),
    }
  );
}

/** `INHERIT parent` */
function parentIn({ subtype, def }: AlterTableCmd): Pick<SetTableOption, 'parent'> {
  const relation = subtype === 'AT_AddInherit' ? asKind(def, 'RangeVar') : undefined;
  return relation === undefined ? {} : { parent: tableNameOf(relation) };
}

function switchedTriggers({
  subtype,
  name = '',
}: AlterTableCmd): Pick<SwitchTriggers, 'triggers' | 'enabled'> | undefined {
  switch (subtype) {
    case 'AT_DisableTrig':
      return { triggers: { name }, enabled: false };
    case 'AT_DisableTrigAll':
      return { triggers: 'all', enabled: false };
    case 'AT_DisableTrigUser':
      return { triggers: 'user', enabled: false };
    case 'AT_EnableAlwaysTrig':
    case 'AT_EnableReplicaTrig':
    case 'AT_EnableTrig':
      return { triggers: { name }, enabled: true };
    case 'AT_EnableTrigAll':
      return { triggers: 'all', enabled: true };
    case 'AT_EnableTrigUser':
      return { triggers: 'user', enabled: true };
    default:
      return undefined;
  }
}

function partitionChange(action: TableAction): Change | undefined {
  const { command, table, step } = action;
  const definition = asKind(command.def, 'PartitionCmd');
  if (definition === undefined) return undefined;
  const partition = tableNameOf(definition.name);
  const facts = actionFacts(action);
  switch (command.subtype) {
    case 'AT_AttachPartition':
      return {
        ...facts,
        kind: 'AttachPartition',
        table,
        partition,
        isDefault: definition.bound?.is_default === true,
        isProven: isWithinBounds(
          definition.bound,
          findTable(step.before, table),
          findTable(step.before, partition),
          step,
        ),
      };
    case 'AT_DetachPartition':
      return {
        ...facts,
        kind: 'DetachPartition',
        table,
        partition,
        mode: definition.concurrent === true ? 'concurrently' : 'plain',
      };
    case 'AT_DetachPartitionFinalize':
      return { ...facts, kind: 'DetachPartition', table, partition, mode: 'finalize' };
    default:
      return undefined;
  }
}
