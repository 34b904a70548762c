import { nullableColumnFirst } from '../fixes/recipes/alembic/nullable-first.ts';
import { isFilledNotNullOwed, owedColumnNotNull } from '../fixes/recipes/alembic/owed-not-null.ts';
import { serverDefault } from '../fixes/recipes/alembic/server-default.ts';
import { isNotNullOwed, nullableFirst, owedNotNull } from '../fixes/recipes/nullable-first.ts';
import { changesOf } from '../schema/change.ts';
import { tableText } from '../schema/table-name.ts';
import type { Rule } from './rule.ts';
import { isInUse } from './tables-in-use.ts';

export const notNullWithoutDefault: Rule = {
  name: 'not-null-without-default',
  level: 'critical',
  group: 'Fails when it runs',
  kinds: ['AddColumn'],
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
        fixes: () => [
          ...nullableFirst(change, migration, context),
          ...serverDefault(change, migration, context),
          ...nullableColumnFirst(change, migration, context),
        ],
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
    for (const change of changesOf(migration.forward, 'AddColumn')) {
      if (!isFilledNotNullOwed(change, migration, context)) continue;
      yield {
        at: change.origin.span,
        owed: `"${change.column.name}" of ${tableText(change.table)} was filled where it was NULL, and is still nullable.`,
        fix: () => owedColumnNotNull(change, migration, context),
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
      {
        title: 'Alembic: the default is for SQLAlchemy alone',
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
# file: migrations/versions/ae1027a6acf1_state_of_orders.py
import sqlalchemy as sa
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    op.add_column("orders", sa.Column("state", sa.String(20), nullable=False, default="open"))
    ~~~~~~~~~~~~~ "state" is NOT NULL and has no default: adding it fails as soon as "orders" has a row.


def downgrade():
    op.drop_column("orders", "state")
`,
        fixed: [
          {
            title: 'Give it the default in the database: server_default="open"',
            files: `
# file: migrations/versions/ae1027a6acf1_state_of_orders.py
import sqlalchemy as sa
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    op.add_column(
        "orders",
        sa.Column(
            "state",
            sa.String(20),
            nullable=False,
            default="open",
            server_default="open",
        ),
    )


def downgrade():
    op.drop_column("orders", "state")
`,
          },
          {
            title: 'Add "state" nullable and fill it in batches; set NOT NULL in a later release',
            files: `
# file: migrations/versions/ae1027a6acf1_state_of_orders.py
import sqlalchemy as sa
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    op.add_column(
        "orders", sa.Column("state", sa.String(20), nullable=True, default="open")
    )


def downgrade():
    op.drop_column("orders", "state")
# file: migrations/versions/b2cecb15dcd2_fill_orders_state.py
"""Fills "state" of "orders" where it is NULL, batch by batch.

Runs after ae1027a6acf1, in the same deploy. It may be interrupted and run again.

Rows that are written without the column stay NULL: set it NOT NULL in a later release, when all that run write it.

Revision ID: b2cecb15dcd2
Revises: ae1027a6acf1

"""

import sqlalchemy as sa
from alembic import op

revision = "b2cecb15dcd2"
down_revision = "ae1027a6acf1"

BATCH_SIZE = 1000


def upgrade():
    orders = sa.table("orders", sa.column("id"), sa.column("state"))
    with op.get_context().autocommit_block():
        connection = op.get_bind()
        empty = sa.select(orders.c.id).where(orders.c.state.is_(None)).order_by(orders.c.id)
        batch = empty
        while keys := connection.scalars(batch.limit(BATCH_SIZE)).all():
            connection.execute(
                sa.update(orders)
                .where(orders.c.id.in_(keys), orders.c.state.is_(None))
                .values(state="open")
            )
            batch = empty.where(orders.c.id > keys[-1])


def downgrade():
    pass
`,
          },
        ],
      },
      {
        title: 'Alembic: no default at all, in a batch',
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
# file: migrations/versions/ae1027a6acf1_code_of_orders.py
import sqlalchemy as sa
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    with op.batch_alter_table("orders") as batch_op:
        batch_op.add_column(sa.Column("code", sa.String(20), nullable=False))
        ~~~~~~~~~~~~~~~~~~~ "code" is NOT NULL and has no default: adding it fails as soon as "orders" has a row.


def downgrade():
    with op.batch_alter_table("orders") as batch_op:
        batch_op.drop_column("code")
`,
        fixed: [
          {
            title: 'Add "code" nullable and fill it in batches; set NOT NULL in a later release',
            files: `
# file: migrations/versions/2543392bf6a7_fill_orders_code.py
"""Fills "code" of "orders" where it is NULL, batch by batch.

Runs after ae1027a6acf1, in the same deploy. It may be interrupted and run again.

Rows that are written without the column stay NULL: set it NOT NULL in a later release, when all that run write it.

Revision ID: 2543392bf6a7
Revises: ae1027a6acf1

"""

import sqlalchemy as sa
from alembic import op

revision = "2543392bf6a7"
down_revision = "ae1027a6acf1"

BATCH_SIZE = 1000


def code_of(row):
    """The code of a row that was there before the column."""
    raise NotImplementedError("Write how orders.code is found for rows that have none.")


def upgrade():
    orders = sa.table("orders", sa.column("id"), sa.column("code"))
    with op.get_context().autocommit_block():
        connection = op.get_bind()
        empty = sa.select(orders).where(orders.c.code.is_(None)).order_by(orders.c.id)
        batch = empty
        while rows := connection.execute(batch.limit(BATCH_SIZE)).all():
            connection.execute(
                sa.update(orders)
                .where(orders.c.id == sa.bindparam("row_key"), orders.c.code.is_(None))
                .values(code=sa.bindparam("new_value")),
                [{"row_key": row.id, "new_value": code_of(row)} for row in rows],
            )
            batch = empty.where(orders.c.id > rows[-1].id)


def downgrade():
    pass
# file: migrations/versions/ae1027a6acf1_code_of_orders.py
import sqlalchemy as sa
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    with op.batch_alter_table("orders") as batch_op:
        batch_op.add_column(sa.Column("code", sa.String(20), nullable=True))


def downgrade():
    with op.batch_alter_table("orders") as batch_op:
        batch_op.drop_column("code")
`,
          },
        ],
      },
      {
        title: 'Alembic: the application is stopped to migrate',
        settings: 'deploys = "stopped"',
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
# file: migrations/versions/ae1027a6acf1_code_of_orders.py
import sqlalchemy as sa
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    op.add_column("orders", sa.Column("code", sa.String(20), nullable=False))
    ~~~~~~~~~~~~~ "code" is NOT NULL and has no default: adding it fails as soon as "orders" has a row.


def downgrade():
    op.drop_column("orders", "code")
`,
        fixed: [
          {
            title: 'Add "code" nullable, fill it in batches, then set NOT NULL',
            files: `
# file: migrations/versions/2543392bf6a7_fill_orders_code.py
"""Fills "code" of "orders" where it is NULL, batch by batch.

Runs after ae1027a6acf1, in the same deploy. It may be interrupted and run again.

Revision ID: 2543392bf6a7
Revises: ae1027a6acf1

"""

import sqlalchemy as sa
from alembic import op

revision = "2543392bf6a7"
down_revision = "ae1027a6acf1"

BATCH_SIZE = 1000


def code_of(row):
    """The code of a row that was there before the column."""
    raise NotImplementedError("Write how orders.code is found for rows that have none.")


def upgrade():
    orders = sa.table("orders", sa.column("id"), sa.column("code"))
    with op.get_context().autocommit_block():
        connection = op.get_bind()
        empty = sa.select(orders).where(orders.c.code.is_(None)).order_by(orders.c.id)
        batch = empty
        while rows := connection.execute(batch.limit(BATCH_SIZE)).all():
            connection.execute(
                sa.update(orders)
                .where(orders.c.id == sa.bindparam("row_key"), orders.c.code.is_(None))
                .values(code=sa.bindparam("new_value")),
                [{"row_key": row.id, "new_value": code_of(row)} for row in rows],
            )
            batch = empty.where(orders.c.id > rows[-1].id)


def downgrade():
    pass
# file: migrations/versions/a27958c5ad8a_orders_code_not_null.py
"""Sets "code" of "orders" NOT NULL without blocking reads and writes.

Runs after 2543392bf6a7, when no row holds NULL any more. The check is validated while the table is in use, and
PostgreSQL takes it as the proof that NOT NULL asks for.

Revision ID: a27958c5ad8a
Revises: 2543392bf6a7

"""

import sqlalchemy as sa
from alembic import op

revision = "a27958c5ad8a"
down_revision = "2543392bf6a7"


def upgrade():
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE orders VALIDATE CONSTRAINT orders_code_not_null")
    op.alter_column("orders", "code", existing_type=sa.String(20), nullable=False)
    op.drop_constraint("orders_code_not_null", "orders", type_="check")


def downgrade():
    op.create_check_constraint(
        "orders_code_not_null", "orders", "code IS NOT NULL", postgresql_not_valid=True
    )
    op.alter_column("orders", "code", existing_type=sa.String(20), nullable=True)
# file: migrations/versions/ae1027a6acf1_code_of_orders.py
import sqlalchemy as sa
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    op.add_column("orders", sa.Column("code", sa.String(20), nullable=True))
    op.create_check_constraint(
        "orders_code_not_null", "orders", "code IS NOT NULL", postgresql_not_valid=True
    )


def downgrade():
    op.drop_column("orders", "code")
`,
          },
        ],
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
