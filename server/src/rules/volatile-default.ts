import { defaultAfterAdding } from '../fixes/recipes/alembic/default-afterwards.ts';
import { defaultAfterwards } from '../fixes/recipes/default-afterwards.ts';
import { changesOf } from '../schema/change.ts';
import { tableText } from '../schema/table-name.ts';
import { findBlockingWork } from './blocking-work.ts';
import type { Rule } from './rule.ts';
import { isInUse } from './tables-in-use.ts';

export const volatileDefault: Rule = {
  name: 'volatile-default',
  level: 'high',
  group: 'Blocks a live table',
  databases: ['postgresql'],
  kinds: ['AddColumn'],
  summary: 'A new column has a default that differs from row to row, so the whole table is written anew.',
  docs: {
    whatHappens:
      'For a default that is the same for every row PostgreSQL only notes the value in the catalog; `now()`, which is evaluated once, is one of them. `gen_random_uuid()`, `random()`, `clock_timestamp()` and `nextval()` give each row its own, so every row and every index of the table is written anew, under an `ACCESS EXCLUSIVE` lock: nobody reads or writes the table until it is done and the migration commits.',
    whyItHurts:
      'On a large table this takes from minutes to hours, and needs the disk space of the table once more. Every query on it waits.',
    whatToDo: {
      django:
        'Add the field with `null=True` and without the default, which costs nothing. Then set the default, for new rows: an `AlterField` with `db_default=`, in the same migration. Fill the rows that are there in batches, and set NOT NULL by a check that is validated first: Django itself would look through the whole table once more for a field with a default.',
      alembic:
        'Add the column without the default, set it with `op.alter_column(…, server_default=…)` for new rows, and fill the rows that are there in batches.',
    },
    whenItIsFine:
      'A default that is set on an existing column touches no row. Constants, `now()`, a Python default (Django evaluates it once), tables that the same migration creates, and databases other than PostgreSQL are not reported.',
  },
  sources: [
    { title: 'PostgreSQL 18: ALTER TABLE', url: 'https://www.postgresql.org/docs/18/sql-altertable.html' },
    {
      title: 'Django: Field.db_default',
      url: 'https://docs.djangoproject.com/en/5.2/ref/models/fields/#db-default',
    },
  ],

  *check(migration, context) {
    for (const change of changesOf(migration.forward, 'AddColumn')) {
      if (!isInUse(change.table, change, migration, context)) continue;
      if (findBlockingWork(context.effects(change), 'default') === undefined) continue;
      const { name, default: value } = change.column;
      const why =
        value?.kind === 'volatile'
          ? `The default of "${name}" differs from row to row`
          : `Before PostgreSQL 11 the default of "${name}" is written to each row`;
      yield {
        at: change.at,
        message: `${why}: adding the column rewrites all of ${tableText(change.table)}, indexes included, under a lock that blocks reads and writes.`,
        cause: change,
        fixes: () => [
          ...defaultAfterwards(change, migration, context),
          ...defaultAfterAdding(change, migration, context),
        ],
      };
    }
  },

  examples: {
    bad: [
      {
        title: 'A random value from the database',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(name="Order", fields=[("id", models.BigAutoField(primary_key=True))]),
    ]
# file: shop/migrations/0002_order_token.py
import django.contrib.postgres.functions
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="order",
            name="token",
                 ~~~~~~~ The default of "token" differs from row to row: adding the column rewrites all of "shop_order", indexes included, under a lock that blocks reads and writes.
            field=models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID()),
        ),
    ]
`,
        fixed: [
          {
            title: 'Set the default after "token" is added, fill the column in batches, then set NOT NULL',
            files: `
# file: shop/migrations/0002_order_token.py
import django.contrib.postgres.functions
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="order",
            name="token",
            field=models.UUIDField(null=True),
        ),
        migrations.AlterField(
            model_name="order",
            name="token",
            field=models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), null=True),
        ),
        AddConstraintNotValid(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(token__isnull=False),
                name="shop_order_token_not_null",
            ),
        ),
    ]
# file: shop/migrations/0003_fill_order_token.py
"""Fills "token" of "shop_order" where it is NULL, batch by batch.

Runs after 0002_order_token, in the same deploy. It may be interrupted and run again.
"""

import django.contrib.postgres.functions
from django.db import migrations


BATCH_SIZE = 1000


def fill_token(apps, schema_editor):
    Order = apps.get_model("shop", "Order")
    rows = Order.objects.using(schema_editor.connection.alias).order_by("pk")
    value = django.contrib.postgres.functions.RandomUUID()
    batch = rows
    while keys := list(batch.values_list("pk", flat=True)[:BATCH_SIZE]):
        rows.filter(pk__in=keys, token__isnull=True).update(token=value)
        batch = rows.filter(pk__gt=keys[-1])


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("shop", "0002_order_token"),
    ]

    operations = [
        migrations.RunPython(fill_token, migrations.RunPython.noop),
    ]
# file: shop/migrations/0004_order_token_not_null.py
"""Sets "token" of "shop_order" NOT NULL without blocking reads and writes.

Runs after fill_order_token, when no row holds NULL any more. The check is validated while the table is in use, and
PostgreSQL takes it as the proof that NOT NULL asks for.
"""

import django.contrib.postgres.functions
from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0003_fill_order_token"),
    ]

    operations = [
        ValidateConstraint(model_name="order", name="shop_order_token_not_null"),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    sql="ALTER TABLE shop_order ALTER COLUMN token SET NOT NULL",
                    reverse_sql="ALTER TABLE shop_order ALTER COLUMN token DROP NOT NULL",
                ),
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="order",
                    name="token",
                    field=models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID()),
                ),
            ],
        ),
        migrations.RemoveConstraint(model_name="order", name="shop_order_token_not_null"),
    ]
`,
          },
        ],
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
            ALTER TABLE shop_order ADD COLUMN token uuid NOT NULL DEFAULT gen_random_uuid();
                                   ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ The default of "token" differs from row to row: adding the column rewrites all of "shop_order", indexes included, under a lock that blocks reads and writes.
            ALTER TABLE shop_order ADD COLUMN lot numeric DEFAULT round(random() * 100);
                                   ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ The default of "lot" differs from row to row: adding the column rewrites all of "shop_order", indexes included, under a lock that blocks reads and writes.
            ALTER TABLE shop_order ADD COLUMN seen_at timestamptz DEFAULT clock_timestamp();
                                   ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ The default of "seen_at" differs from row to row: adding the column rewrites all of "shop_order", indexes included, under a lock that blocks reads and writes.
            """,
            migrations.RunSQL.noop,
        ),
    ]
`,
      },
      {
        title: 'Before PostgreSQL 11 any default does it',
        settings: 'database-version = "10"',
        files: `
# file: shop/migrations/0002_order_state.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL("ALTER TABLE shop_order ADD COLUMN state text DEFAULT 'new'", migrations.RunSQL.noop),
                                                  ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Before PostgreSQL 11 the default of "state" is written to each row: adding the column rewrites all of "shop_order", indexes included, under a lock that blocks reads and writes.
    ]
`,
      },
      {
        title: 'Alembic: a random value for each row',
        files: `
# file: migrations/versions/1975ea83b712_orders.py
import sqlalchemy as sa
from alembic import op

revision = "1975ea83b712"
down_revision = None


def upgrade():
    op.create_table("orders", sa.Column("id", sa.BigInteger(), primary_key=True))


def downgrade():
    op.drop_table("orders")
# file: migrations/versions/ae1027a6acf1_token_of_orders.py
import sqlalchemy as sa
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    op.add_column(
    ~~~~~~~~~~~~~ The default of "token" differs from row to row: adding the column rewrites all of "orders", indexes included, under a lock that blocks reads and writes.
        "orders",
        sa.Column(
            "token",
            sa.Uuid(),
            server_default=sa.text("gen_random_uuid()"),
            nullable=False,
        ),
    )


def downgrade():
    op.drop_column("orders", "token")
`,
        fixed: [
          {
            title: 'Set the default after "token" is added, fill the column in batches, then set NOT NULL',
            files: `
# file: migrations/versions/ae1027a6acf1_token_of_orders.py
import sqlalchemy as sa
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    op.add_column(
        "orders",
        sa.Column(
            "token",
            sa.Uuid(),
            nullable=True,
        ),
    )
    op.alter_column("orders", "token", server_default=sa.text("gen_random_uuid()"))
    op.create_check_constraint(
        "orders_token_not_null",
        "orders",
        "token IS NOT NULL",
        postgresql_not_valid=True,
    )


def downgrade():
    op.drop_column("orders", "token")
# file: migrations/versions/b41febae0217_orders_token_not_null.py
"""Sets "token" of "orders" NOT NULL without blocking reads and writes.

Runs after d95183e84a45, when no row holds NULL any more. The check is validated while the table is in use, and
PostgreSQL takes it as the proof that NOT NULL asks for.

Revision ID: b41febae0217
Revises: d95183e84a45

"""

import sqlalchemy as sa
from alembic import op

revision = "b41febae0217"
down_revision = "d95183e84a45"


def upgrade():
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE orders VALIDATE CONSTRAINT orders_token_not_null")
    op.alter_column("orders", "token", existing_type=sa.Uuid(), nullable=False)
    op.drop_constraint("orders_token_not_null", "orders", type_="check")


def downgrade():
    op.create_check_constraint(
        "orders_token_not_null",
        "orders",
        "token IS NOT NULL",
        postgresql_not_valid=True,
    )
    op.alter_column("orders", "token", existing_type=sa.Uuid(), nullable=True)
# file: migrations/versions/d95183e84a45_fill_orders_token.py
"""Fills "token" of "orders" where it is NULL, batch by batch.

Runs after ae1027a6acf1, in the same deploy. It may be interrupted and run again.

Revision ID: d95183e84a45
Revises: ae1027a6acf1

"""

import sqlalchemy as sa
from alembic import op

revision = "d95183e84a45"
down_revision = "ae1027a6acf1"

BATCH_SIZE = 1000


def upgrade():
    orders = sa.table("orders", sa.column("id"), sa.column("token"))
    with op.get_context().autocommit_block():
        connection = op.get_bind()
        empty = sa.select(orders.c.id).where(orders.c.token.is_(None)).order_by(orders.c.id)
        batch = empty
        while keys := connection.scalars(batch.limit(BATCH_SIZE)).all():
            connection.execute(
                sa.update(orders)
                .where(orders.c.id.in_(keys), orders.c.token.is_(None))
                .values(token=sa.text("DEFAULT"))
            )
            batch = empty.where(orders.c.id > keys[-1])


def downgrade():
    pass
`,
          },
        ],
      },
      {
        title: 'Alembic: a clock, in a batch and another schema',
        files: `
# file: migrations/versions/1975ea83b712_orders.py
import sqlalchemy as sa
from alembic import op

revision = "1975ea83b712"
down_revision = None


def upgrade():
    op.execute("CREATE SCHEMA sales")
    op.create_table("orders", sa.Column("id", sa.BigInteger(), primary_key=True), schema="sales")


def downgrade():
    op.drop_table("orders", schema="sales")
    op.execute("DROP SCHEMA sales")
# file: migrations/versions/ae1027a6acf1_seen_at_of_orders.py
import sqlalchemy as sa
from alembic import op
from sqlalchemy import func

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    with op.batch_alter_table("orders", schema="sales") as batch_op:
        batch_op.add_column(sa.Column("seen_at", sa.DateTime(), server_default=func.clock_timestamp()))
        ~~~~~~~~~~~~~~~~~~~ The default of "seen_at" differs from row to row: adding the column rewrites all of "sales.orders", indexes included, under a lock that blocks reads and writes.


def downgrade():
    with op.batch_alter_table("orders", schema="sales") as batch_op:
        batch_op.drop_column("seen_at")
`,
        fixed: [
          {
            title: 'Set the default after "seen_at" is added, and fill the column in batches',
            files: `
# file: migrations/versions/ae1027a6acf1_seen_at_of_orders.py
import sqlalchemy as sa
from alembic import op
from sqlalchemy import func

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    with op.batch_alter_table("orders", schema="sales") as batch_op:
        batch_op.add_column(sa.Column("seen_at", sa.DateTime()))
    op.alter_column(
        "orders", "seen_at", server_default=func.clock_timestamp(), schema="sales"
    )


def downgrade():
    with op.batch_alter_table("orders", schema="sales") as batch_op:
        batch_op.drop_column("seen_at")
# file: migrations/versions/d159dd33ff3c_fill_orders_seen_at.py
"""Fills "seen_at" of "orders" where it is NULL, batch by batch.

Runs after ae1027a6acf1, in the same deploy. It may be interrupted and run again.

Revision ID: d159dd33ff3c
Revises: ae1027a6acf1

"""

import sqlalchemy as sa
from alembic import op

revision = "d159dd33ff3c"
down_revision = "ae1027a6acf1"

BATCH_SIZE = 1000


def upgrade():
    orders = sa.table("orders", sa.column("id"), sa.column("seen_at"), schema="sales")
    with op.get_context().autocommit_block():
        connection = op.get_bind()
        empty = sa.select(orders.c.id).where(orders.c.seen_at.is_(None)).order_by(orders.c.id)
        batch = empty
        while keys := connection.scalars(batch.limit(BATCH_SIZE)).all():
            connection.execute(
                sa.update(orders)
                .where(orders.c.id.in_(keys), orders.c.seen_at.is_(None))
                .values(seen_at=sa.text("DEFAULT"))
            )
            batch = empty.where(orders.c.id > keys[-1])


def downgrade():
    pass
`,
          },
        ],
      },
    ],
    good: [
      {
        title: 'One value for all rows, known when the statement starts',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(name="Order", fields=[("id", models.BigAutoField(primary_key=True))]),
    ]
# file: shop/migrations/0002_order_more.py
import uuid

import django.db.models.functions
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField("order", "token", models.UUIDField(default=uuid.uuid4)),
        migrations.AddField("order", "placed", models.DateTimeField(db_default=django.db.models.functions.Now())),
        migrations.RunSQL(
            """
            ALTER TABLE shop_order ADD COLUMN state text NOT NULL DEFAULT 'new';
            ALTER TABLE shop_order ADD COLUMN seen_at timestamptz DEFAULT now();
            """,
            migrations.RunSQL.noop,
        ),
    ]
`,
      },
      {
        title: 'The column first, its default afterwards: no row is touched',
        files: `
# file: shop/migrations/0002_order_token.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE shop_order ADD COLUMN token uuid;
            ALTER TABLE shop_order ALTER COLUMN token SET DEFAULT gen_random_uuid();
            """,
            "ALTER TABLE shop_order DROP COLUMN token",
        ),
    ]
`,
      },
      {
        title: 'The table is created by the same migration',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    operations = [
        migrations.CreateModel(name="Order", fields=[("id", models.BigAutoField(primary_key=True))]),
        migrations.RunSQL(
            "ALTER TABLE shop_order ADD COLUMN token uuid DEFAULT gen_random_uuid()",
            "ALTER TABLE shop_order DROP COLUMN token",
        ),
    ]
`,
      },
    ],
  },
};
