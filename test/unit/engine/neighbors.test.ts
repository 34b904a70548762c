import assert from 'node:assert/strict';
import { rules } from '../../../server/src/rules/registry.ts';
import { openTexts } from '../../support/rule-examples.ts';

const settings = 'DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "OPTIONS": "lock_timeout=1"}}\n';

const initial = [
  `migrations.CreateModel("Order", [
            ("id", models.BigAutoField(primary_key=True)),
            ("code", models.CharField(max_length=9, null=True)),
            ("note", models.TextField(null=True)),
            ("memo", models.TextField(null=True)),
        ])`,
];

interface Step {
  readonly operations: readonly string[];
  readonly atomic?: false;
}

/** The rules that speak about a history of migrations, in order. */
async function speaking(...steps: readonly (Step | readonly string[])[]): Promise<readonly string[]> {
  const texts = new Map([
    ['manage.py', ''],
    ['config/settings.py', settings],
  ]);
  for (const [index, step] of [initial, ...steps].entries()) {
    const { operations, atomic } = 'operations' in step ? step : { operations: step, atomic: undefined };
    texts.set(`shop/migrations/000${index + 1}_step.py`, text(index, operations, atomic === false));
  }
  const workspace = await openTexts(texts, rules);
  return workspace.migrationFiles().flatMap((file) => workspace.check(file).map(({ rule }) => rule.name));
}

function text(index: number, operations: readonly string[], runsApart: boolean): string {
  return `from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
${runsApart ? '    atomic = False\n' : ''}    initial = ${index === 0 ? 'True' : 'False'}
    dependencies = [${index === 0 ? '' : `("shop", "000${index}_step")`}]
    operations = [
${operations.map((each) => `        ${each},\n`).join('')}    ]
`;
}

const sql = (forward: string, backward: string) =>
  `migrations.RunSQL(${JSON.stringify(forward)}, ${JSON.stringify(backward)})`;
const notValid =
  'AddConstraintNotValid("order", models.CheckConstraint(condition=models.Q(code__isnull=False), name="code_set"))';
const validate = 'ValidateConstraint("order", "code_set")';
const setNotNull = 'migrations.AlterField("order", "code", models.CharField(max_length=9))';

const silent: readonly (readonly [title: string, ...steps: readonly (Step | readonly string[])[]])[] = [
  [
    'the next statement puts back the default that Django drops',
    [
      'migrations.AddField("order", "paid", models.BooleanField(default=False))',
      sql(
        'ALTER TABLE shop_order ALTER COLUMN paid SET DEFAULT false',
        'ALTER TABLE shop_order ALTER COLUMN paid DROP DEFAULT',
      ),
    ],
  ],
  [
    'a table that is born here may be altered at will',
    [
      'migrations.CreateModel("Line", [("id", models.BigAutoField(primary_key=True))])',
      'migrations.AddField("line", "order", models.ForeignKey("shop.Order", models.CASCADE))',
      'migrations.AddField("line", "sku", models.CharField(max_length=9, unique=True))',
      'migrations.AddIndex("line", models.Index(fields=["sku"], name="line_sku"))',
      'migrations.AddConstraint("line", models.CheckConstraint(condition=models.Q(id__gt=0), name="line_id"))',
      'migrations.AlterUniqueTogether("line", {("order", "sku")})',
      'migrations.RemoveField("line", "sku")',
    ],
  ],
  [
    'a field leaves the state, and its column goes later',
    ['migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField("order", "note")])'],
    [sql('ALTER TABLE shop_order DROP COLUMN note', 'ALTER TABLE shop_order ADD COLUMN note text')],
  ],
  [
    'a model leaves the state, and its table goes later',
    ['migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("Order")])'],
    [sql('DROP TABLE shop_order', 'CREATE TABLE shop_order (id bigint)')],
  ],
  ['a constraint is validated in a migration of its own', [notValid], [validate]],
  ['NOT NULL is set on the proof of a check that an earlier migration validated', [notValid], [validate], [setNotNull]],
  [
    'other migrations lie between the check and NOT NULL',
    [notValid],
    [validate],
    ['migrations.AddField("order", "paid", models.BooleanField(null=True))'],
    ['migrations.AlterField("order", "note", models.TextField(null=True, help_text="x"))'],
    [setNotNull],
  ],
  [
    'the same in SQL',
    [
      sql(
        'ALTER TABLE shop_order ADD CONSTRAINT c CHECK (code IS NOT NULL) NOT VALID',
        'ALTER TABLE shop_order DROP CONSTRAINT c',
      ),
    ],
    [`migrations.RunSQL("ALTER TABLE shop_order VALIDATE CONSTRAINT c", migrations.RunSQL.noop)`],
    [
      sql(
        'ALTER TABLE shop_order ALTER COLUMN code SET NOT NULL',
        'ALTER TABLE shop_order ALTER COLUMN code DROP NOT NULL',
      ),
    ],
  ],
  [
    'an index that was built concurrently becomes the constraint',
    {
      atomic: false,
      operations: [
        sql('CREATE UNIQUE INDEX CONCURRENTLY one_code ON shop_order (code)', 'DROP INDEX CONCURRENTLY one_code'),
      ],
    },
    [
      sql(
        'ALTER TABLE shop_order ADD CONSTRAINT one_code UNIQUE USING INDEX one_code',
        'ALTER TABLE shop_order DROP CONSTRAINT one_code',
      ),
    ],
  ],
  [
    'a relation that has no column, and null that is written as a string',
    ['migrations.AddField("order", "tag", models.ManyToManyField("shop.Order"))'],
    ['migrations.AddField("order", "maybe", models.TextField(null="True"))'],
  ],
  [
    'only the catalog changes',
    [
      sql('ALTER INDEX shop_order_pkey RENAME TO order_pkey', 'ALTER INDEX order_pkey RENAME TO shop_order_pkey'),
      sql(
        'ALTER SEQUENCE shop_order_id_seq RENAME TO order_id_seq',
        'ALTER SEQUENCE order_id_seq RENAME TO shop_order_id_seq',
      ),
      sql("COMMENT ON TABLE shop_order IS 'orders'", 'COMMENT ON TABLE shop_order IS NULL'),
      sql(
        "ALTER TABLE shop_order ALTER COLUMN code SET DEFAULT ''",
        'ALTER TABLE shop_order ALTER COLUMN code DROP DEFAULT',
      ),
    ],
  ],
  [
    'an alteration reaches only the state',
    [
      'migrations.AlterField("order", "code", models.CharField(max_length=9, null=True, choices=[("a", "A")], help_text="x"))',
      'migrations.AlterModelOptions("order", {"ordering": ["id"]})',
    ],
  ],
];

/** Nearly the same, and not right. */
const loud: readonly (readonly [title: string, expected: string, ...steps: readonly (readonly string[])[]])[] = [
  [
    'the default is put back for another column',
    'not-null-with-dropped-default',
    [
      'migrations.AddField("order", "paid", models.BooleanField(default=False))',
      sql(
        "ALTER TABLE shop_order ALTER COLUMN code SET DEFAULT ''",
        'ALTER TABLE shop_order ALTER COLUMN code DROP DEFAULT',
      ),
    ],
  ],
  [
    'the column goes in the migration that takes the field out of the state',
    'drop-column',
    [
      'migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField("order", "note")])',
      sql('ALTER TABLE shop_order DROP COLUMN note', 'ALTER TABLE shop_order ADD COLUMN note text'),
    ],
  ],
  ['the constraint is validated in the same transaction', 'validate-in-same-transaction', [notValid, validate]],
  ['the check is not validated yet', 'set-not-null', [notValid], [setNotNull]],
  [
    'the check is about another column',
    'set-not-null',
    [notValid.replace('code__', 'note__')],
    [validate],
    [setNotNull],
  ],
  [
    'the check is gone again',
    'set-not-null',
    [notValid],
    [validate],
    ['migrations.RemoveConstraint("order", "code_set")'],
    [setNotNull],
  ],
  [
    'the constraint builds its own index',
    'blocking-unique',
    [
      sql(
        'ALTER TABLE shop_order ADD CONSTRAINT one_code UNIQUE (code)',
        'ALTER TABLE shop_order DROP CONSTRAINT one_code',
      ),
    ],
  ],
];

const filledByDjango = [
  'migrations.AddField("order", "remark", models.TextField(blank=True))',
  'migrations.AddField("order", "placed_at", models.DateTimeField(auto_now_add=True))',
];

describe('what stands beside a change decides', () => {
  for (const [title, ...steps] of silent) {
    it(`nothing is said: ${title}`, async () => assert.deepEqual(await speaking(...steps), []));
  }
  it('Django fills blank text and the time: the migration runs, and the running release cannot insert', async () => {
    assert.deepEqual(await speaking(filledByDjango), [
      'not-null-with-dropped-default',
      'not-null-with-dropped-default',
    ]);
  });

  for (const [title, expected, ...steps] of loud) {
    it(`${expected}: ${title}`, async () => {
      const found = await speaking(...steps);
      assert(found.includes(expected), `what speaks is: ${found.join(', ')}`);
    });
  }
});
