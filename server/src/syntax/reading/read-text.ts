import type { Argument, DictionaryExpression, Expression } from '../module.ts';
import { readLiteral, type TextReading } from './read-literal.ts';
import { deepest, type Source, spanIn } from './source.ts';

/*
 * Calls, lists, tuples and dictionaries of names and plain literals, nested as they may be, read from the text alone.
 * Migrations consist of little else, and every question to a tree-sitter node is a call into WebAssembly. Whatever is
 * not of this kind, among it comments and half-typed text, is `undefined` here and left to tree-sitter.
 */

/** The expression at `start`, whatever follows it. */
export function readText(source: Source, start: number, depth: number): TextReading | undefined {
  const first = readFirst(source, start, depth);
  return first && readTrailers(source, first, start, depth);
}

/** Whether an item of a list ends at an offset, as what follows shows. */
export function endsItem({ text }: Source, end: number): boolean {
  const next = text.charAt(skipBlank(text, end));
  return next === ',' || next === ')' || next === ']' || next === '}';
}

function skipBlank(text: string, start: number): number {
  let position = start;
  for (;;) {
    const code = text.charCodeAt(position);
    if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return position;
    position++;
  }
}

function readFirst(source: Source, start: number, depth: number): TextReading | undefined {
  if (depth > deepest) return undefined;
  switch (source.text.charAt(start)) {
    case '(':
      return readTuple(source, start, depth);
    case '[':
      return readList(source, start, depth);
    case '{':
      return readBraces(source, start, depth);
    case '-':
      return readNegative(source, start);
    default:
      return readLiteral(source, start);
  }
}

function readNegative(source: Source, start: number): TextReading | undefined {
  const operand = readLiteral(source, start + 1);
  if (operand?.expression.kind !== 'number') return undefined;
  const span = spanIn(source, start, operand.end);
  return { expression: { kind: 'unary', span, operator: '-', operand: operand.expression }, end: operand.end };
}

/** `.name` and `(…)` behind an expression. */
function readTrailers(source: Source, first: TextReading, start: number, depth: number): TextReading | undefined {
  const { text } = source;
  let { expression, end } = first;
  for (let count = depth; ; count++) {
    const next = text.charAt(end);
    if (next !== '(' && next !== '.') return next === '[' ? undefined : { expression, end };
    if (count > deepest || first.expression.kind === 'unary') return undefined;
    const trailer =
      next === '(' ? readCall(source, expression, start, end, count) : readName(source, expression, start, end);
    if (trailer === undefined) return undefined;
    ({ expression, end } = trailer);
  }
}

function readName(source: Source, object: Expression, start: number, dot: number): TextReading | undefined {
  const name = readLiteral(source, dot + 1);
  if (name?.expression.kind !== 'name') return undefined;
  const { name: word, span: nameSpan } = name.expression;
  const span = spanIn(source, start, name.end);
  return { expression: { kind: 'attribute', span, object, name: word, nameSpan }, end: name.end };
}

function readCall(
  source: Source,
  callee: Expression,
  start: number,
  opener: number,
  depth: number,
): TextReading | undefined {
  const list = readItems(source, opener, ')', (position) => readArgumentText(source, position, depth + 1));
  if (list === undefined) return undefined;
  const { items, end } = list;
  const argumentsSpan = spanIn(source, opener, end);
  const span = spanIn(source, start, end);
  return { expression: { kind: 'call', span, callee, arguments: items, argumentsSpan, broken: false }, end };
}

export interface ReadItem<T> {
  readonly item: T;
  readonly end: number;
}

interface ReadItems<T> {
  readonly items: readonly T[];
  readonly end: number;
  readonly hasComma: boolean;
}

/** What stands between the bracket at `opener` and its closing one. */
function readItems<T>(
  source: Source,
  opener: number,
  closer: string,
  read: (start: number) => ReadItem<T> | undefined,
): ReadItems<T> | undefined {
  // What was cut out is not in the text.
  if (source.holes?.has(opener)) return undefined;
  const { text } = source;
  const items: T[] = [];
  let hasComma = false;
  let position = skipBlank(text, opener + 1);
  while (text.charAt(position) !== closer) {
    const one = read(position);
    if (one === undefined) return undefined;
    items.push(one.item);
    position = skipBlank(text, one.end);
    const next = text.charAt(position);
    if (next !== ',') return next === closer ? { items, end: position + 1, hasComma } : undefined;
    hasComma = true;
    position = skipBlank(text, position + 1);
  }
  return { items, end: position + 1, hasComma };
}

const keyword = /([A-Za-z_]\w*)\s*=(?!=)\s*/y;

/** The argument at `start`, whatever follows it. */
export function readArgumentText(source: Source, start: number, depth: number): ReadItem<Argument> | undefined {
  keyword.lastIndex = start;
  const name = keyword.exec(source.text)?.[1];
  const valueStart = name === undefined ? start : keyword.lastIndex;
  const value = readText(source, valueStart, depth);
  if (value === undefined) return undefined;
  return { item: argumentOf(source, start, value.end, name, value.expression), end: value.end };
}

export function argumentOf(
  source: Source,
  start: number,
  end: number,
  name: string | undefined,
  value: Expression,
): Argument {
  return {
    span: spanIn(source, start, end),
    name,
    nameSpan: name === undefined ? undefined : spanIn(source, start, start + name.length),
    form: 'plain',
    value,
  };
}

function readExpressions(
  source: Source,
  opener: number,
  closer: string,
  depth: number,
): ReadItems<Expression> | undefined {
  return readItems(source, opener, closer, (position) => {
    const read = readText(source, position, depth + 1);
    return read && { item: read.expression, end: read.end };
  });
}

function readList(source: Source, start: number, depth: number): TextReading | undefined {
  const list = readExpressions(source, start, ']', depth);
  if (list === undefined) return undefined;
  const span = spanIn(source, start, list.end);
  return { expression: { kind: 'list', span, items: list.items, broken: false }, end: list.end };
}

function readTuple(source: Source, start: number, depth: number): TextReading | undefined {
  const list = readExpressions(source, start, ')', depth);
  if (list === undefined) return undefined;
  const [only] = list.items;
  if (only !== undefined && !list.hasComma) return { expression: only, end: list.end };
  const span = spanIn(source, start, list.end);
  return { expression: { kind: 'tuple', span, items: list.items, broken: false }, end: list.end };
}

type Entry = DictionaryExpression['entries'][number];

function readBraces(source: Source, start: number, depth: number): TextReading | undefined {
  const entries = readItems(source, start, '}', (position) => readEntryText(source, position, depth + 1));
  if (entries === undefined) return undefined;
  const span = spanIn(source, start, entries.end);
  return { expression: { kind: 'dictionary', span, entries: entries.items, broken: false }, end: entries.end };
}

/** The dictionary entry at `start`, whatever follows it. */
export function readEntryText(source: Source, start: number, depth: number): ReadItem<Entry> | undefined {
  const key = readText(source, start, depth);
  if (key === undefined) return undefined;
  const colon = skipBlank(source.text, key.end);
  if (source.text.charAt(colon) !== ':') return undefined;
  const value = readText(source, skipBlank(source.text, colon + 1), depth);
  if (value === undefined) return undefined;
  const span = spanIn(source, start, value.end);
  return { item: { span, key: key.expression, value: value.expression }, end: value.end };
}
