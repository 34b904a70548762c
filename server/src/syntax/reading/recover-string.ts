import { columnOf, widthOf } from './indentation.ts';
import type { OpenBracket } from './recover-line.ts';
import { type TokenBuffer, tokenKind } from './token.ts';

const tripleStart = /^[a-z]{0,2}("""|''')/i;

/**
 * Whether a triple-quoted string that spans lines ends where it does only because its own end is missing: its end is
 * then the start of the next one, which shows in what stands around it.
 */
export function isUnclosedTriple({ kinds, starts, ends, text }: TokenBuffer, index: number): boolean {
  if (kinds[index] !== tokenKind.string && kinds[index] !== tokenKind.openString) return false;
  const start = starts[index] ?? 0;
  const end = ends[index] ?? 0;
  const content = text.slice(start, end);
  if (!tripleStart.test(content)) return false;
  if (kinds[index] === tokenKind.openString) return true;
  const lastLine = content.slice(content.lastIndexOf('\n') + 1, -3);
  if (!content.includes('\n')) return false;
  return /\w/.test(text.charAt(end)) || /(?:[([{=,+]|\b[rbfu])[ \t]*$/i.test(lastLine);
}

const closersOnly = /^[ \t]*[)\]}]+[ \t]*,?[ \t]*(?:#.*)?\r?$/;
const itemStart = /^[ \t]*(?:[A-Za-z_][\w.]*[ \t]*\(|[([{]|[A-Za-z_]\w*[ \t]*=[^=])/;
const statementStart = /^[ \t]*(?:(?:async[ \t]+)?def|class|import|from|@|[A-Za-z_]\w*[ \t]*=[^=])/;

/**
 * The offset of the line break after which code goes on, behind an unclosed string that starts at `start`; the end of
 * the text where nothing looks like it.
 */
export function resumeAfter(
  { text, starts }: TokenBuffer,
  start: number,
  open: readonly OpenBracket[],
  indent: number,
): number {
  const itemColumns = open.map((bracket) => itemColumnOf(text, starts[bracket.token] ?? 0));
  let lineBreak = text.indexOf('\n', start);
  while (lineBreak >= 0) {
    const next = text.indexOf('\n', lineBreak + 1);
    const line = text.slice(lineBreak + 1, next < 0 ? text.length : next);
    const column = widthOf(line, 0, line.length - line.trimStart().length);
    const isCloser = closersOnly.test(line) && open.some((bracket) => bracket.lineIndent === column);
    const isItem = itemColumns.includes(column) && itemStart.test(line);
    if (isCloser || isItem || (column <= indent && statementStart.test(line))) return lineBreak;
    lineBreak = next;
  }
  return text.length;
}

/** The column of the first item inside a bracket; undefined where the bracket's line goes on after it. */
function itemColumnOf(text: string, bracket: number): number | undefined {
  const match = /^[ \t\r]*(?:#[^\n]*)?\n\s*/.exec(text.slice(bracket + 1, bracket + 400));
  return match === null ? undefined : columnOf(text, bracket + 1 + match[0].length);
}
