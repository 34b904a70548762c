import { serverDefaultOf } from '../../alembic/server-default.ts';
import type { Column, ColumnDefault } from '../../schema/column.ts';
import { columnTypeText, type TypeSetting } from './written-type.ts';
import { nameText, optionTexts, text, valueText, type Writing } from './written-value.ts';

/** What of a column stands elsewhere: beside the columns of its table, or in directives of their own. */
export interface ColumnForm {
  readonly nullable: boolean;
}

/**
 * `sa.Column("name", sa.String(length=20), server_default=…, nullable=True)`, without its keys and indexes. Undefined where
 * its type or its default is not known.
 */
export function columnText(column: Column, { nullable }: ColumnForm, setting: TypeSetting): string | undefined {
  const { writing } = setting;
  const type = columnTypeText(column, setting);
  const options = column.written?.options ?? new Map();
  const items = (column.written?.items ?? []).map((item) => valueText(item, writing));
  const fallback = column.default === undefined ? [] : [defaultText(column, writing)];
  const named = optionTexts(options, [...options.keys()], writing);
  const isWhole = items.every((item) => item !== undefined) && !fallback.includes(undefined);
  const isGenerated = column.generated !== undefined && items.length === 0;
  if (type === undefined || named === undefined || !isWhole || isGenerated) return undefined;
  const parts = [
    text(column.name, writing),
    type,
    ...items,
    ...fallback.map((each) => `server_default=${each ?? ''}`),
    ...named,
    `nullable=${nullable ? 'True' : 'False'}`,
  ];
  return `${nameText('sqlalchemy.Column', writing)}(${parts.join(', ')})`;
}

/** The value of `server_default=`: as it is written, or the SQL of it. Undefined where neither is known. */
export function defaultText({ default: fallback, written }: Column, writing: Writing): string | undefined {
  if (fallback === undefined) return 'None';
  const value = written?.default;
  const said = serverDefaultOf(value);
  const isCurrent = value !== undefined && said?.kind === 'set' && said.default.sql === fallback.sql;
  return (isCurrent ? valueText(value, writing) : undefined) ?? sqlDefaultText(fallback, writing);
}

function sqlDefaultText({ sql }: ColumnDefault, writing: Writing): string | undefined {
  const named = sql === undefined ? undefined : nameText('sqlalchemy.text', writing);
  return sql === undefined || named === undefined ? undefined : `${named}(${text(sql, writing)})`;
}
