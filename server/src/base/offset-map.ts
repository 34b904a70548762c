import type { Span } from './span.ts';

/**
 * How the offsets of a text lead back to the source that it was made from by replacing pieces: an escape sequence by what
 * it stands for, a doubled quote by one. Between the replaced pieces the two are the same. Ascending and disjoint; a
 * text without replaced pieces has an empty map.
 */
export type OffsetMap = readonly Replaced[];

/** `source.slice(from, to)` became `text.slice(start, end)`, which may be empty. */
export interface Replaced {
  readonly start: number;
  readonly end: number;
  readonly from: number;
  readonly to: number;
}

/** The map of pieces that stand in the source one after the other, each with the length of what replaces it. */
export function offsetMapOf(
  pieces: Iterable<{ readonly from: number; readonly to: number; readonly length: number }>,
): OffsetMap {
  const map: Replaced[] = [];
  let shift = 0;
  for (const { from, to, length } of pieces) {
    if (to - from === length) continue;
    const start = from + shift;
    map.push({ start, end: start + length, from, to });
    shift += length - (to - from);
  }
  return map;
}

/**
 * The shortest part of the source that makes the span of the text. An empty span stays with what stands before it.
 */
export function toSource(map: OffsetMap, { start, end }: Span): Span {
  if (map.length === 0) return { start, end };
  const last = sourceEndOf(map, end);
  return start === end ? { start: last, end: last } : { start: sourceStartOf(map, start), end: last };
}

/** Where the character at the offset begins in the source. */
function sourceStartOf(map: OffsetMap, offset: number): number {
  const replaced = map[lastIndexWhere(map, ({ start }) => start <= offset)];
  if (replaced === undefined) return offset;
  return offset < replaced.end ? replaced.from : offset - replaced.end + replaced.to;
}

/** Where the character before the offset ends in the source. */
function sourceEndOf(map: OffsetMap, offset: number): number {
  const replaced = map[lastIndexWhere(map, ({ start }) => start < offset)];
  if (replaced === undefined) return offset;
  return offset <= replaced.end ? replaced.to : offset - replaced.end + replaced.to;
}

/** Where the text stands that the source has at the offset; the start of a replaced piece from anywhere inside it. */
export function fromSource(map: OffsetMap, offset: number): number {
  const replaced = map[lastIndexWhere(map, ({ from }) => from <= offset)];
  if (replaced === undefined) return offset;
  return offset < replaced.to ? replaced.start : offset - replaced.to + replaced.end;
}

/** The test holds for a run of entries from the first on. */
function lastIndexWhere(map: OffsetMap, test: (replaced: Replaced) => boolean): number {
  let [low, high] = [0, map.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const entry = map[middle];
    if (entry !== undefined && test(entry)) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
