import type { Apart } from '../fixes/split-points.ts';
import type { Change } from '../schema/change.ts';
import { type TableName, tableKeyOf } from '../schema/table-name.ts';

/**
 * Where changes have to be parted so that those between two cuts are about few tables.
 *
 * @param tablesOf what a change is about; none for those that do not count
 */
export function tablesApart(
  changes: readonly Change[],
  tablesOf: (change: Change) => readonly TableName[],
  most: number,
): readonly Apart[] {
  const aparts: Apart[] = [];
  let names = new Set<string>();
  let last: Change | undefined;
  for (const step of stepsIn(changes)) {
    const own = step.flatMap(tablesOf).map(tableKeyOf);
    const [later] = step;
    if (last !== undefined && later !== undefined && new Set([...names, ...own]).size > most) {
      aparts.push({ earlier: last, later });
      names = new Set();
    }
    for (const name of own) names.add(name);
    last = step.at(-1);
  }
  return aparts;
}

/** The changes that nothing can stand between: those of an operation, or of a statement. */
function stepsIn(changes: readonly Change[]): readonly (readonly Change[])[] {
  const steps = new Map<number, Change[]>();
  for (const change of changes) {
    const { code, within, span } = change.origin;
    const { start } = code === undefined ? span : (within.at(-1)?.span ?? span);
    steps.set(start, [...(steps.get(start) ?? []), change]);
  }
  return [...steps.values()];
}
