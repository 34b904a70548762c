import type { CallExpression, Expression, SubscriptExpression } from '../module.ts';
import { type Lazy, lazy } from '../scope.ts';
import type { DictionaryValue, SequenceValue, Value } from '../value.ts';
import { isSequence, unknownValue } from '../values.ts';
import { mergedEntries, withEntry } from './entries.ts';
import { bind, bindMutated, type Environment } from './environment.ts';
import type { Frame } from './frame.ts';

/** Methods that leave a list or dictionary as it is. */
const readers = new Set(['copy', 'count', 'get', 'index', 'items', 'keys', 'values']);

/** `x.append(…)`, `x.extend(…)` and the like as a statement; other calls bind nothing. */
export function bindMutation(expression: Expression, environment: Environment, frame: Frame): Environment {
  if (expression.kind !== 'call' || expression.callee.kind !== 'attribute') return environment;
  const { object, name: method } = expression.callee;
  if (object.kind !== 'name' || readers.has(method)) return environment;
  const before = frame.lazily(object, environment);
  const values = expression.arguments.map((argument) => frame.lazily(argument.value, environment));
  const unknown = unknownValue(object, frame.module);
  const after = lazy((trace) => {
    const value = before(trace);
    if (!isSequence(value) && value.kind !== 'dictionary') return value;
    const isPlain = expression.arguments.every((argument) => argument.form === 'plain' && argument.name === undefined);
    const given = values.map((each) => each(trace));
    if (!isPlain || expression.broken) return { ...value, partial: true };
    return (isSequence(value) ? mutated(value, method, given, expression) : merged(value, method, given)) ?? unknown;
  }, unknown);
  return bindMutated(environment, object.name, after);
}

/** The list after the method; undefined where that cannot be told. */
function mutated(
  list: SequenceValue,
  method: string,
  [first, second]: readonly Value[],
  call: CallExpression,
): Value | undefined {
  if (first === undefined || call.arguments.length > 2) return undefined;
  if (method === 'append' && list.kind === 'list') return { ...list, items: [...list.items, first] };
  if (method === 'add' && list.kind === 'set') return { ...list, items: [...list.items, first] };
  if (method === 'extend') return extended(list, first);
  if (method !== 'insert' || first.kind !== 'number' || second === undefined) return undefined;
  if (list.partial || list.items.some((item) => item.conditional)) return undefined;
  const index = first.value < 0 ? Math.max(0, list.items.length + first.value) : first.value;
  return { ...list, items: [...list.items.slice(0, index), second, ...list.items.slice(index)] };
}

function extended(list: SequenceValue, added: Value): Value {
  if (!isSequence(added)) return { ...list, partial: true };
  return { ...list, items: [...list.items, ...added.items], partial: list.partial || added.partial };
}

function merged(dictionary: DictionaryValue, method: string, [first]: readonly Value[]): Value | undefined {
  if (method !== 'update' || first?.kind !== 'dictionary') return undefined;
  const entries = mergedEntries([...dictionary.entries, ...first.entries]);
  return { ...dictionary, entries, partial: dictionary.partial || first.partial };
}

/** `x[key] = value` */
export function bindSubscript(
  environment: Environment,
  target: SubscriptExpression,
  value: Lazy,
  frame: Frame,
): Environment {
  const { object, index } = target;
  if (object.kind !== 'name') return environment;
  const before = frame.lazily(object, environment);
  const [first] = index;
  const unknown = unknownValue(object, frame.module);
  if (first === undefined || target.isSlice) return bind(environment, object.name, () => unknown);
  const key = frame.lazily(first, environment);
  const after = lazy((trace) => {
    const dictionary = before(trace);
    if (dictionary.kind !== 'dictionary') return unknown;
    return withEntry(dictionary, { key: key(trace), value: value(trace) }) ?? unknown;
  }, unknown);
  return bind(environment, object.name, after);
}
