import { piecesOf } from '../syntax/evaluation/text-value.ts';
import type { StringPart } from '../syntax/module.ts';
import { isNumberPlaceholder, isNumberSuffix } from '../syntax/number-format.ts';
import { type FilledPiece, isLiteralSlice, type TextPiece } from '../syntax/text-piece.ts';
import type { Place, Value } from '../syntax/value.ts';
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

/** Values inside one another deeper than this, and those of a text in more segments, are not taken apart. */
const deepest = 20;
const mostSegments = 10_000;

/**
 * The SQL that a value is, with stand-ins for what is not known of it; undefined for a value that is no text or of which
 * nothing is known.
 */
export function sqlTextOf(value: Value, setting: SqlTextSetting): SqlText | undefined {
  const pieces = value.conditional === true ? undefined : piecesOf(value);
  if (pieces === undefined || pieces.every(({ text }) => text === undefined)) return undefined;
  const building: Building = { setting, text: '', segments: [], holes: [] };
  append(pieces, [], building, 0);
  const { text, segments, holes } = building;
  return { text, segments, holes, roots: rootsOf(value) };
}

/** SQL that stands in a file of its own: no part of it has a place in a Python file. */
export function sqlTextOfFile(text: string): SqlText {
  return { text, segments: [], holes: [], roots: [] };
}

interface Building {
  readonly setting: SqlTextSetting;
  text: string;
  readonly segments: Segment[];
  readonly holes: Hole[];
}

/** @param outer where the value that the pieces make is filled in, the innermost place first */
function append(pieces: readonly TextPiece[], outer: readonly SegmentPlace[], building: Building, depth: number): void {
  const { textOf } = building.setting;
  for (const piece of pieces) {
    if (piece.kind === 'written') addSegment(piece.text, [placeOfSlice(piece.slice, textOf), ...outer], building);
    else appendFilled(piece, [placeOf(piece, textOf), ...outer], building, depth);
  }
}

function appendFilled(piece: FilledPiece, places: readonly SegmentPlace[], building: Building, depth: number): void {
  const inner = innerPieces(piece, building, depth);
  if (inner !== undefined) {
    append(inner, places, building, depth + 1);
    return;
  }
  const known = piece.text ?? (piece.converted === true ? undefined : building.setting.fill(piece.value));
  if (known === undefined) addHole(piece, places, building);
  else addSegment(known, places, building, readFromOf(piece));
}

/** What a file holds is printed as it is. */
function readFromOf({ text, value, from, converted }: FilledPiece): Segment['readFrom'] {
  const isRead = text !== undefined && converted !== true && value.kind === 'string' && value.readFrom !== undefined;
  return isRead ? { file: value.readFrom, offset: from } : undefined;
}

function addSegment(
  text: string,
  places: readonly SegmentPlace[],
  building: Building,
  readFrom?: Segment['readFrom'],
): void {
  if (text === '') return;
  const start = building.text.length;
  building.text += text;
  const segment: Segment = { start, end: building.text.length, places };
  building.segments.push(readFrom === undefined ? segment : { ...segment, readFrom });
}

function addHole(piece: FilledPiece, places: readonly SegmentPlace[], building: Building): void {
  const [place] = places;
  if (place === undefined) return;
  const { by } = piece;
  const { module, span } = place;
  const written = building.setting.textOf(module)?.slice(span.start, span.end) ?? '';
  const standIn = standInFor(written);
  const start = building.text.length;
  building.holes.push({
    start,
    end: start + standIn.length,
    by,
    module,
    at: span,
    filled: filledBy(piece),
    isNumber: isPrintedAsNumber(piece, written),
  });
  addSegment(standIn, places, building);
}

/** The whole of what a field holds: of `a if b else c` the value may be that of a part. */
function filledBy(piece: FilledPiece): Place {
  const field = fieldOf(piece);
  const { at, module } = piece.value;
  return field === undefined ? { at, module } : { at: field.value, module: piece.place.module };
}

function isPrintedAsNumber(piece: FilledPiece, written: string): boolean {
  if (piece.by === 'field') return isNumberSuffix(fieldOf(piece)?.suffix ?? '');
  return (piece.by === 'percent' || piece.by === 'format') && isNumberPlaceholder(written);
}

function fieldOf({ place }: FilledPiece): StringPart['fields'][number] | undefined {
  if (isLiteralSlice(place)) return undefined;
  const fields = place.literal?.parts.flatMap((part) => part.fields) ?? [];
  return fields.find(({ span }) => span.start === place.span.start);
}

function placeOf({ place }: FilledPiece, textOf: TextOf): SegmentPlace {
  if (isLiteralSlice(place)) return { ...placeOfSlice(place, textOf), exact: undefined };
  return { module: place.module, literal: place.literal, span: place.span, exact: undefined };
}

/** What the value itself is put together from, where it is filled in as a whole. */
function innerPieces(piece: FilledPiece, { segments }: Building, depth: number): readonly TextPiece[] | undefined {
  const { converted, from, text, value } = piece;
  if (converted === true || value.conditional === true || depth >= deepest) return undefined;
  const isWhole = text === undefined || (from === 0 && value.kind === 'string' && value.value === text);
  if (!isWhole || segments.length > mostSegments) return undefined;
  // A value that is made of nothing but itself is not taken apart any further.
  return piecesOf(value)?.some((each) => each.kind === 'written' || each.value !== value) ? piecesOf(value) : undefined;
}

function rootsOf({ at, module, definedAt, via }: Value): readonly Root[] {
  const places = [definedAt, { at, module }, via].filter((place) => place !== undefined);
  return places.map((place): Root => ({ module: place.module, span: place.at.span }));
}
