import { nearestName } from '../base/nearest-name.ts';

/**
 * Whether two names are likely to mean one thing: one is a part of the other, word by word, or they differ by a few
 * letters. `payer` and `payer_name` do, `is_gift` and `is_open` do not.
 */
export function isSimilarName(one: string, other: string): boolean {
  const wordsOfOne = wordsOf(one);
  const wordsOfOther = wordsOf(other);
  if (wordsOfOne.length === 0 || wordsOfOther.length === 0) return false;
  if (wordsOfOne.every((word) => wordsOfOther.includes(word))) return true;
  if (wordsOfOther.every((word) => wordsOfOne.includes(word))) return true;
  return one.length > 3 && nearestName(one, [other]) !== undefined;
}

/** How much of two names is the same, word by word: 1 where all of it is, 0 where nothing is. */
export function sharedWords(one: string, other: string): number {
  const words = new Set(wordsOf(one));
  const others = new Set(wordsOf(other));
  const all = new Set([...words, ...others]).size;
  return all === 0 ? 0 : (words.size + others.size - all) / all;
}

function wordsOf(name: string): readonly string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split('_')
    .filter((word) => word !== '' && word !== 'id');
}
