import assert from 'node:assert/strict';
import type { Level } from '../../../server/src/base/level.ts';
import { type CheckOptions, checkFile, type RuleFailure } from '../../../server/src/engine/check.ts';
import { effectsMemory } from '../../../server/src/engine/effects-memory.ts';
import { rulesWithPrecedence } from '../../../server/src/engine/precedence.ts';
import { rules as registry } from '../../../server/src/rules/registry.ts';
import type { Rule } from '../../../server/src/rules/rule.ts';
import { unusedSuppression } from '../../../server/src/rules/unused-suppression.ts';
import { openTexts } from '../../support/rule-examples.ts';
import { everyChange, testRule } from './example-rules.ts';

const file = 'shop/migrations/0002_drop.py';
const dropsTag = `from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]
    operations = [migrations.DeleteModel(name="Tag")]
`;

interface Settings {
  readonly levels?: Readonly<Record<string, Level | 'off'>>;
  readonly text?: string;
  readonly isIgnored?: boolean;
}

async function check(rules: readonly Rule[], { levels = {}, text = dropsTag, isIgnored = false }: Settings = {}) {
  const failures: RuleFailure[] = [];
  const options: CheckOptions = {
    rules,
    chosenLevel: (rule) => levels[rule],
    isIgnored: () => isIgnored,
    onRuleFailure: (failure) => void failures.push(failure),
    effects: effectsMemory(),
  };
  const { workspace } = await openTexts(new Map([[file, text]]), rules);
  const findings = checkFile(workspace.projectOf(file), file, options);
  return { failures, findings, said: findings.map(({ rule, level }) => `${level} ${rule.name}`) };
}

describe('a check', () => {
  it('reports at the level of the rule, of the problem, or that somebody chose, the last above all', async () => {
    const own = everyChange('own-level');
    const milder = everyChange('milder-problem', { level: 'low' });
    assert.deepEqual((await check([own, milder])).said, ['high own-level', 'low milder-problem']);
    const levels = { 'own-level': 'medium', 'milder-problem': 'critical' } as const;
    assert.deepEqual((await check([own, milder], { levels })).said, ['critical milder-problem', 'medium own-level']);
  });

  it('does not run a rule that is off, nor any on an ignored file', async () => {
    const throws = testRule('throws', () => {
      throw new Error('It ran.');
    });
    const off = await check([throws], { levels: { throws: 'off' } });
    assert.deepEqual([off.said, off.failures], [[], []]);
    const ignored = await check([throws], { isIgnored: true });
    assert.deepEqual([ignored.said, ignored.failures], [[], []]);
  });

  it('takes an end of the transaction that a block is refused for worse than one that is carried out', async () => {
    const rules = registry.filter(({ name }) => name === 'transaction-control');
    const text = (sql: string) =>
      dropsTag.replace(/operations = \[[\s\S]*$/, () => `operations = [migrations.RunSQL("${sql}", "")]\n`);
    const said = async (sql: string) => (await check(rules, { text: text(sql) })).said;
    assert.deepEqual(await said('DO $$ BEGIN COMMIT; END $$'), ['critical transaction-control']);
    assert.deepEqual(await said('COMMIT'), ['high transaction-control']);
  });

  it('is one level milder where it is not certain that a change happens', async () => {
    const text = dropsTag.replace(
      '    operations = [migrations.DeleteModel(name="Tag")]',
      '    operations = []\n    if unknown():\n        operations += [migrations.DeleteModel(name="Tag")]',
    );
    assert.deepEqual((await check([everyChange('rule')], { text })).said, ['medium rule']);
  });

  it('loses the findings of a rule that throws, and no other', async () => {
    const error = new Error('Unexpected.');
    const throws = testRule('throws', function* (migration) {
      yield { at: migration.at, message: 'Said before.' };
      throw error;
    });
    const { said, failures } = await check([throws, everyChange('works')]);
    assert.deepEqual(said, ['high works']);
    assert.deepEqual(failures, [{ rule: 'throws', file, error }]);
  });

  it('keeps a finding whose fixes cannot be computed', async () => {
    const error = new Error('No fix.');
    const fixes = () => {
      throw error;
    };
    const { findings, failures } = await check([everyChange('rule', { fixes })]);
    assert.deepEqual(findings[0]?.fixes(), []);
    assert.deepEqual(failures, [{ rule: 'rule', file, error }]);
  });

  it('says the same thing once', async () => {
    const twice = testRule('twice', (migration) => [
      { at: migration.at, message: 'The same.' },
      { at: migration.at, message: 'The same.' },
    ]);
    assert.deepEqual((await check([twice])).said, ['high twice']);
  });
});

describe('precedence', () => {
  it('lets one rule speak about one cause', async () => {
    const rules = [everyChange('drop-table'), everyChange('drop-and-recreate-table')];
    assert.deepEqual((await check(rules)).said, ['high drop-and-recreate-table']);
  });

  it('reaches the further changes that a problem covers', async () => {
    const covering = testRule('drop-and-recreate-table', function* ({ forward, at }) {
      yield { at, message: 'All of it.', covers: forward };
    });
    assert.deepEqual((await check([everyChange('drop-table'), covering])).said, ['high drop-and-recreate-table']);
  });

  it('leaves the field to the other where the stronger rule is off', async () => {
    const rules = [everyChange('drop-table'), everyChange('drop-and-recreate-table')];
    const levels = { 'drop-and-recreate-table': 'off' } as const;
    assert.deepEqual((await check(rules, { levels })).said, ['high drop-table']);
  });

  it('does not bring back what yielded when the stronger finding is accepted', async () => {
    const rules = [everyChange('drop-table'), everyChange('drop-and-recreate-table')];
    const text = dropsTag.replace(/\n$/, '  # stepwise: ignore[drop-and-recreate-table]\n');
    assert.deepEqual((await check(rules, { text })).said, []);
  });

  it('counts a comment about the rule that yielded as used', async () => {
    const rules = [everyChange('drop-table'), everyChange('drop-and-recreate-table'), unusedSuppression];
    const text = dropsTag.replace(/\n$/, '  # stepwise: ignore[drop-table]\n');
    assert.deepEqual((await check(rules, { text })).said, ['high drop-and-recreate-table']);
  });

  it('names rules that exist', () => {
    const names = registry.map(({ name }) => name);
    assert.deepEqual(
      rulesWithPrecedence().filter((name) => !names.includes(name)),
      [],
    );
  });
});
