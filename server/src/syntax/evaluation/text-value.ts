import type { Expression, Module, StringExpression } from '../module.ts';
import type { FilledPiece, LiteralSlice, OperandPlace, TextPiece } from '../text-piece.ts';
import type { Value } from '../value.ts';
import { unknownValue } from '../values.ts';
import { printed } from './format-text.ts';

/** Longer texts than this are not built. */
const longestText = 100_000;

/** A text made of pieces: known where all of them are. */
export function textOfPieces(pieces: readonly TextPiece[], at: Expression, module: Module): Value {
  const value = wholeText(pieces);
  if (value !== undefined && value.length > longestText) return unknownValue(at, module);
  return value === undefined ? { ...unknownValue(at, module), pieces } : { kind: 'string', at, module, value, pieces };
}

/** The text of the pieces; undefined where a piece is not known. */
export function wholeText(pieces: readonly TextPiece[]): string | undefined {
  let text = '';
  for (const piece of pieces) {
    if (piece.text === undefined) return undefined;
    text += piece.text;
  }
  return text;
}

/**
 * What a text is made of, down to the literals; undefined for what is no text. A text that is written elsewhere keeps
 * the places where it is written.
 */
export function piecesOf(value: Value): readonly TextPiece[] | undefined {
  if (value.pieces !== undefined) return value.pieces;
  if (value.kind !== 'string') return undefined;
  const { at: written, module } = value.definedAt ?? value;
  if (written.kind === 'string' && written.value === value.value) return literalPieces(written, module);
  return [filled(value, { module: value.module, span: value.at.span, literal: undefined }, 'concatenation')];
}

function literalPieces(literal: StringExpression, module: Module): readonly TextPiece[] {
  return literal.parts.flatMap((part): readonly TextPiece[] => {
    const text = part.literals[0] ?? '';
    return text === '' ? [] : [writtenPiece(text, { module, literal, part, index: 0, start: 0, end: text.length })];
  });
}

export function writtenPiece(text: string, slice: LiteralSlice): TextPiece {
  return { kind: 'written', text, slice };
}

/** What stands beside a `+` or in a joined list: a literal is taken apart, a name stays one piece. */
export function operandPieces(value: Value, by: FilledPiece['by']): readonly TextPiece[] {
  const isNamed = value.definedAt !== undefined || value.via !== undefined || value.conditional === true;
  const pieces = isNamed ? undefined : piecesOf(value);
  return pieces ?? [filled(value, { module: value.module, span: value.at.span, literal: undefined }, by)];
}

/** The value as it is printed in the middle of a text. */
export function filled(value: Value, place: LiteralSlice | OperandPlace, by: FilledPiece['by']): FilledPiece {
  return { kind: 'filled', text: printed(value), place, value, from: 0, by };
}

/** The place of what a placeholder in `template` stands for: the placeholder itself, where it is written as one. */
export function placeOf(matched: readonly TextPiece[], template: Value): LiteralSlice | OperandPlace {
  const [first, second] = matched;
  if (first?.kind === 'written' && second === undefined) return first.slice;
  return { module: template.module, span: template.at.span, literal: undefined };
}
