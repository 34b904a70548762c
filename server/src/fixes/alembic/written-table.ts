import type { Constraint, Index, Table } from '../../schema/schema.ts';
import { fitted } from '../edits/fitted.ts';
import { columnText } from './written-column.ts';
import { type CallStyle, tableConstraintText } from './written-constraint.ts';
import type { Step } from './written-directive.ts';
import type { TypeSetting } from './written-type.ts';
import { nameText, text } from './written-value.ts';

/** How what no element of a table can say is built behind it. Undefined where that is not known. */
export interface BuiltApart {
  constraint(constraint: Constraint): Step | undefined;
  index(index: Index): readonly Step[] | undefined;
}

/** The steps that create a table as it was, with its indexes. Undefined where not all of it is known. */
export function createdTable(
  table: Table,
  op: string,
  style: CallStyle,
  apart: BuiltApart,
  setting: TypeSetting,
): readonly Step[] | undefined {
  const { writing } = setting;
  if (!table.complete || table.columns.size === 0) return undefined;
  const key = keyColumns(table);
  const columns = [...table.columns.values()].map((column) => {
    const isOnlyKey = key.length === 1 && key[0] === column.name;
    return columnText(column, { nullable: column.nullable, isOnlyKey }, setting);
  });
  const constraints: string[] = [];
  const later: (Step | undefined)[] = [];
  for (const constraint of table.constraints.values()) {
    const element = constraint.validated ? tableConstraintText(constraint, style, setting) : undefined;
    if (element === undefined) later.push(apart.constraint(constraint));
    else constraints.push(element);
  }
  const indexes = [...table.indexes.values()].filter(({ ownedBy }) => ownedBy === undefined).map(apart.index);
  const elements = [...columns, ...primaryKey(table, setting), ...constraints];
  const steps: readonly (Step | undefined)[] = [...later, ...indexes.flatMap((each) => [...(each ?? [undefined])])];
  if (!elements.every((each) => each !== undefined) || !steps.every((each) => each !== undefined)) return undefined;
  const schema = table.name.schema === undefined ? [] : [`schema=${text(table.name.schema, writing)}`];
  const comment = table.comment === undefined ? [] : [`comment=${text(table.comment, writing)}`];
  const lines = [text(table.name.name, writing), ...elements, ...schema, ...comment].map(
    (each) => `    ${fitted(each, 8).replaceAll('\n', '\n    ')},`,
  );
  const code = [`${op}.create_table(`, ...lines, ')'].join('\n');
  return [{ kind: 'code', code, isAutocommit: style.isAutocommit, comments: [] }, ...steps];
}

function keyColumns({ columns, constraints }: Table): readonly string[] {
  const key = [...constraints.values()].find(({ kind }) => kind === 'primary-key');
  return key?.columns ?? [...columns.values()].filter(({ primaryKey }) => primaryKey).map(({ name }) => name);
}

/** Of columns that say so themselves. */
function primaryKey(table: Table, { writing }: TypeSetting): readonly string[] {
  if ([...table.constraints.values()].some(({ kind }) => kind === 'primary-key')) return [];
  const key = keyColumns(table).map((name) => text(name, writing));
  return key.length === 0 ? [] : [`${nameText('sqlalchemy.PrimaryKeyConstraint', writing)}(${key.join(', ')})`];
}
