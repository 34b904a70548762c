import assert from 'node:assert/strict';
import { lineIndexOf } from '../../../server/src/base/line-index.ts';
import type { CheckedWorkspace } from '../../../server/src/engine/checked-workspace.ts';
import { rules } from '../../../server/src/rules/registry.ts';
import { readFiles } from '../../support/memory-files.ts';
import { owed, owing } from '../../support/owed.ts';
import { applyFix, openTexts } from '../../support/rule-examples.ts';

type Texts = ReadonlyMap<string, string>;

async function owedIn(texts: Texts): Promise<readonly string[]> {
  return stepsOf(await openTexts(texts, rules), texts);
}

function stepsOf(workspace: CheckedWorkspace, texts: Texts): readonly string[] {
  const steps = workspace.migrationFiles().flatMap((file) => workspace.offers(file));
  return steps
    .map(({ file, span, owed: message }) => ({
      file,
      line: lineIndexOf(texts.get(file) ?? '').positionAt(span.start).line + 1,
      message,
    }))
    .sort((one, other) => (one.file < other.file ? -1 : Number(one.file > other.file)) || one.line - other.line)
    .map(({ file, line, message }) => `${file}:${line} ${message}`);
}

describe('owed steps', () => {
  it('are what no migration has taken yet', async () => {
    assert.deepEqual(await owedIn(readFiles(owing)), owed);
  });

  it('are no longer owed once the migration is written that is offered', async () => {
    let texts: Texts = readFiles(owing);
    for (let left = owed.length; ; left--) {
      const workspace = await openTexts(texts, rules);
      const files = workspace.migrationFiles();
      assert.equal(stepsOf(workspace, texts).length, left);
      const [fix] = files.flatMap((file) => workspace.offers(file)).flatMap((step) => step.fixes());
      if (fix === undefined) break;
      texts = applyFix(texts, fix);
    }
    assert.deepEqual(await owedIn(texts), [owed[1]]);
    const names = [...texts.keys()].filter((file) => /000[5-9]/.test(file));
    assert.deepEqual(names, [
      'shop/migrations/0005_drop_order_note.py',
      'shop/migrations/0006_drop_code_set.py',
      'shop/migrations/0007_validate_total_positive.py',
      'shop/migrations/0008_validate_order_coupon_fk.py',
    ]);
    const severe = await findingsIn(texts, names);
    assert.deepEqual(severe, [], 'what the fixes wrote is dangerous itself');
  });

  it('do not count what another model or field has taken over, nor a check that the model asks for', async () => {
    const texts = new Map(readFiles(owing));
    texts.set('shop/models.py', 'class Order(models.Model):\n    class Meta:\n        constraints = ["code_set"]\n');
    texts.set('shop/migrations/0005_take_over.py', takesOver);
    assert.deepEqual(await owedIn(texts), owed.slice(3));
  });

  it('do not count the table of a model that has moved to another app under a name of its own', async () => {
    const texts = new Map(readFiles(owing));
    texts.set('sales/migrations/0001_initial.py', moves);
    assert.deepEqual(await owedIn(texts), [owed[0], ...owed.slice(2)]);
  });

  it('do not count constraints on a database that knows no NOT VALID', async () => {
    const texts = new Map(readFiles(owing));
    texts.set('pyproject.toml', '[tool.stepwise]\ndatabase = "sqlite"\n');
    const steps = await owedIn(texts);
    assert.deepEqual(
      steps.filter((step) => step.includes('validated')),
      [],
    );
  });
});

async function findingsIn(texts: Texts, files: readonly string[]): Promise<readonly string[]> {
  const workspace = await openTexts(texts, rules);
  const findings = files.flatMap((file) => workspace.check(file));
  return findings.filter(({ level }) => level === 'critical' || level === 'high').map(({ message }) => message);
}

const moves = `from django.db import migrations, models


def rename_table(apps, schema_editor):
    schema_editor.alter_db_table(apps.get_model("shop", "Coupon"), "shop_coupon", "sales_coupon")


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]
    run_before = [("shop", "0002_leave")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(rename_table, migrations.RunPython.noop)],
            state_operations=[
                migrations.CreateModel("Coupon", [("id", models.BigAutoField(primary_key=True))]),
            ],
        ),
    ]
`;

const takesOver = `from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0004_later")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="Discount",
                    fields=[("id", models.BigAutoField(primary_key=True))],
                    options={"db_table": "shop_coupon"},
                ),
                migrations.AddField("order", "remark", models.TextField(null=True, db_column="note")),
            ],
        ),
    ]
`;
