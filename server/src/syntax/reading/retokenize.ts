import { lineStartOf } from './indentation.ts';
import type { Replacement } from './replacement.ts';
import { addTokens, type TokenBuffer, tokenKind, tokensOf } from './token.ts';

/**
 * The tokens of a text after one region of it was replaced; `before` is used up. Only the region is looked at, up to
 * where a token begins that began there before: what follows can be no other.
 */
export function retokenized(before: TokenBuffer, text: string, { start, oldEnd, newEnd }: Replacement): TokenBuffer {
  const { kinds, starts, ends } = before;
  const moved = newEnd - oldEnd;
  const kept = keptCount(before, lineStartOf(text, start));
  let old = kept;
  const changed: TokenBuffer = { text, kinds: [], starts: [], ends: [] };
  addTokens(changed, kept === 0 ? 0 : (ends[kept - 1] ?? 0), (tokenStart) => {
    while (old < starts.length && (starts[old] ?? 0) + moved < tokenStart) old++;
    return tokenStart >= newEnd && (starts[old] ?? -1) + moved === tokenStart && (starts[old] ?? 0) >= oldEnd;
  });
  const reached = changed.ends.at(-1) ?? 0;
  if (changed.starts.length > mostChanged) return tokensOf(text);
  const isSame = (starts[old] ?? -1) >= oldEnd && (starts[old] ?? 0) + moved >= reached;
  const rest = isSame ? old : starts.length;
  for (let index = rest; index < starts.length; index++) {
    starts[index] = (starts[index] ?? 0) + moved;
    ends[index] = (ends[index] ?? 0) + moved;
  }
  kinds.splice(kept, rest - kept, ...changed.kinds);
  starts.splice(kept, rest - kept, ...changed.starts);
  ends.splice(kept, rest - kept, ...changed.ends);
  return { text, kinds, starts, ends };
}

/** More than this are not passed to a function at once. */
const mostChanged = 10_000;

/**
 * How many of the first tokens stay: where a token ends can depend on the rest of its line, and where a string is not
 * closed on everything behind it.
 */
function keptCount({ kinds, ends }: TokenBuffer, lineStart: number): number {
  const beforeLine = countWhere(ends, (end) => end < lineStart);
  const open = kinds.indexOf(tokenKind.openString);
  return open < 0 ? beforeLine : Math.min(open, beforeLine);
}

/** How many of the ascending numbers at the start of the list fulfil the condition. */
function countWhere(numbers: readonly number[], holds: (each: number) => boolean): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(numbers[middle] ?? 0)) low = middle + 1;
    else high = middle;
  }
  return low;
}
