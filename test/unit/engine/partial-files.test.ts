import assert from 'node:assert/strict';
import { openCheckedWorkspace } from '../../../server/src/engine/checked-workspace.ts';
import { rules } from '../../../server/src/rules/registry.ts';
import { memoryFiles, readFiles } from '../../support/memory-files.ts';
import { pythonParser } from '../../support/python.ts';
import { loadedSqlParser } from '../../support/sql.ts';

const file = 'shop/migrations/0002_note.py';
const texts = readFiles(`
  # file: ${file}
  from django.db import migrations, models

  class Migration(migrations.Migration):
      dependencies = [("shop", "0001_initial")]
      operations = [migrations.AddField("order", "note", models.TextField(null=True))]
`);

async function rulesThatSpeak(sees: 'all' | 'open documents'): Promise<readonly string[]> {
  const workspace = openCheckedWorkspace({
    root: '',
    files: { ...memoryFiles(texts), ...(sees === 'all' ? {} : { isPartial: true }) },
    parser: await pythonParser(),
    sqlParser: await loadedSqlParser(),
    rules,
    onRuleFailure({ error }) {
      throw error;
    },
  });
  return workspace.check(file).map(({ rule }) => rule.name);
}

describe('files of which only the open ones are seen', () => {
  it('say nothing about what may be in the others: parents, settings', async () => {
    assert.deepEqual(await rulesThatSpeak('all'), ['unknown-parent', 'missing-lock-timeout']);
    assert.deepEqual(await rulesThatSpeak('open documents'), []);
  });
});
