import assert from 'node:assert/strict';
import { suppressionsFor } from '../../../server/src/engine/suppress-edit.ts';
import { applyFix, openTexts } from '../../support/rule-examples.ts';
import { everyChange } from './example-rules.ts';

const file = 'shop/migrations/0002_drops.py';
const [rule, other] = [everyChange('one-rule'), everyChange('other-rule')];

/** Accepts the finding of `one-rule`; answers the text after it, in which the rule has to be silent. */
async function accepted(text: string, words: 'here' | 'in this file'): Promise<string> {
  const texts = new Map([[file, text]]);
  const workspace = await openTexts(texts, [rule, other]);
  const finding = workspace.check(file).find((each) => each.rule === rule);
  const project = workspace.workspace.projectOf(file);
  const judged = project.migrationAt(file);
  assert.ok(finding !== undefined && judged !== undefined, text);
  const fixes = suppressionsFor(finding, judged.migration, project.source(judged.migration.id));
  const fix = fixes.find(({ title }) => title.endsWith(words));
  assert.ok(fix !== undefined);
  const after = applyFix(texts, fix);
  const left = (await openTexts(after, [rule, other])).check(file).map((each) => each.rule.name);
  assert.deepEqual([...new Set(left)], ['other-rule'], after.get(file));
  return after.get(file) ?? '';
}

function migration(operations: string): string {
  return `from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]
    operations = [
${operations}
    ]
`;
}

describe('accepting a finding', () => {
  it('writes a comment above the operation', async () => {
    const text = migration('        migrations.DeleteModel(\n            name="Tag",\n        ),');
    const expected = migration(
      '        # stepwise: ignore[one-rule]\n        migrations.DeleteModel(\n            name="Tag",\n        ),',
    );
    assert.equal(await accepted(text, 'here'), expected);
  });

  it('adds the rule to a comment that covers the operation already', async () => {
    const text = migration('        migrations.DeleteModel(name="Tag"),  # stepwise: ignore[third-rule] why');
    const expected = migration(
      '        migrations.DeleteModel(name="Tag"),  # stepwise: ignore[third-rule, one-rule] why',
    );
    assert.equal(await accepted(text, 'here'), expected);
  });

  it('never writes into a string', async () => {
    const text = migration('        migrations.RunSQL("""\n            SELECT 1\n        """),');
    assert.match(await accepted(text, 'here'), /\n {8}# stepwise: ignore\[one-rule\]\n {8}migrations\.RunSQL\("""\n/);
  });

  it('keeps the line breaks of the file', async () => {
    const text = migration('        migrations.DeleteModel(name="Tag"),').replaceAll('\n', '\r\n');
    assert.doesNotMatch(await accepted(text, 'here'), /(?<!\r)\n/);
  });

  it('in the whole file stands below an interpreter line and an encoding', async () => {
    const head = '#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n';
    const text = head + migration('        migrations.DeleteModel(name="Tag"),');
    const after = await accepted(text, 'in this file');
    assert.ok(after.startsWith(`${head}# stepwise: ignore-file[one-rule]\nfrom django`), after);
  });

  it('in the whole file is added to the comment that is there', async () => {
    const text = `# stepwise: ignore-file[third-rule]\n${migration('        migrations.DeleteModel(name="Tag"),')}`;
    assert.match(await accepted(text, 'in this file'), /^# stepwise: ignore-file\[third-rule, one-rule\]\n/);
  });
});
