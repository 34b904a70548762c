import type { Problem, RunnableRule } from '../rules/rule.ts';
import type { Change } from '../schema/change.ts';
import type { Migration } from '../schema/migration.ts';

/** For each rule of Squawk, a linter of SQL, the rules that say the same here. Its others have no counterpart. */
const counterparts: Readonly<Record<string, readonly string[]>> = {
  'adding-field-with-default': ['volatile-default', 'stored-generated-column'],
  'adding-foreign-key-constraint': ['validating-foreign-key'],
  'adding-not-nullable-field': ['set-not-null'],
  'adding-primary-key-constraint': ['blocking-primary-key', 'auto-increment-column'],
  'adding-required-field': ['not-null-without-default'],
  'adding-serial-primary-key-field': ['blocking-primary-key', 'auto-increment-column'],
  'ban-concurrent-index-creation-in-transaction': ['concurrent-in-transaction', 'concurrent-in-multi-statement'],
  'ban-disable-trigger': ['disabled-triggers'],
  'ban-drop-column': ['drop-column', 'drop-and-recreate-column'],
  'ban-drop-constraint': ['drop-constraint', 'drop-primary-key'],
  'ban-drop-database': ['drop-database'],
  'ban-drop-schema': ['drop-database'],
  'ban-drop-table': ['drop-table', 'drop-and-recreate-table'],
  'ban-truncate-cascade': ['truncate-table', 'drop-cascade'],
  'ban-uncommitted-transaction': ['transaction-control'],
  'changing-column-type': ['rewriting-type-change', 'narrowing-type-change'],
  'constraint-missing-not-valid': ['validating-check', 'validating-foreign-key', 'validate-in-same-transaction'],
  'disallowed-unique-constraint': ['blocking-unique'],
  'identifier-too-long': ['identifier-too-long'],
  'prefer-repack': ['table-maintenance'],
  'renaming-column': ['rename-column'],
  'renaming-table': ['rename-table'],
  'require-concurrent-index-creation': ['blocking-index'],
  'require-concurrent-index-deletion': ['blocking-index-drop'],
  'require-concurrent-partition-detach': ['blocking-partition-change'],
  'require-concurrent-reindex': ['blocking-reindex'],
  'require-timeout-settings': ['missing-lock-timeout'],
  'syntax-error': ['invalid-sql'],
  'transaction-nesting': ['transaction-control'],
};

export const rulesWithCounterpart: ReadonlySet<string> = new Set(Object.values(counterparts).flat());

const directive = /^(?:--|\/\*)\s*squawk-ignore(-file)?(?:\s+([^*]*?))?\s*(?:\*\/)?$/s;

interface Directive {
  readonly wholeText: boolean;
  /** Empty for all of them. */
  readonly rules: readonly string[];
}

/** Whether a comment that Squawk understands accepts a problem: on its statement, or for the text that it stands in. */
export function squawkCommentsOf({ forward }: Migration): (rule: RunnableRule, problem: Problem) => boolean {
  const commented = forward.filter(({ origin: { sql } }) => sql?.comments.some((comment) => directive.test(comment)));
  if (commented.length === 0) return () => false;
  return (rule, { cause }) => {
    if (cause?.origin.sql === undefined) return false;
    const accepts = ({ rules }: Directive): boolean =>
      rules.length === 0 || rules.some((name) => counterparts[name]?.includes(rule.name) === true);
    if (directivesOn(cause).some((each) => !each.wholeText && accepts(each))) return true;
    const ofText = commented.filter(({ origin }) => origin.call === cause.origin.call);
    return ofText.some((change) => directivesOn(change).some((each) => each.wholeText && accepts(each)));
  };
}

function directivesOn({ origin }: Change): readonly Directive[] {
  return (origin.sql?.comments ?? []).flatMap((comment) => {
    const match = directive.exec(comment);
    if (match === null) return [];
    return { wholeText: match[1] !== undefined, rules: (match[2] ?? '').split(/[\s,]+/).filter((name) => name !== '') };
  });
}
