import { type OffsetMap, offsetMapOf } from '../../base/offset-map.ts';

/**
 * What Python makes of the text between the quotes of a literal; `undefined` where that is no text (bytes, templates)
 * or cannot be told here (`\N{…}` needs the Unicode names, and Python rejects a cut `\x`).
 */
export function decodeLiteral(content: string, prefix: string): string | undefined {
  const text = content.includes('\r') ? content.replace(/\r\n?/g, '\n') : content;
  if (prefix.includes('b') || prefix.includes('t')) return undefined;
  const literal =
    isFormatted(prefix) && /[{}]/.test(text) ? text.replace(/\{\{|\}\}/g, (pair) => pair.charAt(0)) : text;
  if (prefix.includes('r') || !literal.includes('\\')) return literal;
  return decodeEscapes(literal);
}

/** Whether a literal with this prefix may hold `{…}` fields. */
export function isFormatted(prefix: string): boolean {
  return prefix.includes('f') || prefix.includes('t');
}

const escapeSequence = /\\(?:\n|[0-7]{1,3}|x([0-9a-fA-F]{2})?|u([0-9a-fA-F]{4})?|U([0-9a-fA-F]{8})?|N|[\s\S])/g;

const simpleEscapes: Readonly<Record<string, string>> = {
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

function decodeEscapes(text: string): string | undefined {
  let certain = true;
  const decoded = text.replace(escapeSequence, (match: string, ...hex: (string | undefined)[]) => {
    const meant = decodeEscape(match, hex[0] ?? hex[1] ?? hex[2]);
    certain &&= meant !== undefined;
    return meant ?? match;
  });
  return certain ? decoded : undefined;
}

/** One match of {@link escapeSequence}; undefined where Python rejects it or only the Unicode names tell. */
function decodeEscape(match: string, digits: string | undefined): string | undefined {
  const kind = match.charAt(1);
  if (kind >= '0' && kind <= '7') return String.fromCharCode(Number.parseInt(match.slice(1), 8));
  if (!'xuUN'.includes(kind)) return simpleEscapes[kind] ?? match;
  const code = digits === undefined || kind === 'N' ? Number.NaN : Number.parseInt(digits, 16);
  return code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}

const anyEscape = String.raw`\\(?:\r\n|[0-7]{1,3}|x([0-9a-fA-F]{2})?|u([0-9a-fA-F]{4})?|U([0-9a-fA-F]{8})?|[^{}])`;

/** What {@link decodeLiteral} replaces, found in one pass: `{` and `}` keep their doubles behind a backslash. */
const replacedPieces = {
  plain: new RegExp(`\\r\\n|${anyEscape}|\\\\[{}]`, 'g'),
  raw: /\r\n/g,
  formatted: new RegExp(`\\r\\n|\\{\\{|\\}\\}|${anyEscape}`, 'g'),
  rawFormatted: /\r\n|\{\{|\}\}/g,
};

/** How the offsets of a decoded literal lead back to the text between its quotes. */
export function literalOffsets(content: string, prefix: string): OffsetMap {
  const isRaw = prefix.includes('r');
  if (isFormatted(prefix)) return offsetsOf(content, isRaw ? replacedPieces.rawFormatted : replacedPieces.formatted);
  return offsetsOf(content, isRaw ? replacedPieces.raw : replacedPieces.plain);
}

function offsetsOf(content: string, pattern: RegExp): OffsetMap {
  return offsetMapOf(
    [...content.matchAll(pattern)].map(({ 0: match, 1: x, 2: u, 3: U, index }) => {
      const meant = match.startsWith('\\') ? decodeEscape(match.replace(/\r\n?/, '\n'), x ?? u ?? U) : undefined;
      const length = match.startsWith('\\') ? (meant ?? match).length : 1;
      return { from: index, to: index + match.length, length };
    }),
  );
}
