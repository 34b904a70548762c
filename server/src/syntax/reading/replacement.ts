import type { Replacement } from './earlier.ts';

/** The one region in which two texts differ; empty where they do not. */
export function replacementBetween(oldText: string, newText: string): Replacement {
  const shorter = Math.min(oldText.length, newText.length);
  let start = 0;
  while (start < shorter && oldText.charCodeAt(start) === newText.charCodeAt(start)) start++;
  let end = 0;
  while (
    end < shorter - start &&
    oldText.charCodeAt(oldText.length - 1 - end) === newText.charCodeAt(newText.length - 1 - end)
  ) {
    end++;
  }
  return { start, oldEnd: oldText.length - end, newEnd: newText.length - end };
}
