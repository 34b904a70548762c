import type { ChangeOf } from '../../schema/change.ts';
import { findTable } from '../../schema/schema.ts';
import type { Reversed, Reversing } from './reversing.ts';
import { type CallStyle, directive } from './written-constraint.ts';
import type { PlainCode } from './written-directive.ts';
import { columnTypeText } from './written-type.ts';
import { text, valueText } from './written-value.ts';

/** Gives a table or a column the comment back that it had; with a word where that is not known. */
export function reversedComment(change: ChangeOf<'SetTableOption'>, style: CallStyle, reversing: Reversing): Reversed {
  const { table: name, column: columnName, written, says } = change;
  const { writing, database } = reversing;
  const schema = reversing.before(change);
  const table = findTable(schema, name);
  const column = columnName === undefined ? undefined : table?.columns.get(columnName);
  const of = columnName === undefined ? table : column;
  const isSure = of?.bornIn !== undefined && of.hasUnknownComment !== true;
  const said = written?.get('existing_comment');
  const known = isSure ? commentText(of.comment) : said && valueText(said, writing);
  if (known === undefined) return [remark(columnName === undefined ? name.name : `${name.name}.${columnName}`)];
  const now = commentText(says ?? undefined);
  if (says !== undefined && known === now) return [];
  const existing = now === 'None' || says === undefined ? [] : [`existing_comment=${now}`];
  if (columnName === undefined) {
    return known === 'None'
      ? [directive(style, 'drop_table_comment', name, { keywords: existing })]
      : [directive(style, 'create_table_comment', name, { rest: [known], keywords: existing })];
  }
  const type = column && columnTypeText(column, { writing, database, schema });
  const keywords = [...(type === undefined ? [] : [`existing_type=${type}`]), `comment=${known}`, ...existing];
  return [directive(style, 'alter_column', name, { rest: [text(columnName, writing)], keywords })];

  function commentText(comment: string | undefined): string {
    return comment === undefined || comment === '' ? 'None' : text(comment, writing);
  }
}

function remark(what: string): PlainCode {
  const comments = [`The comment that ${what} had before upgrade() is not known here.`];
  return { kind: 'code', code: '', isAutocommit: false, comments };
}
