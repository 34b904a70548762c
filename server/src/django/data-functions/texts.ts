import { callBuiltin } from '../../syntax/evaluation/call-builtin.ts';
import { callMethod } from '../../syntax/evaluation/call-method.ts';
import { combine } from '../../syntax/evaluation/combine.ts';
import { piecesOf, textOfPieces } from '../../syntax/evaluation/text-value.ts';
import type { BinaryExpression, CallExpression, Expression, Module } from '../../syntax/module.ts';
import { cutPieces } from '../../syntax/text-piece.ts';
import type { CallValue, Value } from '../../syntax/value.ts';
import { placedAt, unknownValue } from '../../syntax/values.ts';
import { type Held, type HeldOf, listOf, unknown } from './held.ts';
import type { Arguments } from './reading.ts';
import type { CallPlace } from './write-methods.ts';

/** A text as far as it is known; unknown for everything else. */
export function heldText(value: Value): Held {
  if (value.kind === 'string') return { kind: 'text', text: value.value, value };
  return value.pieces?.some(({ text }) => text !== undefined) === true ? { kind: 'loose-text', value } : unknown;
}

/** What a held value is worth where the expression `at` stands for it. */
export function heldValue(held: Held, at: Expression, module: Module): Value {
  switch (held.kind) {
    case 'text':
      return held.value === undefined
        ? { kind: 'string', at, module, value: held.text }
        : placedAt(held.value, at, module);
    case 'loose-text':
      return placedAt(held.value, at, module);
    case 'number':
      return { kind: 'number', at, module, value: held.value };
    case 'constant':
      return { kind: 'constant', at, module, value: held.value };
    case 'list': {
      const written = at.kind === 'list' || at.kind === 'tuple' ? at.items : [];
      const items = held.items.map((item, index) => heldValue(item, written[index] ?? at, module));
      return { kind: at.kind === 'list' ? 'list' : 'tuple', at, module, items, partial: !held.isWhole };
    }
    case 'dictionary': {
      const entries = [...held.entries].map(([key, each]) => ({
        key: { kind: 'string', at, module, value: key } as const,
        value: heldValue(each, at, module),
      }));
      return { kind: 'dictionary', at, module, entries, partial: !held.isWhole };
    }
    default:
      return unknownValue(at, module);
  }
}

export function isText(held: Held): held is HeldOf<'text' | 'loose-text'> {
  return held.kind === 'text' || held.kind === 'loose-text';
}

/** `text + text`, `text % values`; undefined where there is no text in it. */
export function combinedText(
  at: BinaryExpression,
  [one, other]: readonly [Held, Held],
  module: Module,
): Held | undefined {
  const { operator, left, right } = at;
  const isOne = operator === '+' ? isText(one) || isText(other) : operator === '%' && isText(one);
  if (!isOne) return undefined;
  return heldText(combine(heldValue(one, left, module), operator, heldValue(other, right, module), at, module));
}

/** The result of a method of a text; undefined for methods that are not known. */
export function textMethod(
  receiver: HeldOf<'text' | 'loose-text'>,
  method: string,
  args: Arguments,
  { call, inside: { module } }: CallPlace,
): Held | undefined {
  const object = call.callee.kind === 'attribute' ? call.callee.object : call;
  const text = heldValue(receiver, object, module);
  if (method === 'split' || method === 'splitlines') return splitText(text, method, args, call, module);
  // A psycopg `Composed`, and bytes.
  if (method === 'as_string' || method === 'encode' || method === 'decode') return heldText(text);
  const result = callMethod(text, method, callValue(args, call, module));
  return result === undefined ? undefined : heldText(placedAt(result, call, module));
}

/** `textwrap.dedent(text)` */
export function dedented(args: Arguments, { call, inside: { module } }: CallPlace): Held {
  const result = callBuiltin({ ...callValue(args, call, module), callee: 'textwrap.dedent' });
  return result === undefined ? unknown : heldText(result);
}

/** A call of something that is not followed, with its arguments as far as they are known. */
export function callValue(args: Arguments, call: CallExpression, module: Module): CallValue {
  const written = (index: number): Expression => call.arguments[index]?.value ?? call;
  const named = (name: string): Expression => call.arguments.find((each) => each.name === name)?.value ?? call;
  return {
    kind: 'call',
    at: call,
    module,
    callee: undefined,
    called: undefined,
    receiver: undefined,
    positional: args.positional.map((held, index) => heldValue(held, written(index), module)),
    keywords: new Map([...args.keywords].map(([name, held]) => [name, heldValue(held, named(name), module)])),
    partial: args.isPartial,
  };
}

function splitText(
  value: Value,
  method: 'split' | 'splitlines',
  { positional: [separator] }: Arguments,
  call: CallExpression,
  module: Module,
): Held {
  const pieces = piecesOf(value);
  if (value.kind !== 'string' || pieces === undefined) return unknown;
  const given = separator?.kind === 'text' ? separator.text : '';
  const between = method === 'splitlines' ? '\n' : given;
  if (between === '') return listOf([], false);
  const parts: Held[] = [];
  let start = 0;
  for (const part of value.value.split(between)) {
    const end = start + part.length;
    parts.push(heldText(textOfPieces(cutPieces(pieces, start, end), call, module)));
    start = end + between.length;
  }
  return listOf(parts, true);
}
