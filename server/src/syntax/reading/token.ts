/**
 * The pieces of Python text that its outer structure consists of. Unlike a parser this never gives up, so it can say
 * where statements and list items begin in text that is half-typed.
 */
export interface Tokens {
  readonly text: string;
  readonly kinds: readonly TokenKind[];
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

/** Tokens to which more can be added. */
export interface TokenBuffer extends Tokens {
  readonly kinds: TokenKind[];
  readonly starts: number[];
  readonly ends: number[];
}

export type TokenKind = (typeof tokenKind)[keyof typeof tokenKind];

export const tokenKind = {
  /** Names, keywords, numbers and dotted chains of them: `migrations.AddField`, `1.5`, `migrations.`. */
  word: 0,
  string: 1,
  /** A string that ends at the end of its line or file for want of a closing quote. */
  openString: 2,
  open: 3,
  close: 4,
  comma: 5,
  colon: 6,
  semicolon: 7,
  operator: 8,
  comment: 9,
  /** `\n`; a backslash before it hides it. */
  newline: 10,
} as const;

const code = {
  newline: 10,
  carriageReturn: 13,
  quote: 34,
  hash: 35,
  apostrophe: 39,
  openParenthesis: 40,
  closeParenthesis: 41,
  comma: 44,
  dot: 46,
  colon: 58,
  semicolon: 59,
  openBracket: 91,
  backslash: 92,
  closeBracket: 93,
  openBrace: 123,
  closeBrace: 125,
} as const;

export function tokensOf(text: string): TokenBuffer {
  const tokens: TokenBuffer = { text, kinds: [], starts: [], ends: [] };
  addTokens(tokens, 0, () => false);
  return tokens;
}

/** The tokens that begin from `start` to before `end`. */
export function tokensIn(text: string, start: number, end: number): Tokens {
  const tokens: TokenBuffer = { text, kinds: [], starts: [], ends: [] };
  addTokens(tokens, start, (tokenStart) => tokenStart >= end);
  return tokens;
}

/** Adds the tokens from the offset `start` to the end of the text, or to where one begins at which `stopsAt` is true. */
export function addTokens(tokens: TokenBuffer, start: number, stopsAt: (tokenStart: number) => boolean): void {
  const { text, kinds, starts, ends } = tokens;
  const end = text.length;
  let position = start;
  while (position < end) {
    const first = text.charCodeAt(position);
    if (isBlank(first)) {
      position++;
      continue;
    }
    if (first === code.backslash) {
      position = afterLineBreak(text, position + 1);
      continue;
    }
    const tokenStart = position;
    if (stopsAt(tokenStart)) return;
    let kind = kindOf(first);
    // `:=` is an operator: it opens no block.
    if (kind === tokenKind.colon && text.charAt(position + 1) === '=') kind = tokenKind.operator;
    if (kind === tokenKind.word) {
      position = wordEnd(text, position, end);
      const next = text.charCodeAt(position);
      if (isQuote(next) && position < end && isStringPrefix(text, tokenStart, position)) kind = tokenKind.string;
    }
    if (kind === tokenKind.string) {
      const isFormatted = position > tokenStart && /[ft]/i.test(text.slice(tokenStart, position));
      const closed = stringEnd(text, position, end, isFormatted);
      kind = closed < 0 ? tokenKind.openString : tokenKind.string;
      position = Math.abs(closed);
    } else if (kind === tokenKind.comment) {
      position = lineEnd(text, position, end);
    } else if (kind !== tokenKind.word) {
      position++;
    }
    kinds.push(kind);
    starts.push(tokenStart);
    ends.push(position);
  }
}

function kindOf(first: number): TokenKind {
  switch (first) {
    case code.newline:
      return tokenKind.newline;
    case code.quote:
    case code.apostrophe:
      return tokenKind.string;
    case code.hash:
      return tokenKind.comment;
    case code.openParenthesis:
    case code.openBracket:
    case code.openBrace:
      return tokenKind.open;
    case code.closeParenthesis:
    case code.closeBracket:
    case code.closeBrace:
      return tokenKind.close;
    case code.comma:
      return tokenKind.comma;
    case code.colon:
      return tokenKind.colon;
    case code.semicolon:
      return tokenKind.semicolon;
    default:
      return isWord(first) ? tokenKind.word : tokenKind.operator;
  }
}

/** White space other than `\n`, as tree-sitter-python skips it: among it the byte order mark and a lone `\r`. */
function isBlank(first: number): boolean {
  return (
    first === 32 || first === 9 || first === code.carriageReturn || first === 12 || first === 0xfeff || first === 0xa0
  );
}

function isWord(first: number): boolean {
  return (
    (first >= 97 && first <= 122) ||
    (first >= 65 && first <= 90) ||
    (first >= 48 && first <= 57) ||
    first === 95 ||
    first === code.dot ||
    first > 127
  );
}

function isQuote(first: number): boolean {
  return first === code.quote || first === code.apostrophe;
}

function wordEnd(text: string, start: number, end: number): number {
  let position = start + 1;
  while (position < end && isWord(text.charCodeAt(position))) position++;
  return position;
}

function isStringPrefix(text: string, start: number, end: number): boolean {
  return end - start <= 2 && /^[rbuft]+$/i.test(text.slice(start, end));
}

function afterLineBreak(text: string, position: number): number {
  const next = text.charCodeAt(position);
  if (next === code.carriageReturn && text.charCodeAt(position + 1) === code.newline) return position + 2;
  return next === code.newline ? position + 1 : position;
}

/** The end of the line without its line break. */
export function lineEnd(text: string, position: number, end: number): number {
  const newline = text.indexOf('\n', position);
  const stop = newline < 0 || newline > end ? end : newline;
  return stop > position && text.charCodeAt(stop - 1) === code.carriageReturn ? stop - 1 : stop;
}

/** Where the string whose quotes start at `position` ends; negated where it is not closed. */
function stringEnd(text: string, position: number, end: number, isFormatted: boolean): number {
  const quote = text.charAt(position);
  const isTriple = text.startsWith(quote + quote, position + 1) && position + 3 <= end;
  const delimiter = isTriple ? quote + quote + quote : quote;
  let current = position + delimiter.length;
  while (current < end) {
    const next = text.charCodeAt(current);
    if (next === code.backslash) current = skipEscape(text, current);
    else if (text.startsWith(delimiter, current)) return current + delimiter.length;
    else if (next === code.newline && !isTriple) return -lineEnd(text, current, current);
    else if (next === code.openBrace && isFormatted) current = fieldEnd(text, current, end, delimiter);
    else current++;
  }
  return -end;
}

function skipEscape(text: string, backslash: number): number {
  const isCrLf = text.startsWith('\r\n', backslash + 1);
  return backslash + (isCrLf ? 3 : 2);
}

/**
 * Past a `{…}` field, in which Python 3.12 allows the quotes of the string itself; past `{{`. A field that is not closed
 * ends with its line or with the string.
 */
function fieldEnd(text: string, start: number, end: number, delimiter: string): number {
  if (text.charCodeAt(start + 1) === code.openBrace) return start + 2;
  const isTriple = delimiter.length > 1;
  let depth = 0;
  for (let position = start; position < end; position++) {
    const next = text.charCodeAt(position);
    if (next === code.openBrace) depth++;
    else if (next === code.closeBrace && --depth === 0) return position + 1;
    else if (next === code.newline && !isTriple) return position;
    else if (isTriple && text.startsWith(delimiter, position)) return position;
    else if (isQuote(next)) {
      const nested = nestedStringEnd(text, position, end);
      if (nested === undefined) return isTriple ? position + 1 : position;
      position = nested - 1;
    }
  }
  return start + 1;
}

/** A string within a field, on one line; `undefined` where the quote rather closes the string around it. */
function nestedStringEnd(text: string, position: number, end: number): number | undefined {
  const newline = text.indexOf('\n', position);
  const closing = stringEnd(text, position, newline < 0 ? end : Math.min(newline, end), false);
  return closing < 0 ? undefined : closing;
}
