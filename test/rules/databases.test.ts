import assert from 'node:assert/strict';
import type { DatabaseKind } from '../../server/src/base/target.ts';
import { rules } from '../../server/src/rules/registry.ts';
import { exampleProject, openTexts } from '../support/rule-examples.ts';

const databases: readonly DatabaseKind[] = ['postgresql', 'mysql', 'mariadb', 'sqlite', 'oracle'];

/** Examples that say nothing about the database. */
const projects = rules.flatMap(({ examples }) =>
  examples.bad
    .filter(({ settings }) => settings?.includes('database') !== true)
    .map((example) => ({ ...exampleProject(example), settings: example.settings ?? '' })),
);

describe('rules about some databases', () => {
  for (const database of databases) {
    it(`are silent on ${database} where they are about others`, async () => {
      const told = new Set<string>();
      for (const { texts, checked, settings } of projects) {
        const pyproject = `[tool.stepwise]\n${settings}\ndatabase = "${database}"\n`;
        const workspace = await openTexts(new Map([...texts, ['pyproject.toml', pyproject]]), rules);
        for (const { rule } of workspace.check(checked)) told.add(rule.name);
      }
      const known = rules.filter((rule) => rule.databases?.includes(database) !== false).map(({ name }) => name);
      const outside = [...told].filter((name) => !known.includes(name));
      assert.deepEqual(outside, []);
      assert(told.has('drop-column') && told.has('delete-all-rows'), 'data is lost on every database');
    });
  }
});
