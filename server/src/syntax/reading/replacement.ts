/** One region of a text that was replaced: it began at `start`, ended at `oldEnd` and ends at `newEnd` now. */
export interface Replacement {
  readonly start: number;
  readonly oldEnd: number;
  readonly newEnd: number;
}

/** The one region in which two texts differ; empty where they do not. */
export function replacementBetween(oldText: string, newText: string): Replacement {
  const shorter = Math.min(oldText.length, newText.length);
  let start = 0;
  while (start < shorter && oldText.charCodeAt(start) === newText.charCodeAt(start)) start++;
  let oldEnd = oldText.length;
  let newEnd = newText.length;
  while (oldEnd > start && newEnd > start && oldText.charCodeAt(oldEnd - 1) === newText.charCodeAt(newEnd - 1)) {
    oldEnd--;
    newEnd--;
  }
  return { start, oldEnd, newEnd };
}

/** The region that covers two replacements of which `next` was made in the text that `first` left. */
export function followedBy(first: Replacement, next: Replacement): Replacement {
  const grown = next.newEnd - next.oldEnd;
  return {
    start: Math.min(first.start, next.start),
    oldEnd: first.oldEnd + Math.max(0, next.oldEnd - first.newEnd),
    newEnd: Math.max(first.newEnd, next.oldEnd) + grown,
  };
}
