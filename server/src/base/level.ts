/** How bad it is when the finding comes true, worst first. Editors show error, warning, information and hint. */
export type Level = 'critical' | 'high' | 'medium' | 'low';

export const levels: readonly Level[] = ['critical', 'high', 'medium', 'low'];

/** Whether `level` is at least as bad as `threshold`. */
export function isAtLeast(level: Level, threshold: Level): boolean {
  return levels.indexOf(level) <= levels.indexOf(threshold);
}

/** One step milder; `low` stays `low`. */
export function milder(level: Level): Level {
  return levels[levels.indexOf(level) + 1] ?? 'low';
}

export function isLevel(value: unknown): value is Level {
  return (levels as readonly unknown[]).includes(value);
}
