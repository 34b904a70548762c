import { type Level, levels } from '../../server/src/base/level.ts';
import type { Rule } from '../../server/src/rules/rule.ts';
import { rulePage } from '../../server/src/rules/rule-page.ts';
import type { Generator } from './generator.ts';
import { markdownTable } from './markdown-table.ts';

const FOLDER = 'docs/rules';

/** The page of every rule: what the editor opens from a finding, and what `stepwise explain` prints; and their index. */
export const rulePages: Generator = {
  name: 'the pages of the rules',
  folder: FOLDER,
  async generate() {
    // Loaded late: the registry may just have been written.
    const { rules } = await import('../../server/src/rules/registry.ts');
    const pages = rules.map((rule) => ({ path: `${FOLDER}/${rule.name}.md`, text: rulePage(rule) }));
    return [...pages, { path: `${FOLDER}/README.md`, text: indexOf(rules) }];
  },
};

const meanings: Readonly<Record<Level, string>> = {
  critical: 'Every row or table is lost, or the migration fails on any table with rows.',
  high: 'A column is lost, a live table is blocked, or there is no way back.',
  medium: 'The running release breaks while a deploy lasts, or somebody should look before it.',
  low: 'Habits.',
};

function indexOf(rules: readonly Rule[]): string {
  const sections = levels.map((level) => {
    const rows = rules
      .filter((rule) => rule.level === level)
      .map(({ name, group, summary }) => [`[\`${name}\`](${name}.md)`, group, summary]);
    return `## ${level}\n\n${meanings[level]}\n\n${markdownTable(['Rule', 'What it is about', 'What it sees'], rows)}\n`;
  });
  return `# Rules by level\n\n${sections.join('\n')}`;
}
