import { oneStatementPerCall } from '../fixes/recipes/alembic/one-statement-per-call.ts';
import { oneStatementPerString } from '../fixes/recipes/one-statement-per-string.ts';
import { outsideTransactions, statementName } from './outside-transactions.ts';
import type { Rule } from './rule.ts';

export const concurrentInMultiStatement: Rule = {
  name: 'concurrent-in-multi-statement',
  level: 'critical',
  group: 'Fails when it runs',
  databases: ['postgresql'],
  summary: 'A concurrent operation is one of several statements in one string, which is one transaction.',
  docs: {
    whatHappens:
      'Django sends the string of a `RunSQL` as it is, and PostgreSQL runs several statements that arrive together in one transaction, even in a migration with `atomic = False`. `CREATE INDEX CONCURRENTLY`, `VACUUM` and everything else that begins transactions of its own is refused there.',
    whyItHurts:
      'The migration fails every time it runs, with «cannot run inside a transaction block», although its author has done what that message asks for.',
    whatToDo: {
      django:
        'Give each statement a string of its own, in a list or in a `RunSQL` of its own: `migrations.RunSQL(["SET lock_timeout = \'5s\'", "CREATE INDEX CONCURRENTLY …"])`, in a migration with `atomic = False`.',
      alembic: 'Give each statement an `op.execute` of its own, inside `with op.get_context().autocommit_block():`.',
    },
    whenItIsFine: 'A string with one statement, with or without a semicolon and comments, is not reported here.',
  },
  sources: [
    {
      title: 'PostgreSQL 18: Multiple Statements in a Simple Query',
      url: 'https://www.postgresql.org/docs/18/protocol-flow.html#PROTOCOL-FLOW-MULTI-STATEMENT',
    },
    {
      title: 'Django: RunSQL',
      url: 'https://docs.djangoproject.com/en/5.2/ref/migration-operations/#runsql',
    },
  ],

  *check(migration, context) {
    for (const change of outsideTransactions(migration.forward, context)) {
      const { sql } = change.origin;
      if (sql === undefined || sql.together < 2 || sql.inBody) continue;
      yield {
        at: change.at,
        message: `${statementName(change)} shares its string with other statements, which makes them one transaction: the migration fails when it runs.`,
        cause: change,
        fixes: () => [
          ...oneStatementPerString(change, migration, context),
          ...oneStatementPerCall(change, migration, context),
        ],
      };
    }
  },

  examples: {
    bad: [
      {
        title: 'A timeout and an index in one string, with and without atomic = False',
        files: `
# file: shop/migrations/0002_index.py
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    operations = [
        migrations.RunSQL(
            """
            SET lock_timeout = '5s';
            CREATE INDEX CONCURRENTLY order_idx
            ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ CREATE INDEX CONCURRENTLY shares its string with other statements, which makes them one transaction: the migration fails when it runs.
                ON shop_order (placed_at);
            """,
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL("UPDATE shop_order SET total = 0 WHERE id = 1; VACUUM shop_order", migrations.RunSQL.noop),
                                                                         ~~~~~~~~~~~~~~~~~ VACUUM shares its string with other statements, which makes them one transaction: the migration fails when it runs.
    ]
`,
        fixed: [
          {
            title: 'Send each statement in a string of its own',
            files: `
# file: shop/migrations/0002_index.py
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    operations = [
        migrations.RunSQL(
            [
                """
            SET lock_timeout = '5s';""",
                """
            CREATE INDEX CONCURRENTLY order_idx
                ON shop_order (placed_at);
            """,
            ],
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL("UPDATE shop_order SET total = 0 WHERE id = 1; VACUUM shop_order", migrations.RunSQL.noop),
    ]
`,
          },
        ],
      },
      {
        title: 'In a transaction of Django’s it is still this that has to be mended first',
        files: `
# file: shop/migrations/0002_index.py
from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL(
            "DROP INDEX CONCURRENTLY IF EXISTS order_idx; CREATE INDEX CONCURRENTLY order_idx ON shop_order (id)",
             ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ DROP INDEX CONCURRENTLY shares its string with other statements, which makes them one transaction: the migration fails when it runs.
                                                          ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ CREATE INDEX CONCURRENTLY shares its string with other statements, which makes them one transaction: the migration fails when it runs.
            migrations.RunSQL.noop,
        ),
    ]
`,
        fixed: [
          {
            title: 'Send each statement in a string of its own, outside a transaction',
            files: `
# file: shop/migrations/0002_index.py
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    operations = [
        migrations.RunSQL(
            [
                "DROP INDEX CONCURRENTLY IF EXISTS order_idx;",
                "CREATE INDEX CONCURRENTLY order_idx ON shop_order (id)",
            ],
            migrations.RunSQL.noop,
        ),
    ]
`,
          },
        ],
      },
      {
        title: 'Alembic: a script in an autocommit block',
        files: `
# file: migrations/versions/9c2f5a1b7e44_orders.py
"""Orders"""
import sqlalchemy as sa
from alembic import op

revision = "9c2f5a1b7e44"
down_revision = None


def upgrade():
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("placed_at", sa.Date(), nullable=False),
    )


def downgrade():
    op.drop_table("orders")
# file: migrations/versions/5b0f6f6ad3b1_orders_placed_at.py
"""orders.placed_at"""
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    with op.get_context().autocommit_block():
        op.execute(
            """
            SET lock_timeout = '5s';
            -- The report page sorts by date.
            CREATE INDEX CONCURRENTLY orders_placed_at_idx
            ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ CREATE INDEX CONCURRENTLY shares its string with other statements, which makes them one transaction: the migration fails when it runs.
                ON orders (placed_at);
            """
        )


def downgrade():
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY orders_placed_at_idx")
`,
        fixed: [
          {
            title: 'Send each statement in a call of its own',
            files: `
# file: migrations/versions/5b0f6f6ad3b1_orders_placed_at.py
"""orders.placed_at"""
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = '5s'")
        op.execute(
            """
            -- The report page sorts by date.
            CREATE INDEX CONCURRENTLY orders_placed_at_idx
                ON orders (placed_at)
            """
        )


def downgrade():
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY orders_placed_at_idx")
`,
          },
        ],
      },
      {
        title: 'Alembic: a script, and no autocommit block',
        files: `
# file: migrations/versions/9c2f5a1b7e44_orders.py
"""Orders"""
import sqlalchemy as sa
from alembic import op

revision = "9c2f5a1b7e44"
down_revision = None


def upgrade():
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("placed_at", sa.Date(), nullable=False),
    )


def downgrade():
    op.drop_table("orders")
# file: migrations/versions/5b0f6f6ad3b1_orders_placed_at.py
"""orders.placed_at"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.execute(sa.text("SET lock_timeout = '5s'; CREATE INDEX CONCURRENTLY orders_placed_at_idx ON orders (placed_at)"))
                                                 ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ CREATE INDEX CONCURRENTLY shares its string with other statements, which makes them one transaction: the migration fails when it runs.


def downgrade():
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY orders_placed_at_idx")
`,
        fixed: [
          {
            title: 'Send each statement in a call of its own, outside the transaction',
            files: `
# file: migrations/versions/5b0f6f6ad3b1_orders_placed_at.py
"""orders.placed_at"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    with op.get_context().autocommit_block():
        op.execute(sa.text("SET lock_timeout = '5s'"))
        op.execute(sa.text("CREATE INDEX CONCURRENTLY orders_placed_at_idx ON orders (placed_at)"))


def downgrade():
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY orders_placed_at_idx")
`,
          },
        ],
      },
    ],
    good: [
      {
        title: 'One string for each statement, a semicolon at the end, several statements that may be together',
        files: `
# file: shop/migrations/0002_index.py
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    operations = [
        migrations.RunSQL(
            [
                "SET lock_timeout = '5s'",
                "CREATE INDEX CONCURRENTLY order_idx ON shop_order (placed_at); -- for the report",
            ],
            "DROP INDEX CONCURRENTLY order_idx;",
        ),
        migrations.RunSQL("SET lock_timeout = '5s'; CREATE INDEX line_idx ON shop_line (id)", migrations.RunSQL.noop),
    ]
`,
      },
      {
        title: 'Alembic: one statement in each call',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_orders_placed_at.py
"""orders.placed_at"""
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = '5s';")
        op.execute(
            """
            -- The report page sorts by date.
            CREATE INDEX CONCURRENTLY orders_placed_at_idx ON orders (placed_at);
            """
        )


def downgrade():
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY orders_placed_at_idx")
`,
      },
    ],
  },
};
