/**
 * The difference of two texts as `git apply` and `patch` read it.
 *
 * @param paths relative to where the patch is applied; `undefined` for a file that is created
 */
export function unifiedDiff(before: string | undefined, after: string, path: string): string {
  const from = before === undefined ? '/dev/null' : `a/${path}`;
  const hunks = hunksOf(editScript(linesOf(before ?? ''), linesOf(after)));
  return [`--- ${from}`, `+++ b/${path}`, ...hunks].map((line) => `${line}\n`).join('');
}

interface Line {
  readonly sign: ' ' | '-' | '+';
  readonly text: string;
}

const context = 3;
const noLineBreak = '\\ No newline at end of file';

/** Lines with their line breaks, so that a changed line break is a change. */
function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.split(/(?<=\n)/);
}

function editScript(before: readonly string[], after: readonly string[]): readonly Line[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  const shorter = Math.min(before.length, after.length) - start;
  while (end < shorter && before.at(-1 - end) === after.at(-1 - end)) end++;
  const kept = (lines: readonly string[]): readonly Line[] => lines.map((text) => ({ sign: ' ', text }));
  return [
    ...kept(before.slice(0, start)),
    ...changedLines(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...kept(before.slice(before.length - end)),
  ];
}

/** Above this many changed lines, all old ones are replaced by all new ones: still right, only longer. */
const mostChanges = 2000;

/** Myers' greedy search for the shortest script: its time and memory grow with what changed, not with the file. */
function changedLines(before: readonly string[], after: readonly string[]): readonly Line[] {
  const limit = Math.min(mostChanges, before.length + after.length);
  // How far into `before` one gets on each diagonal (position in `before` minus position in `after`).
  const furthest = new Int32Array(2 * limit + 3);
  const center = limit + 1;
  const rounds: Int32Array[] = [];
  for (let changes = 0; changes <= limit; changes++) {
    rounds.push(furthest.slice(center - changes - 1, center + changes + 2));
    for (let diagonal = -changes; diagonal <= changes; diagonal += 2) {
      const from = previousDiagonal(furthest, center, diagonal, changes);
      let old = (furthest[center + from] ?? 0) + (from < diagonal ? 1 : 0);
      while (old < before.length && old - diagonal < after.length && before[old] === after[old - diagonal]) old++;
      furthest[center + diagonal] = old;
      if (old >= before.length && old - diagonal >= after.length) return backtrack(rounds, before, after);
    }
  }
  const removed = before.map((text): Line => ({ sign: '-', text }));
  return [...removed, ...after.map((text): Line => ({ sign: '+', text }))];
}

/** The neighbor to come from: the one above adds a line, the one below removes one. */
function previousDiagonal(furthest: Int32Array, center: number, diagonal: number, changes: number): number {
  const below = furthest[center + diagonal - 1] ?? 0;
  const above = furthest[center + diagonal + 1] ?? 0;
  const adds = diagonal === -changes || (diagonal !== changes && below < above);
  return adds ? diagonal + 1 : diagonal - 1;
}

function backtrack(rounds: readonly Int32Array[], before: readonly string[], after: readonly string[]): Line[] {
  const script: Line[] = [];
  let old = before.length;
  let added = after.length;
  for (let changes = rounds.length - 1; changes >= 0; changes--) {
    const furthest = rounds[changes] ?? new Int32Array();
    const center = changes + 1;
    const from = previousDiagonal(furthest, center, old - added, changes);
    const fromOld = furthest[center + from] ?? 0;
    const fromAdded = fromOld - from;
    for (; old > fromOld && added > fromAdded; old--, added--) script.push({ sign: ' ', text: before[old - 1] ?? '' });
    if (changes === 0) break;
    if (old === fromOld) script.push({ sign: '+', text: after[fromAdded] ?? '' });
    else script.push({ sign: '-', text: before[fromOld] ?? '' });
    old = fromOld;
    added = fromAdded;
  }
  return script.reverse();
}

function hunksOf(script: readonly Line[]): readonly string[] {
  const output: string[] = [];
  let oldLine = 1;
  let newLine = 1;
  let index = 0;
  for (const { first, last } of hunkRanges(script)) {
    for (; index < first; index++) {
      oldLine++;
      newLine++;
    }
    const hunk = script.slice(first, last + 1);
    const oldCount = hunk.filter(({ sign }) => sign !== '+').length;
    const newCount = hunk.filter(({ sign }) => sign !== '-').length;
    output.push(`@@ -${rangeText(oldLine, oldCount)} +${rangeText(newLine, newCount)} @@`);
    for (const { sign, text } of hunk) {
      output.push(sign + text.replace(/\n$/, ''));
      if (!text.endsWith('\n')) output.push(noLineBreak);
    }
    oldLine += oldCount;
    newLine += newCount;
    index = last + 1;
  }
  return output;
}

/** An empty range names the line before it. */
function rangeText(line: number, count: number): string {
  return count === 1 ? String(line) : `${count === 0 ? line - 1 : line},${count}`;
}

/** Changes with their context; those whose contexts meet are one hunk. */
function hunkRanges(script: readonly Line[]): readonly { readonly first: number; readonly last: number }[] {
  const ranges: { first: number; last: number }[] = [];
  for (const [index, { sign }] of script.entries()) {
    if (sign === ' ') continue;
    const first = Math.max(0, index - context);
    const last = Math.min(script.length - 1, index + context);
    const previous = ranges.at(-1);
    if (previous !== undefined && first <= previous.last + 1) previous.last = last;
    else ranges.push({ first, last });
  }
  return ranges;
}
