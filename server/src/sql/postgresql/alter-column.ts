import type { Span } from '../../base/span.ts';
import type { AlterColumn } from '../../schema/change.ts';
import { type Column, unknownType } from '../../schema/column.ts';
import { findColumn } from '../../schema/schema.ts';
import { findWord, sqlBetween } from '../words.ts';
import { writtenTypeOf } from './column-type.ts';
import { defaultOf } from './defaults.ts';
import { asKind, lastNameIn } from './node.ts';
import { actionFacts, type TableAction } from './table-action.ts';

/** TYPE, SET and DROP of DEFAULT and NOT NULL: the column as it was, but for the one facet. */
export function alterColumn(action: TableAction): AlterColumn {
  const { command, table, step } = action;
  const column = command.name ?? '';
  const facts = actionFacts(action);
  const before = findColumn(step.before, table, column) ?? unknownColumn(column);
  return {
    ...facts,
    kind: 'AlterColumn',
    table,
    column,
    fillsNulls: undefined,
    ...alteration(action, before, facts.at),
  };
}

function alteration(
  action: TableAction,
  before: Column,
  at: Span,
): Pick<AlterColumn, 'to' | 'facets'> & { readonly using?: string } {
  const { command, first, end, step } = action;
  const facets = { type: undefined, nullable: undefined };
  switch (command.subtype) {
    case 'AT_SetNotNull':
      return { to: { ...before, nullable: false }, facets: { ...facets, nullable: at } };
    case 'AT_DropNotNull':
      return { to: { ...before, nullable: true }, facets: { ...facets, nullable: at } };
    case 'AT_ColumnDefault': {
      const written = findWord(step, 'DEFAULT', first, end);
      const value = defaultOf(command.def, sqlBetween(step, written + 1, end));
      return { to: { ...before, default: value }, facets: { ...facets, default: at } };
    }
    default:
      return { ...retyped(action, before), facets: { ...facets, type: at } };
  }
}

function retyped({ command, first, end, step }: TableAction, before: Column) {
  const definition = asKind(command.def, 'ColumnDef');
  const { type } = writtenTypeOf(definition?.typeName, step);
  const collation = definition?.collClause && lastNameIn(definition.collClause.collname);
  const to: Column = { ...before, type, collation };
  const using = findWord(step, 'USING', first, end);
  return using < 0 ? { to } : { to, using: sqlBetween(step, using + 1, end) };
}

/** A column that no migration in sight creates: nothing but its name is known. */
function unknownColumn(name: string): Column {
  return {
    name,
    type: unknownType,
    nullable: true,
    default: undefined,
    primaryKey: false,
    unique: false,
    autoIncrement: false,
    generated: undefined,
    check: undefined,
    references: undefined,
    collation: undefined,
    bornIn: undefined,
  };
}
