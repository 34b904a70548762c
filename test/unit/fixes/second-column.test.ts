import assert from 'node:assert/strict';
import { narrowingTypeChange } from '../../../server/src/rules/narrowing-type-change.ts';
import { renameColumn } from '../../../server/src/rules/rename-column.ts';
import { rewritingTypeChange } from '../../../server/src/rules/rewriting-type-change.ts';
import type { Rule } from '../../../server/src/rules/rule.ts';
import { volatileDefault } from '../../../server/src/rules/volatile-default.ts';
import { openExample } from '../../support/rule-examples.ts';

const FILE = 'shop/migrations/0002_change.py';

interface Given {
  /** The fields of `Order` besides its id. */
  readonly fields?: string;
  readonly options?: string;
  /** Operations of the first migration behind `CreateModel`. */
  readonly earlier?: string;
  readonly operations: string;
}

/** Whether the rule speaks, and offers a fix with the words in its title. */
async function isOffered(rule: Rule, words: string, given: Given): Promise<boolean> {
  const { fields = '("total", models.IntegerField())', options = '{}', earlier = '', operations } = given;
  const head = 'from django.db import migrations, models\nfrom django.db.models.functions import Random\n\n\n';
  const texts = new Map([
    [
      'shop/migrations/0001_initial.py',
      `${head}class Migration(migrations.Migration):
    operations = [
        migrations.CreateModel("Customer", [("id", models.BigAutoField(primary_key=True))]),
        migrations.CreateModel(
            name="Order",
            fields=[("id", models.BigAutoField(primary_key=True)), ${fields}],
            options=${options},
        ),
        ${earlier}
    ]
`,
    ],
    [
      FILE,
      `${head}class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]
    operations = [${operations}]
`,
    ],
  ]);
  const workspace = await openExample(texts, rule);
  const findings = workspace.check(FILE).filter((finding) => finding.rule.name === rule.name);
  assert(findings.length > 0, `${rule.name} has nothing to say`);
  return findings.some((finding) => finding.fixes().some(({ title }) => title.includes(words)));
}

const widened = 'migrations.AlterField("order", "total", models.BigIntegerField())';

async function checkTypeChange(expected: boolean, given: Partial<Given> = {}): Promise<void> {
  assert.equal(await isOffered(rewritingTypeChange, 'second column', { operations: widened, ...given }), expected);
}

async function checkNarrowing(expected: boolean, given: Given): Promise<void> {
  assert.equal(await isOffered(narrowingTypeChange, 'second column', given), expected);
}

async function checkRename(expected: boolean, given: Partial<Given> = {}): Promise<void> {
  const operations = 'migrations.RenameField("order", "total", "amount")';
  assert.equal(await isOffered(renameColumn, 'kept in step', { operations, ...given }), expected);
}

async function checkDefault(expected: boolean, field: string, settings: Partial<Given> = {}): Promise<void> {
  const operations = `migrations.AddField("order", "lot", models.FloatField(${field}))`;
  assert.equal(await isOffered(volatileDefault, 'Set the default after', { operations, ...settings }), expected);
}

describe('a type change by way of a second column', () => {
  it('is offered for a column that nothing but plain indexes depend on', async () => {
    await checkTypeChange(true);
    await checkTypeChange(true, {
      fields: '("total", models.IntegerField()), ("placed", models.DateField())',
      options: '{"indexes": [models.Index(fields=["total", "placed"], name="order_total_idx")]}',
    });
  });

  it('is offered although other fields change in the same migration', () =>
    checkTypeChange(true, {
      fields: '("total", models.IntegerField()), ("note", models.TextField())',
      operations: `${widened}, migrations.AlterField("order", "note", models.TextField(null=True))`,
    }));

  it('is refused for keys', async () => {
    await checkTypeChange(false, {
      operations: 'migrations.AlterField("order", "id", models.AutoField(primary_key=True))',
      fields: '("total", models.IntegerField())',
      earlier: 'migrations.AlterField("order", "id", models.SmallAutoField(primary_key=True)),',
    });
    await checkTypeChange(false, {
      fields: '("total", models.IntegerField(unique=True))',
      operations: 'migrations.AlterField("order", "total", models.BigIntegerField(unique=True))',
    });
  });

  it('is refused where something cannot be carried over', async () => {
    for (const options of [
      '{"indexes": [models.Index(fields=["-total"], name="order_total_idx")]}',
      '{"indexes": [models.Index(fields=["total"], include=["id"], name="order_total_idx")]}',
      '{"indexes": [models.Index(fields=["id"], condition=models.Q(total__gt=0), name="order_total_idx")]}',
      '{"constraints": [models.CheckConstraint(condition=models.Q(total__gt=0), name="order_total_check")]}',
      '{"unique_together": {("id", "total")}}',
    ]) {
      await checkTypeChange(false, { options });
    }
    await checkTypeChange(false, {
      fields: '("total", models.IntegerField(db_default=0))',
      operations: 'migrations.AlterField("order", "total", models.BigIntegerField(db_default=0))',
    });
  });

  it('is refused beside a computed column, a trigger, or a field with the name', async () => {
    const computed =
      '("double", models.GeneratedField(expression=models.F("total") * 2, output_field=models.IntegerField(), db_persist=True))';
    await checkTypeChange(false, { fields: `("total", models.IntegerField()), ${computed}` });
    await checkTypeChange(false, {
      earlier:
        'migrations.RunSQL("CREATE TRIGGER t BEFORE INSERT ON shop_order FOR EACH ROW EXECUTE FUNCTION f()", ""),',
    });
    await checkTypeChange(false, { fields: '("total", models.IntegerField()), ("total_old", models.TextField())' });
  });

  it('is refused where the operation does more, or another one follows', async () => {
    await checkTypeChange(false, {
      operations: 'migrations.AlterField("order", "total", models.BigIntegerField(null=True))',
    });
    for (const next of [
      'migrations.RenameField("order", "total", "sum")',
      'migrations.AddIndex("order", models.Index(fields=["total"], name="order_total_idx"))',
      'migrations.RunPython(lambda apps, schema_editor: None, migrations.RunPython.noop)',
    ]) {
      await checkTypeChange(false, { operations: `${widened}, ${next}` });
    }
  });

  it('is refused where sessions convert differently', async () => {
    await checkTypeChange(false, {
      fields: '("placed", models.DateField())',
      operations: 'migrations.AlterField("order", "placed", models.DateTimeField())',
    });
    await checkTypeChange(false, {
      fields: '("placed", models.DateField())',
      operations: 'migrations.AlterField("order", "placed", models.CharField(max_length=40))',
    });
  });

  it('is offered for a narrower type where it can be said which values fit', async () => {
    await checkNarrowing(true, {
      fields: '("note", models.TextField())',
      operations: 'migrations.AlterField("order", "note", models.CharField(max_length=80))',
    });
    await checkNarrowing(true, {
      fields: '("total", models.BigIntegerField())',
      operations: 'migrations.AlterField("order", "total", models.SmallIntegerField())',
    });
    await checkNarrowing(false, {
      fields: '("total", models.FloatField())',
      operations: 'migrations.AlterField("order", "total", models.IntegerField())',
    });
    await checkNarrowing(false, {
      fields: '("note", models.TextField())',
      operations: 'migrations.AlterField("order", "note", models.IntegerField())',
    });
  });
});

describe('a renamed column by copying', () => {
  it('is offered for a column that nothing depends on', () => checkRename(true));

  it('is refused where the field changes once more', () =>
    checkRename(false, {
      operations:
        'migrations.RenameField("order", "total", "amount"), migrations.AlterField("order", "amount", models.IntegerField(null=True))',
    }));

  it('is refused for foreign keys, indexes and defaults of the database', async () => {
    await checkRename(false, { fields: '("total", models.ForeignKey("shop.customer", models.CASCADE))' });
    await checkRename(false, { fields: '("total", models.IntegerField(db_index=True))' });
    await checkRename(false, { fields: '("total", models.IntegerField(db_default=0))' });
  });
});

describe('a volatile default', () => {
  it('comes after its column', () => checkDefault(true, 'db_default=Random()'));

  it('stays where the column brings more than a default', async () => {
    await checkDefault(false, 'db_default=Random(), unique=True');
    await checkDefault(false, 'db_default=Random(), db_index=True');
  });
});
