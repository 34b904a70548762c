import { isNotNullOwed, nullableFirst, owedNotNull } from '../fixes/recipes/nullable-first.ts';
import { changesOf } from '../schema/change.ts';
import { tableText } from '../schema/table-name.ts';
import type { Rule } from './rule.ts';
import { isInUse } from './tables-in-use.ts';

export const notNullWithoutDefault: Rule = {
  name: 'not-null-without-default',
  level: 'critical',
  group: 'Fails when it runs',
  summary: 'A NOT NULL column without a default is added to a table that has rows.',
  docs: {
    whatHappens:
      'The rows that are there would need a value for the new column, and there is none: the database refuses the `ALTER TABLE`, and the migration fails.',
    whyItHurts:
      'It works on the empty database of a developer or of CI and fails in the deploy, on the first table with a row.',
    whatToDo: {
      django:
        'Add the column nullable, fill the existing rows in batches, and set NOT NULL when every running release writes it. Or give it a default that stays in the database: `db_default=` since Django 5.0.',
      alembic:
        "Add the column nullable or with `server_default=`. SQLAlchemy's `default=` is no default: Alembic does not use it.",
    },
    whenItIsFine:
      'A table that the same migration creates is empty. Fields to which Django itself gives a value for existing rows are not reported: `default=`, `blank=True` on a text field, `auto_now`, `auto_now_add`.',
  },
  sources: [
    { title: 'PostgreSQL 18: ALTER TABLE', url: 'https://www.postgresql.org/docs/18/sql-altertable.html' },
    { title: 'Django: AddField', url: 'https://docs.djangoproject.com/en/5.2/ref/migration-operations/#addfield' },
  ],

  *check(migration, context) {
    for (const change of changesOf(migration.forward, 'AddColumn')) {
      if (!change.applies.database || !isInUse(change.table, change, migration, context)) continue;
      // One value for all rows of a unique column fails as well, but for another reason.
      if ((change.column.default ?? change.transientDefault) !== undefined) continue;
      if (context.effects(change).fails !== 'with rows') continue;
      yield {
        at: change.at,
        message: `"${change.column.name}" is NOT NULL and has no default: adding it fails as soon as ${tableText(change.table)} has a row.`,
        cause: change,
        fixes: () => nullableFirst(change, migration, context),
      };
    }
  },

  *offers(migration, context) {
    for (const change of changesOf(migration.forward, 'AddColumn')) {
      if (!isNotNullOwed(change, migration, context)) continue;
      yield {
        at: change.origin.span,
        owed: `"${change.column.name}" of ${tableText(change.table)} is NOT NULL in the state and still nullable in the database.`,
        fix: () => owedNotNull(change, migration, context),
      };
    }
  },

  examples: {
    bad: [
      {
        title: 'A required field on an existing model',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(name="Order", fields=[("id", models.BigAutoField(primary_key=True))]),
    ]
# file: shop/migrations/0002_order_code.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="order",
            name="code",
                 ~~~~~~ "code" is NOT NULL and has no default: adding it fails as soon as "shop_order" has a row.
            field=models.CharField(max_length=9),
        ),
    ]
`,
        fixed: [
          {
            title: 'Add "code" nullable and fill it in batches; set NOT NULL in a later release',
            files: `
# file: shop/migrations/0002_order_code.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0001_initial"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.AddField(
                    model_name="order",
                    name="code",
                    field=models.CharField(max_length=9, null=True),
                ),
            ],
            state_operations=[
                migrations.AddField(
                    model_name="order",
                    name="code",
                    field=models.CharField(max_length=9),
                ),
            ],
        ),
    ]
# file: shop/migrations/0003_fill_order_code.py
"""Fills "code" of "shop_order" where it is NULL, batch by batch.

Runs after 0002_order_code, in the same deploy. It may be interrupted and run again.
"""

from django.db import migrations


BATCH_SIZE = 1000


def code_of(row):
    """The code of a row that was there before the column."""
    raise NotImplementedError("Write how shop.Order.code is found for rows that have none.")


def fill_code(apps, schema_editor):
    Order = apps.get_model("shop", "Order")
    rows = Order.objects.using(schema_editor.connection.alias)
    empty = rows.filter(code__isnull=True).order_by("pk")
    while batch := list(empty[:BATCH_SIZE]):
        for row in batch:
            row.code = code_of(row)
        rows.bulk_update(batch, ["code"])
        empty = empty.filter(pk__gt=batch[-1].pk)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("shop", "0002_order_code"),
    ]

    operations = [
        migrations.RunPython(fill_code, migrations.RunPython.noop),
    ]
`,
          },
        ],
      },
      {
        title: 'The application is stopped to migrate: all steps at once',
        settings: 'deploys = "stopped"',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(name="Order", fields=[("id", models.BigAutoField(primary_key=True))]),
    ]
# file: shop/migrations/0002_order_code.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField("order", "code", models.CharField(max_length=9)),
                                     ~~~~~~ "code" is NOT NULL and has no default: adding it fails as soon as "shop_order" has a row.
    ]
`,
        fixed: [
          {
            title: 'Add "code" nullable, fill it in batches, then set NOT NULL',
            files: `
# file: shop/migrations/0002_order_code.py
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="order",
            name="code",
            field=models.CharField(max_length=9, null=True),
        ),
        AddConstraintNotValid(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(code__isnull=False),
                name="shop_order_code_not_null",
            ),
        ),
    ]
# file: shop/migrations/0003_fill_order_code.py
"""Fills "code" of "shop_order" where it is NULL, batch by batch.

Runs after 0002_order_code, in the same deploy. It may be interrupted and run again.
"""

from django.db import migrations


BATCH_SIZE = 1000


def code_of(row):
    """The code of a row that was there before the column."""
    raise NotImplementedError("Write how shop.Order.code is found for rows that have none.")


def fill_code(apps, schema_editor):
    Order = apps.get_model("shop", "Order")
    rows = Order.objects.using(schema_editor.connection.alias)
    empty = rows.filter(code__isnull=True).order_by("pk")
    while batch := list(empty[:BATCH_SIZE]):
        for row in batch:
            row.code = code_of(row)
        rows.bulk_update(batch, ["code"])
        empty = empty.filter(pk__gt=batch[-1].pk)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("shop", "0002_order_code"),
    ]

    operations = [
        migrations.RunPython(fill_code, migrations.RunPython.noop),
    ]
# file: shop/migrations/0004_order_code_not_null.py
"""Sets "code" of "shop_order" NOT NULL without blocking reads and writes.

Runs after 0002_order_code, when no row holds NULL any more. The check is validated while the table is in use, and
PostgreSQL takes it as the proof that NOT NULL asks for.
"""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0003_fill_order_code"),
    ]

    operations = [
        ValidateConstraint(model_name="order", name="shop_order_code_not_null"),
        migrations.AlterField(
            model_name="order",
            name="code",
            field=models.CharField(max_length=9),
        ),
        migrations.RemoveConstraint(model_name="order", name="shop_order_code_not_null"),
    ]
`,
          },
        ],
      },
      {
        title: 'A foreign key',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(name="Courier", fields=[("id", models.BigAutoField(primary_key=True))]),
        migrations.CreateModel(name="Order", fields=[("id", models.BigAutoField(primary_key=True))]),
    ]
# file: shop/migrations/0002_order_courier.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField("order", "courier", models.ForeignKey("shop.Courier", models.PROTECT)),
                                     ~~~~~~~~~ "courier_id" is NOT NULL and has no default: adding it fails as soon as "shop_order" has a row.
    ]
`,
      },
      {
        title: 'In SQL',
        files: `
# file: shop/migrations/0002_order_more.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE shop_order ADD COLUMN note text;
            ALTER TABLE shop_order
                ADD COLUMN state text NOT NULL DEFAULT 'new',
                ADD COLUMN code varchar(9) NOT NULL;
                ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ "code" is NOT NULL and has no default: adding it fails as soon as "shop_order" has a row.
            """,
            "ALTER TABLE shop_order DROP COLUMN note, DROP COLUMN state, DROP COLUMN code",
        ),
    ]
`,
      },
    ],
    good: [
      {
        title: 'The table is created by the same migration',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    operations = [
        migrations.CreateModel(name="Order", fields=[("id", models.BigAutoField(primary_key=True))]),
        migrations.AddField("Order", "code", models.CharField(max_length=9)),
    ]
`,
      },
      {
        title: 'Django supplies a value for the rows that are there',
        files: `
# file: shop/migrations/0002_order_more.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField("order", "note", models.TextField(blank=True)),
        migrations.AddField("order", "created", models.DateTimeField(auto_now_add=True)),
        migrations.AddField("order", "weight", models.IntegerField(default=0)),
        migrations.AddField("order", "state", models.CharField(max_length=9, db_default="new")),
        migrations.AddField("order", "tags", models.ManyToManyField(to="shop.tag")),
    ]
`,
      },
      {
        title: 'SQL that gives the rows a value, or creates the table itself',
        files: `
# file: shop/migrations/0002_order_more.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE shop_order ADD COLUMN placed_at timestamptz NOT NULL DEFAULT now();
            ALTER TABLE shop_order ADD COLUMN number bigint NOT NULL GENERATED ALWAYS AS IDENTITY;
            CREATE TABLE shop_parcel (id bigint PRIMARY KEY);
            ALTER TABLE shop_parcel ADD COLUMN weight integer NOT NULL;
            """,
            migrations.RunSQL.noop,
        ),
    ]
`,
      },
    ],
  },
};
