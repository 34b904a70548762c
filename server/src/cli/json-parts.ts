import type { FilePath } from '../base/file-path.ts';
import type { LineIndex, Position } from '../base/line-index.ts';
import type { Span } from '../base/span.ts';
import type { Fixable } from '../engine/fixable.ts';
import type { Fix } from '../fixes/fix.ts';

export interface JsonRange {
  readonly start: JsonPosition;
  readonly end: JsonPosition;
}

/** One-based; columns count UTF-16 units. */
interface JsonPosition {
  readonly line: number;
  readonly column: number;
}

export function toJsonRange({ start, end }: Span, lines: LineIndex): JsonRange {
  return { start: toJsonPosition(lines.positionAt(start)), end: toJsonPosition(lines.positionAt(end)) };
}

function toJsonPosition({ line, character }: Position): JsonPosition {
  return { line: line + 1, column: character + 1 };
}

export interface JsonFixes {
  readonly fixes: readonly {
    readonly title: string;
    readonly safety: Fix['safety'];
    readonly creates: readonly string[];
  }[];
  /** Why there is no fix, in sentences. */
  readonly refusals?: readonly string[];
}

export function toJsonFixes(place: Fixable, shown: (file: FilePath) => string): JsonFixes {
  const refusals = place.refusals();
  return {
    fixes: place.fixes().map(({ title, safety, edits }) => ({
      title,
      safety,
      creates: edits.flatMap((edit) => (edit.kind === 'create' ? [shown(edit.file)] : [])),
    })),
    ...(refusals.length > 0 && { refusals }),
  };
}
