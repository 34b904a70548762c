import type { Expression } from '../syntax/module.ts';
import type { CallValue, Value } from '../syntax/value.ts';
import { isSequence } from '../syntax/values.ts';

export function textOf(value: Value | undefined): string | undefined {
  return value?.kind === 'string' ? value.value : undefined;
}

export function numberOf(value: Value | undefined): number | undefined {
  return value?.kind === 'number' ? value.value : undefined;
}

export function isNone(value: Value | undefined): boolean {
  return value?.kind === 'constant' && value.value === null;
}

/** What is written there, other than `None`; Django treats a missing argument and `None` alike nearly everywhere. */
export function given(value: Value | undefined): Value | undefined {
  return isNone(value) ? undefined : value;
}

/** The items of a list, tuple or set; none for anything else. */
export function itemsOf(value: Value | undefined): readonly Value[] {
  return isSequence(value) ? value.items : [];
}

/** Whether everything in a list, tuple or set is known. */
export function isWhole(value: Value | undefined): boolean {
  return value === undefined || isNone(value) || (isSequence(value) && !value.partial);
}

/** The strings of a list, tuple or set; what is not a string is left out. */
export function textsOf(value: Value | undefined): readonly string[] {
  return itemsOf(value).flatMap((item) => textOf(item) ?? []);
}

/**
 * Whether two values are the same as far as reading can tell. Two that cannot be told apart count as the same: a
 * change that nobody can name is not claimed.
 */
export function isSameValue(one: Value | undefined, other: Value | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  if (one.kind === 'unknown' || other.kind === 'unknown') return true;
  if (isSequence(one) && isSequence(other)) return areSameItems(one.items, other.items);
  switch (one.kind) {
    case 'string':
    case 'number':
    case 'constant':
      return other.kind === one.kind && one.value === other.value;
    case 'reference':
      return other.kind === 'reference' && one.name === other.name;
    case 'function':
      return other.kind === 'function' && functionNameOf(one) === functionNameOf(other);
    case 'class':
      return other.kind === 'class' && one.definition.name === other.definition.name;
    case 'call':
      return other.kind === 'call' && isSameCall(one, other);
    case 'dictionary':
      return other.kind === 'dictionary' && isSameDictionary(one, other);
    default:
      return false;
  }
}

function areSameItems(ones: readonly Value[], others: readonly Value[]): boolean {
  return ones.length === others.length && ones.every((item, index) => isSameValue(item, others[index]));
}

function isSameDictionary(
  one: Extract<Value, { kind: 'dictionary' }>,
  other: Extract<Value, { kind: 'dictionary' }>,
): boolean {
  if (one.entries.length !== other.entries.length) return false;
  return one.entries.every((entry, index) => {
    const match = other.entries[index];
    return match !== undefined && isSameValue(entry.key, match.key) && isSameValue(entry.value, match.value);
  });
}

function isSameCall(one: CallValue, other: CallValue): boolean {
  if (calleeNameOf(one) !== calleeNameOf(other)) return false;
  if (!areSameItems(one.positional, other.positional) || one.keywords.size !== other.keywords.size) return false;
  for (const [name, value] of one.keywords) {
    if (!isSameValue(value, other.keywords.get(name)) || !other.keywords.has(name)) return false;
  }
  return true;
}

function functionNameOf(value: Extract<Value, { kind: 'function' }>): string {
  return value.definition.kind === 'function' ? value.definition.name : 'lambda';
}

/** The last part of what is called: `CharField` of `models.CharField(…)`. */
export function calleeNameOf(call: CallValue): string {
  const name = call.callee ?? lastNameOf(call.at.callee);
  return name.slice(name.lastIndexOf('.') + 1);
}

function lastNameOf(expression: Expression): string {
  if (expression.kind === 'name' || expression.kind === 'attribute') return expression.name;
  return '';
}
