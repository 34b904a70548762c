import type { TextEdit } from '../../base/text-edit.ts';
import type { FunctionStatement, Statement } from '../../syntax/module.ts';
import { bodyIndentation, indentationAt, isFirstOnLine, laidOutIn, lineBreakOf, lineStartBefore } from './layout.ts';

/** Puts lines before the first statement of a function, after its docstring. */
export function insertAtHead(text: string, definition: FunctionStatement, lines: readonly string[]): TextEdit {
  const first = firstStatement(definition);
  if (first !== undefined && isFirstOnLine(text, first.span.start)) return insertBefore(text, first, lines);
  const indentation = bodyIndentation(text, definition);
  const written = lines.map((line) => `${lineBreakOf(text)}${indentation}${laidOutIn(indentation, line)}`).join('');
  const { end } = definition.body.at(-1)?.span ?? definition.span;
  if (first === undefined) {
    // Nothing but a docstring.
    return { span: { start: end, end }, newText: written };
  }
  // `def f(apps, schema_editor): Order.objects.all().delete()` on one line.
  const { start } = first.span;
  const gap = /[ \t]*$/.exec(text.slice(0, start))?.[0].length ?? 0;
  return { span: { start: start - gap, end: start }, newText: `${written}${lineBreakOf(text)}${indentation}` };
}

/** Puts lines before a statement that begins its line, and before the comments that stand above it. */
export function insertBefore(text: string, statement: Statement, lines: readonly string[]): TextEdit {
  const indentation = indentationAt(text, statement.span.start);
  let at = lineStartBefore(text, statement.span.start);
  while (at > 0 && /^[ \t]*#/.test(text.slice(lineStartBefore(text, at - 1), at))) at = lineStartBefore(text, at - 1);
  const newText = lines.map((line) => `${indentation}${laidOutIn(indentation, line)}${lineBreakOf(text)}`).join('');
  return { span: { start: at, end: at }, newText };
}

function firstStatement({ body }: FunctionStatement): Statement | undefined {
  const [first, second] = body;
  const isDocstring = first?.kind === 'expression' && first.value.kind === 'string';
  return isDocstring ? second : first;
}
