import type { CallValue, DictionaryValue, StringValue, Value } from '../value.ts';
import { isSequence, unknownValue } from '../values.ts';
import { entryOf } from './entries.ts';
import { formatBraces, printed } from './format-text.ts';

/** The result of a method of a text, list or dictionary, where it is known; undefined for everything else. */
export function callMethod(receiver: Value, method: string, call: CallValue): Value | undefined {
  if (call.partial || receiver.conditional) return undefined;
  if (receiver.kind === 'string') return callTextMethod(receiver, method, call);
  if (receiver.kind === 'dictionary') return callDictionaryMethod(receiver, method, call);
  return isSequence(receiver) && method === 'copy' ? receiver : undefined;
}

function callTextMethod(receiver: StringValue, method: string, call: CallValue): Value | undefined {
  const value = textResult(receiver.value, method, call);
  return value === undefined ? undefined : { kind: 'string', at: call.at, module: call.module, value };
}

function textResult(text: string, method: string, call: CallValue): string | undefined {
  const [first, second] = call.positional;
  switch (method) {
    case 'format':
      return formatBraces(text, call.positional, call.keywords);
    case 'join':
      return joined(text, first);
    case 'lower':
      return text.toLowerCase();
    case 'upper':
      return text.toUpperCase();
    case 'strip':
      return first === undefined ? text.trim() : undefined;
    case 'replace':
      if (first?.kind !== 'string' || second?.kind !== 'string' || call.positional.length > 2) return undefined;
      return text.replaceAll(first.value, () => second.value);
    default:
      return undefined;
  }
}

function joined(separator: string, items: Value | undefined): string | undefined {
  if (!isSequence(items) || items.partial || items.conditional || items.kind === 'set') return undefined;
  const texts = items.items.map((item) => (item.kind === 'string' ? printed(item) : undefined));
  return texts.includes(undefined) ? undefined : texts.join(separator);
}

function callDictionaryMethod(receiver: DictionaryValue, method: string, call: CallValue): Value | undefined {
  const { at, module } = call;
  const list = (items: readonly Value[]): Value => ({ kind: 'list', at, module, items, partial: receiver.partial });
  switch (method) {
    case 'items':
      return list(
        receiver.entries.map(({ key, value }) => ({ kind: 'tuple', at, module, items: [key, value], partial: false })),
      );
    case 'keys':
      return list(receiver.entries.map((entry) => entry.key));
    case 'values':
      return list(receiver.entries.map((entry) => entry.value));
    case 'copy':
      return receiver;
    case 'get': {
      const [key, fallback] = call.positional;
      if (key === undefined || receiver.partial) return undefined;
      return entryOf(receiver, key) ?? (fallback && isAbsent(receiver, key) ? fallback : unknownValue(at, module));
    }
    default:
      return undefined;
  }
}

function isAbsent(dictionary: DictionaryValue, key: Value): boolean {
  return (
    key.kind === 'string' &&
    dictionary.entries.every((entry) => entry.key.kind === 'string' && entry.key.value !== key.value)
  );
}
