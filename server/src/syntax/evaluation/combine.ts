import type { Expression, Module } from '../module.ts';
import type { SequenceValue, Value } from '../value.ts';
import { isSequence, unknownValue } from '../values.ts';
import { formatPercent } from './format-text.ts';

/** Longer texts and lists than this are not built. */
const longest = 100_000;

/** The value of `left operator right`, both known as far as they are. */
export function combine(left: Value, operator: string, right: Value, at: Expression, module: Module): Value {
  const unknown = unknownValue(at, module);
  if (left.conditional || right.conditional) return combineUncertain(left, operator, right, at, module);
  switch (operator) {
    case '+':
      return add(left, right, at, module) ?? unknown;
    case '%':
      return left.kind === 'string' ? textValue(formatPercent(left.value, right), at, module) : arithmetic();
    case '*':
      return repeat(left, right, at, module) ?? repeat(right, left, at, module) ?? arithmetic();
    case '|':
      return left.kind === 'dictionary' && right.kind === 'dictionary' ? unknown : arithmetic();
    default:
      return arithmetic();
  }

  function arithmetic(): Value {
    if (left.kind !== 'number' || right.kind !== 'number') return unknown;
    const value = calculate(left.value, operator, right.value);
    return value === undefined || !Number.isSafeInteger(value) ? unknown : { kind: 'number', at, module, value };
  }
}

/** Lists keep their items, of which the conditional ones say so themselves; anything else is unknown. */
function combineUncertain(left: Value, operator: string, right: Value, at: Expression, module: Module): Value {
  const unknown = unknownValue(at, module);
  if (operator !== '+' || !isSequence(left) || !isSequence(right)) return unknown;
  return add(left, right, at, module) ?? unknown;
}

function textValue(value: string | undefined, at: Expression, module: Module): Value {
  return value === undefined ? unknownValue(at, module) : { kind: 'string', at, module, value };
}

function add(left: Value, right: Value, at: Expression, module: Module): Value | undefined {
  if (left.kind === 'string' && right.kind === 'string') {
    return left.value.length + right.value.length > longest
      ? undefined
      : { kind: 'string', at, module, value: left.value + right.value };
  }
  if (left.kind === 'number' && right.kind === 'number') {
    const value = left.value + right.value;
    return Number.isSafeInteger(value) ? { kind: 'number', at, module, value } : undefined;
  }
  if (isSequence(left)) return isSequence(right) ? joined(left, right, at, module) : onlyPart(left, right, at, module);
  return isSequence(right) ? onlyPart(right, left, at, module) : undefined;
}

/** Python refuses to add a list to a tuple; `+=` on a list takes both. */
function joined(left: SequenceValue, right: SequenceValue, at: Expression, module: Module): Value | undefined {
  if (left.kind === 'set' || right.kind === 'set') return undefined;
  if (left.items.length + right.items.length > longest) return undefined;
  return {
    kind: left.kind,
    at,
    module,
    items: [...left.items, ...right.items],
    partial: left.partial || right.partial,
  };
}

function onlyPart(known: SequenceValue, other: Value, at: Expression, module: Module): Value | undefined {
  if (known.kind === 'set' || (other.kind !== 'unknown' && other.kind !== 'call' && other.kind !== 'reference')) {
    return undefined;
  }
  return { kind: known.kind, at, module, items: known.items, partial: true };
}

function repeat(value: Value, times: Value, at: Expression, module: Module): Value | undefined {
  if (times.kind !== 'number' || !Number.isInteger(times.value)) return undefined;
  const count = Math.max(0, times.value);
  if (value.kind === 'string') {
    if (value.value.length * count > longest) return undefined;
    return { kind: 'string', at, module, value: value.value.repeat(count) };
  }
  if ((value.kind !== 'list' && value.kind !== 'tuple') || value.items.length * count > 1000) return undefined;
  const items = Array.from({ length: count }, () => value.items).flat();
  return { kind: value.kind, at, module, items, partial: value.partial };
}

function calculate(left: number, operator: string, right: number): number | undefined {
  switch (operator) {
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '**':
      return right >= 0 ? left ** right : undefined;
    case '//':
      return right === 0 ? undefined : Math.floor(left / right);
    case '%':
      return right === 0 ? undefined : left - right * Math.floor(left / right);
    default:
      return undefined;
  }
}
