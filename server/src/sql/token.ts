import type { DatabaseKind } from '../base/target.ts';

/** A piece of SQL text; white space has none. Offsets are UTF-16 code units. */
export interface Token {
  readonly kind:
    | 'word'
    /** An identifier in quotes: `"a"`, `` `a` ``, `[a]`. */
    | 'quoted'
    | 'string'
    /** `$tag$ … $tag$` */
    | 'dollar'
    | 'number'
    /** `$1` */
    | 'parameter'
    /** A single character. */
    | 'symbol'
    | 'comment';
  readonly start: number;
  readonly end: number;
}

/** What differs between databases in how text is cut into tokens. */
interface Lexis {
  readonly dollarQuotes: boolean;
  readonly nestedComments: boolean;
  /** `'it\'s'` without an E before it. */
  readonly backslashes: boolean;
  /** `"text"` is a string, not a name. */
  readonly doubleQuotedStrings: boolean;
  readonly backticks: boolean;
  readonly brackets: boolean;
  /** `# to the end of the line`; there `--` needs white space behind it. */
  readonly hashComments: boolean;
}

const standard: Lexis = {
  dollarQuotes: false,
  nestedComments: false,
  backslashes: false,
  doubleQuotedStrings: false,
  backticks: false,
  brackets: false,
  hashComments: false,
};
const postgresql: Lexis = { ...standard, dollarQuotes: true, nestedComments: true };
const mysql: Lexis = {
  ...standard,
  backslashes: true,
  doubleQuotedStrings: true,
  backticks: true,
  hashComments: true,
};

const lexisOf: Readonly<Record<DatabaseKind, Lexis>> = {
  postgresql,
  mysql,
  mariadb: mysql,
  sqlite: { ...standard, backticks: true, brackets: true },
  oracle: standard,
};

const space = /[ \t\n\r\f\v]+/y;
const word = /[A-Za-z_\u0080-\uFFFF][\w$\u0080-\uFFFF]*/y;
const number = /0[xXoObB][\da-fA-F_]+|(?:\d[\d_]*(?:\.(?!\.)[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d+)?/y;
const parameter = /\$\d+/y;
const dollarTag = /\$(?:[A-Za-z_\u0080-\uFFFF][\w\u0080-\uFFFF]*)?\$/y;
const lineComment = /--[^\r\n]*/y;
const mysqlLineComment = /(?:--(?=[\s]|$)|#)[^\r\n]*/y;
const flatComment = /\/\*[\s\S]*?(?:\*\/|$)/y;
const plainString = /'[^']*(?:''[^']*)*(?:'|$)/y;
const escapedString = /'[^'\\]*(?:(?:''|\\[\s\S])[^'\\]*)*(?:'|\\?$)/y;
const doubleQuoted = /"[^"]*(?:""[^"]*)*(?:"|$)/y;
const escapedDoubleQuoted = /"[^"\\]*(?:(?:""|\\[\s\S])[^"\\]*)*(?:"|\\?$)/y;
const backticked = /`[^`]*(?:``[^`]*)*(?:`|$)/y;
const bracketed = /\[[^\]]*(?:\]|$)/y;

/** All tokens of the text, comments included. Never fails: what is not closed reaches to the end. */
export function tokensOf(text: string, database: DatabaseKind): readonly Token[] {
  const lexis = lexisOf[database];
  const tokens: Token[] = [];
  let position = endOf(space, text, 0) ?? 0;
  while (position < text.length) {
    const token = tokenAt(text, position, lexis);
    tokens.push(token);
    position = endOf(space, text, token.end) ?? token.end;
  }
  return tokens;
}

function endOf(pattern: RegExp, text: string, position: number): number | undefined {
  pattern.lastIndex = position;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

function tokenAt(text: string, start: number, lexis: Lexis): Token {
  const token = (kind: Token['kind'], end: number | undefined): Token | undefined =>
    end === undefined ? undefined : { kind, start, end };
  const character = text.charAt(start);
  const found =
    token('comment', commentEnd(text, start, character, lexis)) ??
    token('string', stringEnd(text, start, character, lexis)) ??
    token('quoted', quotedEnd(text, start, character, lexis)) ??
    token('word', endOf(word, text, start)) ??
    (character === '$' ? dollarToken(text, start, lexis) : token('number', endOf(number, text, start)));
  // A comment that is never closed is no comment: PostgreSQL rejects it, with the statement that it would belong to.
  if (found === undefined && lexis.nestedComments && text.startsWith('/*', start)) {
    return { kind: 'string', start, end: text.length };
  }
  return found ?? { kind: 'symbol', start, end: start + 1 };
}

function commentEnd(text: string, start: number, character: string, lexis: Lexis): number | undefined {
  switch (character) {
    case '-':
      return endOf(lexis.hashComments ? mysqlLineComment : lineComment, text, start);
    case '#':
      return lexis.hashComments ? endOf(mysqlLineComment, text, start) : undefined;
    case '/':
      if (!lexis.nestedComments) return endOf(flatComment, text, start);
      return text.startsWith('/*', start) ? nestedCommentEnd(text, start) : undefined;
    default:
      return undefined;
  }
}

const commentMarks = /\/\*|\*\//g;

function nestedCommentEnd(text: string, start: number): number | undefined {
  let depth = 0;
  commentMarks.lastIndex = start;
  for (let mark = commentMarks.exec(text); mark !== null; mark = commentMarks.exec(text)) {
    depth += mark[0] === '/*' ? 1 : -1;
    if (depth === 0) return commentMarks.lastIndex;
  }
  return undefined;
}

/** `'…'`, `E'…'`, `U&'…'`, `B'…'`, `X'…'`, `N'…'`. */
function stringEnd(text: string, start: number, character: string, lexis: Lexis): number | undefined {
  switch (character) {
    case "'":
      return endOf(lexis.backslashes ? escapedString : plainString, text, start);
    case '"':
      return lexis.doubleQuotedStrings ? endOf(escapedDoubleQuoted, text, start) : undefined;
    case 'e':
    case 'E':
      return lexis.dollarQuotes ? endOf(escapedString, text, start + 1) : undefined;
    case 'b':
    case 'B':
    case 'n':
    case 'N':
    case 'x':
    case 'X':
      return endOf(lexis.backslashes ? escapedString : plainString, text, start + 1);
    case 'u':
    case 'U':
      return text.charAt(start + 1) === '&' ? endOf(plainString, text, start + 2) : undefined;
    default:
      return undefined;
  }
}

function quotedEnd(text: string, start: number, character: string, lexis: Lexis): number | undefined {
  switch (character) {
    case '"':
      return endOf(doubleQuoted, text, start);
    case 'u':
    case 'U':
      return text.charAt(start + 1) === '&' ? endOf(doubleQuoted, text, start + 2) : undefined;
    case '`':
      return lexis.backticks ? endOf(backticked, text, start) : undefined;
    case '[':
      return lexis.brackets ? endOf(bracketed, text, start) : undefined;
    default:
      return undefined;
  }
}

function dollarToken(text: string, start: number, lexis: Lexis): Token | undefined {
  const parameterEnd = endOf(parameter, text, start);
  if (parameterEnd !== undefined) return { kind: 'parameter', start, end: parameterEnd };
  const tagEnd = lexis.dollarQuotes ? endOf(dollarTag, text, start) : undefined;
  if (tagEnd === undefined) return undefined;
  const tag = text.slice(start, tagEnd);
  const close = text.indexOf(tag, tagEnd);
  return { kind: 'dollar', start, end: close < 0 ? text.length : close + tag.length };
}

export function shiftToken({ kind, start, end }: Token, by: number): Token {
  return { kind, start: start + by, end: end + by };
}
