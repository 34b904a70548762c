/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length > 1 ? `${words.slice(0, -1).join(', ')} and ${last}` : last;
}

/** The same, with the last ones only counted where there are more than `most`: `a, b and 4 more tables`. */
export function listedUpTo(most: number, words: readonly string[], noun: string): string {
  if (words.length <= most) return listed(words);
  return listed([...words.slice(0, most - 1), `${words.length - most + 1} more ${noun}`.trimEnd()]);
}
