import type { Span } from '../../base/span.ts';
import { shiftSpan } from '../../base/span.ts';
import type { TextEdit } from '../../base/text-edit.ts';
import { applyEdits } from '../../base/text-edit.ts';
import { linesInStrings } from '../../syntax/names.ts';
import { indentationAt, laidOutIn } from './layout.ts';

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
  const moved = piece.replaceAll('\n', `\n${indentation}`);
  // Most have no blank line, and looking for one is much cheaper than taking white space from the ends of lines.
  return /[ \t](?:[\r\n]|$)/.test(moved) ? moved.replace(/[ \t]+$/gm, '') : moved;
}

/**
 * As {@link rewritten}, for a piece that means the same elsewhere to the last character: what stands in a string of several
 * lines keeps its white space.
 */
export function rewrittenCode(text: string, span: Span, edits: readonly TextEdit[]): string {
  const piece = text.slice(span.start, span.end);
  const moved = edits.map((edit) => ({ span: shiftSpan(edit.span, -span.start), newText: edit.newText }));
  const indentation = indentationAt(text, span.start);
  return mapCodeLines(applyEdits(piece, moved).replaceAll('\r\n', '\n'), (line) =>
    line.startsWith(indentation) ? line.slice(indentation.length) : line,
  );
}

/**
 * Moves every line of a piece but the first to the right; blank ones, and those that begin in a string, stay. A piece that
 * is laid out with four spaces gets tabs where it is moved by them.
 */
export function indentedCode(piece: string, indentation: string): string {
  return mapCodeLines(piece, (line) => (line.trim() === '' ? '' : indentation + laidOutIn(indentation, line)));
}

function mapCodeLines(piece: string, change: (line: string) => string): string {
  const fixed = linesInStrings(piece);
  return piece
    .split('\n')
    .map((line, index) => (index === 0 || fixed.has(index) ? line : change(line)))
    .join('\n');
}
