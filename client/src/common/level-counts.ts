import type { LevelCounts } from '../../../server/src/lsp/protocol.ts';

/** «2 critical, 1 high», worst first and without zeros; an empty string when there is nothing. */
export function describedCounts(counts: LevelCounts): string {
  const parts = [
    [counts.critical, 'critical'],
    [counts.high, 'high'],
    [counts.medium, 'medium'],
    [counts.low, 'low'],
  ] as const;
  return parts
    .filter(([count]) => count > 0)
    .map(([count, level]) => `${count} ${level}`)
    .join(', ');
}

/** «1 migration», «2 migrations». */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
