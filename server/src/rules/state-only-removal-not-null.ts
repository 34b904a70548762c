import { nullableBeforeRemoval } from '../fixes/recipes/state-only-removal.ts';
import type { DropColumn } from '../schema/change.ts';
import { changesOf } from '../schema/change.ts';
import type { Migration } from '../schema/migration.ts';
import { isSameTable, tableText } from '../schema/table-name.ts';
import type { Rule, RuleContext } from './rule.ts';
import { columnBefore, isInUse } from './tables-in-use.ts';

export const stateOnlyRemovalNotNull: Rule = {
  name: 'state-only-removal-not-null',
  level: 'high',
  group: 'Breaks the running release',
  kinds: ['DropColumn'],
  summary:
    'A NOT NULL column without a default leaves the state and stays in the database: new rows cannot be inserted.',
  docs: {
    whatHappens:
      'A field that is removed inside `state_operations` alone is gone for Python, and its column stays where it is. That is the safe way to drop a column, in two releases. But where the column is `NOT NULL` and the database has no default for it, it must be given a value in every `INSERT`.',
    whyItHurts:
      'The new release does not name the column any more. From the moment it runs, and until the column is dropped, each of its `INSERT`s into the table fails.',
    whatToDo: {
      django:
        'Let the column do without a value first, in the same migration: an `AlterField` to `null=True`, or to a `db_default=`, before the `SeparateDatabaseAndState`.',
      alembic: 'Before the attribute goes from the model, make its column nullable or give it a `server_default`.',
    },
    whenItIsFine:
      'A column that may be NULL, has a default in the database or is computed there, one that the same migration drops, and a field that comes back under another name with the same column, are not reported.',
  },
  sources: [
    {
      title: 'Django: SeparateDatabaseAndState',
      url: 'https://docs.djangoproject.com/en/5.2/ref/migration-operations/#separatedatabaseandstate',
    },
  ],

  *check(migration, context) {
    for (const change of changesOf(migration.forward, 'DropColumn')) {
      if (!change.applies.state || change.applies.database || change.origin.within.length === 0) continue;
      const column = columnBefore(change.table, change.column, change, context);
      // A column that no migration in sight adds may have been given a default by somebody else.
      if (column?.bornIn === undefined || column.nullable || column.default !== undefined) continue;
      if (column.autoIncrement || column.generated !== undefined) continue;
      if (!isInUse(change.table, change, migration, context) || isSettledLater(change, migration)) continue;
      if (isTakenBack(change, migration, context)) continue;
      yield {
        at: change.at,
        message: `"${change.column}" stays in ${tableText(change.table)}, NOT NULL and without a default: every INSERT of the new release, which does not name the column, fails.`,
        cause: change,
        fixes: () => nullableBeforeRemoval(change, migration, context),
      };
    }
  },

  examples: {
    bad: [
      {
        title: 'A required field leaves the state alone',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[("id", models.BigAutoField(primary_key=True)), ("code", models.CharField(max_length=9))],
        ),
    ]
# file: shop/migrations/0002_remove_order_code.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField(model_name="order", name="code"),
                                                                ~~~~~~ "code" stays in "shop_order", NOT NULL and without a default: every INSERT of the new release, which does not name the column, fails.
            ],
        ),
    ]
`,
        fixed: [
          {
            title: 'Let "code" be NULL first',
            files: `
# file: shop/migrations/0002_remove_order_code.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="order",
            name="code",
            field=models.CharField(max_length=9, null=True),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField(model_name="order", name="code"),
            ],
        ),
    ]
`,
          },
        ],
      },
      {
        title: 'SQL that does something else to the column',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[("id", models.BigAutoField(primary_key=True)), ("code", models.CharField(max_length=9))],
        ),
    ]
# file: shop/migrations/0002_remove_order_code.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL("ALTER TABLE shop_order ALTER code TYPE text", migrations.RunSQL.noop),
            ],
            state_operations=[migrations.RemoveField("order", "code")],
                                                              ~~~~~~ "code" stays in "shop_order", NOT NULL and without a default: every INSERT of the new release, which does not name the column, fails.
        ),
    ]
`,
        fixed: [
          {
            title: 'Let "code" be NULL first',
            files: `
# file: shop/migrations/0002_remove_order_code.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="order",
            name="code",
            field=models.CharField(max_length=9, null=True),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL("ALTER TABLE shop_order ALTER code TYPE text", migrations.RunSQL.noop),
            ],
            state_operations=[migrations.RemoveField("order", "code")],
        ),
    ]
`,
          },
        ],
      },
    ],
    good: [
      {
        title: 'The column does without a value first',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("code", models.CharField(max_length=9)),
                ("weight", models.IntegerField()),
            ],
        ),
    ]
# file: shop/migrations/0002_remove_order_fields.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AlterField("order", "code", models.CharField(max_length=9, null=True)),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField("order", "code")],
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE shop_order ALTER COLUMN weight SET DEFAULT 0",
                    "ALTER TABLE shop_order ALTER COLUMN weight DROP DEFAULT",
                ),
            ],
            state_operations=[migrations.RemoveField("order", "weight")],
        ),
    ]
`,
      },
      {
        title: 'The column goes at once, or comes back as another field',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("code", models.CharField(max_length=9)),
                ("weight", models.IntegerField()),
            ],
        ),
    ]
# file: shop/migrations/0002_remove_order_fields.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField("order", "code"),
                migrations.AddField("order", "number", models.CharField(max_length=9, db_column="code")),
                migrations.RemoveField("order", "weight"),
            ],
        ),
        migrations.RunSQL("ALTER TABLE shop_order DROP COLUMN weight", migrations.RunSQL.noop),
    ]
`,
      },
      {
        title: 'The model leaves the state as well: nobody inserts its rows any more',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[("id", models.BigAutoField(primary_key=True)), ("code", models.CharField(max_length=9))],
        ),
    ]
# file: shop/migrations/0002_remove_order.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField("order", "code"),
                migrations.DeleteModel("Order"),
            ],
        ),
    ]
`,
      },
      {
        title: 'The next migration takes the field back, in a model of another app',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[("id", models.BigAutoField(primary_key=True)), ("payer_id", models.BigIntegerField())],
        ),
    ]
# file: shop/migrations/0003_order_payer.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0002_order_payer")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AddField("order", "payer", models.ForeignKey("people.Customer", models.PROTECT)),
            ],
        ),
    ]
# file: shop/migrations/0002_order_payer.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField("order", "payer_id")],
        ),
    ]
`,
      },
      {
        title: 'The column may be NULL',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[("id", models.BigAutoField(primary_key=True)), ("code", models.CharField(max_length=9, null=True))],
        ),
    ]
# file: shop/migrations/0002_remove_order_code.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField("order", "code")],
        ),
    ]
`,
      },
    ],
  },
};

/** Whether the migration goes on to let rows in without a value: the column goes, yields, or belongs to a field again. */
function isSettledLater(change: DropColumn, migration: Migration): boolean {
  const { table, column } = change;
  const later = migration.forward.slice(migration.forward.indexOf(change) + 1);
  for (const each of changesOf(later, 'DropColumn', 'AlterColumn', 'AddColumn', 'DropTable')) {
    if (!isSameTable(each.table, table)) continue;
    // Whether the table goes as well, or only its model: nobody inserts rows into it any more.
    if (each.kind === 'DropTable') return true;
    if (each.kind === 'DropColumn' && each.applies.database && each.column === column) return true;
    if (each.kind === 'AddColumn' && each.applies.state && each.column.name === column) return true;
    if (each.kind !== 'AlterColumn' || !each.applies.database || each.column !== column) continue;
    if (each.to.nullable || each.to.default !== undefined) return true;
  }
  return false;
}

/** Whether the next migration puts the field into the state again: one step of moving it. */
function isTakenBack({ table, column }: DropColumn, migration: Migration, { project }: RuleContext): boolean {
  return project.graph.childrenOf(migration.id).some((child) => {
    const changes = project.migration(child)?.migration.forward ?? [];
    return changesOf(changes, 'AddColumn').some(
      (each) => each.applies.state && each.column.name === column && isSameTable(each.table, table),
    );
  });
}
