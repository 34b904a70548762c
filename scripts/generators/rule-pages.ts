import { rulePage } from '../../server/src/rules/rule-page.ts';
import type { Generator } from './generator.ts';

const FOLDER = 'docs/rules';

/** The page of every rule: what the editor opens from a finding, and what `stepwise explain` prints. */
export const rulePages: Generator = {
  name: 'the pages of the rules',
  folder: FOLDER,
  async generate() {
    // Loaded late: the registry may just have been written.
    const { rules } = await import('../../server/src/rules/registry.ts');
    return rules.map((rule) => ({ path: `${FOLDER}/${rule.name}.md`, text: rulePage(rule) }));
  },
};
