import type { Change, DropColumn, DropConstraint } from '../../schema/change.ts';
import { findTable } from '../../schema/schema.ts';
import { columnOf } from './columns.ts';
import { constraintOf } from './constraints.ts';
import { kindByName } from './names.ts';
import { asKind } from './node.ts';
import { actionFacts, type TableAction } from './table-action.ts';

export function addColumn(action: TableAction): readonly Change[] {
  const { command, table, step } = action;
  const definition = asKind(command.def, 'ColumnDef');
  if (definition === undefined) return [];
  const { column, constraints } = columnOf(definition, table, [], step);
  return [
    {
      ...actionFacts(action),
      kind: 'AddColumn',
      table,
      column,
      transientDefault: undefined,
      constraints,
      ...(command.missing_ok === true ? { ifNotExists: true } : {}),
    },
  ];
}

export function dropColumn(action: TableAction): DropColumn {
  const { command, table } = action;
  return {
    ...actionFacts(action),
    kind: 'DropColumn',
    table,
    column: command.name ?? '',
    cascade: command.behavior === 'DROP_CASCADE',
    ...(command.missing_ok === true ? { ifExists: true } : {}),
  };
}

export function addConstraint(action: TableAction): readonly Change[] {
  const { command, table, step } = action;
  const node = asKind(command.def, 'Constraint');
  const constraint = node && constraintOf(node, table, undefined, [], step);
  if (constraint === undefined) return [];
  const usingIndex = node?.indexname || undefined;
  const only = action.isOnly ? { only: true as const } : {};
  return [{ ...actionFacts(action), kind: 'AddConstraint', table, constraint, usingIndex, ...only }];
}

export function dropConstraint(action: TableAction): DropConstraint {
  const { command, table, step } = action;
  const constraint = command.name ?? '';
  const known = findTable(step.before, table)?.constraints.get(constraint);
  return {
    ...actionFacts(action),
    kind: 'DropConstraint',
    table,
    constraint,
    constraintKind: known?.kind ?? kindByName(constraint, table),
    cascade: command.behavior === 'DROP_CASCADE',
    ...(command.missing_ok === true ? { ifExists: true } : {}),
  };
}
