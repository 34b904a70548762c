import { keyByIndex } from '../fixes/recipes/alembic/key-by-index.ts';
import { keyOfOperation } from '../fixes/recipes/key-of-operation.ts';
import type { AddColumn, AddConstraint } from '../schema/change.ts';
import { changesOf } from '../schema/change.ts';
import { changesOfOrigin } from '../schema/change-order.ts';
import { findBlockingWork } from './blocking-work.ts';
import type { Rule } from './rule.ts';
import { isInUse } from './tables-in-use.ts';

export const blockingPrimaryKey: Rule = {
  name: 'blocking-primary-key',
  level: 'high',
  group: 'Blocks a live table',
  databases: ['postgresql'],
  kinds: ['AddConstraint', 'AddColumn'],
  summary: 'A primary key is added, and its index is built while nobody can use the table.',
  docs: {
    whatHappens:
      '`ADD PRIMARY KEY` builds a unique index over all rows under an `ACCESS EXCLUSIVE` lock: nobody reads or writes the table until it is built and the migration commits. With `USING INDEX` the index is there already, but the rows are still read where the column may be NULL, because a primary key sets it NOT NULL.',
    whyItHurts:
      'On a table with millions of rows this takes minutes, and every query on the table waits. Two rows with the same value, or one without any, make the migration fail at the end of it.',
    whatToDo: {
      django:
        'Set the column NOT NULL first, on the proof of a validated check. Build a unique index with `CREATE UNIQUE INDEX CONCURRENTLY` in a migration with `atomic = False`. Then `ALTER TABLE … ADD CONSTRAINT … PRIMARY KEY USING INDEX …` takes an instant; put it into `database_operations` of a `SeparateDatabaseAndState`, with the `AlterField` in the `state_operations`.',
      alembic:
        'Set the column NOT NULL on the proof of a validated check, create the unique index with `postgresql_concurrently=True`, and `op.execute("ALTER TABLE … ADD CONSTRAINT … PRIMARY KEY USING INDEX …")` in the next revision.',
    },
    whenItIsFine:
      'Tables that the same migration creates, primary keys that take over an index of a NOT NULL column, and databases other than PostgreSQL are not reported.',
  },
  sources: [
    { title: 'PostgreSQL 18: ALTER TABLE', url: 'https://www.postgresql.org/docs/18/sql-altertable.html' },
    {
      title: 'Django: Field.primary_key',
      url: 'https://docs.djangoproject.com/en/5.2/ref/models/fields/#primary-key',
    },
  ],

  *check(migration, context) {
    for (const change of changesOf(migration.forward, 'AddConstraint', 'AddColumn')) {
      if (!isPrimaryKey(change) || !isInUse(change.table, change, migration, context)) continue;
      if (findBlockingWork(context.effects(change), 'key') === undefined) continue;
      yield {
        at: change.at,
        message: messageOf(change),
        cause: change,
        covers: changesOfOrigin(change, migration.forward),
        fixes: () =>
          change.kind === 'AddConstraint'
            ? [...keyOfOperation(change, migration, context), ...keyByIndex(change, migration, context)]
            : [],
      };
    }
  },

  examples: {
    bad: [
      {
        title: 'A field becomes the primary key',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[("id", models.BigAutoField(primary_key=True)), ("number", models.BigIntegerField())],
        ),
    ]
# file: shop/migrations/0002_order_number.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RemoveField("order", "id"),
        migrations.AlterField("order", "number", models.BigIntegerField(primary_key=True)),
                                                                        ~~~~~~~~~~~~~~~~ Adding the primary key builds an index over all of "shop_order" under a lock that blocks reads and writes, and fails if two rows share a value.
    ]
`,
      },
      {
        title: 'A field of a table that has lost its key becomes the primary key',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[("id", models.BigAutoField(primary_key=True)), ("number", models.BigIntegerField())],
        ),
    ]
# file: shop/migrations/0002_remove_order_id.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RemoveField("order", "id"),
    ]
# file: shop/migrations/0003_order_number.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0002_remove_order_id")]

    operations = [
        migrations.AlterField("order", "number", models.BigIntegerField(primary_key=True)),
                                                                        ~~~~~~~~~~~~~~~~ Adding the primary key builds an index over all of "shop_order" under a lock that blocks reads and writes, and fails if two rows share a value.
    ]
`,
        fixed: [
          {
            title: 'Build the index concurrently first, then make it the primary key',
            files: `
# file: shop/migrations/0003_order_number.py
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("shop", "0002_remove_order_id")]

    operations = [
        # A build that fails leaves an invalid index: that is dropped first.
        migrations.RunSQL(
            sql=[
                "DROP INDEX CONCURRENTLY IF EXISTS shop_order_number_d6408b6d_pk",
                "CREATE UNIQUE INDEX CONCURRENTLY shop_order_number_d6408b6d_pk ON shop_order (number)",
            ],
            reverse_sql="DROP INDEX CONCURRENTLY IF EXISTS shop_order_number_d6408b6d_pk",
        ),
    ]
# file: shop/migrations/0004_order_number_key.py
"""Makes the index on "number" of "shop_order" the primary key: nothing is built or read for that.

Runs when the index is built, in the same deploy.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0003_order_number"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    sql="ALTER TABLE shop_order ADD CONSTRAINT shop_order_number_d6408b6d_pk PRIMARY KEY USING INDEX shop_order_number_d6408b6d_pk",
                    reverse_sql="ALTER TABLE shop_order DROP CONSTRAINT shop_order_number_d6408b6d_pk",
                ),
            ],
            state_operations=[
                migrations.AlterField("order", "number", models.BigIntegerField(primary_key=True)),
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
from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.RunSQL("CREATE TABLE shop_log (id bigint NOT NULL, text varchar)", "DROP TABLE shop_log"),
    ]
# file: shop/migrations/0002_log_key.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL("alter table shop_log add primary key (id)"),
                                                ~~~~~~~~~~~~~~~~~~~~ Adding the primary key builds an index over all of "shop_log" under a lock that blocks reads and writes, and fails if two rows share a value.
    ]
`,
        fixed: [
          {
            title: 'Build the index concurrently first, then make it the primary key',
            files: `
# file: shop/migrations/0002_log_key.py
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL("CREATE UNIQUE INDEX CONCURRENTLY shop_log_pkey ON shop_log (id)", reverse_sql="DROP INDEX CONCURRENTLY IF EXISTS shop_log_pkey"),
    ]
# file: shop/migrations/0003_shop_log_pkey.py
"""Makes the index "shop_log_pkey" of "shop_log" the constraint: nothing is built or read for that.

Runs after 0002_log_key, in the same deploy.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0002_log_key"),
    ]

    operations = [
        migrations.RunSQL(
            sql="alter table shop_log ADD CONSTRAINT shop_log_pkey primary key USING INDEX shop_log_pkey",
            reverse_sql="alter table shop_log DROP CONSTRAINT shop_log_pkey",
        ),
    ]
`,
          },
        ],
      },
      {
        title: 'In SQL, and over an index of a column that may be NULL',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Visit",
            fields=[("id", models.BigAutoField(primary_key=True)), ("number", models.BigIntegerField(null=True))],
        ),
        migrations.RunSQL("CREATE UNIQUE INDEX visit_number ON shop_visit (number)", "DROP INDEX visit_number"),
    ]
# file: shop/migrations/0002_keys.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            sql="""
                ALTER TABLE shop_log ADD PRIMARY KEY (id);
                                     ~~~~~~~~~~~~~~~~~~~~ Adding the primary key builds an index over all of "shop_log" under a lock that blocks reads and writes, and fails if two rows share a value.
                ALTER TABLE shop_visit ADD CONSTRAINT visit_pkey PRIMARY KEY USING INDEX visit_number;
                                       ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Making a column that may be NULL the primary key reads all of "shop_visit" under a lock that blocks reads and writes, and fails if a row holds NULL.
            """,
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
`,
      },
      {
        title: 'Alembic: a column that is NOT NULL becomes the primary key',
        files: `
# file: migrations/versions/1975ea83b712_orders.py
import sqlalchemy as sa
from alembic import op

revision = "1975ea83b712"
down_revision = None


def upgrade():
    op.create_table("orders", sa.Column("number", sa.BigInteger(), nullable=False))


def downgrade():
    op.drop_table("orders")
# file: migrations/versions/ae1027a6acf1_key_of_orders.py
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    op.create_primary_key("orders_pkey", "orders", ["number"])
    ~~~~~~~~~~~~~~~~~~~~~ Adding the primary key builds an index over all of "orders" under a lock that blocks reads and writes, and fails if two rows share a value.


def downgrade():
    op.drop_constraint("orders_pkey", "orders", type_="primary")
`,
        fixed: [
          {
            title: 'Build the index concurrently first, then make it the primary key',
            files: `
# file: migrations/versions/1c67e099b509_orders_pkey.py
"""Makes the index "orders_pkey" of "orders" the constraint: nothing is built or read for that.

Runs after ae1027a6acf1, in the same deploy.

Revision ID: 1c67e099b509
Revises: ae1027a6acf1

"""

from alembic import op

revision = "1c67e099b509"
down_revision = "ae1027a6acf1"


def upgrade():
    op.execute(
        "ALTER TABLE orders ADD CONSTRAINT orders_pkey PRIMARY KEY USING INDEX orders_pkey"
    )


def downgrade():
    op.drop_constraint("orders_pkey", "orders", type_="primary")
# file: migrations/versions/ae1027a6acf1_key_of_orders.py
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    with op.get_context().autocommit_block():
        op.drop_index(
            "orders_pkey",
            table_name="orders",
            postgresql_concurrently=True,
            if_exists=True,
        )
        op.create_index(
            "orders_pkey",
            "orders",
            ["number"],
            unique=True,
            postgresql_concurrently=True,
        )


def downgrade():
    with op.get_context().autocommit_block():
        op.drop_index(
            "orders_pkey",
            table_name="orders",
            postgresql_concurrently=True,
            if_exists=True,
        )
`,
          },
        ],
      },
      {
        title: 'Alembic: in SQL, beside another statement',
        files: `
# file: migrations/versions/1975ea83b712_orders.py
import sqlalchemy as sa
from alembic import op

revision = "1975ea83b712"
down_revision = None


def upgrade():
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("shop", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
    )


def downgrade():
    op.drop_table("orders")
# file: migrations/versions/ae1027a6acf1_key_of_orders.py
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    op.execute("ALTER TABLE orders ALTER COLUMN code SET DEFAULT ''")
    # Orders are counted from now on.
    op.execute("ALTER TABLE orders ADD CONSTRAINT orders_pkey PRIMARY KEY (id)")
                                   ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Adding the primary key builds an index over all of "orders" under a lock that blocks reads and writes, and fails if two rows share a value.


def downgrade():
    op.execute("ALTER TABLE orders DROP CONSTRAINT orders_pkey")
    op.execute("ALTER TABLE orders ALTER COLUMN code DROP DEFAULT")
`,
        fixed: [
          {
            title: 'Build the index concurrently first, then make it the primary key',
            files: `
# file: migrations/versions/461ac02a0fdc_orders_pkey_index.py
"""Builds the index of "orders_pkey" without blocking writes to "orders".

Runs after ae1027a6acf1, in the same deploy. It fails if two rows are the same: mend them and run it again.

Revision ID: 461ac02a0fdc
Revises: ae1027a6acf1

"""

from alembic import op

revision = "461ac02a0fdc"
down_revision = "ae1027a6acf1"


def upgrade():
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS orders_pkey")
        op.execute("CREATE UNIQUE INDEX CONCURRENTLY orders_pkey ON orders (id)")


def downgrade():
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS orders_pkey")
# file: migrations/versions/ae1027a6acf1_key_of_orders.py
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    op.execute("ALTER TABLE orders ALTER COLUMN code SET DEFAULT ''")


def downgrade():
    op.execute("ALTER TABLE orders ALTER COLUMN code DROP DEFAULT")
# file: migrations/versions/ed36d80102de_orders_pkey.py
"""Makes the index "orders_pkey" of "orders" the constraint: nothing is built or read for that.

Runs when the index is built, in the same deploy.

Revision ID: ed36d80102de
Revises: 461ac02a0fdc

"""

from alembic import op

revision = "ed36d80102de"
down_revision = "461ac02a0fdc"


def upgrade():
    # Orders are counted from now on.
    op.execute(
        "ALTER TABLE orders ADD CONSTRAINT orders_pkey PRIMARY KEY USING INDEX orders_pkey"
    )


def downgrade():
    op.execute("ALTER TABLE orders DROP CONSTRAINT orders_pkey")
`,
          },
        ],
      },
    ],
    good: [
      {
        title: 'Over an index of a column that is NOT NULL',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Visit",
            fields=[("id", models.BigAutoField(primary_key=True)), ("number", models.BigIntegerField())],
        ),
        migrations.RunSQL(
            "CREATE UNIQUE INDEX visit_number ON shop_visit (number)",
            "DROP INDEX visit_number",
        ),
    ]
# file: shop/migrations/0002_visit_key.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE shop_visit
                DROP CONSTRAINT shop_visit_pkey,
                ADD CONSTRAINT visit_pkey PRIMARY KEY USING INDEX visit_number;
            """,
            migrations.RunSQL.noop,
        ),
    ]
`,
      },
      {
        title: 'The table is created by the same migration',
        files: `
# file: shop/migrations/0001_log.py
from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL(
            """
            CREATE TABLE shop_log (id bigint, line text);
            ALTER TABLE shop_log ADD PRIMARY KEY (id);
            """,
            "DROP TABLE shop_log",
        ),
    ]
`,
      },
      {
        title: 'It was the primary key before',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[("number", models.BigIntegerField(primary_key=True))],
        ),
    ]
# file: shop/migrations/0002_order_number.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AlterField("order", "number", models.BigIntegerField(primary_key=True, help_text="As printed")),
    ]
`,
      },
    ],
  },
};

function isPrimaryKey(change: AddConstraint | AddColumn): boolean {
  return change.kind === 'AddColumn' ? change.column.primaryKey : change.constraint.kind === 'primary-key';
}

function messageOf(change: AddConstraint | AddColumn): string {
  const { name } = change.table;
  if (change.kind === 'AddConstraint' && change.usingIndex !== undefined) {
    return `Making a column that may be NULL the primary key reads all of "${name}" under a lock that blocks reads and writes, and fails if a row holds NULL.`;
  }
  return `Adding the primary key builds an index over all of "${name}" under a lock that blocks reads and writes, and fails if two rows share a value.`;
}
