import type { TextEdit } from './text-edit.ts';

/** A line of one text or of both, with its line break, so that a changed line break is a change. */
export interface DiffLine {
  readonly sign: ' ' | '-' | '+';
  readonly text: string;
}

/** What turns one text into the other, line by line. */
export function diffLines(before: string, after: string): readonly DiffLine[] {
  return editScript(linesOf(before), linesOf(after));
}

/** The same as edits of the first text: each replaces whole lines. */
export function editsBetween(before: string, after: string): readonly TextEdit[] {
  const edits: { span: { start: number; end: number }; newText: string }[] = [];
  let offset = 0;
  for (const { sign, text } of diffLines(before, after)) {
    const length = sign === '+' ? 0 : text.length;
    if (sign !== ' ') {
      const last = edits.at(-1);
      const edit = last?.span.end === offset ? last : { span: { start: offset, end: offset }, newText: '' };
      if (edit !== last) edits.push(edit);
      edit.span.end += length;
      if (sign === '+') edit.newText += text;
    }
    offset += length;
  }
  return edits;
}

function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.split(/(?<=\n)/);
}

function editScript(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  const shorter = Math.min(before.length, after.length) - start;
  while (end < shorter && before.at(-1 - end) === after.at(-1 - end)) end++;
  const kept = (lines: readonly string[]): readonly DiffLine[] => lines.map((text) => ({ sign: ' ', text }));
  return [
    ...kept(before.slice(0, start)),
    ...changedLines(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...kept(before.slice(before.length - end)),
  ];
}

/** Above this many changed lines, all old ones are replaced by all new ones: still right, only longer. */
const mostChanges = 2000;

/** Myers' greedy search for the shortest script: its time and memory grow with what changed, not with the file. */
function changedLines(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
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
  const removed = before.map((text): DiffLine => ({ sign: '-', text }));
  return [...removed, ...after.map((text): DiffLine => ({ sign: '+', text }))];
}

/** The neighbor to come from: the one above adds a line, the one below removes one. */
function previousDiagonal(furthest: Int32Array, center: number, diagonal: number, changes: number): number {
  const below = furthest[center + diagonal - 1] ?? 0;
  const above = furthest[center + diagonal + 1] ?? 0;
  const adds = diagonal === -changes || (diagonal !== changes && below < above);
  return adds ? diagonal + 1 : diagonal - 1;
}

function backtrack(rounds: readonly Int32Array[], before: readonly string[], after: readonly string[]): DiffLine[] {
  const script: DiffLine[] = [];
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
