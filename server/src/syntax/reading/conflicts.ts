import type { Span } from '../../base/span.ts';

/** What stands between the markers of merge conflicts, markers included, and the text without it. */
export interface WithoutConflicts {
  /** As long as the original: conflicts are blank, line breaks stay. */
  readonly text: string;
  readonly conflicts: readonly Span[];
}

const marker = /^<{7} .*\n([\s\S]*?)^(?:\|{7}.*\n[\s\S]*?^)?={7}\r?\n[\s\S]*?^>{7} .*$/gm;

/**
 * Takes both sides of a conflict out; where that would take an opening bracket from its closing one, the first side
 * stays, since the rest of the file needs one of them.
 */
export function withoutConflicts(text: string): WithoutConflicts {
  if (!text.includes('<<<<<<< ')) return { text, conflicts: [] };
  const conflicts: Span[] = [];
  const masked = text.replace(marker, (match: string, first: string, offset: number) => {
    conflicts.push({ start: offset, end: offset + match.length });
    const firstStart = match.indexOf('\n') + 1;
    if (isBalanced(first)) return blank(match);
    const firstEnd = firstStart + first.length;
    return blank(match.slice(0, firstStart)) + first + blank(match.slice(firstEnd));
  });
  return { text: masked, conflicts };
}

function blank(text: string): string {
  return text.replace(/[^\r\n]/g, ' ');
}

function isBalanced(text: string): boolean {
  let depth = 0;
  for (const character of text) {
    if ('([{'.includes(character)) depth++;
    else if (')]}'.includes(character) && --depth < 0) return false;
  }
  return depth === 0 && !/^(?:class|def|async|if|for|with|try)\b.*:\s*$/m.test(text);
}
