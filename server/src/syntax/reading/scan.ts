import type { Span } from '../../base/span.ts';
import { type TokenBuffer, tokenKind } from './token.ts';

/** The outer structure of a file, as far as it can be told without parsing it. */
export interface Scan {
  /** The file's text; what is known to be no Python is blanked out. */
  readonly text: string;
  readonly tokens: TokenBuffer;
  /**
   * By the index of an opening bracket: the index of its closing one, or the complement (`~index`) of the token before
   * which it must have been meant to be closed.
   */
  readonly closers: number[];
  /** Indices of opening brackets that are not closed. */
  readonly unclosed: Set<number>;
  /** Indices of closing brackets that close nothing. */
  readonly strays: Set<number>;
  readonly lines: readonly LogicalLine[];
  /** A string that is not closed was cut off: the tokens are not those of the text any more. */
  isRetokenized: boolean;
}

/** A line of Python with the lines that its brackets and strings continue it on. */
export interface LogicalLine {
  /** Index of its first token. */
  readonly first: number;
  /** Index after its last token; comments at its end do not count. */
  readonly last: number;
  readonly start: number;
  readonly end: number;
  /** Width of the white space before it. */
  readonly indent: number;
}

export function isPair(text: string, opener: number | undefined, closer: number | undefined): boolean {
  const pair = text.charAt(opener ?? -1) + text.charAt(closer ?? -1);
  return pair === '()' || pair === '[]' || pair === '{}';
}

/** Words that stand in no bracket. */
const statementKeywords = new Set(
  'assert break class continue def del elif except finally global import nonlocal pass raise return try while with'.split(
    ' ',
  ),
);

/** Whether the token is the first of a physical line and a word that only a statement begins with. */
export function startsStatement({ tokens }: Scan, index: number): boolean {
  if (tokens.kinds[index - 1] !== tokenKind.newline || tokens.kinds[index] !== tokenKind.word) return false;
  const start = tokens.starts[index] ?? 0;
  const end = tokens.ends[index] ?? 0;
  return end - start <= 8 && statementKeywords.has(tokens.text.slice(start, end));
}

/** Spans of brackets that are not closed or close nothing. */
export function unmatched(scan: Scan): readonly Span[] {
  const { starts, ends } = scan.tokens;
  return [...scan.unclosed, ...scan.strays].map((index) => ({ start: starts[index] ?? 0, end: ends[index] ?? 0 }));
}
