import type { RunnableRule } from '../rules/rule.ts';
import type { Change } from '../schema/change.ts';

/** The rules, laid out for checking one migration after the other. */
export interface RuleBook {
  readonly names: readonly string[];
  /** They judge what the others left of the suppressions. */
  readonly aboutComments: readonly RunnableRule[];
  /** Of the others, those that have something to look at among changes. */
  concerning(changes: readonly Change[]): readonly RunnableRule[];
}

const known = new WeakMap<readonly RunnableRule[], RuleBook>();

export function ruleBookOf(rules: readonly RunnableRule[]): RuleBook {
  const book = known.get(rules) ?? newRuleBook(rules);
  known.set(rules, book);
  return book;
}

function newRuleBook(rules: readonly RunnableRule[]): RuleBook {
  const others = rules.filter(({ group }) => group !== 'Comments');
  const byKinds = new Map<string, readonly RunnableRule[]>();
  return {
    names: rules.map(({ name }) => name),
    aboutComments: rules.filter(({ group }) => group === 'Comments'),
    concerning(changes) {
      const kinds = new Set(changes.map(({ kind }) => kind));
      const key = [...kinds].join(' ');
      const concerned =
        byKinds.get(key) ?? others.filter((rule) => rule.kinds?.some((kind) => kinds.has(kind)) ?? true);
      byKinds.set(key, concerned);
      return concerned;
    },
  };
}
