import { contentOf } from './string-content.ts';
import { type Token, tokensOf } from './token.ts';

/** A string constant that stands for a value of a column. */
export interface ColumnString {
  readonly column: string;
  readonly value: string;
}

/**
 * The string constants that PostgreSQL reads as values of a column's type, since nothing but a comparison stands between
 * the two: `state = 'new'`, `state IN ('new', 'sent')`. Where a cast or a function is in between, they are texts.
 */
export function comparedStringsIn(sql: string): readonly ColumnString[] {
  const tokens = tokensOf(sql, 'postgresql').filter(({ kind }) => kind !== 'comment');
  const words = tokens.map((token) => wordOf(sql, token));
  return tokens.flatMap((token, index) => {
    if (token.kind !== 'string' || !ends.has(words[index + 1] ?? '')) return [];
    const at = comparedAt(tokens, words, index);
    const column = at === undefined ? undefined : nameOf(sql, tokens[at]);
    return column === undefined ? [] : [{ column, value: contentOf(sql, token).text }];
  });
}

/** What stands behind an operand that is nothing but a string. */
const ends: ReadonlySet<string> = new Set(['', ')', ']', ',', 'AND', 'OR', 'THEN']);

/** What stands before an operand that is nothing but a column. */
const starts: ReadonlySet<string> = new Set(['', '(', ',', 'AND', 'OR', 'NOT', 'WHEN', 'WHERE']);

function wordOf(sql: string, token: Token): string {
  const text = sql.slice(token.start, token.end);
  return token.kind === 'word' || token.kind === 'symbol' ? text.toUpperCase() : text;
}

/** Where the column stands that the string is compared with. */
function comparedAt(tokens: readonly Token[], words: readonly string[], index: number): number | undefined {
  const operator = beforeList(tokens, words, index) ?? beforeComparison(words, index - 1);
  if (operator === undefined) return undefined;
  const start = words[operator - 1] === '.' ? operator - 2 : operator;
  return starts.has(words[start - 1] ?? '') ? operator : undefined;
}

/** `state NOT IN (…, 'new'`, `state = ANY (ARRAY[…, 'new'` */
function beforeList(tokens: readonly Token[], words: readonly string[], index: number): number | undefined {
  let at = index - 1;
  while (words[at] === ',' && tokens[at - 1]?.kind === 'string') at -= 2;
  if (words[at] === '(' && words[at - 1] === 'IN') return words[at - 2] === 'NOT' ? at - 3 : at - 2;
  const isArray = words[at] === '[' && words[at - 1] === 'ARRAY' && words[at - 2] === '(';
  return isArray && ['ALL', 'ANY'].includes(words[at - 3] ?? '') ? beforeComparison(words, at - 4) : undefined;
}

const comparisons: ReadonlySet<string> = new Set(['=', '<', '>', '<=', '>=', '<>', '!=']);

/** @param last the last token of what may be a comparison */
function beforeComparison(words: readonly string[], last: number): number | undefined {
  const [two = '', one = ''] = words.slice(Math.max(0, last - 1), last + 1);
  if (two === 'DISTINCT' && one === 'FROM') return words[last - 2] === 'NOT' ? last - 4 : last - 3;
  if (comparisons.has(two + one)) return last - 2;
  return comparisons.has(one) ? last - 1 : undefined;
}

/** PostgreSQL reads names without quotes in lower case. */
function nameOf(sql: string, token: Token | undefined): string | undefined {
  if (token?.kind === 'quoted') return contentOf(sql, token).text;
  return token?.kind === 'word' ? sql.slice(token.start, token.end).toLowerCase() : undefined;
}
