import type { TextEdit } from '../../base/text-edit.ts';
import type { DjangoMigration } from '../../django/migration-file.ts';
import type { Statement } from '../../syntax/module.ts';
import { indentationAt, lineBreakOf, lineStartBefore, nextLineStart } from './layout.ts';

/** Sets `atomic`, `initial` and the like in the Migration class: changes the value that is there, or adds a line. */
export function setClassAttribute(source: DjangoMigration, name: string, value: string): TextEdit {
  const { text } = source;
  const existing = source.class.body.find((statement) => assigns(statement, name));
  if (existing?.kind === 'assign') return { span: existing.value.span, newText: value };
  const lineBreak = lineBreakOf(text);
  const first = firstAfterDocstring(source.class.body);
  const indentation = first ? indentationAt(text, first.span.start) : '    ';
  const at = first ? lineStartBefore(text, first.span.start) : nextLineStart(text, source.class.span.end);
  return { span: { start: at, end: at }, newText: `${indentation}${name} = ${value}${lineBreak}${lineBreak}` };
}

/** Puts top-level code before the Migration class, two blank lines apart. `code` has no trailing line break. */
export function insertBeforeClass(source: DjangoMigration, code: string): TextEdit {
  const lineBreak = lineBreakOf(source.text);
  const anchor = source.class.decorators[0]?.span.start ?? source.class.span.start;
  const at = lineStartBefore(source.text, commentsAbove(source, anchor));
  const body = code.replaceAll('\n', lineBreak);
  return { span: { start: at, end: at }, newText: `${body}${lineBreak}${lineBreak}${lineBreak}` };
}

/** A name for new top-level code that nothing in the file uses yet. */
export function unusedName(source: DjangoMigration, wanted: string): string {
  const isUsed = (name: string): boolean => new RegExp(`\\b${name}\\b`).test(source.text);
  let name = wanted;
  for (let suffix = 2; isUsed(name); suffix++) name = `${wanted}_${suffix}`;
  return name;
}

function assigns(statement: Statement, name: string): boolean {
  return (
    statement.kind === 'assign' && statement.targets.some((target) => target.kind === 'name' && target.name === name)
  );
}

function firstAfterDocstring(body: readonly Statement[]): Statement | undefined {
  const [first, second] = body;
  const isDocstring = first?.kind === 'expression' && first.value.kind === 'string';
  return isDocstring ? (second ?? first) : first;
}

function commentsAbove(source: DjangoMigration, offset: number): number {
  let start = offset;
  for (const comment of source.module.comments.toReversed()) {
    if (comment.span.end > start || !comment.ownLine) continue;
    if (!/^\r?\n[ \t]*$/.test(source.text.slice(comment.span.end, start))) break;
    start = comment.span.start;
  }
  return start;
}
