/** `ShareRowExclusiveLock` → `SHARE ROW EXCLUSIVE`. A statement that only looks at a table locks it for nobody. */
export function modeOf(lock: string | undefined): string | undefined {
  if (lock === undefined || lock === 'AccessShareLock') return undefined;
  return lock
    .replace(/Lock$/, '')
    .replace(/(?<!^)(?=[A-Z])/g, ' ')
    .toUpperCase();
}
