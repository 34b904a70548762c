import type { TextEdit } from '../../../base/text-edit.ts';
import type { Project } from '../../../project/project.ts';
import type { AlterColumn } from '../../../schema/change.ts';
import type { Column } from '../../../schema/column.ts';
import type { Migration } from '../../../schema/migration.ts';
import type { Schema } from '../../../schema/schema.ts';
import { type DirectivePlace, readDirectivePlace } from '../../alembic/revision-site.ts';
import { defaultText } from '../../alembic/written-column.ts';
import { columnTypeText, type TypeSetting } from '../../alembic/written-type.ts';
import { importEdits, newWriting, text } from '../../alembic/written-value.ts';
import { fitted } from '../../edits/fitted.ts';
import { indentationAt, lineBreakOf } from '../../edits/layout.ts';
import { insertItems } from '../../edits/list-items.ts';
import { indentedCode } from '../../edits/rewritten.ts';
import { type Answer, isRefused, refusal } from '../../fix.ts';

interface Setting {
  readonly project: Project;
  before(change: AlterColumn): Schema;
}

/** Repeats in `op.alter_column` what the column is, as the revisions before have made it. */
export function existingArguments(
  change: AlterColumn,
  column: Column | undefined,
  migration: Migration,
  { project, before }: Setting,
): readonly Answer[] {
  const place = readDirectivePlace(change, migration, project);
  if (isRefused(place)) return place;
  if (column === undefined) return refusal('No revision in sight creates the column: what it is cannot be told.');
  const writing = newWriting(place.source);
  const setting = { writing, database: project.target.database, schema: before(change) };
  const repeated = (change.forgets ?? []).map((each) => argumentFor(each, column, setting));
  const items = repeated.filter((each) => each !== undefined);
  if (items.length === 0 || items.length < repeated.length) {
    return refusal('The type or the default of the column is not known here in a way that can be written again.');
  }
  const { source } = place;
  const edits = [...importEdits(writing), withArguments(place, items)];
  return [
    {
      title: `Repeat what "${column.name}" is: ${items.map((item) => item.slice(0, item.indexOf('='))).join(', ')}`,
      safety: 'safe',
      edits: [{ kind: 'change', file: source.file, edits }],
    },
  ];
}

/** On one line where they fit there, as Black lays out a call. */
function withArguments({ source, statement, call }: DirectivePlace, items: readonly string[]): TextEdit {
  const { text, module } = source;
  const last = call.arguments.at(-1);
  const written = text.slice(call.span.start, call.span.end);
  if (last === undefined || written.includes('\n')) {
    const list = { text, module, span: call.argumentsSpan, items: call.arguments };
    return insertItems(list, call.arguments.length, items);
  }
  const { start } = call.span;
  const line = `${text.slice(start, last.span.end)}, ${items.join(', ')})`;
  const indentation = indentationAt(text, statement.span.start);
  const code = indentedCode(fitted(line, indentation.length), indentation);
  return { span: call.span, newText: code.replaceAll('\n', lineBreakOf(text)) };
}

function argumentFor(
  forgotten: NonNullable<AlterColumn['forgets']>[number],
  column: Column,
  setting: TypeSetting,
): string | undefined {
  const { writing } = setting;
  const named = (name: string, value: string | undefined): string | undefined => value && `${name}=${value}`;
  switch (forgotten) {
    case 'type':
      return named('existing_type', columnTypeText(column, setting));
    case 'not-null':
      return 'existing_nullable=False';
    case 'default':
      return named('existing_server_default', defaultText(column, writing));
    case 'auto-increment':
      return 'existing_autoincrement=True';
    case 'comment':
      return named('existing_comment', column.comment === undefined ? undefined : text(column.comment, writing));
  }
}
