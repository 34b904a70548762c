import type { Span } from '../base/span.ts';
import type { TableName } from '../schema/table-name.ts';
import { contentOf } from './string-content.ts';
import type { Token } from './token.ts';

/** A statement as a row of tokens without comments, to look at word by word. */
export interface Words {
  readonly text: string;
  readonly tokens: readonly Token[];
}

/** The word in upper case; `''` for names in quotes and everything else. */
export function wordAt({ text, tokens }: Words, index: number): string {
  const token = tokens[index];
  return token?.kind === 'word' ? text.slice(token.start, token.end).toUpperCase() : '';
}

export function symbolAt({ text, tokens }: Words, index: number): string {
  const token = tokens[index];
  return token?.kind === 'symbol' ? text.charAt(token.start) : '';
}

/** What stands there, as it is written. */
export function textAt({ text, tokens }: Words, index: number): string {
  const token = tokens[index];
  return token === undefined ? '' : text.slice(token.start, token.end);
}

/** A name with or without quotes. MySQL and SQLite take a string for a name where only a name can be. */
export function nameAt(words: Words, index: number): string {
  const token = words.tokens[index];
  if (token === undefined || token.kind === 'symbol') return '';
  return token.kind === 'word' ? textAt(words, index) : contentOf(words.text, token).text;
}

/** A table, with its database where that is written, and the index behind it. */
export function tableAt(words: Words, index: number): { readonly table: TableName; readonly next: number } {
  const first = nameAt(words, index);
  if (symbolAt(words, index + 1) !== '.') return { table: { name: first, schema: undefined }, next: index + 1 };
  return { table: { name: nameAt(words, index + 2), schema: first }, next: index + 3 };
}

/** The token that begins at or behind the offset. */
export function indexAt({ tokens }: Words, offset: number): number {
  const index = tokens.findIndex(({ start }) => start >= offset);
  return index < 0 ? tokens.length : index;
}

/** The index behind the words, if they all stand there; otherwise the index itself. */
export function skipWords(words: Words, index: number, ...expected: readonly string[]): number {
  return expected.every((word, offset) => wordAt(words, index + offset) === word) ? index + expected.length : index;
}

/** The index behind any of the words, in any order and number. */
export function skipAny(words: Words, index: number, passed: readonly string[]): number {
  let next = index;
  while (passed.includes(wordAt(words, next))) next++;
  return next;
}

/** How much a token opens or closes. */
function depthStep(words: Words, index: number): number {
  switch (symbolAt(words, index)) {
    case '(':
    case '[':
      return 1;
    case ')':
    case ']':
      return -1;
    default:
      return 0;
  }
}

/** The index behind the last token of a list's element that begins at a token: of its comma or closing bracket. */
export function elementEnd(words: Words, first: number): number {
  let depth = 0;
  for (let index = first; index < words.tokens.length; index++) {
    depth += depthStep(words, index);
    if (depth < 0 || (depth === 0 && symbolAt(words, index) === ',')) return index;
  }
  return words.tokens.length;
}

/** The index of the bracket that closes around a token, or the end. */
export function enclosingEnd(words: Words, first: number): number {
  let end = elementEnd(words, first);
  while (symbolAt(words, end) === ',') end = elementEnd(words, end + 1);
  return end;
}

export interface Range {
  readonly first: number;
  /** The index behind its last token. */
  readonly end: number;
}

/** The elements of a list, from its first one to the bracket that closes it or the end. */
export function elementsFrom(words: Words, first: number): readonly Range[] {
  const elements: Range[] = [];
  let start = first;
  while (start < words.tokens.length) {
    const end = elementEnd(words, start);
    if (end > start) elements.push({ first: start, end });
    if (symbolAt(words, end) !== ',') break;
    start = end + 1;
  }
  return elements;
}

/** The index of the word outside of brackets, between two tokens; -1 where it is not there. */
export function findWord(words: Words, word: string, first: number, end: number = words.tokens.length): number {
  let depth = 0;
  for (let index = first; index < end; index++) {
    depth += depthStep(words, index);
    if (depth === 0 && wordAt(words, index) === word) return index;
  }
  return -1;
}

/** From the start of one token to the end of the last before another. */
function tokensSpan({ tokens, text }: Words, first: number, end: number): Span {
  const start = tokens[first]?.start ?? text.length;
  return { start, end: Math.max(start, tokens[end - 1]?.end ?? start) };
}

/** What to underline of a stretch of tokens: no more than its first line, and no bracket that stays open there. */
export function tellingSpan(words: Words, first: number, end: number): Span {
  let last = first;
  while (last + 1 < end && !hasLineBreak(words, last)) last++;
  while (last > first && symbolAt(words, last) === '(') last--;
  return tokensSpan(words, first, last + 1);
}

/** Before the next token, or inside it: the body of a function has many lines. */
function hasLineBreak({ tokens, text }: Words, index: number): boolean {
  const [token, next] = [tokens[index], tokens[index + 1]];
  return token !== undefined && next !== undefined && text.slice(token.end, next.end).includes('\n');
}

/** What to underline for a statement as a whole. */
export function statementSpan(words: Words): Span {
  return tellingSpan(words, 0, words.tokens.length);
}

/** The SQL between two tokens, on one line. */
export function sqlBetween(words: Words, first: number, end: number): string {
  const span = tokensSpan(words, first, end);
  return words.text.slice(span.start, span.end).replaceAll(/\s+/g, ' ');
}

/** The SQL inside the brackets that open at or behind a token. */
export function sqlInBrackets(words: Words, first: number): string {
  let open = first;
  while (open < words.tokens.length && symbolAt(words, open) !== '(') open++;
  return sqlBetween(words, open + 1, closingBracket(words, open));
}

/** The index of the bracket that closes the one at the index. */
export function closingBracket(words: Words, open: number): number {
  let depth = 0;
  for (let index = open; index < words.tokens.length; index++) {
    depth += depthStep(words, index);
    if (depth <= 0) return index;
  }
  return words.tokens.length;
}
