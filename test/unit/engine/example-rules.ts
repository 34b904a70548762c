import type { Problem, Rule } from '../../../server/src/rules/rule.ts';

/** A rule for tests of the engine: only what it is told differs from one that says nothing. */
export function testRule(name: string, check: Rule['check'], more: Partial<Rule> = {}): Rule {
  return {
    name,
    level: 'high',
    group: 'Data loss',
    summary: 'A rule for tests.',
    docs: { whatHappens: '', whyItHurts: '', whatToDo: { django: '' }, whenItIsFine: '' },
    sources: [],
    check,
    examples: { bad: [], good: [] },
    ...more,
  };
}

/** Reports every change, at its own place and as its cause. */
export function everyChange(name: string, more: Partial<Problem> = {}): Rule {
  return testRule(name, function* (migration) {
    for (const change of migration.forward) {
      yield { at: change.at, message: `${change.kind}.`, cause: change, ...more };
    }
  });
}
