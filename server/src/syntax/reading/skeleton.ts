import type { Hole } from './hole.ts';

/**
 * Text for tree-sitter in which some regions of the file have been left out or replaced, and the way back from its
 * offsets to those of the file.
 */
export interface Skeleton {
  readonly text: string;
  readonly place: (offset: number) => number;
  readonly placeEnd: (offset: number) => number;
  readonly holes: ReadonlyMap<number, Hole>;
}

export interface SkeletonBuilder {
  /** Takes over a region of the file. */
  copy(start: number, end: number): void;
  /** Adds text that stands for something at `at` in the file. */
  insert(text: string, at: number): void;
  /** What tree-sitter will find where the text now ends stands for `hole`. */
  put(hole: Hole): void;
  build(): Skeleton;
}

interface Segment {
  readonly start: number;
  readonly at: number;
  readonly isCopy: boolean;
}

export function newSkeleton(fileText: string): SkeletonBuilder {
  const parts: string[] = [];
  const segments: Segment[] = [];
  const holes = new Map<number, Hole>();
  let length = 0;
  const add = (text: string, at: number, isCopy: boolean): void => {
    if (text === '') return;
    segments.push({ start: length, at, isCopy });
    parts.push(text);
    length += text.length;
  };
  return {
    copy: (start, end) => add(fileText.slice(start, end), start, true),
    insert: (text, at) => add(text, at, false),
    put: (hole) => holes.set(length, hole),
    build: () => ({
      text: parts.join(''),
      place: (offset) => place(segments, offset),
      placeEnd: (offset) => placeEnd(segments, offset),
      holes,
    }),
  };
}

function place(segments: readonly Segment[], offset: number): number {
  const segment = segments.findLast((each) => each.start <= offset);
  if (segment === undefined) return 0;
  return segment.isCopy ? segment.at + offset - segment.start : segment.at;
}

/** The end of a node lies behind its last character, not before what follows it. */
function placeEnd(segments: readonly Segment[], offset: number): number {
  const segment = segments.findLast((each) => each.start < offset);
  if (segment === undefined) return place(segments, offset);
  return segment.isCopy ? segment.at + offset - segment.start : segment.at;
}
