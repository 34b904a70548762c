import assert from 'node:assert/strict';
import { rules } from '../../../server/src/rules/registry.ts';
import { openTexts } from '../../support/rule-examples.ts';

const initial = `from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel("Courier", [("id", models.BigAutoField(primary_key=True))]),
        migrations.CreateModel("Order", [
            ("id", models.BigAutoField(primary_key=True)),
            ("code", models.CharField(max_length=9, null=True)),
            ("total", models.IntegerField(null=True)),
            ("paid", models.BooleanField(null=True)),
        ], options={
            "indexes": [models.Index(fields=["total"], name="order_total")],
            "constraints": [
                models.UniqueConstraint(fields=["total"], name="one_total"),
                models.UniqueConstraint(fields=["total"], condition=models.Q(paid=True), name="one_paid"),
                models.CheckConstraint(condition=models.Q(total__gte=0), name="positive"),
            ],
        }),
    ]
`;

async function findings(operation: string, atomic: boolean): Promise<readonly string[]> {
  const file = 'shop/migrations/0002_change.py';
  const text = `from django.db import migrations, models
from django_pg_migration_tools import operations


class Migration(migrations.Migration):
${atomic ? '' : '    atomic = False\n'}    dependencies = [("shop", "0001_initial")]
    operations = [
        operations.${operation},
    ]
`;
  const settings =
    'DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "OPTIONS": "lock_timeout=1"}}\n';
  const texts = new Map([
    ['manage.py', ''],
    ['config/settings.py', settings],
    ['shop/migrations/0001_initial.py', initial],
    [file, text],
  ]);
  return (await openTexts(texts, rules)).check(file).map(({ rule }) => rule.name);
}

/** What each says even where it runs as it should: that the constraint or the column goes. */
const operations: readonly (readonly [string, readonly string[]])[] = [
  ['SaferAddIndexConcurrently("order", models.Index(fields=["code"], name="order_code"))', []],
  ['SaferRemoveIndexConcurrently("order", "order_total")', []],
  ['SaferAddUniqueConstraint("order", models.UniqueConstraint(fields=["code"], name="one_code"))', []],
  [
    'SaferAddUniqueConstraint("order", models.UniqueConstraint(fields=["code"], condition=models.Q(paid=True), name="c"))',
    [],
  ],
  ['SaferRemoveUniqueConstraint("order", "one_total")', []],
  ['SaferRemoveUniqueConstraint("order", "one_paid")', []],
  ['SaferAlterFieldSetNotNull("order", "code", models.CharField(max_length=9))', []],
  ['SaferAlterFieldSetNotNull("order", "code", models.CharField(max_length=9, default="", unique=True))', []],
  ['SaferAddCheckConstraint("order", models.CheckConstraint(condition=models.Q(total__lt=9), name="sane"))', []],
  ['SaferRemoveCheckConstraint("order", "positive")', ['drop-constraint']],
  ['SaferAddFieldForeignKey("order", "courier", models.ForeignKey("shop.Courier", models.CASCADE, null=True))', []],
  ['SaferAddFieldOneToOne("order", "courier", models.OneToOneField("shop.Courier", models.CASCADE, null=True))', []],
  ['SaferRemoveFieldForeignKey("order", "total")', ['drop-column']],
];

describe('the operations of django-pg-migration-tools', () => {
  for (const [operation, expected] of operations) {
    it(`${operation} is a safe form`, async () => {
      assert.deepEqual(await findings(operation, false), expected);
    });

    it(`${operation} refuses a transaction`, async () => {
      const found = await findings(operation, true);
      assert.deepEqual([...found].sort(), ['concurrent-in-transaction', ...expected].sort());
    });
  }
});
