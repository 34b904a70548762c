import { cutPieces, replacePieces, type TextPiece } from '../text-piece.ts';
import type { Value } from '../value.ts';
import { isSequence, unknownValue } from '../values.ts';
import { filled, piecesOf, placeOf } from './text-value.ts';

const conversion = /%(?:\((\w+)\))?([-#0 +]*(?:\d+|\*)?(?:\.\d+)?)?([a-zA-Z%])/g;

/** `template % right`, with holes for what is not known; undefined where Python would refuse or it is no text. */
export function formatPercent(template: Value, right: Value): readonly TextPiece[] | undefined {
  const pieces = piecesOf(template);
  if (pieces === undefined) return undefined;
  const positional = positionalOf(right);
  let next = 0;
  const result = replacePieces(pieces, conversion, ([, key, flags = '', type = ''], matched) => {
    if (type === '%') return cutPieces(matched, 0, 1);
    const value = key === undefined ? positional?.[next] : entryOf(right, key);
    if (key === undefined) next++;
    const piece = filled(value ?? right, placeOf(matched, template), 'percent');
    return [
      value !== undefined && isPlain(value, flags, type) ? piece : { ...piece, text: undefined, converted: true },
    ];
  });
  const isUsed = positional === undefined || right.kind === 'dictionary' || next === positional.length;
  return isUsed ? result : undefined;
}

/** The operands by position; undefined where a tuple of them may be hidden in what is not known. */
function positionalOf(right: Value): readonly Value[] | undefined {
  if (isSequence(right)) return right.kind === 'tuple' && !right.partial ? right.items : undefined;
  const isOne = right.kind === 'string' || right.kind === 'number' || right.kind === 'constant';
  return isOne || right.kind === 'dictionary' ? [right] : undefined;
}

function isPlain(value: Value, flags: string, type: string): boolean {
  return flags === '' && (type === 's' || (type === 'd' && value.kind === 'number'));
}

function entryOf(dictionary: Value, key: string): Value | undefined {
  if (dictionary.kind !== 'dictionary' || dictionary.partial) return undefined;
  return dictionary.entries.findLast((entry) => entry.key.kind === 'string' && entry.key.value === key)?.value;
}

const replacementField = /\{\{|\}\}|\{(\w*)(![rsa]|:[^{}]*|[.[][^{}]*)?\}|[{}]/g;

/** `template.format(…)`, with holes for what is not known; undefined where it is no text. */
export function formatBraces(
  template: Value,
  positional: readonly Value[],
  keywords: ReadonlyMap<string, Value>,
): readonly TextPiece[] | undefined {
  const pieces = piecesOf(template);
  if (pieces === undefined) return undefined;
  let next = 0;
  let isBalanced = true;
  const result = replacePieces(pieces, replacementField, ([match, key = '', form = ''], matched) => {
    if (match === '{{' || match === '}}') return cutPieces(matched, 0, 1);
    if (match === '{' || match === '}') isBalanced = false;
    const index = key === '' ? next++ : Number(key);
    const value = Number.isNaN(index) ? keywords.get(key) : positional[index];
    const piece = filled(value ?? notAtHand(template), placeOf(matched, template), 'format');
    const isPlain = value !== undefined && (form === '' || form === '!s');
    return [isPlain ? piece : { ...piece, text: undefined, converted: true }];
  });
  return isBalanced ? result : undefined;
}

/** An argument that stands in `*args`, of which nothing may be concluded. */
function notAtHand({ at: { span }, module }: Value): Value {
  return unknownValue({ kind: 'other', span, children: [] }, module);
}
