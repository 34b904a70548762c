import assert from 'node:assert/strict';
import { rulesWithCounterpart } from '../../../server/src/engine/squawk-comments.ts';
import { rules } from '../../../server/src/rules/registry.ts';
import { openTexts } from '../../support/rule-examples.ts';
import { everyChange } from './example-rules.ts';

const file = 'shop/migrations/0002_sql.py';

/** Sends SQL in a migration; answers `rule statement` for what is still reported of its statements. */
async function reported(sql: string): Promise<readonly string[]> {
  const text = `from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]
    operations = [migrations.RunSQL("""
${sql}
""")]
`;
  const workspace = await openTexts(new Map([[file, text]]), [everyChange('drop-table'), everyChange('drop-column')]);
  const findings = workspace.check(file).filter(({ span }) => text.slice(span.start, span.end).startsWith('DROP'));
  return findings.map(({ rule, span }) => `${rule.name} ${text.slice(span.start, span.end)}`);
}

const ofB = ['drop-column DROP TABLE b', 'drop-table DROP TABLE b'];

describe('comments for Squawk', () => {
  it('accept what their rule has in common with one of ours, on their statement', async () => {
    const left = await reported('-- squawk-ignore ban-drop-table\nDROP TABLE a;\nDROP TABLE b;');
    assert.deepEqual(left, ['drop-column DROP TABLE a', ...ofB]);
  });

  it('name several rules, in any style of comment', async () => {
    const left = await reported('DROP TABLE /* squawk-ignore ban-drop-table, ban-drop-column */ a;\nDROP TABLE b;');
    assert.deepEqual(left, ofB);
  });

  it('accept everything where they name nothing', async () => {
    assert.deepEqual(await reported('-- squawk-ignore\nDROP TABLE a;\nDROP TABLE b;'), ofB);
  });

  it('can be about the whole text', async () => {
    const left = await reported('-- squawk-ignore-file ban-drop-table\nDROP TABLE a;\nDROP TABLE b;');
    assert.deepEqual(left, ['drop-column DROP TABLE a', 'drop-column DROP TABLE b']);
  });

  it('mean nothing where they name a rule without counterpart', async () => {
    const left = await reported('-- squawk-ignore prefer-text-field\nDROP TABLE b;');
    assert.deepEqual(left, ofB);
  });

  it('are about rules that exist', () => {
    const names = new Set(rules.map(({ name }) => name));
    assert.deepEqual(
      [...rulesWithCounterpart].filter((name) => !names.has(name)),
      [],
    );
  });
});
