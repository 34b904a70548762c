import { computedWhenRead } from '../fixes/recipes/computed-when-read.ts';
import { changesOf } from '../schema/change.ts';
import { tableText } from '../schema/table-name.ts';
import { findBlockingWork } from './blocking-work.ts';
import type { Rule } from './rule.ts';
import { isInUse } from './tables-in-use.ts';

export const storedGeneratedColumn: Rule = {
  name: 'stored-generated-column',
  level: 'high',
  group: 'Blocks a live table',
  databases: ['postgresql'],
  kinds: ['AddColumn', 'SetTableOption'],
  summary: 'A column is computed and stored for every row, so the whole table is written anew.',
  docs: {
    whatHappens:
      'A `STORED` generated column holds its value in the row. Adding one computes it for each row and writes the table and all its indexes anew, under an `ACCESS EXCLUSIVE` lock: nobody reads or writes the table until it is done and the migration commits. Django adds such a column for a `GeneratedField` with `db_persist=True`. `SET EXPRESSION`, with which PostgreSQL 17 changes what an existing one computes, does the same work.',
    whyItHurts:
      'On a large table this takes from minutes to hours, and needs the disk space of the table once more. Every query on it waits.',
    whatToDo: {
      django:
        'PostgreSQL 18 computes a virtual column when it is read: adding it costs nothing. Up to Django 6.0 its PostgreSQL backend takes stored ones only (`db_persist=False` is an error of the system check), so a virtual one is added with `RunSQL`, or the value is annotated in the queries that need it. Where it must be stored, add a plain field, write it from the application or by a trigger, and fill it in batches.',
      alembic:
        'Use `sa.Computed(…, persisted=False)` from PostgreSQL 18 on. Where the value must be stored, add a plain column, write it from the application or by a trigger, and fill it in batches.',
    },
    whenItIsFine:
      'Virtual columns, tables that the same migration creates, and databases other than PostgreSQL are not reported.',
  },
  sources: [
    {
      title: 'PostgreSQL 18: Generated Columns',
      url: 'https://www.postgresql.org/docs/18/ddl-generated-columns.html',
    },
    { title: 'PostgreSQL 18: ALTER TABLE', url: 'https://www.postgresql.org/docs/18/sql-altertable.html' },
    {
      title: 'Django: GeneratedField',
      url: 'https://docs.djangoproject.com/en/5.2/ref/models/fields/#generatedfield',
    },
  ],

  *check(migration, context) {
    for (const change of changesOf(migration.forward, 'AddColumn', 'SetTableOption')) {
      if (!isInUse(change.table, change, migration, context)) continue;
      if (findBlockingWork(context.effects(change), 'generated') === undefined) continue;
      const isNew = change.kind === 'AddColumn';
      yield {
        at: change.at,
        message: `"${isNew ? change.column.name : change.column}" is computed and stored for every row: ${isNew ? 'adding it' : 'another expression'} rewrites all of ${tableText(change.table)}, indexes included, under a lock that blocks reads and writes.`,
        cause: change,
        fixes: () => (isNew ? computedWhenRead(change, migration, context) : []),
      };
    }
  },

  examples: {
    bad: [
      {
        title: 'A generated field that is stored',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Item",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("price", models.BigIntegerField()),
                ("count", models.BigIntegerField()),
            ],
        ),
    ]
# file: shop/migrations/0002_item_total.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="item",
            name="total",
                 ~~~~~~~ "total" is computed and stored for every row: adding it rewrites all of "shop_item", indexes included, under a lock that blocks reads and writes.
            field=models.GeneratedField(
                expression=models.F("price") * models.F("count"),
                output_field=models.BigIntegerField(),
                db_persist=True,
            ),
        ),
    ]
`,
        fixed: [
          {
            title: 'Compute "total" when it is read: db_persist=False; add db_persist=False to the model, too',
            files: `
# file: shop/migrations/0002_item_total.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="item",
            name="total",
            field=models.GeneratedField(
                expression=models.F("price") * models.F("count"),
                output_field=models.BigIntegerField(),
                db_persist=False,
            ),
        ),
    ]
`,
          },
        ],
      },
      {
        title: 'In SQL',
        files: `
# file: shop/migrations/0002_item_total.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE shop_item ADD COLUMN total integer GENERATED ALWAYS AS (price * count) STORED",
                                   ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ "total" is computed and stored for every row: adding it rewrites all of "shop_item", indexes included, under a lock that blocks reads and writes.
            "ALTER TABLE shop_item DROP COLUMN total",
        ),
    ]
`,
        fixed: [
          {
            title: 'Compute "total" when it is read: VIRTUAL',
            files: `
# file: shop/migrations/0002_item_total.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE shop_item ADD COLUMN total integer GENERATED ALWAYS AS (price * count) VIRTUAL",
            "ALTER TABLE shop_item DROP COLUMN total",
        ),
    ]
`,
          },
        ],
      },
      {
        title: 'Another expression for a column that is stored',
        files: `
# file: shop/migrations/0001_item.py
from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.RunSQL(
            "CREATE TABLE shop_item (price integer, total integer GENERATED ALWAYS AS (price) STORED)",
            "DROP TABLE shop_item",
        ),
    ]
# file: shop/migrations/0002_item_total.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_item")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE shop_item ALTER COLUMN total SET EXPRESSION AS (price * 2)",
                                   ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ "total" is computed and stored for every row: another expression rewrites all of "shop_item", indexes included, under a lock that blocks reads and writes.
            "ALTER TABLE shop_item ALTER COLUMN total SET EXPRESSION AS (price)",
        ),
    ]
`,
      },
      {
        title: 'Alembic: a computed column',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_orders_total.py
"""orders.total"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.add_column("orders", sa.Column("total", sa.Numeric(), sa.Computed("price * quantity", persisted=True)))
    ~~~~~~~~~~~~~ "total" is computed and stored for every row: adding it rewrites all of "orders", indexes included, under a lock that blocks reads and writes.
    op.add_column("orders", sa.Column("search", sa.Text(), sa.Computed("lower(title)", persisted=True), nullable=True))
    ~~~~~~~~~~~~~ "search" is computed and stored for every row: adding it rewrites all of "orders", indexes included, under a lock that blocks reads and writes.


def downgrade():
    op.drop_column("orders", "search")
    op.drop_column("orders", "total")
`,
      },
    ],
    good: [
      {
        title: 'Computed when it is read',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Item",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("price", models.IntegerField()),
                ("count", models.IntegerField()),
            ],
        ),
    ]
# file: shop/migrations/0002_item_total.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="item",
            name="total",
            field=models.GeneratedField(
                expression=models.F("price") * models.F("count"),
                output_field=models.IntegerField(),
                db_persist=False,
            ),
        ),
        migrations.RunSQL(
            "ALTER TABLE shop_item ADD COLUMN half integer GENERATED ALWAYS AS (price / 2) VIRTUAL",
            "ALTER TABLE shop_item DROP COLUMN half",
        ),
    ]
`,
      },
      {
        title: 'The table is created by the same migration',
        files: `
# file: shop/migrations/0001_item.py
from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL(
            """
            CREATE TABLE shop_item (price integer, count integer);
            ALTER TABLE shop_item ADD COLUMN total integer GENERATED ALWAYS AS (price * count) STORED;
            """,
            "DROP TABLE shop_item",
        ),
    ]
`,
      },
      {
        title: 'Alembic: computed when it is read, or in a new table',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_orders_total.py
"""orders.total"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.add_column("orders", sa.Column("total", sa.Numeric(), sa.Computed("price * quantity", persisted=False)))
    op.create_table(
        "lines",
        sa.Column("price", sa.Numeric()),
        sa.Column("double", sa.Numeric(), sa.Computed("price * 2", persisted=True)),
    )


def downgrade():
    op.drop_table("lines")
    op.drop_column("orders", "total")
`,
      },
    ],
  },
};
