import { type OffsetMap, offsetMapOf, toSource } from '../base/offset-map.ts';
import type { Span } from '../base/span.ts';
import type { Token } from './token.ts';

/** What a string means, and how its offsets lead back to the text that the token stands in. */
export interface StringContent {
  readonly text: string;
  /** Where the content begins in the surrounding text, behind the opening quote. */
  readonly start: number;
  /** Leads from the content to what is written from `start` on. */
  readonly map: OffsetMap;
}

const dollarTag = /^\$[^$]*\$/;
const opening = /^(?:[a-zA-Z]&?)?['"`[]/;

/** The content of a string, a dollar-quoted string or a quoted name. */
export function contentOf(source: string, token: Token): StringContent {
  const text = source.slice(token.start, token.end);
  if (token.kind === 'dollar') {
    const tag = dollarTag.exec(text)?.[0] ?? '';
    const end = text.length > tag.length && text.endsWith(tag) ? text.length - tag.length : text.length;
    return { text: text.slice(tag.length, end), start: token.start + tag.length, map: [] };
  }
  const open = opening.exec(text)?.[0] ?? '';
  const isClosed = text.length > open.length && text.endsWith(open.endsWith('[') ? ']' : open.slice(-1));
  const written = text.slice(open.length, isClosed ? -1 : undefined);
  return { ...unescaped(written, open), start: token.start + open.length };
}

const doubled: Readonly<Record<string, RegExp>> = { "'": /''/g, '"': /""/g, '`': /``/g, '[': /\]\]/g };
const escapes = /''|\\(?:u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|x[0-9a-fA-F]{1,2}|[0-7]{1,3}|[\s\S])/g;

function unescaped(written: string, open: string): Omit<StringContent, 'start'> {
  const pattern = /^e/i.test(open) ? escapes : doubled[open.slice(-1)];
  const matches = pattern === undefined ? [] : [...written.matchAll(pattern)];
  if (matches.length === 0) return { text: written, map: [] };
  let text = '';
  let position = 0;
  const replaced = matches.map(({ 0: match, index }) => {
    const meant = match.startsWith('\\') ? meantBy(match) : match.charAt(0);
    text += written.slice(position, index) + meant;
    position = index + match.length;
    return { from: index, to: position, length: meant.length };
  });
  return { text: text + written.slice(position), map: offsetMapOf(replaced) };
}

const simple: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

function meantBy(sequence: string): string {
  const kind = sequence.charAt(1);
  const digits = sequence.slice(2);
  if (kind >= '0' && kind <= '7') return String.fromCharCode(Number.parseInt(sequence.slice(1), 8));
  if (digits === '' || !'xuU'.includes(kind)) return simple[kind] ?? sequence.slice(1);
  const code = Number.parseInt(digits, 16);
  return code <= 0x10ffff ? String.fromCodePoint(code) : sequence;
}

/** Where a part of the content stands in the text around it. */
export function outerSpan({ start, map }: StringContent, part: Span): Span {
  const source = toSource(map, part);
  return { start: start + source.start, end: start + source.end };
}
