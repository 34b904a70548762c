import { type Span, spanOf } from '../../base/span.ts';
import type { Expression, Statement } from '../module.ts';
import type { Hole } from './hole.ts';
import type { Piece } from './pieces.ts';
import { namesIn } from './read-import.ts';
import { readText } from './read-text.ts';
import type { Reading } from './reading.ts';
import { textSource } from './source.ts';

type Block = Extract<Hole, { kind: 'block' }>;

/** What is certain of a statement whose first line cannot be parsed while its blocks can: a half-typed `def f(apps`. */
export function salvageCompound(
  reading: Reading,
  piece: Piece,
  blocks: readonly (Block | undefined)[],
): Statement | undefined {
  const line = piece.clauses[0]?.line;
  const body = blocks[0];
  if (line === undefined) return undefined;
  const header = reading.scan.text.slice(line.start, line.end);
  const [, keyword = '', name = ''] = /^(?:async\s+)?(\w+)\s*(\w*)/.exec(header) ?? [];
  const nameStart = line.start + header.indexOf(name, header.indexOf(keyword) + keyword.length);
  const nameSpan = { start: nameStart, end: nameStart + name.length };
  const base = { span: { start: piece.start, end: piece.end }, broken: true, body: body?.statements ?? [] };
  const orElse = blocks.slice(1).flatMap((block) => block?.statements ?? []);
  const unknown: Expression = { kind: 'other', span: { start: line.start, end: line.end }, children: [] };
  reading.broken.push(unknown.span);
  const bodySpan = body?.span ?? { start: line.end, end: line.end };
  if (body === undefined && keyword !== 'def') return undefined;
  switch (keyword) {
    case 'def':
      return { ...base, kind: 'function', name, nameSpan, parameters: [], decorators: [], bodySpan };
    case 'class': {
      const bases = baseOf(reading, line, header);
      return { ...base, kind: 'class', name, nameSpan, bases, decorators: [], bodySpan };
    }
    case 'if':
      return { ...base, kind: 'if', test: unknown, orElse };
    case 'while':
      return { ...base, kind: 'while', test: unknown, orElse };
    case 'for':
      return { ...base, kind: 'for', target: unknown, iterable: unknown, orElse };
    case 'with':
      return { ...base, kind: 'with', items: [] };
    default:
      return undefined;
  }
}

/** `migrations.Migration` of `class Migration(migrations.Migration` */
function baseOf(reading: Reading, line: Span, header: string): Extract<Statement, { kind: 'class' }>['bases'] {
  const match = /^class\s+\w+\s*\(\s*([A-Za-z_][\w.]*\w)/.exec(header);
  if (match?.[1] === undefined) return [];
  const end = line.start + match[0].length;
  const start = end - match[1].length;
  const value = readText(textSource(reading.scan.text), start, 0)?.expression;
  return value === undefined
    ? []
    : [{ span: { start, end }, name: undefined, nameSpan: undefined, form: 'plain', value }];
}

/** The names of an import that are complete: `from a import b, c as` has `b`. */
export function salvageImport(reading: Reading, piece: Span): Statement | undefined {
  const text = reading.scan.text.slice(piece.start, piece.end);
  const match = /^(?:from\s+(\.*)([\w.]*)\s+)?import\s+(\(\s*)?/.exec(text);
  if (match === null) return undefined;
  const [head, dots, module] = match;
  const names = namesIn(text.slice(head.length), piece.start + head.length, spanOf);
  if (names.length === 0) return undefined;
  reading.broken.push({ start: piece.start, end: piece.end });
  const base = { span: { start: piece.start, end: piece.end }, broken: true, names };
  if (dots === undefined || module === undefined) return { ...base, kind: 'import' };
  return { ...base, kind: 'import-from', module, level: dots.length };
}

/** `name = [ … ]` at the start of a line with brackets emptied, behind which something cannot be parsed. */
export const assignedBracket = /^[A-Za-z_]\w*\s*(?::[^=\n]*)?\+?=\s*(?:[\w.]+\s*)?(?:\[\]|\(\)|\{\})/;
