import { columnIndexApart } from '../fixes/recipes/alembic/column-index-apart.ts';
import { concurrentDirective } from '../fixes/recipes/alembic/concurrent-index.ts';
import { concurrentIndex } from '../fixes/recipes/concurrent-index.ts';
import { concurrentSql } from '../fixes/recipes/concurrent-sql.ts';
import { deferredIndex } from '../fixes/recipes/deferred-index.ts';
import { uniqueIndexConcurrently } from '../fixes/recipes/unique-index-constraint.ts';
import { changesOf } from '../schema/change.ts';
import { findTable } from '../schema/schema.ts';
import { tableText } from '../schema/table-name.ts';
import { findBlockingWork } from './blocking-work.ts';
import { mayRepeat } from './repeated-values.ts';
import type { Rule } from './rule.ts';
import { isInUse } from './tables-in-use.ts';

export const blockingIndex: Rule = {
  name: 'blocking-index',
  level: 'high',
  group: 'Blocks a live table',
  databases: ['postgresql'],
  kinds: ['CreateIndex'],
  summary: 'An index is built while writes to its table wait.',
  docs: {
    whatHappens:
      '`CREATE INDEX` reads the whole table under a `SHARE` lock. Reads go on; every `INSERT`, `UPDATE` and `DELETE` on the table waits until the index is built and the migration commits. Django builds such an index for `AddIndex`, for `db_index=True`, for every foreign key and, on text columns, a second one for `LIKE` searches.',
    whyItHurts:
      'On a table with millions of rows the build takes minutes. Writes pile up behind it, workers run out, and the site is down for everybody who writes.',
    whatToDo: {
      django:
        'Use `AddIndexConcurrently` from `django.contrib.postgres.operations`, alone in a migration with `atomic = False`. An index of a partitioned table cannot be built concurrently: build one concurrently on each partition, then create it `ON ONLY` the table and attach those to it. For a new column with an index, add the column without the index first.',
      alembic:
        'Use `op.create_index(…, postgresql_concurrently=True)` inside `with op.get_context().autocommit_block():`, alone in its revision.',
    },
    whenItIsFine:
      'An index on a table that the same migration creates is built on no rows. Concurrent builds, materialized views, which only `REFRESH` writes to, and databases other than PostgreSQL, are not reported.',
  },
  sources: [
    { title: 'PostgreSQL 18: CREATE INDEX', url: 'https://www.postgresql.org/docs/18/sql-createindex.html' },
    {
      title: 'Django: Concurrent index operations',
      url: 'https://docs.djangoproject.com/en/5.2/ref/contrib/postgres/operations/#concurrent-index-operations',
    },
  ],

  *check(migration, context) {
    const told = new Set<string>();
    for (const change of changesOf(migration.forward, 'CreateIndex')) {
      if (!change.applies.database || !isInUse(change.table, change, migration, context)) continue;
      if (findBlockingWork(context.effects(change), 'index') === undefined) continue;
      // One operation may build several indexes on one table (the second serves LIKE): that is one thing to tell.
      const key = `${change.origin.span.start} ${change.table.name}`;
      if (told.has(key)) continue;
      told.add(key);
      const isPartitioned = findTable(context.before(change), change.table)?.partitionedBy !== undefined;
      const blocked = `${tableText(change.table)}${isPartitioned ? ' and its partitions' : ''}`;
      const { unique, columns } = change.index;
      const isRisky = unique && mayRepeat({ table: change.table, columns }, change, migration, context);
      const risk = isRisky ? ', and fails if two rows share a value' : '';
      yield {
        at: change.at,
        message: `Building this index blocks every write to ${blocked} until it is done${risk}.`,
        cause: change,
        fixes: () => [
          ...concurrentIndex(change, migration, context),
          ...concurrentSql(change, migration, context),
          ...deferredIndex(change, migration, context),
          ...uniqueIndexConcurrently(change, migration, context),
          ...concurrentDirective(change, migration, context),
          ...columnIndexApart(change, migration, context),
        ],
      };
    }
  },

  examples: {
    bad: [
      {
        title: 'The only operation of its migration',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[("id", models.BigAutoField(primary_key=True)), ("placed_at", models.DateTimeField())],
        ),
    ]
# file: shop/migrations/0002_order_placed_at.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0001_initial"),
    ]

    operations = [
        # The report page sorts by date.
        migrations.AddIndex(
        ~~~~~~~~~~~~~~~~~~~ Building this index blocks every write to "shop_order" until it is done.
            model_name="order",
            index=models.Index(fields=["placed_at"], name="order_placed_at_idx"),
        ),
    ]
`,
        fixed: [
          {
            title: 'Build the index concurrently',
            files: `
# file: shop/migrations/0002_order_placed_at.py
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("shop", "0001_initial"),
    ]

    operations = [
        # The report page sorts by date.
        AddIndexConcurrently(
            model_name="order",
            index=models.Index(fields=["placed_at"], name="order_placed_at_idx"),
        ),
    ]
`,
          },
        ],
      },
      {
        title: 'Among other operations: it gets a migration of its own',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[("id", models.BigAutoField(primary_key=True)), ("placed_at", models.DateTimeField())],
        ),
    ]
# file: shop/migrations/0003_later.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0002_order_note")]

    operations = []
# file: shop/migrations/0002_order_note.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        # The list of orders is sorted by date.
        migrations.AddIndex("order", models.Index(fields=["placed_at"], name="order_placed_at_idx")),  # newest first
        ~~~~~~~~~~~~~~~~~~~ Building this index blocks every write to "shop_order" until it is done.
        migrations.AddField("order", "note", models.TextField(null=True)),
    ]
`,
        fixed: [
          {
            title: 'Build the index concurrently, in a migration of its own',
            files: `
# file: shop/migrations/0002_order_note.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField("order", "note", models.TextField(null=True)),
    ]
# file: shop/migrations/0003_later.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0004_order_placed_at_idx")]

    operations = []
# file: shop/migrations/0004_order_placed_at_idx.py
"""Builds an index on "shop_order" without blocking writes to it.

Runs after 0002_order_note, in the same deploy. If the build fails, drop the invalid index that it leaves before the
migration is run again.
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("shop", "0002_order_note"),
    ]

    operations = [
        # The list of orders is sorted by date.
        AddIndexConcurrently("order", models.Index(fields=["placed_at"], name="order_placed_at_idx")),  # newest first
    ]
`,
          },
        ],
      },
      {
        title: 'A foreign key brings an index of its own',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(name="Order", fields=[("id", models.BigAutoField(primary_key=True))]),
        migrations.CreateModel(name="Courier", fields=[("id", models.BigAutoField(primary_key=True))]),
    ]
# file: shop/migrations/0002_order_courier.py
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="order",
            name="courier",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to="shop.courier"),
                  ~~~~~~~~~~~~~~~~~ Building this index blocks every write to "shop_order" until it is done.
        ),
    ]
`,
        fixed: [
          {
            title: 'Add the column without its index, and build that concurrently in a migration of its own',
            files: `
# file: shop/migrations/0002_order_courier.py
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="order",
            name="courier",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to="shop.courier", db_index=False),
        ),
    ]
# file: shop/migrations/0003_order_courier_index.py
"""Builds the index on "courier_id" of "shop_order" without blocking writes to it.

Runs after 0002_order_courier, in the same deploy. If the build fails, drop the invalid index that it leaves before the
migration is run again.
"""

import django.db.models.deletion
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("shop", "0002_order_courier"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                AddIndexConcurrently(
                    model_name="order",
                    index=models.Index(fields=["courier"], name="shop_order_courier_id_idx"),
                ),
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="order",
                    name="courier",
                    field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to="shop.courier"),
                ),
            ],
        ),
    ]
`,
          },
        ],
      },
      {
        title: 'An existing column gets db_index',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[("id", models.BigAutoField(primary_key=True)), ("placed_at", models.DateTimeField())],
        ),
    ]
# file: shop/migrations/0002_order_placed_at.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AlterField("order", "placed_at", models.DateTimeField(db_index=True)),
                                                                         ~~~~~~~~~~~~~ Building this index blocks every write to "shop_order" until it is done.
    ]
`,
        fixed: [
          {
            title: 'Build the index concurrently',
            files: `
# file: shop/migrations/0002_order_placed_at.py
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                AddIndexConcurrently(
                    model_name="order",
                    index=models.Index(fields=["placed_at"], name="shop_order_placed_at_idx"),
                ),
            ],
            state_operations=[
                migrations.AlterField("order", "placed_at", models.DateTimeField(db_index=True)),
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
            fields=[("id", models.BigAutoField(primary_key=True)), ("placed_at", models.DateTimeField())],
        ),
    ]
# file: shop/migrations/0002_order_placed_at.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            -- The report page sorts by date.
            CREATE INDEX IF NOT EXISTS order_placed_at_idx
            ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Building this index blocks every write to "shop_order" until it is done.
                ON shop_order (placed_at DESC);
            """,
            reverse_sql="DROP INDEX order_placed_at_idx",
        ),
    ]
`,
        fixed: [
          {
            title: 'Build the index concurrently',
            files: `
# file: shop/migrations/0002_order_placed_at.py
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            sql="DROP INDEX CONCURRENTLY IF EXISTS order_placed_at_idx",
            reverse_sql=migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            """
            -- The report page sorts by date.
            CREATE INDEX CONCURRENTLY IF NOT EXISTS order_placed_at_idx
                ON shop_order (placed_at DESC);
            """,
            reverse_sql="DROP INDEX CONCURRENTLY order_placed_at_idx",
        ),
    ]
`,
          },
        ],
      },
      {
        title: 'In SQL, one of several statements',
        files: `
# file: shop/migrations/0002_order_report.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE shop_order ADD COLUMN placed_on date;
            CREATE INDEX order_placed_on_idx ON shop_order (placed_on);
            ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Building this index blocks every write to "shop_order" until it is done.
            CREATE UNIQUE INDEX invoice_number_idx
            ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Building this index blocks every write to "shop_invoice" until it is done, and fails if two rows share a value.
                ON shop_invoice (number) WHERE number <> '';
            """,
            reverse_sql="ALTER TABLE shop_order DROP COLUMN placed_on; DROP INDEX invoice_number_idx;",
        ),
    ]
`,
        fixed: [
          {
            title: 'Build the index concurrently, in a migration of its own',
            files: `
# file: shop/migrations/0002_order_report.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE shop_order ADD COLUMN placed_on date;
            CREATE UNIQUE INDEX invoice_number_idx
                ON shop_invoice (number) WHERE number <> '';
            """,
            reverse_sql="ALTER TABLE shop_order DROP COLUMN placed_on; DROP INDEX invoice_number_idx;",
        ),
    ]
# file: shop/migrations/0003_order_placed_on_idx.py
"""Builds an index on "shop_order" without blocking writes to it.

Runs after 0002_order_report, in the same deploy. If the build fails, drop the invalid index that it leaves before the
migration is run again.
"""

from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("shop", "0002_order_report"),
    ]

    operations = [
        migrations.RunSQL(
            sql="CREATE INDEX CONCURRENTLY order_placed_on_idx ON shop_order (placed_on)",
            reverse_sql="DROP INDEX CONCURRENTLY IF EXISTS order_placed_on_idx",
        ),
    ]
`,
          },
        ],
      },
      {
        title: 'In a DO block, under a condition: one level milder',
        files: `
# file: shop/migrations/0002_order_report.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            DO $$
            BEGIN
                IF to_regclass('order_placed_at_idx') IS NULL THEN
                    CREATE INDEX order_placed_at_idx ON shop_order (placed_at);
                    ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Building this index blocks every write to "shop_order" until it is done.
                END IF;
            END
            $$
            """,
            migrations.RunSQL.noop,
        ),
    ]
`,
      },
      {
        title: 'On a partitioned table: every partition is read',
        files: `
# file: shop/migrations/0001_event.py
from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL(
            """
            CREATE TABLE shop_event (at date NOT NULL, what text) PARTITION BY RANGE (at);
            CREATE TABLE shop_event_2025 PARTITION OF shop_event FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
            """,
            "DROP TABLE shop_event",
        ),
    ]
# file: shop/migrations/0002_event_what.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_event")]

    operations = [
        migrations.RunSQL("CREATE INDEX event_what_idx ON shop_event (what)", "DROP INDEX event_what_idx"),
                           ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Building this index blocks every write to "shop_event" and its partitions until it is done.
    ]
`,
      },
      {
        title: 'A constraint with a condition, which PostgreSQL knows as an index alone',
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
                ("state", models.CharField(max_length=9, default="open")),
                ("deleted_at", models.DateTimeField(null=True)),
            ],
        ),
    ]
# file: shop/migrations/0002_order_code.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddConstraint(
        ~~~~~~~~~~~~~~~~~~~~~~~~ Building this index blocks every write to "shop_order" until it is done, and fails if two rows share a value.
            model_name="order",
            constraint=models.UniqueConstraint(
                fields=["code"], condition=models.Q(deleted_at__isnull=True, state="open"), name="order_code"
            ),
        ),
    ]
`,
        fixed: [
          {
            title: 'Build the index concurrently',
            files: `
# file: shop/migrations/0002_order_code.py
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                # A build that fails leaves an invalid index: that is dropped first.
                migrations.RunSQL(
                    sql=[
                        "DROP INDEX CONCURRENTLY IF EXISTS order_code",
                        "CREATE UNIQUE INDEX CONCURRENTLY order_code ON shop_order (code) WHERE (deleted_at IS NULL AND state = 'open')",
                    ],
                    reverse_sql="DROP INDEX CONCURRENTLY IF EXISTS order_code",
                ),
            ],
            state_operations=[
                migrations.AddConstraint(
                    model_name="order",
                    constraint=models.UniqueConstraint(
                        fields=["code"], condition=models.Q(deleted_at__isnull=True, state="open"), name="order_code"
                    ),
                ),
            ],
        ),
    ]
`,
          },
        ],
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
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade():
    op.drop_table("orders")
# file: migrations/versions/ae1027a6acf1_index_orders_by_date.py
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    op.create_index("orders_placed_at_idx", "orders", ["placed_at"])
    ~~~~~~~~~~~~~~~ Building this index blocks every write to "orders" until it is done.


def downgrade():
    op.drop_index("orders_placed_at_idx", table_name="orders")
`,
        fixed: [
          {
            title: 'Build the index concurrently',
            files: `
# file: migrations/versions/ae1027a6acf1_index_orders_by_date.py
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    with op.get_context().autocommit_block():
        op.drop_index(
            "orders_placed_at_idx",
            table_name="orders",
            postgresql_concurrently=True,
            if_exists=True,
        )
        op.create_index(
            "orders_placed_at_idx",
            "orders",
            ["placed_at"],
            postgresql_concurrently=True,
        )


def downgrade():
    with op.get_context().autocommit_block():
        op.drop_index(
            "orders_placed_at_idx",
            table_name="orders",
            postgresql_concurrently=True,
            if_exists=True,
        )
`,
          },
        ],
      },
      {
        title: 'Alembic: as autogenerate writes it, beside another change',
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
"""Code of orders

Revision ID: ae1027a6acf1
Revises: 1975ea83b712
Create Date: 2025-05-18 08:30:12.345678

"""

from typing import Sequence, Union

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "ae1027a6acf1"
down_revision: Union[str, None] = "1975ea83b712"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    # ### commands auto generated by Alembic - please adjust! ###
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.add_column(sa.Column("code", sa.String(length=20), nullable=True))
        batch_op.create_index(batch_op.f("ix_orders_code"), ["code"], unique=False)
        ~~~~~~~~~~~~~~~~~~~~~ Building this index blocks every write to "orders" until it is done.

    # ### end Alembic commands ###


def downgrade() -> None:
    # ### commands auto generated by Alembic - please adjust! ###
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_orders_code"))
        batch_op.drop_column("code")

    # ### end Alembic commands ###
`,
        fixed: [
          {
            title: 'Build the index concurrently, in a revision of its own',
            files: `
# file: migrations/versions/2455b4d82c26_ix_orders_code.py
"""Builds an index on "orders" without blocking writes to it.

Runs after ae1027a6acf1, in the same deploy. It may be interrupted and run again.

Revision ID: 2455b4d82c26
Revises: ae1027a6acf1
Create Date: 2025-05-18 08:30:12.345678

"""

from typing import Sequence, Union

from alembic import op

# revision identifiers, used by Alembic.
revision: str = "2455b4d82c26"
down_revision: Union[str, None] = "ae1027a6acf1"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index(
            op.f("ix_orders_code"),
            table_name="orders",
            postgresql_concurrently=True,
            if_exists=True,
        )
        op.create_index(
            op.f("ix_orders_code"),
            "orders",
            ["code"],
            unique=False,
            postgresql_concurrently=True,
        )


def downgrade() -> None:
    with op.get_context().autocommit_block():
        op.drop_index(
            op.f("ix_orders_code"),
            table_name="orders",
            postgresql_concurrently=True,
            if_exists=True,
        )
# file: migrations/versions/ae1027a6acf1_code_of_orders.py
"""Code of orders

Revision ID: ae1027a6acf1
Revises: 1975ea83b712
Create Date: 2025-05-18 08:30:12.345678

"""

from typing import Sequence, Union

import sqlalchemy as sa
from alembic import op

# revision identifiers, used by Alembic.
revision: str = "ae1027a6acf1"
down_revision: Union[str, None] = "1975ea83b712"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    # ### commands auto generated by Alembic - please adjust! ###
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.add_column(sa.Column("code", sa.String(length=20), nullable=True))

    # ### end Alembic commands ###


def downgrade() -> None:
    # ### commands auto generated by Alembic - please adjust! ###
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.drop_column("code")

    # ### end Alembic commands ###
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
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade():
    op.drop_table("orders")
# file: migrations/versions/ae1027a6acf1_index_orders_by_date.py
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    op.execute(
        """
        CREATE INDEX IF NOT EXISTS orders_placed_at_idx
        ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Building this index blocks every write to "orders" until it is done.
            ON orders (placed_at DESC)
        """
    )


def downgrade():
    op.execute("DROP INDEX orders_placed_at_idx")
`,
        fixed: [
          {
            title: 'Build the index concurrently',
            files: `
# file: migrations/versions/ae1027a6acf1_index_orders_by_date.py
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS orders_placed_at_idx")
        op.execute(
            """
        CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_placed_at_idx
            ON orders (placed_at DESC)
        """
        )


def downgrade():
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS orders_placed_at_idx")
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
    op.create_table("orders", sa.Column("id", sa.BigInteger(), primary_key=True))


def downgrade():
    op.drop_table("orders")
# file: migrations/versions/ae1027a6acf1_code_of_orders.py
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    op.execute("ALTER TABLE orders ADD COLUMN code varchar(20)")
    op.execute("CREATE INDEX orders_code_idx ON orders (code) WHERE code <> ''")
                ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Building this index blocks every write to "orders" until it is done.


def downgrade():
    op.execute("ALTER TABLE orders DROP COLUMN code")
`,
        fixed: [
          {
            title: 'Build the index concurrently, in a revision of its own',
            files: `
# file: migrations/versions/ae1027a6acf1_code_of_orders.py
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    op.execute("ALTER TABLE orders ADD COLUMN code varchar(20)")


def downgrade():
    op.execute("ALTER TABLE orders DROP COLUMN code")
# file: migrations/versions/c053d0d0fef0_orders_code_idx.py
"""Builds an index on "orders" without blocking writes to it.

Runs after ae1027a6acf1, in the same deploy. It may be interrupted and run again.

Revision ID: c053d0d0fef0
Revises: ae1027a6acf1

"""

from alembic import op

revision = "c053d0d0fef0"
down_revision = "ae1027a6acf1"


def upgrade():
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS orders_code_idx")
        op.execute(
            "CREATE INDEX CONCURRENTLY orders_code_idx ON orders (code) WHERE code <> ''"
        )


def downgrade():
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS orders_code_idx")
`,
          },
        ],
      },
      {
        title: 'Alembic: several indexes in one batch',
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
        sa.Column("total", sa.Integer()),
    )


def downgrade():
    op.drop_table("orders")
# file: migrations/versions/ae1027a6acf1_index_orders.py
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.create_index("ix_orders_code", ["code"], unique=False)
        ~~~~~~~~~~~~~~~~~~~~~ Building this index blocks every write to "orders" until it is done.
        batch_op.create_index("ix_orders_total", ["total"], unique=False)
        ~~~~~~~~~~~~~~~~~~~~~ Building this index blocks every write to "orders" until it is done.


def downgrade():
    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.drop_index("ix_orders_total")
        batch_op.drop_index("ix_orders_code")
`,
        fixed: [
          {
            title: 'Build all its indexes concurrently',
            files: `
# file: migrations/versions/ae1027a6acf1_index_orders.py
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    with op.get_context().autocommit_block():
        op.drop_index(
            "ix_orders_code",
            table_name="orders",
            postgresql_concurrently=True,
            if_exists=True,
        )
        op.create_index(
            "ix_orders_code",
            "orders",
            ["code"],
            unique=False,
            postgresql_concurrently=True,
        )
        op.drop_index(
            "ix_orders_total",
            table_name="orders",
            postgresql_concurrently=True,
            if_exists=True,
        )
        op.create_index(
            "ix_orders_total",
            "orders",
            ["total"],
            unique=False,
            postgresql_concurrently=True,
        )


def downgrade():
    with op.get_context().autocommit_block():
        op.drop_index(
            "ix_orders_total",
            table_name="orders",
            postgresql_concurrently=True,
            if_exists=True,
        )
        op.drop_index(
            "ix_orders_code",
            table_name="orders",
            postgresql_concurrently=True,
            if_exists=True,
        )
`,
          },
        ],
      },
      {
        title: 'Alembic: index=True inside a column',
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
    op.add_column("orders", sa.Column("code", sa.String(20), nullable=True, index=True))
    ~~~~~~~~~~~~~ Building this index blocks every write to "orders" until it is done.


def downgrade():
    op.drop_column("orders", "code")
`,
        fixed: [
          {
            title: 'Add the column without its index, and build that concurrently in a revision of its own',
            files: `
# file: migrations/versions/2455b4d82c26_ix_orders_code.py
"""Builds an index on "orders" without blocking writes to it.

Runs after ae1027a6acf1, in the same deploy. It may be interrupted and run again.

Revision ID: 2455b4d82c26
Revises: ae1027a6acf1

"""

from alembic import op

revision = "2455b4d82c26"
down_revision = "ae1027a6acf1"


def upgrade():
    with op.get_context().autocommit_block():
        op.drop_index(
            op.f("ix_orders_code"),
            table_name="orders",
            postgresql_concurrently=True,
            if_exists=True,
        )
        op.create_index(
            op.f("ix_orders_code"),
            "orders",
            ["code"],
            unique=False,
            postgresql_concurrently=True,
        )


def downgrade():
    with op.get_context().autocommit_block():
        op.drop_index(
            op.f("ix_orders_code"),
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
`,
          },
        ],
      },
      {
        title: 'Alembic: a unique index inside a column, in another schema',
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
# file: migrations/versions/ae1027a6acf1_code_of_orders.py
import sqlalchemy as sa
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    op.add_column(
    ~~~~~~~~~~~~~ Building this index blocks every write to "sales.orders" until it is done.
        "orders",
        sa.Column(
            "code",
            sa.String(20),
            unique=True,
            index=True,
        ),
        schema="sales",
    )


def downgrade():
    op.drop_index("ix_sales_orders_code", table_name="orders", schema="sales")
    op.drop_column("orders", "code", schema="sales")
`,
        fixed: [
          {
            title: 'Add the column without its index, and build that concurrently in a revision of its own',
            files: `
# file: migrations/versions/ae1027a6acf1_code_of_orders.py
import sqlalchemy as sa
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    op.add_column(
        "orders",
        sa.Column(
            "code",
            sa.String(20),
        ),
        schema="sales",
    )


def downgrade():
    op.drop_column("orders", "code", schema="sales")
# file: migrations/versions/d8303fa971f7_ix_sales_orders_code.py
"""Builds an index on "orders" without blocking writes to it.

Runs after ae1027a6acf1, in the same deploy. It may be interrupted and run again.

Revision ID: d8303fa971f7
Revises: ae1027a6acf1

"""

from alembic import op

revision = "d8303fa971f7"
down_revision = "ae1027a6acf1"


def upgrade():
    with op.get_context().autocommit_block():
        op.drop_index(
            op.f("ix_sales_orders_code"),
            table_name="orders",
            postgresql_concurrently=True,
            if_exists=True,
            schema="sales",
        )
        op.create_index(
            op.f("ix_sales_orders_code"),
            "orders",
            ["code"],
            unique=True,
            postgresql_concurrently=True,
            schema="sales",
        )


def downgrade():
    with op.get_context().autocommit_block():
        op.drop_index(
            op.f("ix_sales_orders_code"),
            table_name="orders",
            postgresql_concurrently=True,
            if_exists=True,
            schema="sales",
        )
`,
          },
        ],
      },
    ],
    good: [
      {
        title: 'On a partitioned table alone, after a concurrent build on its partition',
        files: `
# file: shop/migrations/0001_event.py
from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL(
            """
            CREATE TABLE shop_event (at date NOT NULL, what text) PARTITION BY RANGE (at);
            CREATE TABLE shop_event_2025 PARTITION OF shop_event FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
            """,
            "DROP TABLE shop_event",
        ),
    ]
# file: shop/migrations/0002_event_what.py
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("shop", "0001_event")]

    operations = [
        migrations.RunSQL(
            [
                "CREATE INDEX CONCURRENTLY event_2025_what_idx ON shop_event_2025 (what)",
                "CREATE INDEX event_what_idx ON ONLY shop_event (what)",
                "ALTER INDEX event_what_idx ATTACH PARTITION event_2025_what_idx",
            ],
            "DROP INDEX event_what_idx",
        ),
    ]
`,
      },
      {
        title: 'On a materialized view, which nobody writes to',
        files: `
# file: shop/migrations/0001_daily.py
from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL(
            "CREATE MATERIALIZED VIEW shop_daily AS SELECT placed_at::date AS day FROM shop_order",
            "DROP MATERIALIZED VIEW shop_daily",
        ),
    ]
# file: shop/migrations/0002_daily_day.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_daily")]

    operations = [
        migrations.RunSQL("CREATE UNIQUE INDEX daily_day_idx ON shop_daily (day)", "DROP INDEX daily_day_idx"),
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
            fields=[("id", models.BigAutoField(primary_key=True)), ("placed_at", models.DateTimeField(db_index=True))],
        ),
        migrations.AddIndex("ORDER", models.Index(fields=["placed_at"], name="order_placed_at_idx")),
    ]
`,
      },
      {
        title: 'A foreign key without an index builds none',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(name="Order", fields=[("id", models.BigAutoField(primary_key=True))]),
        migrations.CreateModel(name="Courier", fields=[("id", models.BigAutoField(primary_key=True))]),
    ]
# file: shop/migrations/0002_order_courier.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="order",
            name="courier",
            field=models.ForeignKey(null=True, on_delete=models.SET_NULL, to="shop.courier", db_index=False),
        ),
    ]
`,
      },
      {
        title: 'In SQL: built concurrently; on a view that the same migration creates',
        files: `
# file: shop/migrations/0002_order_report.py
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX CONCURRENTLY IF NOT EXISTS order_placed_at_idx ON shop_order (placed_at)",
            "DROP INDEX CONCURRENTLY IF EXISTS order_placed_at_idx",
        ),
        migrations.RunSQL(
            """
            CREATE MATERIALIZED VIEW shop_daily AS SELECT placed_at::date AS day, sum(total) FROM shop_order GROUP BY 1;
            CREATE UNIQUE INDEX shop_daily_day_idx ON shop_daily (day);
            """,
            "DROP MATERIALIZED VIEW shop_daily",
        ),
    ]
`,
      },
      {
        title: 'The project runs on SQLite',
        settings: 'database = "sqlite"',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[("id", models.BigAutoField(primary_key=True)), ("placed_at", models.DateTimeField())],
        ),
    ]
# file: shop/migrations/0002_order_placed_at.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddIndex("order", models.Index(fields=["placed_at"], name="order_placed_at_idx")),
    ]
`,
      },
      {
        title: 'Alembic: built concurrently; on a table of the same revision',
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
        sa.Column("code", sa.String(20), index=True),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("orders_placed_at_idx", "orders", ["placed_at"])


def downgrade():
    op.drop_table("orders")
# file: migrations/versions/ae1027a6acf1_index_orders_by_date.py
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    with op.get_context().autocommit_block():
        op.drop_index("orders_date_idx", table_name="orders", postgresql_concurrently=True, if_exists=True)
        op.create_index("orders_date_idx", "orders", ["placed_at", "code"], postgresql_concurrently=True)


def downgrade():
    with op.get_context().autocommit_block():
        op.drop_index("orders_date_idx", table_name="orders", postgresql_concurrently=True)
`,
      },
    ],
  },
};
