import type { Expression, Module } from '../module.ts';
import type { SequenceValue, Value } from '../value.ts';
import { isSequence, unknownValue } from '../values.ts';
import { formatPercent } from './fill-text.ts';
import { joinedPath } from './paths.ts';
import { operandPieces, textOfPieces } from './text-value.ts';

/** Longer lists, and texts of repeated ones, are not built. */
const longest = 100_000;

/** The value of `left operator right`, both known as far as they are. */
export function combine(left: Value, operator: string, right: Value, at: Expression, module: Module): Value {
  const unknown = unknownValue(at, module);
  const text = combineTexts(left, operator, right, at, module);
  if (text !== undefined) return text;
  if (operator === '/') return joinedPath(left, right, at, module) ?? unknown;
  if (left.conditional || right.conditional) return combineUncertain(left, operator, right, at, module);
  switch (operator) {
    case '+':
      return add(left, right, at, module) ?? unknown;
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

/** `text + text`, `text % values`, as far as the parts are known; undefined for what is no text. */
function combineTexts(left: Value, operator: string, right: Value, at: Expression, module: Module): Value | undefined {
  if (operator === '%' && isText(left)) {
    const pieces = left.conditional === true ? undefined : formatPercent(left, right);
    return pieces === undefined ? unknownValue(at, module) : textOfPieces(pieces, at, module);
  }
  if (operator !== '+' || !(isText(left) || isText(right))) return undefined;
  if (!(mayBeText(left) && mayBeText(right))) return unknownValue(at, module);
  const pieces = [...operandPieces(left, 'concatenation'), ...operandPieces(right, 'concatenation')];
  return textOfPieces(pieces, at, module);
}

function isText(value: Value): boolean {
  return value.kind === 'string' || value.pieces !== undefined;
}

function mayBeText(value: Value): boolean {
  return isText(value) || value.kind === 'unknown' || value.kind === 'call' || value.kind === 'reference';
}

/** Lists keep their items, of which the conditional ones say so themselves; anything else is unknown. */
function combineUncertain(left: Value, operator: string, right: Value, at: Expression, module: Module): Value {
  const unknown = unknownValue(at, module);
  if (operator !== '+' || !isSequence(left) || !isSequence(right)) return unknown;
  return add(left, right, at, module) ?? unknown;
}

function add(left: Value, right: Value, at: Expression, module: Module): Value | undefined {
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
