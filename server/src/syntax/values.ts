import type { Expression, Module, NameExpression } from './module.ts';
import type { DictionaryValue, Place, SequenceValue, UnknownValue, Value } from './value.ts';

export function unknownValue(at: Expression, module: Module): UnknownValue {
  return { kind: 'unknown', at, module };
}

/** The expression that stands for a name which is bound by a statement rather than used: an import, a parameter. */
export function nameAt(name: string, span: Expression['span']): NameExpression {
  return { kind: 'name', span, name };
}

export function isSequence(value: Value | undefined): value is SequenceValue {
  return value?.kind === 'list' || value?.kind === 'tuple' || value?.kind === 'set';
}

/** The value as it is where `place` names it. */
export function placedAt(value: Value, at: Expression, module: Module): Value {
  if (value.at === at) return value;
  const via: Place = { at, module };
  if (value.kind === 'call') return { ...value, via };
  const definedAt = value.definedAt ?? { at: value.at, module: value.module };
  if (isSequence(value)) {
    return { ...value, at, module, definedAt, items: value.items.map((item) => ({ ...item, via })) };
  }
  return { ...value, at, module, definedAt };
}

export function conditionally(value: Value): Value {
  if (value.conditional) return value;
  if (isSequence(value)) return { ...value, conditional: true, items: value.items.map(conditionally) };
  return { ...value, conditional: true };
}

/** A list or dictionary of which only some is known; anything else that may have changed is unknown. */
export function partially(value: Value): Value {
  if (isSequence(value) || value.kind === 'dictionary') return { ...value, partial: true };
  return unknownValue(value.at, value.module);
}

/** What a name is worth after two ways of which only one is taken; undefined where the name is not bound. */
export function either(one: Value | undefined, other: Value | undefined): Value | undefined {
  if (one === undefined || other === undefined) {
    const only = one ?? other;
    return only === undefined ? undefined : conditionally(only);
  }
  if (one === other || isSameScalar(one, other)) return one;
  if (isSequence(one) && one.kind === other.kind) return eitherSequence(one, other);
  if (one.kind === 'dictionary' && other.kind === 'dictionary') return eitherDictionary(one, other);
  return unknownValue(one.at, one.module);
}

function eitherSequence(one: SequenceValue, other: SequenceValue): SequenceValue {
  let common = 0;
  while (common < one.items.length && isSameItem(one.items[common], other.items[common])) common++;
  const rest = [...one.items.slice(common), ...other.items.slice(common)].map(conditionally);
  return { ...one, items: [...one.items.slice(0, common), ...rest], partial: one.partial || other.partial };
}

function isSameItem(one: Value | undefined, other: Value | undefined): boolean {
  return one !== undefined && other !== undefined && one.at === other.at && one.kind === other.kind;
}

function eitherDictionary(one: DictionaryValue, other: DictionaryValue): Value {
  const same = one.entries.filter((entry) => other.entries.includes(entry));
  return { ...one, entries: same, partial: true };
}

function isSameScalar(one: Value, other: Value): boolean {
  if (one.kind === 'string' || one.kind === 'number' || one.kind === 'constant') {
    return one.kind === other.kind && one.value === other.value;
  }
  return one.kind === 'reference' && other.kind === 'reference' && one.name === other.name;
}
