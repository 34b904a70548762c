import { isEqual } from '../truth.ts';
import type { DictionaryValue, Value } from '../value.ts';

export type Entry = DictionaryValue['entries'][number];

/** Later entries replace earlier ones with an equal key; keys that are not known stay side by side. */
export function mergedEntries(entries: readonly Entry[]): readonly Entry[] {
  const merged: Entry[] = [];
  const places = new Map<string, number>();
  for (const entry of entries) {
    const identity = identityOf(entry.key);
    const place = identity === undefined ? undefined : places.get(identity);
    if (place !== undefined) {
      merged[place] = entry;
      continue;
    }
    if (identity !== undefined) places.set(identity, merged.length);
    merged.push(entry);
  }
  return merged;
}

function identityOf(key: Value): string | undefined {
  if (key.conditional) return undefined;
  if (key.kind === 'string') return `s${key.value}`;
  if (key.kind === 'number') return `n${key.value}`;
  return key.kind === 'constant' ? `c${key.value}` : undefined;
}

/** The dictionary with the entry; undefined where it cannot be told whether it replaces another. */
export function withEntry(dictionary: DictionaryValue, entry: Entry): DictionaryValue | undefined {
  const matches = dictionary.entries.map((each) => isEqual(each.key, entry.key));
  if (matches.includes(undefined)) return undefined;
  const index = matches.indexOf(true);
  if (index < 0) return { ...dictionary, entries: [...dictionary.entries, entry] };
  return { ...dictionary, entries: dictionary.entries.with(index, entry) };
}

/** The value under a key; undefined where it is not there or cannot be told. */
export function entryOf(dictionary: DictionaryValue, key: Value): Value | undefined {
  const matches = dictionary.entries.map((entry) => isEqual(entry.key, key));
  if (dictionary.partial || matches.includes(undefined)) return undefined;
  return dictionary.entries[matches.lastIndexOf(true)]?.value;
}
