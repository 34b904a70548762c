import type { Problem, RunnableRule } from '../rules/rule.ts';
import type { Change } from '../schema/change.ts';

/** One cause, one finding: where a rule and one of those it outranks see the same change, only the former speaks. */
const outranked: ReadonlyMap<string, readonly string[]> = new Map([
  [
    'drop-and-recreate-table',
    ['drop-table', 'drop-column', 'not-null-without-default', 'unguarded-destructive-revision'],
  ],
  ['drop-and-recreate-column', ['drop-column', 'not-null-without-default', 'unguarded-destructive-revision']],
  ['delete-all-rows', ['unguarded-destructive-revision']],
  ['drop-cascade', ['unguarded-destructive-revision']],
  ['drop-column', ['unguarded-destructive-revision']],
  ['drop-table', ['unguarded-destructive-revision']],
  ['auto-increment-column', ['blocking-primary-key', 'not-null-without-default']],
  ['blocking-unique', ['blocking-index']],
  ['rename-table', ['rename-column']],
  ['rewriting-type-change', ['blocking-index', 'validating-foreign-key']],
  ['narrowing-type-change', ['rewriting-type-change']],
  ['set-not-null', ['narrowing-type-change', 'rewriting-type-change', 'validating-foreign-key']],
  ['overwrite-all-rows', ['unbatched-data-migration']],
  [
    'concurrent-in-multi-statement',
    ['concurrent-in-transaction', 'mixed-concurrent-migration', 'unsafe-concurrent-retry'],
  ],
  [
    'concurrent-in-transaction',
    [
      'mixed-concurrent-migration',
      'unsafe-concurrent-retry',
      'validate-in-same-transaction',
      'work-under-exclusive-lock',
    ],
  ],
  ['mixed-concurrent-migration', ['unsafe-concurrent-retry']],
  ['validate-in-same-transaction', ['work-under-exclusive-lock']],
  ['work-under-exclusive-lock', ['mixed-schema-and-data']],
  ['truncate-table', ['delete-all-rows', 'drop-cascade', 'unguarded-destructive-revision']],
  ['sql-string-interpolation', ['opaque-operation']],
  ['pending-trigger-events', ['mixed-schema-and-data']],
  ['unique-with-shared-default', ['blocking-unique', 'blocking-index']],
  ['drop-database', ['drop-cascade', 'unguarded-destructive-revision']],
  ['many-tables-locked', ['oversized-migration']],
  ['drop-primary-key', ['blocking-primary-key', 'drop-constraint']],
  [
    'invalid-sql',
    [
      'blocking-index',
      'blocking-index-drop',
      'blocking-primary-key',
      'blocking-unique',
      'drop-column',
      'drop-constraint',
      'drop-primary-key',
      'drop-table',
      'narrowing-type-change',
      'not-null-without-default',
      'rename-column',
      'rename-table',
      'rewriting-type-change',
      'set-not-null',
      'unguarded-destructive-revision',
      'validating-check',
      'validating-foreign-key',
    ],
  ],
  ['unnamed-constraint', ['drop-constraint', 'opaque-operation']],
]);

/** Both sides of every pair of the table: a test holds them against the registry. */
export function rulesWithPrecedence(): readonly string[] {
  return [...new Set([...outranked].flatMap(([winner, losers]) => [winner, ...losers]))];
}

interface RuleProblem {
  readonly rule: RunnableRule;
  readonly problem: Problem;
}

/** Splits off the problems whose cause another rule explains better. */
export function applyPrecedence<P extends RuleProblem>(
  problems: readonly P[],
): { readonly kept: readonly P[]; readonly yielded: readonly P[] } {
  const explained = new Map<Change, Set<string>>();
  for (const { rule, problem } of problems) {
    if (!outranked.has(rule.name)) continue;
    for (const change of causesOf(problem)) {
      const names = explained.get(change) ?? new Set();
      for (const name of outranked.get(rule.name) ?? []) names.add(name);
      explained.set(change, names);
    }
  }
  const yields = ({ rule, problem }: P) => problem.cause !== undefined && explained.get(problem.cause)?.has(rule.name);
  return { kept: problems.filter((each) => !yields(each)), yielded: problems.filter(yields) };
}

function causesOf({ cause, covers = [] }: Problem): readonly Change[] {
  return cause === undefined ? covers : [cause, ...covers];
}
