import type { Node, Tree } from 'web-tree-sitter';
import { overlaps, type Span } from '../../base/span.ts';
import type { Earlier } from './earlier.ts';
import { readExpression } from './read-expression.ts';
import { readStatement } from './read-statement.ts';
import type { Scan } from './scan.ts';
import type { Skeleton } from './skeleton.ts';
import { newNotes, type Source } from './source.ts';

/** The reading of one file piece by piece. */
export interface Reading {
  /** The caller deletes the tree. */
  readonly parse: (text: string) => Tree;
  readonly scan: Scan;
  /** For what can be read from the file's text alone. */
  readonly source: Source;
  /** Regions between the markers of a merge conflict: which side is meant is unknown. */
  readonly conflicts: readonly Span[];
  readonly earlier: Earlier | undefined;
  /** Regions that could not be read so far. */
  readonly broken: Span[];
}

/** Pieces longer than this are taken apart at once, so that an edit inside one costs no more than a part of it. */
export const longestPiece = 400;

/** Brackets and blocks inside one another deeper than this are not taken apart. */
export const deepestCut = 60;

export function hasConflict(reading: Reading, span: Span): boolean {
  return reading.conflicts.some((conflict) => overlaps(conflict, span));
}

/** Whether a conflict lies in `span` but in none of `parts`, which are read by themselves. */
export function hasOwnConflict(reading: Reading, span: Span, parts: readonly Span[]): boolean {
  return reading.conflicts.some(
    (conflict) =>
      overlaps(conflict, span) && !parts.some((part) => part.start <= conflict.start && conflict.end <= part.end),
  );
}

/**
 * Parses one piece and reads it; undefined where it cannot be parsed or `read` finds something else than it expects,
 * and, unless `trusting`, where it looks like two things of which one is half-typed.
 */
export function readPart<T>(
  reading: Reading,
  skeleton: Skeleton,
  trusting: 'trusting' | 'doubting',
  read: (source: Source, root: Node) => T | undefined,
): T | undefined {
  const tree = reading.parse(skeleton.text);
  try {
    if (tree.rootNode.hasError) return undefined;
    const source: Source = {
      ...skeleton,
      notes: newNotes(),
      expression: readExpression,
      statement: readStatement,
    };
    const result = read(source, tree.rootNode);
    const { isSuspicious, isInvalid, broken } = source.notes;
    if (result === undefined || isInvalid || (trusting === 'doubting' && isSuspicious)) return undefined;
    reading.broken.push(...broken);
    return result;
  } finally {
    tree.delete();
  }
}
