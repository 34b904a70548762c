import { type Level, levels } from '../../server/src/base/level.ts';
import { editorOptions, type Option, pyprojectOptions } from '../../server/src/config/options.ts';
import type { Rule, RuleGroup } from '../../server/src/rules/rule.ts';
import { type Generator, withSection } from './generator.ts';
import { markdownTable } from './markdown-table.ts';

/** The tables of the README: all rules, and all that can be set. */
export const readmeTables: Generator = {
  name: 'the tables of the README',
  async generate(repository) {
    // Loaded late: the registry may just have been written.
    const { rules } = await import('../../server/src/rules/registry.ts');
    const readme = repository.read('README.md');
    if (readme === undefined) throw new Error('README.md is missing');
    const withRules = withSection(readme, 'rules', ruleTables(rules));
    const withProject = withSection(withRules, 'project options', optionTable(pyprojectOptions));
    return [{ path: 'README.md', text: withSection(withProject, 'editor settings', optionTable(editorOptions)) }];
  },
};

/** In the order in which they are worth reading; the type makes sure that none is forgotten. */
const groupOrder: Readonly<Record<RuleGroup, number>> = {
  'Data loss': 1,
  'Cannot be rolled back': 2,
  'Fails when it runs': 3,
  'Blocks a live table': 4,
  'Breaks the running release': 5,
  'Data migrations': 6,
  History: 7,
  Comments: 8,
};

function ruleTables(rules: readonly Rule[]): string {
  const groups = [...new Set(rules.map((rule) => rule.group))].sort((a, b) => groupOrder[a] - groupOrder[b]);
  const tables = groups.map((group) => {
    const rows = levels.flatMap((level) => rowsOf(rules, group, level));
    return `### ${group}\n\n${markdownTable(['Rule', 'Level', 'What it sees'], rows)}`;
  });
  return tables.join('\n\n');
}

function rowsOf(rules: readonly Rule[], group: RuleGroup, level: Level): readonly (readonly string[])[] {
  return rules
    .filter((rule) => rule.group === group && rule.level === level)
    .map((rule) => [`[\`${rule.name}\`](docs/rules/${rule.name}.md)`, rule.level, rule.summary]);
}

function optionTable(options: readonly Option[]): string {
  const rows = options.map((option) => [`\`${nameOf(option)}\``, `\`${option.example}\``, option.docs]);
  return markdownTable(['Name', 'Example', 'What it does'], rows);
}

function nameOf(option: Option): string {
  return option.where === 'editor' ? `stepwise.${option.name}` : option.name;
}
