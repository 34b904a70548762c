import type { Span } from '../base/span.ts';
import type { Module, StringExpression, StringPart } from './module.ts';
import type { Value } from './value.ts';

/** A stretch of a text that is put together from several. Side by side the pieces are the whole text. */
export type TextPiece = WrittenPiece | FilledPiece;

/** Stands in a literal. */
export interface WrittenPiece {
  readonly kind: 'written';
  readonly text: string;
  readonly slice: LiteralSlice;
}

/** A value that was filled into a field, a placeholder or beside a `+`. */
export interface FilledPiece {
  readonly kind: 'filled';
  /** `undefined` where the value is not known: a hole in the text. */
  readonly text: string | undefined;
  /** Where it is filled in. */
  readonly place: LiteralSlice | OperandPlace;
  readonly value: Value;
  /** Where in the printed value the piece begins. */
  readonly from: number;
  /** It is printed otherwise than by `str`: `{x!r}`, `%5d`. */
  readonly converted?: true;
  /** How it got into the text. */
  readonly by: 'field' | 'percent' | 'format' | 'join' | 'concatenation' | 'replacement';
}

/** `text.slice(start, end)` of the decoded text `part.literals[index]`. */
export interface LiteralSlice {
  readonly module: Module;
  readonly literal: StringExpression;
  readonly part: StringPart;
  readonly index: number;
  readonly start: number;
  readonly end: number;
}

export interface OperandPlace {
  readonly module: Module;
  readonly span: Span;
  /** The f-string that the span is a field of. */
  readonly literal: StringExpression | undefined;
}

/** What stands for a hole in {@link knownTextOf}: a character that no source text has any use for. */
export const holeCharacter = '\uFFFC';

export function isLiteralSlice(place: LiteralSlice | OperandPlace): place is LiteralSlice {
  return 'part' in place;
}

/** The text with one {@link holeCharacter} for each hole. */
export function knownTextOf(pieces: readonly TextPiece[]): string {
  return pieces.map((piece) => piece.text ?? holeCharacter).join('');
}

/** The pieces between two offsets of {@link knownTextOf}, cut where they reach beyond. */
export function cutPieces(pieces: readonly TextPiece[], start: number, end: number): readonly TextPiece[] {
  const cut: TextPiece[] = [];
  let position = 0;
  for (const piece of pieces) {
    const length = piece.text?.length ?? 1;
    const from = Math.max(start, position) - position;
    const to = Math.min(end, position + length) - position;
    if (from < to) cut.push(from === 0 && to === length ? piece : cutPiece(piece, from, to));
    position += length;
    if (position >= end) break;
  }
  return cut;
}

function cutPiece(piece: TextPiece, from: number, to: number): TextPiece {
  if (piece.kind === 'filled') {
    return { ...piece, text: piece.text?.slice(from, to), from: piece.from + from };
  }
  const { slice } = piece;
  return {
    ...piece,
    text: piece.text.slice(from, to),
    slice: { ...slice, start: slice.start + from, end: slice.start + to },
  };
}

/** What a match is replaced by; undefined keeps it. */
export type ReplaceMatch = (match: RegExpMatchArray, matched: readonly TextPiece[]) => readonly TextPiece[] | undefined;

/** The pieces with each match of a global pattern in their text replaced. */
export function replacePieces(
  pieces: readonly TextPiece[],
  pattern: RegExp,
  replace: ReplaceMatch,
): readonly TextPiece[] {
  const text = knownTextOf(pieces);
  const replaced: TextPiece[] = [];
  let position = 0;
  for (const match of text.matchAll(pattern)) {
    const end = match.index + match[0].length;
    const replacement = replace(match, cutPieces(pieces, match.index, end));
    if (replacement === undefined) continue;
    replaced.push(...cutPieces(pieces, position, match.index), ...replacement);
    position = end;
  }
  return position === 0 ? pieces : [...replaced, ...cutPieces(pieces, position, text.length)];
}
