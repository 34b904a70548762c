import { piecesOf } from '../syntax/evaluation/text-value.ts';
import type { Module } from '../syntax/module.ts';
import { type FilledPiece, isLiteralSlice, type TextPiece } from '../syntax/text-piece.ts';
import type { Value } from '../syntax/value.ts';
import {
  type Hole,
  placeOfSlice,
  type Root,
  type Segment,
  type SegmentPlace,
  type SqlText,
  type TextOf,
} from './literal-map.ts';
import { standInFor } from './stand-in.ts';

export interface SqlTextSetting {
  readonly textOf: TextOf;
  /** What a value that is not known is worth after all: the table behind `Order._meta.db_table`. */
  fill(value: Value): string | undefined;
}

/** Values inside one another deeper than this, and texts in more pieces, are not looked into. */
const deepest = 20;
const mostSegments = 10_000;

/**
 * The SQL that a value is, with stand-ins for what is not known of it; undefined for a value that is no text or of which
 * nothing is known.
 */
export function sqlTextOf(value: Value, setting: SqlTextSetting): SqlText | undefined {
  if (value.conditional === true) return undefined;
  const pieces = piecesOf(value);
  if (pieces === undefined || !pieces.some(({ text, kind }) => kind === 'written' || text !== undefined))
    return undefined;
  const segments: Segment[] = [];
  const holes: Hole[] = [];
  const text = append(pieces, [], 0);
  return { text, segments, holes, roots: rootsOf(value) };

  function append(all: readonly TextPiece[], outer: readonly SegmentPlace[], depth: number): string {
    const start = segments.at(-1)?.end ?? 0;
    let built = '';
    const add = (part: string, places: readonly SegmentPlace[]): void => {
      const from = start + built.length;
      if (part !== '') segments.push({ start: from, end: from + part.length, places });
      built += part;
    };
    for (const piece of all) {
      if (piece.kind === 'written') {
        add(piece.text, [placeOfSlice(piece.slice, setting.textOf), ...outer]);
        continue;
      }
      const places = [placeOf(piece), ...outer];
      const inner = innerPieces(piece, depth);
      if (inner !== undefined) {
        built += append(inner, places, depth + 1);
        continue;
      }
      const known = piece.text ?? (piece.converted === true ? undefined : setting.fill(piece.value));
      if (known !== undefined) add(known, places);
      else addHole(piece, places);
    }
    return built;

    function addHole(piece: FilledPiece, places: readonly SegmentPlace[]): void {
      const [place] = places;
      if (place === undefined) return;
      const standIn = standInFor(setting.textOf(place.module)?.slice(place.span.start, place.span.end) ?? '');
      const from = start + built.length;
      holes.push({ start: from, end: from + standIn.length, by: piece.by, module: place.module, at: place.span });
      add(standIn, places);
    }
  }

  function placeOf({ place }: FilledPiece): SegmentPlace {
    if (isLiteralSlice(place)) return { ...placeOfSlice(place, setting.textOf), exact: undefined };
    return { module: place.module, literal: place.literal, span: place.span, exact: undefined };
  }

  function innerPieces(piece: FilledPiece, depth: number): readonly TextPiece[] | undefined {
    const { converted, from, text: known, value: inner } = piece;
    if (converted === true || inner.conditional === true || depth >= deepest || segments.length > mostSegments)
      return undefined;
    const found = piecesOf(inner);
    const isWhole = known === undefined || (from === 0 && inner.kind === 'string' && inner.value === known);
    return isWhole && found !== undefined && isMoreThan(found, inner) ? found : undefined;
  }
}

/** A value that is written as one piece of itself is not taken apart any further. */
function isMoreThan(pieces: readonly TextPiece[], value: Value): boolean {
  return pieces.some((piece) => piece.kind === 'written' || piece.value !== value);
}

function rootsOf({ at, module, definedAt, via }: Value): readonly Root[] {
  const root = (place: { readonly at: { readonly span: Root['span'] }; readonly module: Module }): Root => ({
    module: place.module,
    span: place.at.span,
  });
  return [
    ...(definedAt === undefined ? [] : [root(definedAt)]),
    root({ at, module }),
    ...(via === undefined ? [] : [root(via)]),
  ];
}
