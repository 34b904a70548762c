import type { Expression, Module, StringExpression, StringPart } from '../module.ts';
import type { TextPiece } from '../text-piece.ts';
import type { Value } from '../value.ts';
import { unknownValue } from '../values.ts';
import { filled, textOfPieces, writtenPiece } from './text-value.ts';

/** Literals side by side, with the fields of f-strings filled in where they are known. */
export function textOfLiterals(
  expression: StringExpression,
  module: Module,
  worth: (field: Expression) => Value,
): Value {
  if (expression.value !== undefined) return { kind: 'string', at: expression, module, value: expression.value };
  const pieces: TextPiece[] = [];
  for (const part of expression.parts) {
    for (const [index, text] of part.literals.entries()) {
      const field = index === 0 ? undefined : part.fields[index - 1];
      if (text === undefined) return unknownValue(expression, module);
      if (field !== undefined) pieces.push(fieldPiece(field, worth(field.value), expression, module));
      if (text === '') continue;
      pieces.push(writtenPiece(text, { module, literal: expression, part, index, start: 0, end: text.length }));
    }
  }
  return textOfPieces(pieces, expression, module);
}

function fieldPiece(
  field: StringPart['fields'][number],
  value: Value,
  literal: StringExpression,
  module: Module,
): TextPiece {
  const piece = filled(value, { module, span: field.span, literal }, 'field');
  return field.suffix === '' || field.suffix === '!s' ? piece : { ...piece, text: undefined, converted: true };
}
