import type { Span } from '../../base/span.ts';
import { sortEdits, type TextEdit } from '../../base/text-edit.ts';
import type { Statement } from '../../syntax/module.ts';
import {
  indentationAt,
  isFirstOnLine,
  lineBreakOf,
  lineEndAfter,
  lineStartBefore,
  nextLineStart,
} from '../edits/layout.ts';
import { indentedCode, rewrittenCode } from '../edits/rewritten.ts';
import { blockAround, type StatementPlace } from './revision-site.ts';

type Place = Pick<StatementPlace, 'source' | 'definition' | 'siblings' | 'blocks'> & { readonly statement: Statement };

/** Puts code (laid out for column 0) in the place of a statement; the comments around it stay. */
export function replaceStatement({ source, statement }: Place, code: string): TextEdit {
  const indentation = indentationAt(source.text, statement.span.start);
  return { span: statement.span, newText: inFile(indentedCode(code, indentation), source.text) };
}

/** Puts code (laid out for column 0) behind a statement, at its depth. */
export function insertAfterStatement({ source, statement }: Place, code: string): TextEdit {
  const { text } = source;
  // The lines of the statement may be taken away by another edit.
  const at = nextLineStart(text, statement.span.end);
  const indentation = indentationAt(text, statement.span.start);
  const line = `${indentation}${indentedCode(code, indentation)}`;
  const newText = text.charAt(at - 1) === '\n' ? `${line}\n` : `\n${line}`;
  return { span: { start: at, end: at }, newText: inFile(newText, text) };
}

/** Puts code (laid out for column 0) before a statement and the comments above it. */
export function insertBeforeStatement(place: Place, code: string): TextEdit {
  const { source, statement } = place;
  const at = lineStartBefore(source.text, startWithComments(place));
  const indentation = indentationAt(source.text, statement.span.start);
  const newText = `${indentation}${indentedCode(code, indentation)}\n`;
  return { span: { start: at, end: at }, newText: inFile(newText, source.text) };
}

/**
 * Puts code in the place of a statement, outside of the `batch_alter_table` that it stands in: behind the block, or
 * instead of it where nothing else is in it.
 */
export function replaceOutsideOfBatch(place: Place & StatementPlace, code: string): readonly TextEdit[] {
  const batch = blockAround(place, 'batch_alter_table');
  if (batch === undefined) return [replaceStatement(place, code)];
  const outside = outsideOfBatch(place);
  if (place.siblings.length === 1) return [replaceStatement(outside, code)];
  return [removeStatement(place), insertAfterStatement(outside, code)];
}

/** The block of `batch_alter_table` that a statement stands in, in the place of the statement; else the statement. */
export function outsideOfBatch(place: StatementPlace): Place {
  const batch = blockAround(place, 'batch_alter_table');
  return batch === undefined ? place : { ...place, statement: batch };
}

/**
 * Removes a statement with its lines and its comments; with the `with` block that nothing else is in, and leaving `pass`
 * in a function that nothing else is in.
 */
export function removeStatement(place: Place): TextEdit {
  const whole = withEmptiedBlocks(place);
  const { source, statement, siblings } = whole;
  const { text } = source;
  if (siblings.length === 1) return { span: withTrailingComment(whole), newText: 'pass' };
  const start = lineStartBefore(text, startWithComments(whole));
  const end = nextLineStart(text, statement.span.end);
  return { span: withoutGap(text, start, end), newText: '' };
}

/** Removes several statements of a function; undefined where nothing of a block that they share would be left. */
export function removeStatements(places: readonly StatementPlace[]): readonly TextEdit[] | undefined {
  const gone = places.map(withEmptiedBlocks);
  const isEmptied = ({ siblings }: Place): boolean =>
    siblings.every((each) => gone.some(({ statement }) => statement === each));
  if (gone.some((each) => each.blocks.length > 0 && isEmptied(each))) return undefined;
  const edits = sortEdits(
    gone.map((each, index) =>
      removeStatement(index === 0 && isEmptied(each) ? { ...each, siblings: [each.statement] } : each),
    ),
  );
  const areApart = edits.every(({ span }, index) => span.start >= (edits[index - 1]?.span.end ?? 0));
  return areApart ? edits : undefined;
}

/** The outermost `with` block in which nothing else is; the statement itself where something is, or there is none. */
function withEmptiedBlocks(place: Place): Place {
  const { siblings, blocks, definition } = place;
  const block = blocks.at(-1);
  if (siblings.length > 1 || block === undefined) return place;
  const outer = blocks.at(-2)?.body ?? definition.body;
  return withEmptiedBlocks({ ...place, statement: block, siblings: outer, blocks: blocks.slice(0, -1) });
}

/** Takes one of two gaps around what is removed away, and the one at the beginning or end of a block. */
function withoutGap(text: string, start: number, end: number): Span {
  const after = /^(?:[ \t]*\r?\n)+/.exec(text.slice(end))?.[0].length ?? 0;
  const isGapBefore = /\n[ \t]*\r?\n$/.test(text.slice(0, start));
  const opensBlock = /:[ \t]*\r?\n$/.test(text.slice(0, start));
  const isLast =
    indentationAt(text, end + after).length < indentationAt(text, start).length || end + after >= text.length;
  if (after > 0 && !isLast && (isGapBefore || opensBlock)) return { start, end: end + after };
  if (!isLast || !isGapBefore) return { start, end };
  const gap = /(?:[ \t]*\r?\n)+$/.exec(text.slice(0, start))?.[0] ?? '';
  const kept = gap.indexOf('\n') + 1;
  return { start: start - gap.length + kept, end };
}

function withTrailingComment({ source, statement }: Place): Span {
  const { text, module } = source;
  const lineEnd = lineEndAfter(text, statement.span.end);
  const comment = module.comments.find(({ span }) => span.start >= statement.span.end && span.end <= lineEnd);
  return { start: statement.span.start, end: comment?.span.end ?? statement.span.end };
}

/** The comments directly above a statement belong to it, but for those that Alembic writes. */
function startWithComments({ source, statement }: Place): number {
  const { text, module } = source;
  let start = statement.span.start;
  for (const comment of module.comments.toReversed()) {
    if (comment.span.end > start || !comment.ownLine || comment.text.startsWith('# ###')) continue;
    if (!/^\r?\n[ \t]*$/.test(text.slice(comment.span.end, start))) break;
    start = comment.span.start;
  }
  return start;
}

/** The comments above a statement and behind it, as lines for column 0, to go where the statement goes. */
export function commentsOf(place: Place): string {
  const { source, statement } = place;
  const start = startWithComments(place);
  const above =
    start === statement.span.start ? '' : rewrittenCode(source.text, { start, end: statement.span.start }, []);
  const span = withTrailingComment(place);
  const behind = source.text.slice(statement.span.end, span.end).trim();
  return `${above.trimEnd()}${above === '' ? '' : '\n'}${behind === '' ? '' : `${behind}\n`}`;
}

export function isOnItsOwnLines({ source, statement }: Place): boolean {
  const { text } = source;
  const behind = text.slice(statement.span.end, lineEndAfter(text, statement.span.end)).trim();
  return isFirstOnLine(text, statement.span.start) && (behind === '' || behind.startsWith('#'));
}

function inFile(code: string, text: string): string {
  return code.replaceAll(/\r?\n/g, lineBreakOf(text));
}
