import { keyByIndex } from '../fixes/recipes/alembic/key-by-index.ts';
import { keyOfOperation } from '../fixes/recipes/key-of-operation.ts';
import type { AddColumn, AddConstraint } from '../schema/change.ts';
import { changesOf } from '../schema/change.ts';
import { changesOfOrigin } from '../schema/change-order.ts';
import type { Migration } from '../schema/migration.ts';
import { tableText } from '../schema/table-name.ts';
import { findBlockingWork } from './blocking-work.ts';
import { mayRepeat } from './repeated-values.ts';
import type { Rule, RuleContext } from './rule.ts';
import { isInUse } from './tables-in-use.ts';

export const blockingUnique: Rule = {
  name: 'blocking-unique',
  level: 'high',
  group: 'Blocks a live table',
  databases: ['postgresql'],
  kinds: ['AddConstraint', 'AddColumn'],
  summary: 'A unique constraint is added, and its index is built while nobody can use the table.',
  docs: {
    whatHappens:
      '`ADD UNIQUE` builds an index over all rows of the table under an `ACCESS EXCLUSIVE` lock: nobody reads or writes the table until it is built and the migration commits. Django does so for `unique=True`, for every `OneToOneField`, for `unique_together` and for a `UniqueConstraint` on plain fields.',
    whyItHurts:
      'On a table with millions of rows the build takes minutes, and every query on the table waits. Two rows with the same value make the migration fail at the end of it.',
    whatToDo: {
      django:
        'Build a unique index with `CREATE UNIQUE INDEX CONCURRENTLY`, in a `RunSQL` that is alone in a migration with `atomic = False`, and drop before it what a failed build has left. In the next migration make it the constraint: `ALTER TABLE … ADD CONSTRAINT … UNIQUE USING INDEX …` takes an instant. Put that into `database_operations` of a `SeparateDatabaseAndState`, with the operation that Django wrote in its `state_operations`. A text field has a second index, for `LIKE`, which Django looks for under its own name; build it along with the first. A new field comes without its constraint at first, a `OneToOneField` as a `ForeignKey(…, db_index=False)`.',
      alembic:
        'Use `op.create_index(…, unique=True, postgresql_concurrently=True)` inside `with op.get_context().autocommit_block():`, and `op.execute("ALTER TABLE … ADD CONSTRAINT … UNIQUE USING INDEX …")` in the next revision.',
    },
    whenItIsFine:
      'Tables that the same migration creates, constraints that take over an index, and databases other than PostgreSQL are not reported. A unique index that is no constraint, as Django builds it for conditions and expressions, blocks writes only: it is a matter of blocking-index.',
  },
  sources: [
    { title: 'PostgreSQL 18: ALTER TABLE', url: 'https://www.postgresql.org/docs/18/sql-altertable.html' },
    {
      title: 'Django: UniqueConstraint',
      url: 'https://docs.djangoproject.com/en/5.2/ref/models/constraints/#uniqueconstraint',
    },
  ],

  *check(migration, context) {
    for (const change of changesOf(migration.forward, 'AddConstraint', 'AddColumn')) {
      if (!isUnique(change) || !isInUse(change.table, change, migration, context)) continue;
      if (findBlockingWork(context.effects(change), 'key') === undefined) continue;
      yield {
        at: change.at,
        message: `${startOf(change)} builds an index over all of ${tableText(change.table)} under a lock that blocks reads and writes${riskOf(change, migration, context)}.`,
        cause: change,
        // A text column gets a second index with it, for LIKE.
        covers: changesOfOrigin(change, migration.forward),
        fixes: () => [
          ...keyOfOperation(change, migration, context),
          ...(change.kind === 'AddConstraint' ? keyByIndex(change, migration, context) : []),
        ],
      };
    }
  },

  examples: {
    bad: [
      {
        title: 'A field becomes unique',
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
# file: shop/migrations/0002_order_code.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AlterField("order", "code", models.CharField(max_length=9, unique=True)),
                                                                              ~~~~~~~~~~~ Adding this unique constraint builds an index over all of "shop_order" under a lock that blocks reads and writes, and fails if two rows share a value.
    ]
`,
        fixed: [
          {
            title: 'Build the index concurrently first, then make it the unique constraint',
            files: `
# file: shop/migrations/0002_order_code.py
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("shop", "0001_initial")]

    operations = [
        # A build that fails leaves an invalid index: that is dropped first.
        migrations.RunSQL(
            sql=[
                "DROP INDEX CONCURRENTLY IF EXISTS shop_order_code_15db80c4_uniq",
                "CREATE UNIQUE INDEX CONCURRENTLY shop_order_code_15db80c4_uniq ON shop_order (code)",
                "DROP INDEX CONCURRENTLY IF EXISTS shop_order_code_15db80c4_like",
                "CREATE INDEX CONCURRENTLY shop_order_code_15db80c4_like ON shop_order (code varchar_pattern_ops)",
            ],
            reverse_sql=[
                "DROP INDEX CONCURRENTLY IF EXISTS shop_order_code_15db80c4_uniq",
                "DROP INDEX CONCURRENTLY IF EXISTS shop_order_code_15db80c4_like",
            ],
        ),
    ]
# file: shop/migrations/0003_order_code_unique.py
"""Makes the index on "code" of "shop_order" the unique constraint: nothing is built or read for that.

Runs when the index is built, in the same deploy.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0002_order_code"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    sql="ALTER TABLE shop_order ADD CONSTRAINT shop_order_code_15db80c4_uniq UNIQUE USING INDEX shop_order_code_15db80c4_uniq",
                    reverse_sql="ALTER TABLE shop_order DROP CONSTRAINT shop_order_code_15db80c4_uniq",
                ),
            ],
            state_operations=[
                migrations.AlterField("order", "code", models.CharField(max_length=9, unique=True)),
            ],
        ),
    ]
`,
          },
        ],
      },
      {
        title: 'Constraints on several fields',
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
                ("year", models.IntegerField()),
            ],
        ),
    ]
# file: shop/migrations/0002_order_code.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddConstraint("order", models.UniqueConstraint(fields=["code", "year"], name="order_code_year")),
        ~~~~~~~~~~~~~~~~~~~~~~~~ Adding this unique constraint builds an index over all of "shop_order" under a lock that blocks reads and writes, and fails if two rows share a value.
        migrations.AlterUniqueTogether("order", {("year", "code")}),
        ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Adding this unique constraint builds an index over all of "shop_order" under a lock that blocks reads and writes.
    ]
`,
        fixed: [
          {
            title: 'Build the index concurrently first, then make it the unique constraint',
            files: `
# file: shop/migrations/0002_order_code.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AlterUniqueTogether("order", {("year", "code")}),
    ]
# file: shop/migrations/0003_order_code_year_index.py
"""Builds the unique index on "code", "year" of "shop_order" while the table is in use.

Runs after 0002_order_code, in the same deploy. It fails if two rows share a value: mend them and run it again.
"""

from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("shop", "0002_order_code"),
    ]

    operations = [
        # A build that fails leaves an invalid index: that is dropped first.
        migrations.RunSQL(
            sql=[
                "DROP INDEX CONCURRENTLY IF EXISTS order_code_year",
                "CREATE UNIQUE INDEX CONCURRENTLY order_code_year ON shop_order (code, year)",
            ],
            reverse_sql="DROP INDEX CONCURRENTLY IF EXISTS order_code_year",
        ),
    ]
# file: shop/migrations/0004_order_code_year_unique.py
"""Makes the index on "code", "year" of "shop_order" the unique constraint: nothing is built or read for that.

Runs when the index is built, in the same deploy.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0003_order_code_year_index"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    sql="ALTER TABLE shop_order ADD CONSTRAINT order_code_year UNIQUE USING INDEX order_code_year",
                    reverse_sql="ALTER TABLE shop_order DROP CONSTRAINT order_code_year",
                ),
            ],
            state_operations=[
                migrations.AddConstraint("order", models.UniqueConstraint(fields=["code", "year"], name="order_code_year")),
            ],
        ),
    ]
`,
          },
        ],
      },
      {
        title: 'A new column is unique',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(name="Invoice", fields=[("id", models.BigAutoField(primary_key=True))]),
        migrations.CreateModel(name="Order", fields=[("id", models.BigAutoField(primary_key=True))]),
    ]
# file: shop/migrations/0002_order_invoice.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField("order", "invoice", models.OneToOneField("shop.Invoice", models.SET_NULL, null=True)),
                                     ~~~~~~~~~ Adding "invoice_id" as unique builds an index over all of "shop_order" under a lock that blocks reads and writes.
    ]
`,
        fixed: [
          {
            title: 'Add the column first, build its index concurrently, then make it unique',
            files: `
# file: shop/migrations/0002_order_invoice.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField("order", "invoice", models.ForeignKey("shop.Invoice", models.SET_NULL, null=True, db_index=False)),
    ]
# file: shop/migrations/0003_order_invoice_index.py
"""Builds the unique index on "invoice_id" of "shop_order" while the table is in use.

Runs after 0002_order_invoice, in the same deploy. It fails if two rows share a value: mend them and run it again.
"""

from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("shop", "0002_order_invoice"),
    ]

    operations = [
        # A build that fails leaves an invalid index: that is dropped first.
        migrations.RunSQL(
            sql=[
                "DROP INDEX CONCURRENTLY IF EXISTS shop_order_invoice_id_7c6878f3_uniq",
                "CREATE UNIQUE INDEX CONCURRENTLY shop_order_invoice_id_7c6878f3_uniq ON shop_order (invoice_id)",
            ],
            reverse_sql="DROP INDEX CONCURRENTLY IF EXISTS shop_order_invoice_id_7c6878f3_uniq",
        ),
    ]
# file: shop/migrations/0004_order_invoice_unique.py
"""Makes the index on "invoice_id" of "shop_order" the unique constraint: nothing is built or read for that.

Runs when the index is built, in the same deploy.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0003_order_invoice_index"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    sql="ALTER TABLE shop_order ADD CONSTRAINT shop_order_invoice_id_7c6878f3_uniq UNIQUE USING INDEX shop_order_invoice_id_7c6878f3_uniq",
                    reverse_sql="ALTER TABLE shop_order DROP CONSTRAINT shop_order_invoice_id_7c6878f3_uniq",
                ),
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="order",
                    name="invoice",
                    field=models.OneToOneField("shop.Invoice", models.SET_NULL, null=True),
                ),
            ],
        ),
    ]
`,
          },
        ],
      },
      {
        title: 'In SQL, alone in its migration',
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
            ],
        ),
    ]
# file: shop/migrations/0002_order_code.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            sql="""
            -- Customers quote it on the phone.
            ALTER TABLE shop_order ADD CONSTRAINT shop_order_code UNIQUE (code) DEFERRABLE;
                                   ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Adding this unique constraint builds an index over all of "shop_order" under a lock that blocks reads and writes, and fails if two rows share a value.
            """,
            reverse_sql="""
            ALTER TABLE shop_order DROP CONSTRAINT shop_order_code;
            """,
        ),
    ]
`,
        fixed: [
          {
            title: 'Build the index concurrently first, then make it the unique constraint',
            files: `
# file: shop/migrations/0002_order_code.py
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            sql="""
            -- Customers quote it on the phone.
            CREATE UNIQUE INDEX CONCURRENTLY shop_order_code ON shop_order (code);
            """,
            reverse_sql="""
            DROP INDEX CONCURRENTLY IF EXISTS shop_order_code;
            """,
        ),
    ]
# file: shop/migrations/0003_shop_order_code.py
"""Makes the index "shop_order_code" of "shop_order" the constraint: nothing is built or read for that.

Runs after 0002_order_code, in the same deploy.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0002_order_code"),
    ]

    operations = [
        migrations.RunSQL(
            sql="ALTER TABLE shop_order ADD CONSTRAINT shop_order_code UNIQUE USING INDEX shop_order_code DEFERRABLE",
            reverse_sql="ALTER TABLE shop_order DROP CONSTRAINT shop_order_code",
        ),
    ]
`,
          },
        ],
      },
      {
        title: 'In SQL',
        files: `
# file: shop/migrations/0002_order_code.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            sql=[
                "ALTER TABLE shop_order ADD CONSTRAINT order_code UNIQUE (code)",
                                        ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Adding this unique constraint builds an index over all of "shop_order" under a lock that blocks reads and writes, and fails if two rows share a value.
                "ALTER TABLE shop_order ADD COLUMN number bigint UNIQUE",
                                        ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Adding "number" as unique builds an index over all of "shop_order" under a lock that blocks reads and writes.
            ],
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
`,
      },
      {
        title: 'Alembic: the only change of its revision',
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
        sa.Column("code", sa.String(20), nullable=False),
    )


def downgrade():
    op.drop_table("orders")
# file: migrations/versions/ae1027a6acf1_unique_orders.py
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    op.create_unique_constraint("orders_code_key", "orders", ["code"])
    ~~~~~~~~~~~~~~~~~~~~~~~~~~~ Adding this unique constraint builds an index over all of "orders" under a lock that blocks reads and writes, and fails if two rows share a value.


def downgrade():
    op.drop_constraint("orders_code_key", "orders", type_="unique")
`,
        fixed: [
          {
            title: 'Build the index concurrently first, then make it the unique constraint',
            files: `
# file: migrations/versions/44cdf5adcec8_orders_code_key.py
"""Makes the index "orders_code_key" of "orders" the constraint: nothing is built or read for that.

Runs after ae1027a6acf1, in the same deploy.

Revision ID: 44cdf5adcec8
Revises: ae1027a6acf1

"""

from alembic import op

revision = "44cdf5adcec8"
down_revision = "ae1027a6acf1"


def upgrade():
    op.execute(
        "ALTER TABLE orders ADD CONSTRAINT orders_code_key UNIQUE USING INDEX orders_code_key"
    )


def downgrade():
    op.drop_constraint("orders_code_key", "orders", type_="unique")
# file: migrations/versions/ae1027a6acf1_unique_orders.py
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    with op.get_context().autocommit_block():
        op.drop_index(
            "orders_code_key",
            table_name="orders",
            postgresql_concurrently=True,
            if_exists=True,
        )
        op.create_index(
            "orders_code_key",
            "orders",
            ["code"],
            unique=True,
            postgresql_concurrently=True,
        )


def downgrade():
    with op.get_context().autocommit_block():
        op.drop_index(
            "orders_code_key",
            table_name="orders",
            postgresql_concurrently=True,
            if_exists=True,
        )
`,
          },
        ],
      },
      {
        title: 'Alembic: in a batch, with the column that it is about',
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
        batch_op.add_column(sa.Column("code", sa.String(20)))
        # Two orders never share a code.
        batch_op.create_unique_constraint(batch_op.f("uq_orders_code"), ["code"])
        ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Adding this unique constraint builds an index over all of "orders" under a lock that blocks reads and writes.


def downgrade():
    with op.batch_alter_table("orders") as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_orders_code"), type_="unique")
        batch_op.drop_column("code")
`,
        fixed: [
          {
            title: 'Build the index concurrently first, then make it the unique constraint',
            files: `
# file: migrations/versions/43320bb3999b_uq_orders_code.py
"""Makes the index "uq_orders_code" of "orders" the constraint: nothing is built or read for that.

Runs when the index is built, in the same deploy.

Revision ID: 43320bb3999b
Revises: a517d8cfa0f2

"""

from alembic import op

revision = "43320bb3999b"
down_revision = "a517d8cfa0f2"


def upgrade():
    # Two orders never share a code.
    op.execute(
        "ALTER TABLE orders ADD CONSTRAINT uq_orders_code UNIQUE USING INDEX uq_orders_code"
    )


def downgrade():
    op.drop_constraint(op.f("uq_orders_code"), "orders", type_="unique")
# file: migrations/versions/a517d8cfa0f2_uq_orders_code_index.py
"""Builds the index of "uq_orders_code" without blocking writes to "orders".

Runs after ae1027a6acf1, in the same deploy. It fails if two rows are the same: mend them and run it again.

Revision ID: a517d8cfa0f2
Revises: ae1027a6acf1

"""

from alembic import op

revision = "a517d8cfa0f2"
down_revision = "ae1027a6acf1"


def upgrade():
    with op.get_context().autocommit_block():
        op.drop_index(
            op.f("uq_orders_code"),
            table_name="orders",
            postgresql_concurrently=True,
            if_exists=True,
        )
        op.create_index(
            op.f("uq_orders_code"),
            "orders",
            ["code"],
            unique=True,
            postgresql_concurrently=True,
        )


def downgrade():
    with op.get_context().autocommit_block():
        op.drop_index(
            op.f("uq_orders_code"),
            table_name="orders",
            postgresql_concurrently=True,
            if_exists=True,
        )
# file: migrations/versions/ae1027a6acf1_code_of_orders.py
import sqlalchemy as sa
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    with op.batch_alter_table("orders") as batch_op:
        batch_op.add_column(sa.Column("code", sa.String(20)))


def downgrade():
    with op.batch_alter_table("orders") as batch_op:
        batch_op.drop_column("code")
`,
          },
        ],
      },
      {
        title: 'Alembic: unique=True inside a column',
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
    op.add_column("orders", sa.Column("code", sa.String(20), nullable=True, unique=True))
    ~~~~~~~~~~~~~ Adding this unique constraint builds an index over all of "orders" under a lock that blocks reads and writes.


def downgrade():
    op.drop_column("orders", "code")
`,
        fixed: [
          {
            title: 'Build the index concurrently first, then make it the unique constraint',
            files: `
# file: migrations/versions/77e70996cb52_orders_code_key_index.py
"""Builds the index of "orders_code_key" without blocking writes to "orders".

Runs after ae1027a6acf1, in the same deploy. It fails if two rows are the same: mend them and run it again.

Revision ID: 77e70996cb52
Revises: ae1027a6acf1

"""

from alembic import op

revision = "77e70996cb52"
down_revision = "ae1027a6acf1"


def upgrade():
    with op.get_context().autocommit_block():
        op.drop_index(
            "orders_code_key",
            table_name="orders",
            postgresql_concurrently=True,
            if_exists=True,
        )
        op.create_index(
            "orders_code_key",
            "orders",
            ["code"],
            unique=True,
            postgresql_concurrently=True,
        )


def downgrade():
    with op.get_context().autocommit_block():
        op.drop_index(
            "orders_code_key",
            table_name="orders",
            postgresql_concurrently=True,
            if_exists=True,
        )
# file: migrations/versions/ae1027a6acf1_code_of_orders.py
import sqlalchemy as sa
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    op.add_column("orders", sa.Column("code", sa.String(20), nullable=True))


def downgrade():
    op.drop_column("orders", "code")
# file: migrations/versions/c2fe816097b7_orders_code_key.py
"""Makes the index "orders_code_key" of "orders" the constraint: nothing is built or read for that.

Runs when the index is built, in the same deploy.

Revision ID: c2fe816097b7
Revises: 77e70996cb52

"""

from alembic import op

revision = "c2fe816097b7"
down_revision = "77e70996cb52"


def upgrade():
    op.execute(
        "ALTER TABLE orders ADD CONSTRAINT orders_code_key UNIQUE USING INDEX orders_code_key"
    )


def downgrade():
    op.drop_constraint("orders_code_key", "orders", type_="unique")
`,
          },
        ],
      },
      {
        title: 'Alembic: in SQL',
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
        sa.Column("shop", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
    )


def downgrade():
    op.drop_table("orders")
# file: migrations/versions/ae1027a6acf1_unique_orders.py
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    op.execute(
        """
        ALTER TABLE orders
            ADD CONSTRAINT orders_shop_code UNIQUE (shop, code) DEFERRABLE INITIALLY DEFERRED
            ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Adding this unique constraint builds an index over all of "orders" under a lock that blocks reads and writes, and fails if two rows share a value.
        """
    )


def downgrade():
    op.drop_constraint("orders_shop_code", "orders")
`,
        fixed: [
          {
            title: 'Build the index concurrently first, then make it the unique constraint',
            files: `
# file: migrations/versions/ae1027a6acf1_unique_orders.py
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS orders_shop_code")
        op.execute(
            "CREATE UNIQUE INDEX CONCURRENTLY orders_shop_code ON orders (shop, code)"
        )


def downgrade():
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS orders_shop_code")
# file: migrations/versions/b5a6ac5fbbe6_orders_shop_code.py
"""Makes the index "orders_shop_code" of "orders" the constraint: nothing is built or read for that.

Runs after ae1027a6acf1, in the same deploy.

Revision ID: b5a6ac5fbbe6
Revises: ae1027a6acf1

"""

from alembic import op

revision = "b5a6ac5fbbe6"
down_revision = "ae1027a6acf1"


def upgrade():
    op.execute(
        "ALTER TABLE orders ADD CONSTRAINT orders_shop_code UNIQUE USING INDEX orders_shop_code DEFERRABLE INITIALLY DEFERRED"
    )


def downgrade():
    op.execute("ALTER TABLE orders DROP CONSTRAINT orders_shop_code")
`,
          },
        ],
      },
      {
        title: 'Alembic: of several columns, checked at the end of the transaction, beside another change',
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
        sa.Column("shop", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
    )


def downgrade():
    op.drop_table("orders")
# file: migrations/versions/ae1027a6acf1_unique_orders.py
import sqlalchemy as sa
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    op.add_column("orders", sa.Column("note", sa.Text()))
    op.create_unique_constraint(
    ~~~~~~~~~~~~~~~~~~~~~~~~~~~ Adding this unique constraint builds an index over all of "orders" under a lock that blocks reads and writes, and fails if two rows share a value.
        "orders_shop_code",
        "orders",
        ["shop", "code"],
        deferrable=True,
        initially="DEFERRED",
    )


def downgrade():
    op.drop_constraint("orders_shop_code", "orders")
    op.drop_column("orders", "note")
`,
        fixed: [
          {
            title: 'Build the index concurrently first, then make it the unique constraint',
            files: `
# file: migrations/versions/65524006a3d1_orders_shop_code.py
"""Makes the index "orders_shop_code" of "orders" the constraint: nothing is built or read for that.

Runs when the index is built, in the same deploy.

Revision ID: 65524006a3d1
Revises: a0db8782820b

"""

from alembic import op

revision = "65524006a3d1"
down_revision = "a0db8782820b"


def upgrade():
    op.execute(
        "ALTER TABLE orders ADD CONSTRAINT orders_shop_code UNIQUE USING INDEX orders_shop_code DEFERRABLE INITIALLY DEFERRED"
    )


def downgrade():
    op.drop_constraint("orders_shop_code", "orders", type_="unique")
# file: migrations/versions/a0db8782820b_orders_shop_code_index.py
"""Builds the index of "orders_shop_code" without blocking writes to "orders".

Runs after ae1027a6acf1, in the same deploy. It fails if two rows are the same: mend them and run it again.

Revision ID: a0db8782820b
Revises: ae1027a6acf1

"""

from alembic import op

revision = "a0db8782820b"
down_revision = "ae1027a6acf1"


def upgrade():
    with op.get_context().autocommit_block():
        op.drop_index(
            "orders_shop_code",
            table_name="orders",
            postgresql_concurrently=True,
            if_exists=True,
        )
        op.create_index(
            "orders_shop_code",
            "orders",
            ["shop", "code"],
            unique=True,
            postgresql_concurrently=True,
        )


def downgrade():
    with op.get_context().autocommit_block():
        op.drop_index(
            "orders_shop_code",
            table_name="orders",
            postgresql_concurrently=True,
            if_exists=True,
        )
# file: migrations/versions/ae1027a6acf1_unique_orders.py
import sqlalchemy as sa
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    op.add_column("orders", sa.Column("note", sa.Text()))


def downgrade():
    op.drop_column("orders", "note")
`,
          },
        ],
      },
      {
        title: 'Alembic: without a name, as autogenerate writes it',
        files: `
# file: migrations/versions/1975ea83b712_orders.py
import sqlalchemy as sa
from alembic import op

revision = "1975ea83b712"
down_revision = None


def upgrade():
    op.create_table("couriers", sa.Column("id", sa.BigInteger(), primary_key=True))
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("courier_id", sa.BigInteger()),
        sa.Column("code", sa.String(20), nullable=False),
    )


def downgrade():
    op.drop_table("orders")
    op.drop_table("couriers")
# file: migrations/versions/ae1027a6acf1_unique_orders.py
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    op.create_unique_constraint(None, "orders", ["code"])
    ~~~~~~~~~~~~~~~~~~~~~~~~~~~ Adding this unique constraint builds an index over all of "orders" under a lock that blocks reads and writes, and fails if two rows share a value.


def downgrade():
    op.drop_constraint(None, "orders", type_="unique")
`,
        fixed: [
          {
            title: 'Build the index concurrently first, then make it the unique constraint',
            files: `
# file: migrations/versions/44cdf5adcec8_orders_code_key.py
"""Makes the index "orders_code_key" of "orders" the constraint: nothing is built or read for that.

Runs after ae1027a6acf1, in the same deploy.

Revision ID: 44cdf5adcec8
Revises: ae1027a6acf1

"""

from alembic import op

revision = "44cdf5adcec8"
down_revision = "ae1027a6acf1"


def upgrade():
    op.execute(
        "ALTER TABLE orders ADD CONSTRAINT orders_code_key UNIQUE USING INDEX orders_code_key"
    )


def downgrade():
    op.drop_constraint("orders_code_key", "orders", type_="unique")
# file: migrations/versions/ae1027a6acf1_unique_orders.py
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    with op.get_context().autocommit_block():
        op.drop_index(
            "orders_code_key",
            table_name="orders",
            postgresql_concurrently=True,
            if_exists=True,
        )
        op.create_index(
            "orders_code_key",
            "orders",
            ["code"],
            unique=True,
            postgresql_concurrently=True,
        )


def downgrade():
    with op.get_context().autocommit_block():
        op.drop_index(
            "orders_code_key",
            table_name="orders",
            postgresql_concurrently=True,
            if_exists=True,
        )
`,
          },
        ],
      },
    ],
    good: [
      {
        title: 'The index is built concurrently and becomes the constraint',
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
# file: shop/migrations/0002_order_code_index.py
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "CREATE UNIQUE INDEX CONCURRENTLY shop_order_code_uniq ON shop_order (code)",
            "DROP INDEX CONCURRENTLY IF EXISTS shop_order_code_uniq",
        ),
    ]
# file: shop/migrations/0003_order_code_unique.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0002_order_code_index")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE shop_order ADD CONSTRAINT shop_order_code_uniq UNIQUE USING INDEX shop_order_code_uniq",
                    "ALTER TABLE shop_order DROP CONSTRAINT shop_order_code_uniq",
                ),
            ],
            state_operations=[
                migrations.AlterField("order", "code", models.CharField(max_length=9, unique=True)),
            ],
        ),
    ]
`,
      },
      {
        title: 'A condition: Django builds an index and no constraint',
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
# file: shop/migrations/0002_order_code.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddConstraint(
            "order",
            models.UniqueConstraint(fields=["code"], condition=models.Q(code__gt=""), name="order_code"),
        ),
    ]
`,
      },
      {
        title: 'It was unique before',
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
                ("code", models.CharField(max_length=9, unique=True)),
            ],
        ),
    ]
# file: shop/migrations/0002_order_code.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AlterField("order", "code", models.CharField(max_length=9, unique=True, help_text="As printed")),
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
        migrations.CreateModel(
            name="Order",
            fields=[("id", models.BigAutoField(primary_key=True)), ("code", models.CharField(max_length=9))],
        ),
        migrations.AlterUniqueTogether("order", {("id", "code")}),
    ]
`,
      },
      {
        title: 'The project runs on MySQL',
        settings: 'database = "mysql"',
        files: `
# file: shop/migrations/0002_order_code.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL("ALTER TABLE shop_order ADD CONSTRAINT order_code UNIQUE (code)", migrations.RunSQL.noop),
    ]
`,
      },
    ],
  },
};

function isUnique(change: AddConstraint | AddColumn): boolean {
  if (change.kind === 'AddConstraint') return change.constraint.kind === 'unique';
  return change.column.unique && !change.column.primaryKey;
}

function startOf(change: AddConstraint | AddColumn): string {
  return change.kind === 'AddColumn' ? `Adding "${change.column.name}" as unique` : 'Adding this unique constraint';
}

/** The rows of a new column hold NULL, or what the statement gives them. */
function riskOf(change: AddConstraint | AddColumn, migration: Migration, context: RuleContext): string {
  if (change.kind === 'AddColumn') return '';
  const key = { table: change.table, columns: change.constraint.columns };
  return mayRepeat(key, change, migration, context) ? ', and fails if two rows share a value' : '';
}
