import assert from 'node:assert/strict';
import { defaultTarget, type Target } from '../../../server/src/base/target.ts';
import { describeChanges } from '../../../server/src/database/describe.ts';
import type { DescribedChange } from '../../../server/src/database/describe-manner.ts';
import { effectsOf } from '../../../server/src/database/effects-of.ts';
import type { Change } from '../../../server/src/schema/change.ts';
import { applyChange } from '../../../server/src/schema/replay.ts';
import { emptySchema } from '../../../server/src/schema/schema.ts';
import { tableName } from '../../../server/src/schema/table-name.ts';
import { migrationText } from '../django/check-changes.ts';
import { lowerFiles } from '../django/lower-files.ts';
import { base, column, schemaOf, table } from './building-blocks.ts';

const target: Target = { ...defaultTarget, database: 'sqlite', databaseVersion: [3, 45] };

const models = `
  migrations.CreateModel("Customer", [("id", models.BigAutoField(primary_key=True))]),
  migrations.CreateModel("Order", [
      ("id", models.BigAutoField(primary_key=True)), ("total", models.IntegerField()),
      ("code", models.CharField(max_length=9, db_index=True)), ("note", models.TextField(null=True)),
      ("customer", models.ForeignKey("shop.Customer", models.CASCADE, null=True)),
  ]),`;

async function judge(operations: string): Promise<readonly DescribedChange[]> {
  const files = new Map([
    ['shop/migrations/0001_initial.py', migrationText(models, '', '')],
    ['shop/migrations/0002_now.py', migrationText(operations, '', '')],
  ]);
  const [first, second] = await lowerFiles(files, { target });
  let before = emptySchema;
  for (const change of first?.migration.forward ?? []) before = applyChange(before, change, 'shop.0001_initial');
  return (second?.migration.forward ?? []).map((change) => {
    const effects = effectsOf(change, { before, target, migration: 'shop.0002_now' });
    before = applyChange(before, change, 'shop.0002_now');
    return { change, effects };
  });
}

const cases: readonly (readonly [operation: string, ...manners: readonly (string | undefined)[]])[] = [
  ['migrations.AddField("order", "paid", models.BooleanField(null=True))', 'native'],
  ['migrations.AddField("order", "paid", models.BooleanField(default=False))', 'framework-copy'],
  ['migrations.AddField("order", "paid", models.BooleanField(null=True, default=False))', 'framework-copy'],
  ['migrations.AddField("order", "slug", models.CharField(max_length=9, null=True, unique=True))', 'framework-copy'],
  ['migrations.AlterField("order", "total", models.BigIntegerField())', 'framework-copy'],
  ['migrations.AlterField("order", "total", models.IntegerField(help_text="x"))'],
  ['migrations.RemoveField("order", "note")', 'native-write'],
  ['migrations.RemoveField("order", "code")', 'framework-copy'],
  ['migrations.RemoveField("order", "customer")', 'framework-copy'],
  ['migrations.RenameField("order", "note", "remark")', 'native'],
  ['migrations.RenameField("order", "customer", "buyer")', 'framework-copy'],
  ['migrations.AddField("order", "rank", models.IntegerField(null=True, db_default=3))', 'framework-copy'],
  [
    'migrations.AddField("order", "payer", models.ForeignKey("shop.Customer", models.CASCADE, null=True))',
    'native',
    'native-scan',
  ],
  ['migrations.RenameModel("Order", "Purchase")', 'native'],
  ['migrations.AlterModelTable("customer", "buyer")', 'framework-copy'],
  ['migrations.AddIndex("order", models.Index(fields=["total"], name="i"))', 'native-scan'],
  ['migrations.AlterUniqueTogether("order", {("total", "code")})', 'native-scan'],
  ['migrations.AddConstraint("order", models.UniqueConstraint(fields=["total"], name="u"))', 'framework-copy'],
  [
    'migrations.AddConstraint("order", models.UniqueConstraint(fields=["total"], name="u", condition=models.Q(total=1)))',
    'native-scan',
  ],
  ['migrations.RunSQL("ALTER TABLE shop_order ADD COLUMN paid bool")', undefined, 'native'],
  ['migrations.RunSQL("ALTER TABLE shop_order DROP COLUMN note")', undefined, 'native-write'],
  ['migrations.RunSQL("VACUUM")', undefined, 'native-write'],
];

describe('effectsOf on SQLite', () => {
  for (const [operation, ...manners] of cases) {
    it(operation, async () => {
      const judged = await judge(`${operation},`);
      assert.deepEqual(
        judged.map(({ effects }) => effects.manner),
        manners,
      );
    });
  }

  it('knows what a batch of Alembic does', () => {
    const setting = { before: schemaOf(table('shop_order')), target, migration: 'a1b2' };
    const facts = { ...base, origin: { ...base.origin, kind: 'alembic-call' as const } };
    const order = tableName('shop_order');
    const drop: Change = { ...facts, kind: 'DropColumn', table: order, column: 'note', cascade: false };
    const add: Change = {
      ...facts,
      kind: 'AddColumn',
      table: order,
      column: column('note'),
      transientDefault: undefined,
    };
    assert.equal(effectsOf(drop, setting).manner, 'framework-copy');
    assert.match(effectsOf(drop, setting).source?.url ?? '', /alembic/);
    assert.equal(effectsOf(add, setting).manner, 'native');
  });

  it('makes sentences of it', async () => {
    const told = describeChanges(await judge('migrations.AlterField("order", "total", models.BigIntegerField()),'));
    assert.deepEqual(told, [
      'Makes a new table, copies all rows into it, drops the old one and gives its name and its indexes to the new one; nobody else writes to the database meanwhile.',
      '[Django: SQLite and migrations](https://docs.djangoproject.com/en/5.2/topics/migrations/#sqlite)',
    ]);
  });
});
