import { quotedText } from '../../database/quoted-names.ts';
import type { Value } from '../../syntax/value.ts';
import { literalOf } from '../column-defaults.ts';
import type { Field } from '../field.ts';
import { numberOf, textOf } from '../values.ts';

/** A value that a field is compared with, as PostgreSQL is sent it; `undefined` where that cannot be told. */
export function comparedLiteral(value: Value, field: Field): string | undefined {
  // What is compared with a key depends on the model that it points to.
  if (!field.relation) return literalOf(value, field, 'postgresql');
  return textOf(value) === undefined ? numberOf(value)?.toString() : undefined;
}

/** A value that stands for itself: a text or a number. */
export function plainLiteral(value: Value): string | undefined {
  const text = textOf(value);
  if (text !== undefined) return quotedText(text);
  if (value.kind === 'constant' && value.value !== '...') return value.value === null ? 'NULL' : String(value.value);
  return numberOf(value)?.toString();
}
