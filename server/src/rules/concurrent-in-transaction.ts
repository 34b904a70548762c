import { autocommitDirective } from '../fixes/recipes/alembic/concurrent-index.ts';
import { outOfTransaction } from '../fixes/recipes/concurrent-index.ts';
import { type Change, changesOf } from '../schema/change.ts';
import { changesOfOrigin } from '../schema/change-order.ts';
import type { Migration } from '../schema/migration.ts';
import { outsideTransactions, statementName } from './outside-transactions.ts';
import type { Problem, Rule, RuleContext } from './rule.ts';

export const concurrentInTransaction: Rule = {
  name: 'concurrent-in-transaction',
  level: 'critical',
  group: 'Fails when it runs',
  databases: ['postgresql'],
  summary: 'A concurrent operation, or another one that PostgreSQL refuses in a transaction, stands in one.',
  docs: {
    whatHappens:
      'PostgreSQL builds and drops indexes `CONCURRENTLY` in several transactions of its own, so it refuses to start inside another one. The same holds for `REINDEX … CONCURRENTLY`, `DETACH PARTITION … CONCURRENTLY`, `VACUUM`, `CREATE` and `DROP DATABASE`, `CREATE TABLESPACE` and `ALTER SYSTEM`, and none of them can stand in a `DO` block. Django wraps each migration in a transaction unless the migration says `atomic = False`.',
    whyItHurts:
      'The migration fails every time it runs: in the deploy, with everything before it already migrated and the new release waiting.',
    whatToDo: {
      django: 'Set `atomic = False` on the Migration class, and keep the operation alone in its migration.',
      alembic:
        'Put the operation into `with op.get_context().autocommit_block():`, in a revision of its own where the revision does more.',
    },
    whenItIsFine:
      'In a migration with `atomic = False` the operation is right and not reported. `REFRESH MATERIALIZED VIEW CONCURRENTLY`, `ANALYZE` and, since PostgreSQL 12, `ALTER TYPE … ADD VALUE` run in a transaction as well.',
  },
  sources: [
    {
      title: 'PostgreSQL 18: Building Indexes Concurrently',
      url: 'https://www.postgresql.org/docs/18/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY',
    },
    {
      title: 'Django: Non-atomic migrations',
      url: 'https://docs.djangoproject.com/en/5.2/howto/writing-migrations/#non-atomic-migrations',
    },
  ],

  *check(migration, context) {
    let isTold = false;
    const covered = new Set<Change>();
    for (const change of outsideTransactions(migration.forward, context)) {
      if (covered.has(change)) continue;
      const covers = change.origin.standsAlone === true ? changesOfOrigin(change, migration.forward) : [];
      for (const each of covers) covered.add(each);
      const isInBody = change.origin.sql?.inBody === true;
      if (change.transaction === undefined && !isInBody) continue;
      isTold = true;
      yield {
        at: change.at,
        message: `${subjectOf(change)} inside a ${isInBody ? 'block' : 'transaction'}: the migration fails when it runs.`,
        cause: change,
        covers,
        fixes: () => [
          ...(isInBody ? [] : outOfTransaction(change, migration, context)),
          ...autocommitDirective(change, migration, context),
        ],
      };
    }
    // What lets the way there run lets the way back run too.
    if (!isTold) yield* onTheWayBack(migration, context);
  },

  examples: {
    bad: [
      {
        title: 'atomic = False is missing',
        files: `
# file: shop/migrations/0002_order_placed_at.py
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Sorts the report page."""

    dependencies = [("shop", "0001_initial")]

    operations = [
        AddIndexConcurrently("order", models.Index(fields=["placed_at"], name="order_placed_at_idx")),
        ~~~~~~~~~~~~~~~~~~~~ This index cannot be built concurrently inside a transaction: the migration fails when it runs.
    ]
`,
        fixed: [
          {
            title: 'Run this migration outside a transaction: atomic = False',
            files: `
# file: shop/migrations/0002_order_placed_at.py
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Sorts the report page."""

    atomic = False

    dependencies = [("shop", "0001_initial")]

    operations = [
        AddIndexConcurrently("order", models.Index(fields=["placed_at"], name="order_placed_at_idx")),
    ]
`,
          },
        ],
      },
      {
        title: 'An operation of django-pg-migration-tools refuses as well',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[("id", models.BigAutoField(primary_key=True)), ("total", models.IntegerField())],
        ),
    ]
# file: shop/migrations/0002_order_total.py
from django.db import migrations, models
from django_pg_migration_tools.operations import SaferAddCheckConstraint


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        SaferAddCheckConstraint(
        ~~~~~~~~~~~~~~~~~~~~~~~ SaferAddCheckConstraint cannot run inside a transaction: the migration fails when it runs.
            model_name="order",
            constraint=models.CheckConstraint(condition=models.Q(total__gte=0), name="order_total_positive"),
        ),
    ]
`,
        fixed: [
          {
            title: 'Run this migration outside a transaction: atomic = False',
            files: `
# file: shop/migrations/0002_order_total.py
from django.db import migrations, models
from django_pg_migration_tools.operations import SaferAddCheckConstraint


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("shop", "0001_initial")]

    operations = [
        SaferAddCheckConstraint(
            model_name="order",
            constraint=models.CheckConstraint(condition=models.Q(total__gte=0), name="order_total_positive"),
        ),
    ]
`,
          },
        ],
      },
      {
        title: 'A data function sends it',
        files: `
# file: shop/migrations/0002_order_placed_at.py
from django.db import migrations


def build_index(apps, schema_editor):
    Order = apps.get_model("shop", "Order")
    schema_editor.execute(
        f"CREATE INDEX CONCURRENTLY order_placed_at_idx ON {Order._meta.db_table} (placed_at)"
          ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ This index cannot be built concurrently inside a transaction: the migration fails when it runs.
    )


class Migration(migrations.Migration):
    operations = [
        migrations.RunPython(build_index, migrations.RunPython.noop),
    ]
`,
      },
      {
        title: 'atomic says True',
        files: `
# file: shop/migrations/0003_order_without_index.py
import django.contrib.postgres.operations as pg
from django.db import migrations


class Migration(migrations.Migration):
    atomic = True
    dependencies = [("shop", "0002_order_placed_at")]
    operations = [pg.RemoveIndexConcurrently(model_name="order", name="order_placed_at_idx")]
                  ~~~~~~~~~~~~~~~~~~~~~~~~~~ This index cannot be dropped concurrently inside a transaction: the migration fails when it runs.
`,
        fixed: [
          {
            title: 'Run this migration outside a transaction: atomic = False',
            files: `
# file: shop/migrations/0003_order_without_index.py
import django.contrib.postgres.operations as pg
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("shop", "0002_order_placed_at")]
    operations = [pg.RemoveIndexConcurrently(model_name="order", name="order_placed_at_idx")]
`,
          },
        ],
      },
      {
        title: 'In SQL: whatever begins transactions of its own',
        files: `
# file: shop/migrations/0002_sql.py
from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL("CREATE INDEX CONCURRENTLY order_idx ON shop_order (id)", migrations.RunSQL.noop),
                           ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ This index cannot be built concurrently inside a transaction: the migration fails when it runs.
        migrations.RunSQL(
            [
                "DROP INDEX CONCURRENTLY IF EXISTS line_idx",
                 ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ This index cannot be dropped concurrently inside a transaction: the migration fails when it runs.
                "REINDEX (CONCURRENTLY) TABLE shop_order",
                 ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ REINDEX CONCURRENTLY cannot run inside a transaction: the migration fails when it runs.
                "REINDEX SCHEMA public",
                 ~~~~~~~~~~~~~~~~~~~~~ REINDEX SCHEMA cannot run inside a transaction: the migration fails when it runs.
                "VACUUM (ANALYZE) shop_order",
                 ~~~~~~~~~~~~~~~~~~~~~~~~~~~ VACUUM cannot run inside a transaction: the migration fails when it runs.
                "ALTER TABLE shop_event DETACH PARTITION shop_event_2020 CONCURRENTLY",
                                        ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ DETACH PARTITION CONCURRENTLY cannot run inside a transaction: the migration fails when it runs.
                "CREATE DATABASE reports",
                 ~~~~~~~~~~~~~~~~~~~~~~~ CREATE DATABASE cannot run inside a transaction: the migration fails when it runs.
                "ALTER SYSTEM SET work_mem = '64MB'",
                 ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ ALTER SYSTEM cannot run inside a transaction: the migration fails when it runs.
                "DROP DATABASE IF EXISTS reports_old",
                 ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ DROP DATABASE cannot run inside a transaction: the migration fails when it runs.
                "CREATE TABLESPACE fast LOCATION '/fast'",
                 ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ CREATE TABLESPACE cannot run inside a transaction: the migration fails when it runs.
            ],
            migrations.RunSQL.noop,
        ),
    ]
`,
        fixed: [
          {
            title: 'Run this migration outside a transaction: atomic = False',
            files: `
# file: shop/migrations/0002_sql.py
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    operations = [
        migrations.RunSQL("CREATE INDEX CONCURRENTLY order_idx ON shop_order (id)", migrations.RunSQL.noop),
        migrations.RunSQL(
            [
                "DROP INDEX CONCURRENTLY IF EXISTS line_idx",
                "REINDEX (CONCURRENTLY) TABLE shop_order",
                "REINDEX SCHEMA public",
                "VACUUM (ANALYZE) shop_order",
                "ALTER TABLE shop_event DETACH PARTITION shop_event_2020 CONCURRENTLY",
                "CREATE DATABASE reports",
                "ALTER SYSTEM SET work_mem = '64MB'",
                "DROP DATABASE IF EXISTS reports_old",
                "CREATE TABLESPACE fast LOCATION '/fast'",
            ],
            migrations.RunSQL.noop,
        ),
    ]
`,
          },
        ],
      },
      {
        title: 'A new enum value, before PostgreSQL 12',
        settings: 'database-version = "11"',
        files: `
# file: shop/migrations/0002_state.py
from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL("ALTER TYPE shop_state ADD VALUE 'returned'", migrations.RunSQL.noop),
                           ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ ALTER TYPE … ADD VALUE cannot run inside a transaction: the migration fails when it runs.
    ]
`,
        fixed: [
          {
            title: 'Run this migration outside a transaction: atomic = False',
            files: `
# file: shop/migrations/0002_state.py
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    operations = [
        migrations.RunSQL("ALTER TYPE shop_state ADD VALUE 'returned'", migrations.RunSQL.noop),
    ]
`,
          },
        ],
      },
      {
        title: 'Only the way back needs it',
        files: `
# file: shop/migrations/0002_sql.py
from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL("DROP INDEX order_idx", "CREATE INDEX CONCURRENTLY order_idx ON shop_order (id)"),
                                                   ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ This index cannot be built concurrently inside a transaction: migrating back fails.
    ]
`,
        fixed: [
          {
            title: 'Run this migration outside a transaction: atomic = False',
            files: `
# file: shop/migrations/0002_sql.py
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    operations = [
        migrations.RunSQL("DROP INDEX order_idx", "CREATE INDEX CONCURRENTLY order_idx ON shop_order (id)"),
    ]
`,
          },
        ],
      },
      {
        title: 'In a DO block, even without a transaction around it',
        files: `
# file: shop/migrations/0002_sql.py
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    operations = [
        migrations.RunSQL(
            """
            DO $$
            BEGIN
                CREATE INDEX CONCURRENTLY order_idx ON shop_order (id);
                ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ This index cannot be built concurrently inside a block: the migration fails when it runs.
            END
            $$
            """,
            migrations.RunSQL.noop,
        ),
    ]
`,
      },
      {
        title: 'Alembic: without an autocommit block',
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
    op.create_index("orders_placed_at_idx", "orders", ["placed_at"], postgresql_concurrently=True)
    ~~~~~~~~~~~~~~~ This index cannot be built concurrently inside a transaction: the migration fails when it runs.


def downgrade():
    op.drop_index("orders_placed_at_idx", table_name="orders")
`,
        fixed: [
          {
            title: 'Run it outside of the transaction, in an autocommit block',
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
        title: 'Alembic: SQL builds the index',
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
        sa.Column("code", sa.Text(), nullable=False),
    )


def downgrade():
    op.drop_table("orders")
# file: migrations/versions/ae1027a6acf1_orders_code.py
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    op.execute("CREATE INDEX CONCURRENTLY ix_orders_code ON orders (code)")
                ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ This index cannot be built concurrently inside a transaction: the migration fails when it runs.


def downgrade():
    op.execute("DROP INDEX ix_orders_code")
`,
        fixed: [
          {
            title: 'Run it outside of the transaction, in an autocommit block',
            files: `
# file: migrations/versions/ae1027a6acf1_orders_code.py
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_orders_code")
        op.execute("CREATE INDEX CONCURRENTLY ix_orders_code ON orders (code)")


def downgrade():
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_orders_code")
`,
          },
        ],
      },
      {
        title: 'Alembic: SQL builds the index beside other work',
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
        sa.Column("code", sa.Text(), nullable=False),
    )


def downgrade():
    op.drop_table("orders")
# file: migrations/versions/ae1027a6acf1_orders_code.py
import sqlalchemy as sa
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    op.add_column("orders", sa.Column("note", sa.Text(), nullable=True))
    op.execute("CREATE INDEX CONCURRENTLY ix_orders_code ON orders (code)")
                ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ This index cannot be built concurrently inside a transaction: the migration fails when it runs.


def downgrade():
    op.execute("DROP INDEX CONCURRENTLY ix_orders_code")
    op.drop_column("orders", "note")
`,
        fixed: [
          {
            title: 'Move it to a revision of its own, outside of the transaction',
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
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_orders_code")
        op.execute("CREATE INDEX CONCURRENTLY ix_orders_code ON orders (code)")


def downgrade():
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS ix_orders_code")
# file: migrations/versions/ae1027a6acf1_orders_code.py
import sqlalchemy as sa
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    op.add_column("orders", sa.Column("note", sa.Text(), nullable=True))


def downgrade():
    op.drop_column("orders", "note")
`,
          },
        ],
      },
      {
        title: 'Alembic: SQL drops an index, and the way back builds it',
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
        sa.Column("code", sa.Text(), nullable=False),
    )
    op.create_index("orders_code_idx", "orders", ["code"])


def downgrade():
    op.drop_table("orders")
# file: migrations/versions/ae1027a6acf1_orders_code.py
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    op.execute("DROP INDEX CONCURRENTLY orders_code_idx")
                ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ This index cannot be dropped concurrently inside a transaction: the migration fails when it runs.


def downgrade():
    op.execute("CREATE INDEX CONCURRENTLY orders_code_idx ON orders (code)")
`,
        fixed: [
          {
            title: 'Run it outside of the transaction, in an autocommit block',
            files: `
# file: migrations/versions/ae1027a6acf1_orders_code.py
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS orders_code_idx")


def downgrade():
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS orders_code_idx")
        op.execute("CREATE INDEX CONCURRENTLY orders_code_idx ON orders (code)")
`,
          },
        ],
      },
      {
        title: 'Alembic: SQL rebuilds indexes',
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
        sa.Column("code", sa.Text(), nullable=False),
    )


def downgrade():
    op.drop_table("orders")
# file: migrations/versions/ae1027a6acf1_orders_code.py
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    op.execute("REINDEX TABLE CONCURRENTLY orders")
                ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ REINDEX CONCURRENTLY cannot run inside a transaction: the migration fails when it runs.


def downgrade():
    pass
`,
        fixed: [
          {
            title: 'Run it outside of the transaction, in an autocommit block',
            files: `
# file: migrations/versions/ae1027a6acf1_orders_code.py
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    with op.get_context().autocommit_block():
        op.execute("REINDEX TABLE CONCURRENTLY orders")


def downgrade():
    pass
`,
          },
        ],
      },
      {
        title: 'Alembic: SQL cleans a table up beside other work',
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
        sa.Column("code", sa.Text(), nullable=False),
    )


def downgrade():
    op.drop_table("orders")
# file: migrations/versions/ae1027a6acf1_orders_code.py
import sqlalchemy as sa
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    op.add_column("orders", sa.Column("note", sa.Text(), nullable=True))
    op.execute("VACUUM (ANALYZE) orders")
                ~~~~~~~~~~~~~~~~~~~~~~~ VACUUM cannot run inside a transaction: the migration fails when it runs.


def downgrade():
    op.drop_column("orders", "note")
`,
        fixed: [
          {
            title: 'Move it to a revision of its own, outside of the transaction',
            files: `
# file: migrations/versions/6a8f013b5fe4_vacuum_orders.py
"""Cleans up "orders".

Runs after ae1027a6acf1, in the same deploy. It may be interrupted and run again.

Revision ID: 6a8f013b5fe4
Revises: ae1027a6acf1

"""

from alembic import op

revision = "6a8f013b5fe4"
down_revision = "ae1027a6acf1"


def upgrade():
    with op.get_context().autocommit_block():
        op.execute("VACUUM (ANALYZE) orders")


def downgrade():
    pass
# file: migrations/versions/ae1027a6acf1_orders_code.py
import sqlalchemy as sa
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    op.add_column("orders", sa.Column("note", sa.Text(), nullable=True))


def downgrade():
    op.drop_column("orders", "note")
`,
          },
        ],
      },
      {
        title: 'Alembic: SQL adds a value to an enum type, before PostgreSQL 12',
        settings: 'database-version = "11"',
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
        sa.Column("code", sa.Text(), nullable=False),
    )
    op.execute("CREATE TYPE order_state AS ENUM ('placed')")


def downgrade():
    op.execute("DROP TYPE order_state")
    op.drop_table("orders")
# file: migrations/versions/ae1027a6acf1_orders_code.py
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    op.execute("ALTER TYPE order_state ADD VALUE 'returned'")
                ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ ALTER TYPE … ADD VALUE cannot run inside a transaction: the migration fails when it runs.


def downgrade():
    pass
`,
        fixed: [
          {
            title: 'Run it outside of the transaction, in an autocommit block',
            files: `
# file: migrations/versions/ae1027a6acf1_orders_code.py
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    with op.get_context().autocommit_block():
        op.execute("ALTER TYPE order_state ADD VALUE IF NOT EXISTS 'returned'")


def downgrade():
    pass
`,
          },
        ],
      },
    ],
    good: [
      {
        title: 'Outside a transaction',
        files: `
# file: shop/migrations/0002_order_placed_at.py
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("shop", "0001_initial")]
    operations = [
        AddIndexConcurrently("order", models.Index(fields=["placed_at"], name="order_placed_at_idx")),
    ]
`,
      },
      {
        title: 'SQL that may stand in a transaction, and SQL without one',
        files: `
# file: shop/migrations/0002_sql.py
from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL("REFRESH MATERIALIZED VIEW CONCURRENTLY shop_report", migrations.RunSQL.noop),
        migrations.RunSQL("ALTER TYPE shop_state ADD VALUE 'returned'", migrations.RunSQL.noop),
        migrations.RunSQL("ANALYZE shop_order", migrations.RunSQL.noop),
        migrations.RunSQL("REINDEX TABLE shop_order", migrations.RunSQL.noop),
        migrations.RunSQL("CREATE INDEX order_idx ON shop_order (id)", "DROP INDEX order_idx"),
    ]
`,
      },
      {
        title: 'Only the state learns of the index',
        files: `
# file: shop/migrations/0002_order_placed_at.py
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                AddIndexConcurrently("order", models.Index(fields=["placed_at"], name="order_placed_at_idx")),
            ],
        ),
    ]
`,
      },
    ],
  },
};

function* onTheWayBack(migration: Migration, context: RuleContext): Generator<Problem> {
  for (const change of changesOf(migration.forward, 'RunSql')) {
    if (!change.applies.database) continue;
    for (const back of outsideTransactions(change.backward ?? [], context)) {
      if (back.transaction === undefined) continue;
      yield {
        at: back.at,
        message: `${subjectOf(back)} inside a transaction: migrating back fails.`,
        cause: change,
        fixes: () => outOfTransaction(change, migration, context),
      };
    }
  }
}

function subjectOf(change: Change): string {
  if (change.origin.standsAlone === true) return `${change.origin.name} cannot run`;
  if (change.kind === 'CreateIndex') return 'This index cannot be built concurrently';
  return change.kind === 'DropIndex'
    ? 'This index cannot be dropped concurrently'
    : `${statementName(change)} cannot run`;
}
