import type { Span } from '../../base/span.ts';
import { shiftSpan } from '../../base/span.ts';
import type { TextEdit } from '../../base/text-edit.ts';
import { applyEdits } from '../../base/text-edit.ts';
import { indentationAt } from './layout.ts';

/**
 * A piece of a file with edits applied to it, laid out so that its first line stands in column 0. The edits are given
 * in the offsets of the whole text and lie within `span`.
 */
export function rewritten(text: string, span: Span, edits: readonly TextEdit[]): string {
  const piece = text.slice(span.start, span.end);
  const moved = edits.map((edit) => ({ span: shiftSpan(edit.span, -span.start), newText: edit.newText }));
  return outdented(applyEdits(piece, moved), indentationAt(text, span.start));
}

/** Takes the given indentation away from every line but the first. */
function outdented(piece: string, indentation: string): string {
  const [first = '', ...rest] = piece.replaceAll('\r\n', '\n').split('\n');
  const lines = rest.map((line) => (line.startsWith(indentation) ? line.slice(indentation.length) : line));
  return [first, ...lines].join('\n');
}

/** Moves every line of a piece but the first to the right. */
export function indented(piece: string, indentation: string): string {
  return piece.replaceAll('\n', `\n${indentation}`).replace(/[ \t]+$/gm, '');
}
