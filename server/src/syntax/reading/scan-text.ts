import { lineStartOf, widthOf } from './indentation.ts';
import { recoverLine } from './recover-line.ts';
import { isPair, type LogicalLine, type Scan, startsStatement } from './scan.ts';
import { type TokenBuffer, tokenKind } from './token.ts';

/** As many tokens may be looked at in vain for where lines end before it is taken that the brackets do not match. */
const mostInVain = 200_000;

export function scanText(tokens: TokenBuffer): Scan {
  const lines: LogicalLine[] = [];
  const scan: Scan = {
    text: tokens.text,
    tokens,
    closers: [],
    unclosed: new Set(),
    strays: new Set(),
    lines,
    isRetokenized: false,
  };
  const { kinds } = scan.tokens;
  let inVain = 0;
  let index = 0;
  while (index < kinds.length) {
    if (isBetweenLines(kinds[index])) {
      index++;
      continue;
    }
    const first = index;
    const strict = inVain > mostInVain ? ~first : endOfLine(scan, first);
    if (strict < 0) inVain += ~strict - first;
    index = strict < 0 ? recoverLine(scan, first) : strict;
    lines.push(lineOf(scan, first, index));
  }
  return scan;
}

function isBetweenLines(kind: number | undefined): boolean {
  return kind === tokenKind.newline || kind === tokenKind.comment;
}

function lineOf({ tokens, text }: Scan, first: number, end: number): LogicalLine {
  let last = end;
  while (last > first + 1 && isBetweenLines(tokens.kinds[last - 1])) last--;
  const start = tokens.starts[first] ?? 0;
  return {
    first,
    last,
    start,
    end: tokens.ends[last - 1] ?? start,
    indent: indentOf(text, start),
  };
}

/** A line with nothing but a backslash adds its white space to that of the next one. */
function indentOf(text: string, start: number): number {
  const lineStart = lineStartOf(text, start);
  const width = widthOf(text, lineStart, start);
  const before = /(?:^|\n)([ \t]*)\\\r?\n$/.exec(text.slice(Math.max(0, lineStart - 200), lineStart));
  return before?.[1] === undefined ? width : width + widthOf(before[1], 0, before[1].length);
}

/**
 * The index of the token that ends the line, if all of its brackets and strings are closed; else the complement of
 * the index at which that turned out not to be so.
 */
function endOfLine(scan: Scan, first: number): number {
  const { kinds, starts, text } = scan.tokens;
  const open: number[] = [];
  for (let index = first; index < kinds.length; index++) {
    const kind = kinds[index];
    if (kind === tokenKind.newline) {
      if (open.length === 0) return index;
    } else if (kind === tokenKind.open) open.push(index);
    else if (kind === tokenKind.close) {
      const opener = open.pop();
      if (opener === undefined || !isPair(text, starts[opener], starts[index])) return ~index;
      scan.closers[opener] = index;
    } else if (kind === tokenKind.openString) return ~index;
    else if (kind === tokenKind.word && open.length > 0 && startsStatement(scan, index)) return ~index;
  }
  return open.length === 0 ? kinds.length : ~kinds.length;
}
