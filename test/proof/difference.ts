import { strict as assert } from 'node:assert/strict';

/** How one list of lines is to differ from another; no difference where nothing is said. */
export interface Difference {
  readonly added?: readonly string[];
  readonly removed?: readonly string[];
}

/**
 * Asserts that `actual` is `baseline` with the declared difference, in any order, and says which lines are not.
 *
 * @param what completes «… differs»
 */
export function assertDifference(
  what: string,
  actual: readonly string[],
  baseline: readonly string[],
  { added = [], removed = [] }: Difference = {},
): void {
  const expected = new Set(baseline);
  for (const line of removed) {
    assert.ok(expected.delete(line), `${what}: the line declared as removed was never there: ${line}`);
  }
  for (const line of added) {
    assert.ok(!expected.has(line), `${what}: the line declared as added was there before: ${line}`);
    expected.add(line);
  }
  const found = new Set(actual);
  const lines = [
    ...actual.filter((line) => !expected.has(line)).map((line) => `+ ${line}`),
    ...[...expected].filter((line) => !found.has(line)).map((line) => `- ${line}`),
  ];
  if (lines.length === 0) return;
  assert.fail(`${what} differs (+ found, - missing):\n${lines.sort().join('\n')}`);
}
