import { notNullByCheckedSteps } from '../fixes/recipes/alembic/not-null-by-check.ts';
import { notNullByCheck } from '../fixes/recipes/not-null-by-check.ts';
import { notNullSql } from '../fixes/recipes/not-null-sql.ts';
import { isCheckDropOwed, owedCheckDrop } from '../fixes/recipes/owed-constraints.ts';
import { type Change, changesOf } from '../schema/change.ts';
import { changesOfOrigin } from '../schema/change-order.ts';
import { isSameType } from '../schema/column.ts';
import type { Migration } from '../schema/migration.ts';
import { tableText } from '../schema/table-name.ts';
import { findBlockingWork } from './blocking-work.ts';
import type { RelatedPlace, Rule, RuleContext } from './rule.ts';
import { columnBefore, isInUse } from './tables-in-use.ts';

export const setNotNull: Rule = {
  name: 'set-not-null',
  level: 'high',
  group: 'Blocks a live table',
  databases: ['postgresql'],
  kinds: ['AlterColumn', 'AddConstraint'],
  summary: 'NOT NULL is set on an existing column: the whole table is read under an exclusive lock.',
  docs: {
    whatHappens:
      '`ALTER COLUMN … SET NOT NULL` reads every row to see that none holds NULL, under an `ACCESS EXCLUSIVE` lock: nobody reads or writes the table meanwhile. Where the field has a default, Django first updates all rows that hold NULL, in the same transaction.',
    whyItHurts:
      'On a large table this takes from seconds to minutes, and every query on the table waits. If one row holds NULL, the migration fails. The running release, which may still write NULL, fails from then on.',
    whatToDo: {
      django:
        'Since PostgreSQL 12 a validated `CHECK (column IS NOT NULL)` serves as the proof, and nothing is read under the lock. Add the check with `AddConstraintNotValid`, fill the rows in batches, prove it with `ValidateConstraint` in a later migration, and set NOT NULL there. The check can go again afterwards.',
      alembic:
        'Create the check with `op.create_check_constraint(…, postgresql_not_valid=True)`. Fill the rows in the next revision, in batches inside `with op.get_context().autocommit_block():`. In the one after that `ALTER TABLE … VALIDATE CONSTRAINT`, in such a block as well, set `nullable=False`, and drop the check.',
    },
    whenItIsFine:
      'A column that a validated check proves free of NULLs, a table that the same migration created, and an `AlterField` that does not change nullability are not reported.',
  },
  sources: [
    { title: 'PostgreSQL 18: ALTER TABLE', url: 'https://www.postgresql.org/docs/18/sql-altertable.html' },
    {
      title: 'Django: Adding constraints without enforcing validation',
      url: 'https://docs.djangoproject.com/en/5.2/ref/contrib/postgres/operations/#adding-constraints-without-enforcing-validation',
    },
  ],

  *check(migration, context) {
    for (const change of changesOf(migration.forward, 'AlterColumn', 'AddConstraint')) {
      if (!change.applies.database || !isInUse(change.table, change, migration, context)) continue;
      if (findBlockingWork(context.effects(change), 'not-null') === undefined) continue;
      const fills = change.kind === 'AlterColumn' && change.fillsNulls !== undefined;
      const column = change.kind === 'AlterColumn' ? change.column : change.constraint.columns.join();
      const fails = fills ? 'updates every row that holds NULL and ' : '';
      const risk = fills ? '' : ', and fails if a row holds NULL';
      yield {
        at: change.kind === 'AlterColumn' ? (change.facets.nullable ?? change.at) : change.at,
        message: `Setting "${column}" NOT NULL ${fails}reads all of ${tableText(change.table)} under a lock that blocks reads and writes${risk}.`,
        cause: change,
        // Django adds the foreign key of a field that it alters again.
        covers: changesOfOrigin(change, migration.forward),
        related: newType(change, migration, context),
        fixes() {
          if (change.kind !== 'AlterColumn') return [];
          const inSteps = change.origin.sql === undefined ? notNullByCheck : notNullSql;
          return [...inSteps(change, migration, context), ...notNullByCheckedSteps(change, migration, context)];
        },
      };
    }
  },

  *offers(migration, context) {
    for (const change of changesOf(migration.forward, 'AddConstraint')) {
      if (!isCheckDropOwed(change, migration, context.project)) continue;
      yield {
        at: change.origin.span,
        owed: `"${change.constraint.name}" of ${tableText(change.table)} has proved that the column holds no NULL, and is still there.`,
        fix: () => owedCheckDrop(change, migration, context),
      };
    }
  },

  examples: {
    bad: [
      {
        title: 'A field loses null=True',
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
                ("code", models.CharField(max_length=9, null=True)),
            ],
        ),
    ]
# file: shop/migrations/0002_order_code.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="order",
            name="code",
            field=models.CharField(max_length=9),
                  ~~~~~~~~~~~~~~~~ Setting "code" NOT NULL reads all of "shop_order" under a lock that blocks reads and writes, and fails if a row holds NULL.
        ),
    ]
`,
        fixed: [
          {
            title: 'Set "code" NOT NULL in steps: check, fill, validate',
            files: `
# file: shop/migrations/0002_order_code.py
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0001_initial"),
    ]

    operations = [
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
        title: 'With a default Django fills the NULLs first, all at once',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[("id", models.BigAutoField(primary_key=True)), ("weight", models.IntegerField(null=True))],
        ),
    ]
# file: shop/migrations/0002_order_weight.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AlterField("order", "weight", models.IntegerField(default=0)),
                                                 ~~~~~~~~~~~~~~~~~~~ Setting "weight" NOT NULL updates every row that holds NULL and reads all of "shop_order" under a lock that blocks reads and writes.
    ]
`,
        fixed: [
          {
            title: 'Set "weight" NOT NULL in steps: check, fill, validate',
            files: `
# file: shop/migrations/0002_order_weight.py
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        AddConstraintNotValid(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(weight__isnull=False),
                name="shop_order_weight_not_null",
            ),
        ),
    ]
# file: shop/migrations/0003_fill_order_weight.py
"""Fills "weight" of "shop_order" where it is NULL, batch by batch.

Runs after 0002_order_weight, in the same deploy. It may be interrupted and run again.
"""

from django.db import migrations


BATCH_SIZE = 1000


def fill_weight(apps, schema_editor):
    Order = apps.get_model("shop", "Order")
    rows = Order.objects.using(schema_editor.connection.alias).order_by("pk")
    value = 0
    batch = rows
    while keys := list(batch.values_list("pk", flat=True)[:BATCH_SIZE]):
        rows.filter(pk__in=keys, weight__isnull=True).update(weight=value)
        batch = rows.filter(pk__gt=keys[-1])


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("shop", "0002_order_weight"),
    ]

    operations = [
        migrations.RunPython(fill_weight, migrations.RunPython.noop),
    ]
# file: shop/migrations/0004_order_weight_not_null.py
"""Sets "weight" of "shop_order" NOT NULL without blocking reads and writes.

Runs after 0002_order_weight, when no row holds NULL any more. The check is validated while the table is in use, and
PostgreSQL takes it as the proof that NOT NULL asks for.
"""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0003_fill_order_weight"),
    ]

    operations = [
        ValidateConstraint(model_name="order", name="shop_order_weight_not_null"),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    sql="ALTER TABLE shop_order ALTER COLUMN weight SET NOT NULL",
                    reverse_sql="ALTER TABLE shop_order ALTER COLUMN weight DROP NOT NULL",
                ),
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="order",
                    name="weight",
                    field=models.IntegerField(default=0),
                ),
            ],
        ),
        migrations.RemoveConstraint(model_name="order", name="shop_order_weight_not_null"),
    ]
`,
          },
        ],
      },
      {
        title: 'In SQL, beside another action',
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
                ("code", models.CharField(max_length=9, null=True)),
            ],
        ),
    ]
# file: shop/migrations/0002_order_code.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE shop_order ALTER code SET DEFAULT '', ALTER code SET NOT NULL;",
                                                               ~~~~~~~~~~~~~~~~~~~~~~~ Setting "code" NOT NULL reads all of "shop_order" under a lock that blocks reads and writes, and fails if a row holds NULL.
            "ALTER TABLE shop_order ALTER code DROP NOT NULL; ALTER TABLE shop_order ALTER code DROP DEFAULT;",
        ),
    ]
`,
        fixed: [
          {
            title: 'Set "code" NOT NULL in steps: check, then validate',
            files: `
# file: shop/migrations/0002_order_code.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE shop_order ALTER code SET DEFAULT '', ADD CONSTRAINT shop_order_code_not_null CHECK (code IS NOT NULL) NOT VALID;",
            "ALTER TABLE shop_order DROP CONSTRAINT shop_order_code_not_null; ALTER TABLE shop_order ALTER code DROP DEFAULT;",
        ),
    ]
# file: shop/migrations/0003_shop_order_code_not_null.py
"""Sets "code" of "shop_order" NOT NULL without blocking reads and writes.

Runs after 0002_order_code, when no row holds NULL any more. The check is validated while the table is in use, and
PostgreSQL takes it as the proof that NOT NULL asks for.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0002_order_code"),
    ]

    operations = [
        migrations.RunSQL(
            sql=[
                "ALTER TABLE shop_order VALIDATE CONSTRAINT shop_order_code_not_null",
                "ALTER TABLE shop_order ALTER code SET NOT NULL",
                "ALTER TABLE shop_order DROP CONSTRAINT shop_order_code_not_null",
            ],
            reverse_sql=[
                "ALTER TABLE shop_order ADD CONSTRAINT shop_order_code_not_null CHECK (code IS NOT NULL) NOT VALID",
                "ALTER TABLE shop_order ALTER code DROP NOT NULL",
            ],
        ),
    ]
`,
          },
        ],
      },
      {
        title: 'A check that lets NULL through in one of its parts',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.RunSQL("CREATE TABLE shop_customer (id bigint PRIMARY KEY, name text, code text)", ""),
        migrations.RunSQL("ALTER TABLE shop_customer ADD CHECK (name IS NOT NULL OR code <> '')", ""),
    ]
# file: shop/migrations/0002_not_null.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL("ALTER TABLE shop_customer ALTER name SET NOT NULL", migrations.RunSQL.noop),
                                                     ~~~~~~~~~~~~~~~~~~~~~~~ Setting "name" NOT NULL reads all of "shop_customer" under a lock that blocks reads and writes, and fails if a row holds NULL.
    ]
`,
      },
      {
        title: 'In SQL: a table that no migration creates, and a constraint as PostgreSQL 18 knows it',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[("id", models.BigAutoField(primary_key=True)), ("weight", models.IntegerField(null=True))],
        ),
    ]
# file: shop/migrations/0002_not_null.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE legacy_visit ALTER COLUMN seen SET DEFAULT now(), ALTER COLUMN seen SET NOT NULL;
                                                                          ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Setting "seen" NOT NULL reads all of "legacy_visit" under a lock that blocks reads and writes, and fails if a row holds NULL.
            ALTER TABLE shop_order ADD CONSTRAINT weight_known NOT NULL weight;
                                   ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Setting "weight" NOT NULL reads all of "shop_order" under a lock that blocks reads and writes, and fails if a row holds NULL.
            """,
            migrations.RunSQL.noop,
        ),
    ]
`,
      },
      {
        title: 'Alembic: of a table that the revisions at hand did not create',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_release_author.py
"""Release.author"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.alter_column("releases", "author", existing_type=sa.Text(), nullable=False)
                                                                            ~~~~~ Setting "author" NOT NULL reads all of "releases" under a lock that blocks reads and writes, and fails if a row holds NULL.


def downgrade():
    op.alter_column("releases", "author", existing_type=sa.Text(), nullable=True)
`,
      },
      {
        title: 'Alembic: a column that nothing is known to fill',
        files: `
# file: migrations/versions/1975ea83b712_orders.py
import sqlalchemy as sa
from alembic import op

revision = "1975ea83b712"
down_revision = None


def upgrade():
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.String(20), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )


def downgrade():
    op.drop_table("orders")
# file: migrations/versions/ae1027a6acf1_code_is_required.py
import sqlalchemy as sa
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    op.alter_column("orders", "code", existing_type=sa.String(20), nullable=False)
                                                                            ~~~~~ Setting "code" NOT NULL reads all of "orders" under a lock that blocks reads and writes, and fails if a row holds NULL.


def downgrade():
    op.alter_column("orders", "code", existing_type=sa.String(20), nullable=True)
`,
        fixed: [
          {
            title: 'Set "code" NOT NULL in steps: check, fill, validate',
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
# file: migrations/versions/ae1027a6acf1_code_is_required.py
import sqlalchemy as sa
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    op.create_check_constraint(
        "orders_code_not_null", "orders", "code IS NOT NULL", postgresql_not_valid=True
    )


def downgrade():
    op.drop_constraint("orders_code_not_null", "orders", type_="check")
`,
          },
        ],
      },
      {
        title: 'Alembic: a column with a default, in a batch',
        files: `
# file: migrations/versions/1975ea83b712_orders.py
import sqlalchemy as sa
from alembic import op

revision = "1975ea83b712"
down_revision = None


def upgrade():
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("paid", sa.Boolean(), server_default=sa.false()),
    )


def downgrade():
    op.drop_table("orders")
# file: migrations/versions/ae1027a6acf1_paid_is_required.py
import sqlalchemy as sa
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.alter_column("paid", existing_type=sa.BOOLEAN(), nullable=False)
                                                                           ~~~~~ Setting "paid" NOT NULL reads all of "orders" under a lock that blocks reads and writes, and fails if a row holds NULL.


def downgrade():
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.alter_column("paid", existing_type=sa.BOOLEAN(), nullable=True)
`,
        fixed: [
          {
            title: 'Set "paid" NOT NULL in steps: check, fill, validate',
            files: `
# file: migrations/versions/007da3f61b08_orders_paid_not_null.py
"""Sets "paid" of "orders" NOT NULL without blocking reads and writes.

Runs after a88f18d6e582, when no row holds NULL any more. The check is validated while the table is in use, and
PostgreSQL takes it as the proof that NOT NULL asks for.

Revision ID: 007da3f61b08
Revises: a88f18d6e582

"""

import sqlalchemy as sa
from alembic import op

revision = "007da3f61b08"
down_revision = "a88f18d6e582"


def upgrade():
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE orders VALIDATE CONSTRAINT orders_paid_not_null")
    op.alter_column("orders", "paid", existing_type=sa.BOOLEAN(), nullable=False)
    op.drop_constraint("orders_paid_not_null", "orders", type_="check")


def downgrade():
    op.create_check_constraint(
        "orders_paid_not_null", "orders", "paid IS NOT NULL", postgresql_not_valid=True
    )
    op.alter_column("orders", "paid", existing_type=sa.BOOLEAN(), nullable=True)
# file: migrations/versions/a88f18d6e582_fill_orders_paid.py
"""Fills "paid" of "orders" where it is NULL, batch by batch.

Runs after ae1027a6acf1, in the same deploy. It may be interrupted and run again.

Revision ID: a88f18d6e582
Revises: ae1027a6acf1

"""

import sqlalchemy as sa
from alembic import op

revision = "a88f18d6e582"
down_revision = "ae1027a6acf1"

BATCH_SIZE = 1000


def upgrade():
    orders = sa.table("orders", sa.column("id"), sa.column("paid"))
    with op.get_context().autocommit_block():
        connection = op.get_bind()
        empty = sa.select(orders.c.id).where(orders.c.paid.is_(None)).order_by(orders.c.id)
        batch = empty
        while keys := connection.scalars(batch.limit(BATCH_SIZE)).all():
            connection.execute(
                sa.update(orders)
                .where(orders.c.id.in_(keys), orders.c.paid.is_(None))
                .values(paid=sa.text("DEFAULT"))
            )
            batch = empty.where(orders.c.id > keys[-1])


def downgrade():
    pass
# file: migrations/versions/ae1027a6acf1_paid_is_required.py
import sqlalchemy as sa
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    op.create_check_constraint(
        "orders_paid_not_null", "orders", "paid IS NOT NULL", postgresql_not_valid=True
    )


def downgrade():
    op.drop_constraint("orders_paid_not_null", "orders", type_="check")
`,
          },
        ],
      },
      {
        title: 'Alembic: filled before, in the same revision',
        files: `
# file: migrations/versions/1975ea83b712_orders.py
import sqlalchemy as sa
from alembic import op

revision = "1975ea83b712"
down_revision = None


def upgrade():
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("paid", sa.Boolean()),
    )


def downgrade():
    op.drop_table("orders")
# file: migrations/versions/ae1027a6acf1_paid_is_required.py
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    # Old orders were paid in advance.
    op.execute("UPDATE orders SET paid = true WHERE paid IS NULL")
    op.alter_column("orders", "paid", nullable=False)
                                               ~~~~~ Setting "paid" NOT NULL reads all of "orders" under a lock that blocks reads and writes, and fails if a row holds NULL.


def downgrade():
    op.alter_column("orders", "paid", nullable=True)
`,
        fixed: [
          {
            title: 'Set "paid" NOT NULL in steps: check, validate',
            files: `
# file: migrations/versions/ae1027a6acf1_paid_is_required.py
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    # Old orders were paid in advance.
    op.execute("UPDATE orders SET paid = true WHERE paid IS NULL")
    op.create_check_constraint(
        "orders_paid_not_null", "orders", "paid IS NOT NULL", postgresql_not_valid=True
    )


def downgrade():
    op.drop_constraint("orders_paid_not_null", "orders", type_="check")
# file: migrations/versions/e2825ae9219e_orders_paid_not_null.py
"""Sets "paid" of "orders" NOT NULL without blocking reads and writes.

Runs after ae1027a6acf1, when no row holds NULL any more. The check is validated while the table is in use, and
PostgreSQL takes it as the proof that NOT NULL asks for.

Revision ID: e2825ae9219e
Revises: ae1027a6acf1

"""

from alembic import op

revision = "e2825ae9219e"
down_revision = "ae1027a6acf1"


def upgrade():
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE orders VALIDATE CONSTRAINT orders_paid_not_null")
    op.alter_column("orders", "paid", nullable=False)
    op.drop_constraint("orders_paid_not_null", "orders", type_="check")


def downgrade():
    op.create_check_constraint(
        "orders_paid_not_null", "orders", "paid IS NOT NULL", postgresql_not_valid=True
    )
    op.alter_column("orders", "paid", nullable=True)
`,
          },
        ],
      },
      {
        title: 'Alembic: in SQL, beside other actions, filled before',
        files: `
# file: migrations/versions/1975ea83b712_orders.py
import sqlalchemy as sa
from alembic import op

revision = "1975ea83b712"
down_revision = None


def upgrade():
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("code", sa.String(20)),
        sa.Column("note", sa.Text()),
    )


def downgrade():
    op.drop_table("orders")
# file: migrations/versions/ae1027a6acf1_code_of_orders.py
import sqlalchemy as sa
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    fill = sa.text("UPDATE orders SET code = :code WHERE code IS NULL")
    op.execute(fill.bindparams(code="none"))
    op.execute(
        """
        ALTER TABLE orders
            ALTER COLUMN note SET DEFAULT '',
            ALTER COLUMN code SET NOT NULL
            ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Setting "code" NOT NULL reads all of "orders" under a lock that blocks reads and writes, and fails if a row holds NULL.
        """
    )


def downgrade():
    op.execute("ALTER TABLE orders ALTER note DROP DEFAULT, ALTER code DROP NOT NULL")
`,
        fixed: [
          {
            title: 'Set "code" NOT NULL in steps: check, validate',
            files: `
# file: migrations/versions/a24e539e2c15_orders_code_not_null.py
"""Sets "code" of "orders" NOT NULL without blocking reads and writes.

Runs after ae1027a6acf1, when no row holds NULL any more. The check is validated while the table is in use, and
PostgreSQL takes it as the proof that NOT NULL asks for.

Revision ID: a24e539e2c15
Revises: ae1027a6acf1

"""

from alembic import op

revision = "a24e539e2c15"
down_revision = "ae1027a6acf1"


def upgrade():
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE orders VALIDATE CONSTRAINT orders_code_not_null")
    op.execute("ALTER TABLE orders ALTER COLUMN code SET NOT NULL")
    op.execute("ALTER TABLE orders DROP CONSTRAINT orders_code_not_null")


def downgrade():
    op.execute(
        "ALTER TABLE orders ADD CONSTRAINT orders_code_not_null CHECK (code IS NOT NULL) NOT VALID"
    )
    op.execute("ALTER TABLE orders ALTER COLUMN code DROP NOT NULL")
# file: migrations/versions/ae1027a6acf1_code_of_orders.py
import sqlalchemy as sa
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    fill = sa.text("UPDATE orders SET code = :code WHERE code IS NULL")
    op.execute(fill.bindparams(code="none"))
    op.execute(
        """
        ALTER TABLE orders
            ALTER COLUMN note SET DEFAULT '',
            ADD CONSTRAINT orders_code_not_null CHECK (code IS NOT NULL) NOT VALID
        """
    )


def downgrade():
    op.execute("ALTER TABLE orders ALTER note DROP DEFAULT, DROP CONSTRAINT orders_code_not_null")
`,
          },
        ],
      },
      {
        title: 'Alembic: in SQL, as one of several statements of a text',
        files: `
# file: migrations/versions/1975ea83b712_orders.py
import sqlalchemy as sa
from alembic import op

revision = "1975ea83b712"
down_revision = None


def upgrade():
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("code", sa.String(20)),
        sa.Column("note", sa.Text()),
    )


def downgrade():
    op.drop_table("orders")
# file: migrations/versions/ae1027a6acf1_code_of_orders.py
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    op.execute(
        "ALTER TABLE orders ALTER COLUMN code SET DEFAULT 'none';"
        "ALTER TABLE orders ALTER COLUMN code SET NOT NULL;"
                            ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Setting "code" NOT NULL reads all of "orders" under a lock that blocks reads and writes, and fails if a row holds NULL.
    )


def downgrade():
    op.alter_column("orders", "code", nullable=True)
    op.alter_column("orders", "code", server_default=None)
`,
        fixed: [
          {
            title: 'Set "code" NOT NULL in steps: check, fill, validate',
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


def upgrade():
    orders = sa.table("orders", sa.column("id"), sa.column("code"))
    with op.get_context().autocommit_block():
        connection = op.get_bind()
        empty = sa.select(orders.c.id).where(orders.c.code.is_(None)).order_by(orders.c.id)
        batch = empty
        while keys := connection.scalars(batch.limit(BATCH_SIZE)).all():
            connection.execute(
                sa.update(orders)
                .where(orders.c.id.in_(keys), orders.c.code.is_(None))
                .values(code=sa.text("DEFAULT"))
            )
            batch = empty.where(orders.c.id > keys[-1])


def downgrade():
    pass
# file: migrations/versions/a27958c5ad8a_orders_code_not_null.py
"""Sets "code" of "orders" NOT NULL without blocking reads and writes.

Runs after 2543392bf6a7, when no row holds NULL any more. The check is validated while the table is in use, and
PostgreSQL takes it as the proof that NOT NULL asks for.

Revision ID: a27958c5ad8a
Revises: 2543392bf6a7

"""

from alembic import op

revision = "a27958c5ad8a"
down_revision = "2543392bf6a7"


def upgrade():
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE orders VALIDATE CONSTRAINT orders_code_not_null")
    op.execute("ALTER TABLE orders ALTER COLUMN code SET NOT NULL")
    op.execute("ALTER TABLE orders DROP CONSTRAINT orders_code_not_null")


def downgrade():
    op.execute(
        "ALTER TABLE orders ADD CONSTRAINT orders_code_not_null CHECK (code IS NOT NULL) NOT VALID"
    )
    op.execute("ALTER TABLE orders ALTER COLUMN code DROP NOT NULL")
# file: migrations/versions/ae1027a6acf1_code_of_orders.py
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    op.execute(
        "ALTER TABLE orders ALTER COLUMN code SET DEFAULT 'none';"
        "ALTER TABLE orders ADD CONSTRAINT orders_code_not_null CHECK (code IS NOT NULL) NOT VALID;"
    )


def downgrade():
    op.execute("ALTER TABLE orders DROP CONSTRAINT orders_code_not_null")
    op.alter_column("orders", "code", server_default=None)
`,
          },
        ],
      },
    ],
    good: [
      {
        title: 'A validated check proves it',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[("id", models.BigAutoField(primary_key=True)), ("weight", models.IntegerField(null=True))],
        ),
    ]
# file: shop/migrations/0002_order_weight_check.py
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        AddConstraintNotValid(
            model_name="order",
            constraint=models.CheckConstraint(condition=models.Q(weight__isnull=False), name="weight_not_null"),
        ),
    ]
# file: shop/migrations/0003_order_weight_not_null.py
from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0002_order_weight_check")]

    operations = [
        ValidateConstraint(model_name="order", name="weight_not_null"),
        migrations.AlterField("order", "weight", models.IntegerField()),
    ]
`,
      },
      {
        title: 'SQL of an earlier migration proves it',
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
                ("parcels", models.IntegerField(null=True)),
                ("weight", models.IntegerField(null=True)),
            ],
        ),
    ]
# file: shop/migrations/0002_checks.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE shop_order ADD CONSTRAINT weight_known CHECK (weight IS NOT NULL) NOT VALID;
            ALTER TABLE shop_order ADD CONSTRAINT parcels_known NOT NULL parcels NOT VALID;
            """,
            "ALTER TABLE shop_order DROP CONSTRAINT weight_known, DROP CONSTRAINT parcels_known",
        ),
    ]
# file: shop/migrations/0003_validate.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0002_checks")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE shop_order VALIDATE CONSTRAINT weight_known;
            ALTER TABLE shop_order VALIDATE CONSTRAINT parcels_known;
            """,
            migrations.RunSQL.noop,
        ),
    ]
# file: shop/migrations/0004_not_null.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0003_validate")]

    operations = [
        migrations.AlterField("order", "weight", models.IntegerField()),
        migrations.RunSQL("ALTER TABLE shop_order ALTER parcels SET NOT NULL", migrations.RunSQL.noop),
    ]
`,
      },
      {
        title: 'A validated check that says more proves it as well',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Customer",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("city", models.TextField(null=True)),
                ("name", models.TextField(null=True)),
                ("street", models.TextField(null=True)),
            ],
        ),
    ]
# file: shop/migrations/0002_checks.py
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE shop_customer ADD CONSTRAINT name_given CHECK (name IS NOT NULL AND name <> '') NOT VALID",
            "ALTER TABLE shop_customer DROP CONSTRAINT name_given",
        ),
        AddConstraintNotValid(
            "customer",
            models.CheckConstraint(condition=Q(("city__isnull", False), ("city__gt", "")), name="city_given"),
        ),
        AddConstraintNotValid(
            "customer",
            models.CheckConstraint(condition=Q(street__isnull=False) & ~Q(street=""), name="street_given"),
        ),
    ]
# file: shop/migrations/0003_validate.py
from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0002_checks")]

    operations = [
        migrations.RunSQL("ALTER TABLE shop_customer VALIDATE CONSTRAINT name_given", migrations.RunSQL.noop),
        ValidateConstraint("customer", "city_given"),
        ValidateConstraint("customer", "street_given"),
    ]
# file: shop/migrations/0004_not_null.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0003_validate")]

    operations = [
        migrations.RunSQL("ALTER TABLE shop_customer ALTER name SET NOT NULL", migrations.RunSQL.noop),
        migrations.AlterField("customer", "city", models.TextField()),
        migrations.AlterField("customer", "street", models.TextField()),
    ]
`,
      },
      {
        title: 'The column was NOT NULL before: only the help text changes',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[("id", models.BigAutoField(primary_key=True)), ("weight", models.IntegerField())],
        ),
    ]
# file: shop/migrations/0002_order_weight.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AlterField("order", "weight", models.IntegerField(help_text="in grams", default=0)),
    ]
`,
      },
      {
        title: 'Alembic: NULL becomes allowed, or is named as it is',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_release_author.py
"""Release.author"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.alter_column("releases", "author", existing_type=sa.Text(), nullable=True)
    op.alter_column("releases", "title", existing_type=sa.Text(), existing_nullable=False, server_default="")


def downgrade():
    op.alter_column("releases", "title", existing_type=sa.Text(), existing_nullable=False, server_default=None)
    op.alter_column("releases", "author", existing_type=sa.Text(), nullable=False)
`,
      },
      {
        title: 'Alembic: on the proof of a validated check',
        files: `
# file: migrations/versions/1975ea83b712_orders.py
import sqlalchemy as sa
from alembic import op

revision = "1975ea83b712"
down_revision = None


def upgrade():
    op.create_check_constraint("orders_code_not_null", "orders", "code IS NOT NULL", postgresql_not_valid=True)


def downgrade():
    op.drop_constraint("orders_code_not_null", "orders", type_="check")
# file: migrations/versions/ae1027a6acf1_code_is_required.py
import sqlalchemy as sa
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE orders VALIDATE CONSTRAINT orders_code_not_null")
    op.alter_column("orders", "code", existing_type=sa.String(20), nullable=False)
    op.drop_constraint("orders_code_not_null", "orders", type_="check")


def downgrade():
    op.create_check_constraint("orders_code_not_null", "orders", "code IS NOT NULL", postgresql_not_valid=True)
    op.alter_column("orders", "code", existing_type=sa.String(20), nullable=True)
`,
      },
    ],
  },
};

/** What the type that changes with it does is told as soon as it stands by itself. */
function newType(change: Change, { file }: Migration, context: RuleContext): readonly RelatedPlace[] {
  if (change.kind !== 'AlterColumn' || change.facets.type === undefined) return [];
  const before = columnBefore(change.table, change.column, change, context) ?? change.was;
  if (before === undefined || isSameType(before.type, change.to.type)) return [];
  return [{ file, span: change.facets.type, message: 'Its type changes, too: alter that in an operation of its own.' }];
}
