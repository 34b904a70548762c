import type { AlterTableStmt } from 'libpg-query';
import { applyOnce } from '../../schema/apply-once.ts';
import type { Change } from '../../schema/change.ts';
import { elementEnd, symbolAt } from '../words.ts';
import { addColumn, addConstraint, dropColumn, dropConstraint } from './add-to-table.ts';
import { alterColumn } from './alter-column.ts';
import { tableNameOf } from './names.ts';
import { allOf } from './node.ts';
import { otherStatement } from './other-statement.ts';
import { after, afterTable, type Step } from './step.ts';
import { actionFacts, type TableAction } from './table-action.ts';
import { alterTableOption } from './table-options.ts';

/** One change, or a few, for each action; each meets the schema as the actions before it leave it. */
export function alterTable(node: AlterTableStmt, step: Step): readonly Change[] {
  // The same node alters views, sequences, indexes and types, which no change here is about.
  if (node.objtype !== 'OBJECT_TABLE' && node.objtype !== 'OBJECT_FOREIGN_TABLE') return [otherStatement(step)];
  const table = tableNameOf(node.relation);
  const isOnly = node.relation?.inh !== true;
  const changes: Change[] = [];
  let before = step.before;
  let first = firstActionOf(node, step);
  for (const command of allOf(node.cmds, 'AlterTableCmd')) {
    const end = elementEnd(step, first);
    for (const each of changesOf({ command, table, isOnly, first, end, step: after(step, before) })) {
      const change: Change = node.missing_ok === true ? { ...each, isOptional: true } : each;
      changes.push(change);
      before = applyOnce(before, change, step.migration);
    }
    first = end + 1;
  }
  return changes;
}

/** Behind the name of the table: `ONLY (public.orders) *`. */
function firstActionOf({ relation }: AlterTableStmt, step: Step): number {
  let index = afterTable(relation, step);
  while (symbolAt(step, index) === '*' || symbolAt(step, index) === ')') index++;
  return index;
}

function changesOf(action: TableAction): readonly Change[] {
  const { command, table } = action;
  switch (command.subtype) {
    case 'AT_AddColumn':
      return addColumn(action);
    case 'AT_DropColumn':
      return [dropColumn(action)];
    case 'AT_AddConstraint':
      return addConstraint(action);
    case 'AT_DropConstraint':
      return [dropConstraint(action)];
    case 'AT_ValidateConstraint':
      return [{ ...actionFacts(action), kind: 'ValidateConstraint', table, constraint: command.name ?? '' }];
    case 'AT_AlterColumnType':
    case 'AT_ColumnDefault':
    case 'AT_DropNotNull':
    case 'AT_SetNotNull':
      return [alterColumn(action)];
    default:
      return [alterTableOption(action)];
  }
}
