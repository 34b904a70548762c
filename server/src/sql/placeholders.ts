import type { Span } from '../base/span.ts';
import { type Token, tokensOf } from './token.ts';

/**
 * How the values are marked that are sent beside the text:
 * - `format`: `%s`, `%(name)s`, and `%%` for a percent sign (DB-API drivers for PostgreSQL and MySQL),
 * - `named`: `:name` (SQLAlchemy),
 * - `question`: `?` (SQLite),
 * - `none`: the text is sent as it is, and `%s` is what it looks like.
 */
export type PlaceholderStyle = 'none' | 'format' | 'named' | 'question';

export interface SubstitutedSql {
  /** As long as the text: offsets stay what they are. */
  readonly text: string;
  /** The placeholders, in order. */
  readonly placeholders: readonly Span[];
}

/**
 * The text with a parameter, `$1`, in the place of every placeholder, so that PostgreSQL's parser can read it. Strings, quoted names,
 * dollar-quoted bodies and comments are left alone, and so are casts.
 */
export function substitutePlaceholders(text: string, style: PlaceholderStyle): SubstitutedSql {
  const find = finders[style];
  if (find === undefined) return { text, placeholders: [] };
  const tokens = tokensOf(text, 'postgresql').filter(({ kind }) => kind !== 'comment');
  const edits: Edit[] = [];
  let position = 0;
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== 'symbol' || token.start < position) continue;
    const edit = find(text, token, tokens, index);
    if (edit === undefined) continue;
    position = edit.end;
    edits.push(edit, ...surroundings(text, edit, tokens, index));
  }
  const placeholders = edits.filter(({ isPlaceholder }) => isPlaceholder).map(({ start, end }) => ({ start, end }));
  return { text: withEdits(text, edits), placeholders };
}

interface Edit extends Span {
  /** Not longer than what it replaces; padded with blanks. */
  readonly by: string;
  readonly isPlaceholder: boolean;
}

type Find = (text: string, token: Token, tokens: readonly Token[], index: number) => Edit | undefined;

const finders: Readonly<Partial<Record<PlaceholderStyle, Find>>> = {
  format: findFormat,
  named: findNamed,
  question: (text, { start, end }) =>
    text.charAt(start) === '?' ? { start, end, by: '0', isPlaceholder: true } : undefined,
};

const formatPlaceholder = /%(?:%|\([^()]*\)[sbt]|[sbt])/y;

function findFormat(text: string, { start }: Token): Edit | undefined {
  formatPlaceholder.lastIndex = start;
  const match = formatPlaceholder.exec(text)?.[0];
  if (match === undefined) return undefined;
  const end = start + match.length;
  return match === '%%' ? { start, end, by: '%', isPlaceholder: false } : parameter(text, start, end);
}

/** `\:` is a colon, `::` a cast, and `a[1:n]` a slice of an array. */
const namedPlaceholder = /(?<![:\w\\]):(\w+)(?!:)/y;
const escapedColons = /(?:\\:)+/y;

function findNamed(text: string, { start }: Token): Edit | undefined {
  escapedColons.lastIndex = start;
  const colons = escapedColons.exec(text)?.[0];
  if (colons !== undefined) {
    return { start, end: start + colons.length, by: colons.replaceAll('\\', ''), isPlaceholder: false };
  }
  namedPlaceholder.lastIndex = start;
  const match = namedPlaceholder.exec(text)?.[0];
  return match === undefined ? undefined : parameter(text, start, start + match.length);
}

/** Right behind a name `$1` would belong to it. What is longer is filled from inside, so that it ends where it ends. */
function parameter(text: string, start: number, end: number): Edit {
  const length = end - start;
  const isBehindName = /[\w$]/.test(text.charAt(start - 1));
  const [open, close] = length < 4 ? [`$${'1'.padStart(length - 1, '0')}`, ''] : ['($1', ')'];
  const by = isBehindName ? `'${"'".padStart(length - 1)}` : open + close.padStart(length - open.length);
  return { start, end, by, isPlaceholder: true };
}

/** What drivers allow around a value and the grammar does not: `IN %s` with a tuple, `IS %s`, `VALUES %s` with rows. */
function surroundings(text: string, edit: Edit, tokens: readonly Token[], index: number): readonly Edit[] {
  const wordOf = (token: Token | undefined): string =>
    token?.kind === 'word' ? text.slice(token.start, token.end).toUpperCase() : '';
  const [previous, before] = [tokens[index - 1], tokens[index - 2]];
  if (!edit.isPlaceholder || previous === undefined) return [];
  const replaced = (from: Token, by: string): readonly Edit[] => [
    { start: from.start, end: previous.end, by, isPlaceholder: false },
  ];
  switch (wordOf(previous)) {
    case 'VALUES':
      return replaced(previous, 'SELECT');
    case 'IS':
      return isComment(text, tokens, index) ? [] : replaced(previous, '=');
    case 'IN':
      return before !== undefined && wordOf(before) === 'NOT' ? replaced(before, '<>') : replaced(previous, '=');
    case 'NOT':
      return before !== undefined && wordOf(before) === 'IS' ? replaced(before, '<>') : [];
    default:
      return [];
  }
}

/** `COMMENT ON TABLE a IS %s` */
function isComment(text: string, tokens: readonly Token[], index: number): boolean {
  const end = tokens.slice(0, index).findLastIndex(({ start }) => text.charAt(start) === ';');
  const first = tokens[end + 1];
  return first !== undefined && /^comment$/i.test(text.slice(first.start, first.end));
}

function withEdits(text: string, edits: readonly Edit[]): string {
  let result = '';
  let position = 0;
  for (const { start, end, by } of edits.toSorted((one, other) => one.start - other.start)) {
    result += text.slice(position, start) + by.padEnd(end - start);
    position = end;
  }
  return result + text.slice(position);
}
