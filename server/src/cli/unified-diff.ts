import { type DiffLine, diffLines } from '../base/line-diff.ts';

/**
 * The difference of two texts as `git apply` and `patch` read it.
 *
 * @param before `undefined` for a file that is created
 * @param after `undefined` for one that goes
 * @param path relative to where the patch is applied
 */
export function unifiedDiff(before: string | undefined, after: string | undefined, path: string): string {
  const from = before === undefined ? '/dev/null' : `a/${path}`;
  const to = after === undefined ? '/dev/null' : `b/${path}`;
  const hunks = hunksOf(diffLines(before ?? '', after ?? ''));
  return [`--- ${from}`, `+++ ${to}`, ...hunks].map((line) => `${line}\n`).join('');
}

const context = 3;
const noLineBreak = '\\ No newline at end of file';

function hunksOf(script: readonly DiffLine[]): readonly string[] {
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
function hunkRanges(script: readonly DiffLine[]): readonly { readonly first: number; readonly last: number }[] {
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
