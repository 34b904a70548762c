import assert from 'node:assert/strict';
import { unknownSuppression } from '../../../server/src/rules/unknown-suppression.ts';
import { unusedSuppression } from '../../../server/src/rules/unused-suppression.ts';
import { openTexts } from '../../support/rule-examples.ts';
import { everyChange } from './example-rules.ts';

const file = 'shop/migrations/0002_drops.py';
const rules = [everyChange('one-rule'), everyChange('other-rule'), unusedSuppression, unknownSuppression];

/** Checks a migration with the operations; answers `rule operation` for what is still reported. */
async function reported(body: string, head = ''): Promise<readonly string[]> {
  const text = `${head}from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]
${body}`;
  const workspace = await openTexts(new Map([[file, text]]), rules);
  return workspace.check(file).map(({ rule, span }) => `${rule.name} ${text.slice(span.start, span.end)}`);
}

async function checkSilenced(body: string, left: readonly string[], head = ''): Promise<void> {
  assert.deepEqual(await reported(body, head), left, body);
}

const both = ['one-rule "Tag"', 'other-rule "Tag"'];

describe('suppressions', () => {
  it('are needed: without them both rules speak', () =>
    checkSilenced('    operations = [migrations.DeleteModel(name="Tag")]\n', both));

  it('count behind an operation, on the line of its end or its beginning', async () => {
    await checkSilenced(
      `    operations = [
        migrations.DeleteModel(name="Tag"),  # stepwise: ignore[one-rule] why
        migrations.DeleteModel(name="Cart"),
    ]
`,
      ['other-rule "Tag"', 'one-rule "Cart"', 'other-rule "Cart"'],
    );
    await checkSilenced(
      `    operations = [
        migrations.DeleteModel(  # stepwise: ignore[one-rule]
            name="Tag",
        ),
    ]
`,
      ['other-rule "Tag"'],
    );
    await checkSilenced(
      `    operations = [
        migrations.DeleteModel(
            name="Tag",
        ),  # stepwise: ignore[one-rule]
    ]
`,
      ['other-rule "Tag"'],
    );
  });

  it('count above an operation, over other comments', () =>
    checkSilenced(
      `    operations = [
        # stepwise: ignore[one-rule] nobody uses it
        # It came with the first release.
        migrations.DeleteModel(name="Tag"),
        migrations.DeleteModel(name="Cart"),
    ]
`,
      ['other-rule "Tag"', 'one-rule "Cart"', 'other-rule "Cart"'],
    ));

  it('count inside an operation', () =>
    checkSilenced(
      `    operations = [
        migrations.DeleteModel(
            # stepwise: ignore[one-rule]
            name="Tag",
        ),
    ]
`,
      ['other-rule "Tag"'],
    ));

  it('inside a wrapper are about the operation that they stand at', () =>
    checkSilenced(
      `    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                # stepwise: ignore[one-rule]
                migrations.DeleteModel(name="Tag"),
                migrations.DeleteModel(name="Cart"),
            ],
        ),
    ]
`,
      ['other-rule "Tag"', 'one-rule "Cart"', 'other-rule "Cart"'],
    ));

  it('at the end of a list are about nothing', () =>
    checkSilenced(
      `    operations = [
        migrations.DeleteModel(name="Tag"),
        # stepwise: ignore[one-rule]
    ]
`,
      [...both, 'unused-suppression # stepwise: ignore[one-rule]'],
    ));

  it('name several rules', () =>
    checkSilenced(
      `    operations = [
        migrations.DeleteModel(name="Tag"),  # stepwise: ignore[one-rule, other-rule]
    ]
`,
      [],
    ));

  it('for the file count everywhere', () =>
    checkSilenced(
      `    operations = [
        migrations.DeleteModel(name="Tag"),
        migrations.DeleteModel(name="Cart"),
    ]
`,
      ['other-rule "Tag"', 'other-rule "Cart"'],
      '# stepwise: ignore-file[one-rule] an old story\n',
    ));

  it('are not looked for inside strings', () =>
    checkSilenced(
      '    operations = [migrations.DeleteModel(name="Tag")]\n    note = "# stepwise: ignore[one-rule]"\n',
      both,
    ));

  it('of which a part is unused are reported by that part', () =>
    checkSilenced(
      `    # stepwise: ignore[one-rule]
    operations = [
        migrations.AlterModelOptions(name="Tag", options={}),  # stepwise: ignore[one-rule, no-rule]
    ]
`,
      ['unused-suppression # stepwise: ignore[one-rule]', 'unused-suppression one-rule', 'unknown-suppression no-rule'],
    ));

  it('can themselves be accepted', () =>
    checkSilenced(
      '    operations = []  # stepwise: ignore[one-rule]\n',
      [],
      '# stepwise: ignore-file[unused-suppression]\n',
    ));

  it('of another linter accept the whole file', () =>
    checkSilenced(
      `    operations = [
        IgnoreMigration(),
        migrations.DeleteModel(name="Tag"),
    ]
`,
      [],
      'from django_migration_linter.operations import IgnoreMigration\n',
    ));
});

describe('unused suppressions', () => {
  it('are not known while the file is half-typed', () =>
    checkSilenced('    operations = [  # stepwise: ignore[one-rule]\n        migrations.DeleteModel(\n', []));
});
