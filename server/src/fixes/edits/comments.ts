import { type Span, spanOf } from '../../base/span.ts';
import type { TextEdit } from '../../base/text-edit.ts';
import { isFirstOnLine, lineStartBefore, nextLineStart } from './layout.ts';

/** Removes a comment: with its line where it has one to itself, else with the blanks before it. */
export function removeComment(text: string, comment: Span): TextEdit {
  if (isFirstOnLine(text, comment.start)) {
    return { span: spanOf(lineStartBefore(text, comment.start), nextLineStart(text, comment.start)), newText: '' };
  }
  const blanks = /[ \t]*$/.exec(text.slice(0, comment.start))?.[0] ?? '';
  return { span: spanOf(comment.start - blanks.length, comment.end), newText: '' };
}

/** Removes a name from a list such as `[one, two]` with the comma that separates it from its neighbor. */
export function removeFromNameList(text: string, name: Span): TextEdit {
  const after = /^\s*,\s*/.exec(text.slice(name.end));
  if (after !== null) return { span: spanOf(name.start, name.end + after[0].length), newText: '' };
  const before = /\s*,\s*$/.exec(text.slice(0, name.start));
  return { span: spanOf(name.start - (before?.[0].length ?? 0), name.end), newText: '' };
}
