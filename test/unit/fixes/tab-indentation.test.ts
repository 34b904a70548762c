import assert from 'node:assert/strict';
import { directModelImport } from '../../../server/src/rules/direct-model-import.ts';
import { irreversibleDowngrade } from '../../../server/src/rules/irreversible-downgrade.ts';
import type { Rule } from '../../../server/src/rules/rule.ts';
import { unbatchedDataMigration } from '../../../server/src/rules/unbatched-data-migration.ts';
import { applyFix, openExample } from '../../support/rule-examples.ts';
import { revisionText } from '../alembic/check-revision.ts';

const file = 'alembic/versions/bbbb_now.py';

const tabbed = (text: string): string => text.replaceAll(/^(?: {4})+/gm, (white) => white.replaceAll('    ', '\t'));

/** Every fix that a rule offers in a file, applied to it. */
async function written(rule: Rule, texts: ReadonlyMap<string, string>, path: string): Promise<readonly string[]> {
  const findings = (await openExample(texts, rule)).check(path).filter((finding) => finding.rule === rule);
  const fixes = findings.flatMap((finding) => finding.fixes()).filter((each) => 'edits' in each);
  return fixes.map((fix) => applyFix(texts, fix).get(path) ?? '');
}

/** The fix writes the same in a file with tabs, but with tabs. */
async function checkSame(
  rule: Rule,
  { path, spaced, others }: { path: string; spaced: string; others: Readonly<Record<string, string>> },
): Promise<void> {
  const all = (text: string) => new Map([...Object.entries(others), [path, text]]);
  const bySpaces = await written(rule, all(spaced), path);
  assert.ok(bySpaces.length > 0, 'no fix is offered');
  const byTabs = await written(rule, all(tabbed(spaced)), path);
  const indented = byTabs.map((text) => text.split('\n').filter((line) => line.startsWith(' ')));
  assert.deepEqual(indented.flat(), []);
  assert.deepEqual(byTabs, bySpaces.map(tabbed));
}

const first = revisionText(
  'aaaa',
  undefined,
  'op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("mood", sa.Text()))',
);

const steps = `op.drop_column("users", "mood")
with op.batch_alter_table("users") as batch_op:
    batch_op.add_column(sa.Column("a_rather_long_name_of_a_column", sa.Text(), server_default="nothing at all"))
with op.get_context().autocommit_block():
    op.create_index("ix_id", "users", ["id"], postgresql_concurrently=True)
op.create_index("ix_of_a_rather_long_name", "users", ["a_rather_long_name_of_a_column"], unique=False)`;

describe('a fix in a file that is indented with tabs', () => {
  const revisions: readonly (readonly [string, Rule, string])[] = [
    ['a downgrade', irreversibleDowngrade, revisionText('bbbb', 'aaaa', steps)],
    [
      'a downgrade on the line of its function',
      irreversibleDowngrade,
      revisionText('bbbb', 'aaaa', steps).replace('downgrade():\n    pass', 'downgrade(): pass'),
    ],
    [
      'a downgrade that is not there',
      irreversibleDowngrade,
      revisionText('bbbb', 'aaaa', steps).replace(/\n\n\ndef downgrade[\s\S]*/, '\n'),
    ],
  ];
  for (const [what, rule, spaced] of revisions) {
    it(`writes ${what} with tabs`, () =>
      checkSame(rule, { path: file, spaced, others: { 'alembic/versions/aaaa_users.py': first } }));
  }

  const initial = `from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[("id", models.BigAutoField(primary_key=True)), ("total", models.IntegerField(null=True))],
        ),
    ]
`;
  const loop = 'for order in Order.objects.all():\n        order.total = order.id\n        order.save()';
  const functions: readonly (readonly [string, Rule, string])[] = [
    [loop, unbatchedDataMigration, ''],
    ['Order.objects.all().update(total=0)', unbatchedDataMigration, ''],
    ['Order.objects.create()', directModelImport, 'from shop.models import Order\n'],
  ];
  for (const [body, rule, head] of functions) {
    it(`keeps the indentation of a data function: ${rule.name}, ${body.split('\n')[0]}`, async () => {
      const lookUp = head === '' ? '    Order = apps.get_model("shop", "Order")\n' : '';
      const spaced = `from django.db import migrations
${head}

def forwards(apps, schema_editor):
${lookUp}    ${body}


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]
    operations = [
        migrations.RunPython(forwards, migrations.RunPython.noop),
    ]
`;
      const path = 'shop/migrations/0002_now.py';
      const others = {
        'shop/migrations/0001_initial.py': initial,
        'shop/models.py':
          'from django.db import models\n\n\nclass Order(models.Model):\n    total = models.IntegerField(null=True)\n',
      };
      const [text] = await written(rule, new Map([...Object.entries(others), [path, tabbed(spaced)]]), path);
      assert.ok(text !== undefined, 'no fix is offered');
      const from = text.indexOf('def forwards');
      const lines = text.slice(from, text.indexOf('\n\n\n', from)).split('\n').slice(1);
      assert.deepEqual(
        lines.filter((line) => !line.startsWith('\t')),
        [],
      );
      assert.deepEqual(
        lines.filter((line) => /^\t* /.test(line)),
        [],
      );
    });
  }
});
