import type { Node } from 'web-tree-sitter';
import type { Span } from '../../base/span.ts';
import type { Argument, DictionaryExpression, Expression } from '../module.ts';
import { type Bracket, type BracketRole, bracketAt, type Item } from './brackets.ts';
import type { EarlierBracket } from './earlier.ts';
import type { Hole } from './hole.ts';
import { readArguments } from './read-call.ts';
import { readEntry } from './read-collection.ts';
import { readArgumentText, readEntryText, readText } from './read-text.ts';
import { deepestCut, hasConflict, hasOwnConflict, longestPiece, type Reading, readPart } from './reading.ts';
import { newSkeleton, type Skeleton, type SkeletonBuilder } from './skeleton.ts';
import { childrenOf, type Source } from './source.ts';
import { tokenKind } from './token.ts';

/**
 * Copies the tokens from `first` to before `last`, but of every bracket that holds a list only the bracket itself; its
 * content is read item by item. Brackets that are not closed are, and those that close nothing are left out.
 */
export function copyWithHoles(
  reading: Reading,
  skeleton: SkeletonBuilder,
  first: number,
  last: number,
  depth: number,
): readonly Span[] {
  const { scan } = reading;
  const { kinds, starts, ends } = scan.tokens;
  const holes: Span[] = [];
  let from = starts[first] ?? 0;
  for (let index = first; index < last; index++) {
    const start = starts[index] ?? 0;
    const end = ends[index] ?? start;
    if (scan.strays.has(index)) {
      skeleton.copy(from, start);
      reading.broken.push({ start, end });
      from = end;
    }
    const canCut = kinds[index] === tokenKind.open && depth < deepestCut;
    const bracket = canCut ? bracketAt(scan, index, first) : undefined;
    if (bracket === undefined) continue;
    const hole = readBracket(reading, bracket, depth + 1);
    holes.push(hole.span);
    skeleton.copy(from, start);
    skeleton.put(hole);
    skeleton.copy(start, end);
    if (bracket.isClosed) from = starts[bracket.end] ?? end;
    else {
      skeleton.insert(closerOf(scan.text.charAt(start)), hole.span.end);
      from = ends[bracket.end - 1] ?? hole.span.end;
    }
    index = bracket.isClosed ? bracket.end : bracket.end - 1;
  }
  skeleton.copy(from, Math.max(from, ends[last - 1] ?? from));
  return holes;
}

function closerOf(opener: string): string {
  if (opener === '(') return ')';
  return opener === '[' ? ']' : '}';
}

function readBracket(reading: Reading, bracket: Bracket, depth: number): Hole {
  const { scan } = reading;
  const { starts, ends } = scan.tokens;
  const start = starts[bracket.opener] ?? 0;
  const lastItem = bracket.items.at(-1);
  const contentEnd = ends[lastItem === undefined ? bracket.opener : lastItem.last - 1] ?? start;
  const span = { start, end: bracket.isClosed ? (ends[bracket.end] ?? contentEnd) : contentEnd };
  const missing = missingCommas(reading, bracket);
  reading.broken.push(...missing);
  if (!bracket.isClosed || bracket.hasGap) reading.broken.push({ start, end: start + 1 });
  const itemSpans = bracket.items.map((item) => spanOf(reading, item));
  const isBroken =
    !bracket.isClosed || bracket.hasGap || missing.length > 0 || hasOwnConflict(reading, span, itemSpans);
  const earlier = reading.earlier?.bracket(start);
  const read = bracket.items.map((item) => readItem(reading, bracket.role, item, earlier, depth));
  return holeOf(bracket.role, span, read, isBroken);
}

function spanOf({ scan }: Reading, { first, last }: Item): Span {
  const { starts, ends } = scan.tokens;
  return { start: starts[first] ?? 0, end: ends[last - 1] ?? 0 };
}

/** Where one item follows another without a comma. */
function missingCommas({ scan }: Reading, { items }: Bracket): readonly Span[] {
  const missing: Span[] = [];
  for (const [index, item] of items.entries()) {
    const end = scan.tokens.ends[(items[index - 1]?.last ?? 0) - 1];
    if (item.lacksComma && end !== undefined) missing.push({ start: end, end });
  }
  return missing;
}

/** What an item is read as; `undefined` stands for one that could not be read. */
type ReadItem =
  | { readonly kind: 'argument'; readonly argument: Argument }
  | { readonly kind: 'expression'; readonly expression: Expression }
  | { readonly kind: 'entry'; readonly entry: DictionaryExpression['entries'][number] }
  | undefined;

function holeOf(role: BracketRole, span: Span, read: readonly ReadItem[], isBroken: boolean): Hole {
  const broken = isBroken || read.includes(undefined);
  const expressions = read.flatMap((each) => (each?.kind === 'expression' ? [each.expression] : []));
  if (role === 'arguments') {
    const items = read.flatMap((each) => (each?.kind === 'argument' ? [each.argument] : []));
    return { kind: 'arguments', span, items, broken };
  }
  if (role === 'list' || expressions.length > 0) return { kind: 'items', span, items: expressions, broken };
  const items = read.flatMap((each) => (each?.kind === 'entry' ? [each.entry] : []));
  return { kind: 'entries', span, items, broken };
}

function readItem(
  reading: Reading,
  role: BracketRole,
  item: Item,
  earlier: EarlierBracket | undefined,
  depth: number,
): ReadItem {
  const span = spanOf(reading, item);
  const known = earlier && itemBefore(earlier, role, span);
  if (known !== undefined) return known;
  const isShort = span.end - span.start <= longestPiece && !hasConflict(reading, span);
  const whole = isShort ? readWhole(reading, role, span) : undefined;
  if (whole !== undefined) return whole;
  const brokenBefore = reading.broken.length;
  const skeleton = newSkeleton(reading.scan.text);
  skeleton.insert(opening[role], span.start);
  const holes = copyWithHoles(reading, skeleton, item.first, item.last, depth);
  skeleton.insert(closing[role], span.end);
  const parted = hasOwnConflict(reading, span, holes)
    ? undefined
    : readOne(reading, role, skeleton.build(), 'trusting');
  if (parted !== undefined) return parted;
  const isWellFormed = !isShort && reading.broken.length === brokenBefore;
  const last = isWellFormed ? readWhole(reading, role, span) : undefined;
  if (last !== undefined) return last;
  reading.broken.length = brokenBefore;
  reading.broken.push(span);
  return undefined;
}

function itemBefore(earlier: EarlierBracket, role: BracketRole, { start, end }: Span): ReadItem {
  if (role === 'arguments') {
    const argument = earlier.argument(start, end);
    return argument && { kind: 'argument', argument };
  }
  const entry = role === 'braces' ? earlier.entry(start, end) : undefined;
  if (entry !== undefined) return { kind: 'entry', entry };
  const expression = earlier.expression(start, end);
  return expression && { kind: 'expression', expression };
}

const opening: Readonly<Record<BracketRole, string>> = { arguments: 'f(', list: '[', braces: '{' };
const closing: Readonly<Record<BracketRole, string>> = { arguments: '\n)', list: '\n]', braces: '\n}' };

function readWhole(reading: Reading, role: BracketRole, span: Span): ReadItem {
  return readFromText(reading, role, span) ?? parseWhole(reading, role, span);
}

/** What can be read from the text alone needs no tree. */
function readFromText({ source }: Reading, role: BracketRole, { start, end }: Span): ReadItem {
  if (role === 'arguments') {
    const read = readArgumentText(source, start, 0);
    return read?.end === end ? { kind: 'argument', argument: read.item } : undefined;
  }
  const entry = role === 'braces' ? readEntryText(source, start, 0) : undefined;
  if (entry?.end === end) return { kind: 'entry', entry: entry.item };
  const read = readText(source, start, 0);
  return read?.end === end ? { kind: 'expression', expression: read.expression } : undefined;
}

function parseWhole(reading: Reading, role: BracketRole, span: Span): ReadItem {
  const skeleton = newSkeleton(reading.scan.text);
  skeleton.insert(opening[role], span.start);
  skeleton.copy(span.start, span.end);
  skeleton.insert(closing[role], span.end);
  return readOne(reading, role, skeleton.build(), 'doubting');
}

function readOne(reading: Reading, role: BracketRole, skeleton: Skeleton, trusting: 'trusting' | 'doubting'): ReadItem {
  return readPart(reading, skeleton, trusting, (source, root) => {
    const outer = root.namedChild(0)?.namedChild(0) ?? undefined;
    return outer && readOnly(source, outer, role);
  });
}

/** The one thing inside the brackets that were put around an item; undefined for none or several. */
function readOnly(source: Source, outer: Node, role: BracketRole): ReadItem {
  if (role === 'arguments') {
    const list = childrenOf(source, outer)[1];
    const [argument, second] = list === undefined ? [] : readArguments(source, list, list.endIndex, 0);
    return argument !== undefined && second === undefined ? { kind: 'argument', argument } : undefined;
  }
  const [only, second] = childrenOf(source, outer);
  if (only === undefined || second !== undefined) return undefined;
  const { type } = outer;
  if (type === 'dictionary') return { kind: 'entry', entry: readEntry(source, only, 0) };
  return type === 'list' || type === 'set'
    ? { kind: 'expression', expression: source.expression(source, only, 0) }
    : undefined;
}
