import type { FilePath } from '../base/file-path.ts';
import { fromSource, type OffsetMap, toSource } from '../base/offset-map.ts';
import type { Span } from '../base/span.ts';
import { overlaps } from '../base/span.ts';
import type { InterpolationForm } from '../schema/change.ts';
import type { Module, StringExpression } from '../syntax/module.ts';
import { literalOffsets } from '../syntax/reading/decode-string.ts';
import type { LiteralSlice } from '../syntax/text-piece.ts';
import type { Place } from '../syntax/value.ts';

/** SQL as the database gets it, as far as it is known, with the places in Python files where it is written. */
export interface SqlText {
  readonly text: string;
  /** Ascending and adjacent; together they are the text. */
  readonly segments: readonly Segment[];
  /** Stretches of which nothing is known; a stand-in is in their place. */
  readonly holes: readonly Hole[];
  /** The expressions that stand for the whole text, the innermost first: the constant's value, then its name in use. */
  readonly roots: readonly Root[];
}

export interface Segment extends Span {
  /** Where it is written, the innermost first: in the literal of a constant, then the field that names the constant. */
  readonly places: readonly SegmentPlace[];
  /** The file that it was read from, where it is no module, and the offset there. */
  readonly readFrom?: { readonly file: FilePath; readonly offset: number };
}

export interface SegmentPlace {
  readonly module: Module;
  /** The literal that the place is in. */
  readonly literal: StringExpression | undefined;
  readonly span: Span;
  /** From the offsets within the segment to those from `base` on; undefined where all of the span stands for all of it. */
  readonly exact: { readonly map: OffsetMap; readonly offset: number; readonly base: number } | undefined;
}

export interface Hole extends Span {
  /** How its value gets into the text. */
  readonly by: InterpolationForm;
  readonly module: Module;
  /** What is written for it. */
  readonly at: Span;
  /** The expression that makes the value, in the module of that value. */
  readonly filled: Place;
  /** It is printed by what takes nothing but a number: `%5d`, `{:.2f}`. */
  readonly isNumber: boolean;
}

export interface Root {
  readonly module: Module;
  readonly span: Span;
}

/** The text of a Python module; undefined for one that is not at hand. */
export type TextOf = (module: Module) => string | undefined;

/** The place of a slice of a literal, which may hold escapes; of the whole literal where its text is not at hand. */
export function placeOfSlice(slice: LiteralSlice, textOf: TextOf): SegmentPlace {
  const { module, literal, part, index, start } = slice;
  const base = part.fields[index - 1]?.span.end ?? part.contentSpan.start;
  const end = part.fields[index]?.span.start ?? part.contentSpan.end;
  const isVerbatim = part.literals[index]?.length === end - base;
  const source = isVerbatim ? '' : textOf(module)?.slice(base, end);
  if (source === undefined) return { module, literal, span: part.span, exact: undefined };
  const map = isVerbatim ? [] : literalOffsets(source, part.prefix);
  const within = toSource(map, { start, end: slice.end });
  return {
    module,
    literal,
    span: { start: base + within.start, end: base + within.end },
    exact: { map, offset: start, base },
  };
}

/**
 * The shortest span of the module's file that stands for a part of the text; undefined where that is written in other
 * files. An empty span keeps to what stands before it.
 *
 * @param within what the part is a part of: all parts of one statement are found in one place, in the constant that
 * holds all of it or where the constants are put together
 */
export function fileSpanOf(sql: SqlText, part: Span, module: Module, within: Span = part): Span | undefined {
  const around = segmentsIn(sql, within);
  const covered = segmentsIn(sql, part);
  for (const { literal } of around[0]?.places ?? []) {
    const isIn = (place: SegmentPlace): boolean => place.literal === literal && place.module === module;
    const placeIn = ({ places }: Segment): SegmentPlace | undefined => places.find(isIn);
    if (literal === undefined || !around.every((segment) => placeIn(segment) !== undefined)) continue;
    return unionOf(covered, part, placeIn);
  }
  for (const root of sql.roots) {
    if (root.module !== module || covered.length === 0) continue;
    const isIn = (place: SegmentPlace): boolean => place.module === module && isWithin(place.span, root.span);
    // The outermost place: where a value is used, not where in the same expression it is written.
    return unionOf(covered, part, ({ places }) => places.findLast(isIn)) ?? root.span;
  }
  return undefined;
}

/**
 * Where the beginning of a part is written, with what of it stands there in one piece, if that is not in the module:
 * in another one, or in a file that a module reads.
 */
export function placeElsewhere(
  sql: SqlText,
  part: Span,
  module: Module,
  fileOf: (module: Module) => FilePath | undefined,
): { readonly file: FilePath; readonly span: Span } | undefined {
  const [segment] = segmentsIn(sql, part);
  const [place] = segment?.places ?? [];
  if (segment === undefined || place === undefined) return undefined;
  const { readFrom } = segment;
  if (readFrom !== undefined) {
    const shift = readFrom.offset - segment.start;
    const end = Math.min(part.end, segment.end);
    return { file: readFrom.file, span: { start: Math.max(part.start, segment.start) + shift, end: end + shift } };
  }
  const file = place.module === module ? undefined : fileOf(place.module);
  return file === undefined ? undefined : { file, span: partOf(segment, place, part) };
}

function segmentsIn({ segments, text }: SqlText, span: Span): readonly Segment[] {
  if (span.start < span.end) return segments.filter((segment) => overlaps(segment, span));
  const before = segments.findLast(({ start, end }) => start < span.start && span.start <= end);
  const beside = before ?? segments.find(({ start, end }) => start <= span.start && (span.start < end || text === ''));
  return beside === undefined ? [] : [beside];
}

/** From the start of the first to the end of the last; undefined where one has no place that is wanted. */
function unionOf(
  covered: readonly Segment[],
  span: Span,
  placeIn: (segment: Segment) => SegmentPlace | undefined,
): Span | undefined {
  let union: Span | undefined;
  for (const segment of covered) {
    const place = placeIn(segment);
    if (place === undefined) return undefined;
    const part = partOf(segment, place, span);
    union =
      union === undefined ? part : { start: Math.min(union.start, part.start), end: Math.max(union.end, part.end) };
  }
  return union;
}

function partOf(segment: Segment, { exact, span }: SegmentPlace, wanted: Span): Span {
  if (exact === undefined) return span;
  const shift = exact.offset - segment.start;
  const start = Math.max(wanted.start, segment.start) + shift;
  const end = Math.min(wanted.end, segment.end) + shift;
  const source = toSource(exact.map, { start, end });
  return { start: exact.base + source.start, end: exact.base + source.end };
}

function isWithin(inner: Span, outer: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

/** The offset in the text of what stands at an offset of the module's file; undefined for what is not part of it. */
export function sqlOffsetOf(sql: SqlText, offset: number, module: Module): number | undefined {
  for (const segment of sql.segments) {
    for (const place of segment.places) {
      const { span, exact } = place;
      if (place.module !== module || offset < span.start || offset >= span.end) continue;
      if (exact === undefined) return segment.start;
      return Math.min(segment.end, fromSource(exact.map, offset - exact.base) - exact.offset + segment.start);
    }
  }
  return undefined;
}

/**
 * Whether the part of the text is written in the literals of the module that the whole text is made of, character by
 * character or escaped: a change of the file there changes the text there and nothing else. Values that are filled in
 * from elsewhere may have other uses.
 */
export function isWrittenIn(sql: SqlText, part: Span, module: Module): boolean {
  const covered = segmentsIn(sql, part);
  const isDirect = ({ places: [place] }: Segment): boolean =>
    place?.exact !== undefined &&
    place.module === module &&
    sql.roots.some((root) => root.module === module && isWithin(place.span, root.span));
  return covered.length > 0 && covered.every(isDirect);
}
