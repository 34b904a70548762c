import assert from 'node:assert/strict';
import { rules } from '../../../server/src/rules/registry.ts';
import { openTexts } from '../../support/rule-examples.ts';

interface MigrationText {
  readonly head?: string;
  readonly body?: string;
  readonly dependencies?: string;
  readonly operations: string;
}

function migration({ head = '', body = '', dependencies = '', operations }: MigrationText): string {
  return `from django.db import migrations, models
${head}

class Migration(migrations.Migration):
    dependencies = [${dependencies}]
${body}
    operations = ${operations}
`;
}

const order = `[
        migrations.CreateModel("Order", [
            ("id", models.BigAutoField(primary_key=True)),
            ("code", models.CharField(max_length=9)),
            ("note", models.TextField(null=True)),
        ]),
        migrations.RunSQL("CREATE TABLE shop_event (id bigint, at timestamptz) PARTITION BY RANGE (at)", ""),
    ]`;
const index = 'migrations.AddIndex("order", models.Index(fields=["code"], name="order_code"))';

/** Why there is no fix for what a rule says about the migration `0002_x` of `shop`. */
async function refusalsOf(rule: string, text: MigrationText, others: Readonly<Record<string, string>> = {}) {
  const file = 'shop/migrations/0002_x.py';
  const texts = {
    'manage.py': '',
    'shop/migrations/0001_initial.py': migration({ operations: order }),
    [file]: migration({ dependencies: '("shop", "0001_initial")', ...text }),
    ...others,
  };
  const workspace = await openTexts(new Map(Object.entries(texts)), rules);
  const findings = workspace.check(file).filter((finding) => finding.rule.name === rule);
  assert(findings.length > 0, `${rule} says nothing`);
  assert.deepEqual(
    findings.flatMap((finding) => finding.fixes()),
    [],
  );
  return findings.flatMap((finding) => finding.refusals());
}

describe('why there is no fix', () => {
  it('the operation is inside another one', async () => {
    const operations = `[migrations.SeparateDatabaseAndState(database_operations=[${index}])]`;
    assert.deepEqual(await refusalsOf('blocking-index', { operations }), [
      'The operation stands inside SeparateDatabaseAndState, which would have to change with it.',
    ]);
  });

  it('the field is altered again by the same migration', async () => {
    const operations = `[
        migrations.AddField("order", "tag", models.SmallIntegerField(null=True, db_index=True)),
        migrations.AlterField("order", "tag", models.IntegerField(null=True, db_index=True)),
    ]`;
    assert.deepEqual(await refusalsOf('blocking-index', { operations }), [
      'A later step of this migration deals with the same table, or may: this one cannot move behind it.',
    ]);
  });

  it('the field is another one already when it is renamed', async () => {
    const operations = `[
        migrations.AlterField("order", "note", models.JSONField(null=True)),
        migrations.RenameField("order", "note", "remark"),
    ]`;
    assert.deepEqual(await refusalsOf('rename-column', { operations }), [
      'No migration in sight defines the field in a way that can be written again.',
    ]);
  });

  it('the operation is made by a comprehension', async () => {
    const operations = '[migrations.AddField("order", name, models.IntegerField()) for name in ["a"]]';
    assert.deepEqual(await refusalsOf('not-null-without-default', { operations }), [
      'The operation is not written as an item of the list `operations`.',
    ]);
  });

  it('the table is partitioned', async () => {
    const operations = '[migrations.RunSQL("CREATE INDEX event_at ON shop_event (at)", migrations.RunSQL.noop)]';
    assert.deepEqual(await refusalsOf('blocking-index', { operations }), [
      'PostgreSQL refuses the safe form: the index of a partitioned table cannot be built concurrently.',
    ]);
  });

  it('a later operation of the migration deals with the index', async () => {
    const operations = `[${index}, migrations.RemoveIndex("order", "order_code")]`;
    assert.deepEqual(await refusalsOf('blocking-index', { operations }), [
      'A later step of this migration deals with the same table, or may: this one cannot move behind it.',
    ]);
  });

  it('the definition uses a class of the same file', async () => {
    const head = '\n\nclass CodeField(models.CharField):\n    pass\n\n';
    const operations = '[migrations.AddField("order", "short", CodeField(max_length=9, unique=True, null=True))]';
    assert.deepEqual(await refusalsOf('blocking-unique', { head, operations }), [
      'It uses names that this file defines and that a new migration could not import.',
    ]);
  });

  it('the field is of a class that is not known', async () => {
    const head = 'from shop.fields import CodeField\n';
    const operations = '[migrations.AddField("order", "short", CodeField(unique=True, null=True))]';
    assert.deepEqual(await refusalsOf('blocking-unique', { head, operations }), [
      'What the class of this field does in the database is not known here.',
    ]);
  });

  it('no migration in sight creates the model', async () => {
    const operations = '[migrations.RenameField("invoice", "number", "code")]';
    assert.deepEqual(await refusalsOf('rename-column', { operations }), [
      'No migration in sight defines the field in a way that can be written again.',
    ]);
  });

  it('the migration replaces others', async () => {
    const operations = '[migrations.AddField("order", "number", models.IntegerField())]';
    const body = '    replaces = [("shop", "0002_a"), ("shop", "0003_b")]';
    assert.deepEqual(await refusalsOf('not-null-without-default', { body, operations }), [
      'This migration replaces others: work that moves to a new migration would be done twice.',
    ]);
  });

  it('the file has a syntax error', async () => {
    const operations = `[${index}]\n\n    def broken(self:\n`;
    assert.deepEqual(await refusalsOf('blocking-index', { operations }), [
      '0002_x.py has a syntax error, which has to be mended first.',
    ]);
  });

  it('the app has several leaves, so that no later step knows where to go', async () => {
    const removal = '[migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField("order", "note")])]';
    const dependencies = '("shop", "0001_initial")';
    const texts = {
      'manage.py': '',
      'shop/migrations/0001_initial.py': migration({ operations: order }),
      'shop/migrations/0002_a.py': migration({ dependencies, operations: '[]' }),
      'shop/migrations/0002_b.py': migration({ dependencies, operations: removal }),
    };
    const workspace = await openTexts(new Map(Object.entries(texts)), rules);
    const [owed] = workspace.offers('shop/migrations/0002_b.py');
    assert.deepEqual(owed?.fixes(), []);
    assert.deepEqual(owed?.refusals(), [
      'The history has no single end for a new step to follow: merge its ends first.',
    ]);
  });

  it('is not told where there is a fix', async () => {
    const texts = {
      'manage.py': '',
      'shop/migrations/0001_initial.py': migration({ operations: order }),
      'shop/migrations/0002_x.py': migration({ dependencies: '("shop", "0001_initial")', operations: `[${index}]` }),
    };
    const workspace = await openTexts(new Map(Object.entries(texts)), rules);
    const [finding] = workspace.check('shop/migrations/0002_x.py').filter(({ rule }) => rule.name === 'blocking-index');
    assert.equal(finding?.fixes().length, 1);
    assert.deepEqual(finding.refusals(), []);
  });
});
