import { cutPieces, knownTextOf } from '../text-piece.ts';
import type { CallValue, FunctionValue, SequenceValue, Value } from '../value.ts';
import { isSequence } from '../values.ts';
import { printed } from './format-text.ts';
import { piecesOf, textOfPieces } from './text-value.ts';

const longest = 1000;

/** The result of a function of Python itself, where it is known; undefined where it is not or is another function. */
export function callBuiltin(call: CallValue): Value | undefined {
  if (call.partial || call.callee === undefined) return undefined;
  const [first] = call.positional;
  switch (call.callee) {
    case 'builtins.list':
    case 'builtins.tuple':
    case 'builtins.set':
      return toSequence(call, call.callee.slice('builtins.'.length) as SequenceValue['kind']);
    case 'builtins.dict':
      return toDictionary(call);
    case 'builtins.range':
      return range(call);
    case 'builtins.enumerate':
      return enumerated(call);
    case 'builtins.zip':
      return zipped(call);
    case 'builtins.reversed':
      return isWhole(first) ? sequence(call, 'list', first.items.toReversed()) : undefined;
    case 'builtins.len':
      return isWhole(first) ? number(call, first.items.length) : undefined;
    case 'builtins.str': {
      if (first?.kind === 'string') return first;
      const value = printed(first);
      return value === undefined ? undefined : { kind: 'string', at: call.at, module: call.module, value };
    }
    case 'functools.partial':
      return first?.kind === 'function' ? partial(call, first) : undefined;
    case 'textwrap.dedent':
      return first === undefined ? undefined : dedented(first, call);
    default:
      return undefined;
  }
}

/** A list, tuple or set of which every item is certain to be there. */
function isWhole(value: Value | undefined): value is SequenceValue {
  return isSequence(value) && !value.partial && !value.conditional && value.items.every((item) => !item.conditional);
}

function sequence(call: CallValue, kind: SequenceValue['kind'], items: readonly Value[]): SequenceValue {
  return { kind, at: call.at, module: call.module, items, partial: false };
}

function number(call: CallValue, value: number): Value {
  return { kind: 'number', at: call.at, module: call.module, value };
}

function toSequence(call: CallValue, kind: SequenceValue['kind']): Value | undefined {
  const [first] = call.positional;
  if (first === undefined) return sequence(call, kind, []);
  if (first.kind === 'dictionary' && !first.partial) {
    return sequence(
      call,
      kind,
      first.entries.map((entry) => entry.key),
    );
  }
  return isSequence(first) ? { ...first, kind } : undefined;
}

function toDictionary(call: CallValue): Value | undefined {
  const [first] = call.positional;
  if (first !== undefined && first.kind !== 'dictionary') return undefined;
  const named = [...call.keywords].map(([name, value]) => {
    const key: Value = { kind: 'string', at: value.at, module: value.module, value: name };
    return { key, value };
  });
  const kept = (first?.entries ?? []).filter(({ key }) => key.kind !== 'string' || !call.keywords.has(key.value));
  return {
    kind: 'dictionary',
    at: call.at,
    module: call.module,
    entries: [...kept, ...named],
    partial: first?.partial ?? false,
  };
}

function range(call: CallValue): Value | undefined {
  const bounds = call.positional.map((value) =>
    value.kind === 'number' && !value.conditional ? value.value : Number.NaN,
  );
  const [one = Number.NaN, other, step = 1] = bounds;
  const [start, end] = other === undefined ? [0, one] : [one, other];
  const count = Math.max(0, Math.ceil((end - start) / step));
  if (!(count <= longest) || step === 0) return undefined;
  const items = Array.from({ length: count }, (_, index) => number(call, start + index * step));
  return sequence(call, 'list', items);
}

function enumerated(call: CallValue): Value | undefined {
  const [items, start = call.keywords.get('start')] = call.positional;
  if (!isWhole(items) || (start !== undefined && start.kind !== 'number')) return undefined;
  const first = start?.value ?? 0;
  return sequence(
    call,
    'list',
    items.items.map((item, index) => sequence(call, 'tuple', [number(call, first + index), item])),
  );
}

function zipped(call: CallValue): Value | undefined {
  const columns = call.positional.filter(isWhole);
  if (columns.length !== call.positional.length || columns.length === 0) return undefined;
  const [shortest] = columns.map((column) => column.items).sort((one, other) => one.length - other.length);
  const rows = (shortest ?? []).map((_, index) => columns.flatMap((column) => column.items[index] ?? []));
  return sequence(
    call,
    'list',
    rows.map((row) => sequence(call, 'tuple', row)),
  );
}

/** `partial(function, a, b=c)` */
function partial(call: CallValue, called: FunctionValue): Value | undefined {
  const bound = new Map(called.bound);
  const free = called.definition.parameters.filter(({ name, form }) => form === 'plain' && !bound.has(name));
  const positional = call.positional.slice(1);
  if (positional.length > free.length) return undefined;
  positional.forEach((value, index) => {
    bound.set(free[index]?.name ?? '', value);
  });
  for (const [name, value] of call.keywords) bound.set(name, value);
  return { ...called, bound };
}

function dedented(value: Value, call: CallValue): Value | undefined {
  const pieces = value.conditional ? undefined : piecesOf(value);
  if (pieces === undefined) return undefined;
  const text = knownTextOf(pieces);
  const lines = [...text.matchAll(/([ \t]*)([^\n]*)(?:\n|$)/g)].filter(([line]) => line !== '');
  const margins = lines.flatMap(([, margin = '', rest = '']) => (rest === '' ? [] : [margin]));
  const margin = margins.reduce(commonStart, margins[0] ?? '').length;
  const kept = lines.flatMap(({ 0: line, 1: indent = '', 2: rest = '', index }) =>
    cutPieces(pieces, index + (rest === '' ? indent.length : margin), index + line.length),
  );
  const result = textOfPieces(kept, call.at, call.module);
  return result.kind === 'string' ? result : { ...call, pieces: kept };
}

function commonStart(one: string, other: string): string {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length++;
  return one.slice(0, length);
}
