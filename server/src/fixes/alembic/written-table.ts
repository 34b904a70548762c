import type { Table } from '../../schema/schema.ts';
import { fitted } from '../edits/fitted.ts';
import { columnText } from './written-column.ts';
import { type CallStyle, createdIndex, tableConstraintText } from './written-constraint.ts';
import type { Step } from './written-directive.ts';
import type { TypeSetting } from './written-type.ts';
import { nameText, text } from './written-value.ts';

/** The directives that create a table as it was, with its indexes. Undefined where not all of it is known. */
export function createdTable(
  table: Table,
  op: string,
  style: CallStyle,
  setting: TypeSetting,
): readonly Step[] | undefined {
  const { writing } = setting;
  if (!table.complete || table.columns.size === 0) return undefined;
  const columns = [...table.columns.values()].map((column) =>
    columnText(column, { nullable: column.nullable }, setting),
  );
  const constraints = [...table.constraints.values()].map((each) => tableConstraintText(each, style, setting));
  const indexes = [...table.indexes.values()]
    .filter(({ ownedBy }) => ownedBy === undefined)
    .map((index) => createdIndex(index, table.name, { ...style, concurrently: false }, setting));
  const elements = [...columns, ...primaryKey(table, setting), ...constraints];
  if (!elements.every((each) => each !== undefined) || !indexes.every((each) => each !== undefined)) return undefined;
  const schema = table.name.schema === undefined ? [] : [`schema=${text(table.name.schema, writing)}`];
  const lines = [text(table.name.name, writing), ...elements, ...schema].map(
    (each) => `    ${fitted(each, 8).replaceAll('\n', '\n    ')},`,
  );
  const code = [`${op}.create_table(`, ...lines, ')'].join('\n');
  return [{ kind: 'code', code, isAutocommit: style.isAutocommit, comments: [] }, ...indexes.flat()];
}

/** Of columns that say so themselves. */
function primaryKey({ columns, constraints }: Table, { writing }: TypeSetting): readonly string[] {
  if ([...constraints.values()].some(({ kind }) => kind === 'primary-key')) return [];
  const key = [...columns.values()].filter((column) => column.primaryKey).map(({ name }) => text(name, writing));
  return key.length === 0 ? [] : [`${nameText('sqlalchemy.PrimaryKeyConstraint', writing)}(${key.join(', ')})`];
}
