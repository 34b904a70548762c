import { concurrentExecuted } from '../fixes/recipes/alembic/concurrent-executed.ts';
import { concurrentSql } from '../fixes/recipes/concurrent-sql.ts';
import { type ChangeOf, changesOf } from '../schema/change.ts';
import { tableText } from '../schema/table-name.ts';
import type { Rule } from './rule.ts';
import { isInUse } from './tables-in-use.ts';

export const blockingReindex: Rule = {
  name: 'blocking-reindex',
  level: 'high',
  group: 'Blocks a live table',
  databases: ['postgresql'],
  kinds: ['Reindex'],
  summary: 'Indexes are built anew while reads and writes of their table wait.',
  docs: {
    whatHappens:
      '`REINDEX` takes a `SHARE` lock on the table, which blocks writes, and an `ACCESS EXCLUSIVE` lock on each index while it is built. Planning a query looks at every index of a table, so reads wait as well, even those that would use another index.',
    whyItHurts: 'The table is out of service for as long as it takes to read it and build its indexes.',
    whatToDo: {
      django:
        'Use `REINDEX … CONCURRENTLY` (PostgreSQL 12), as the only statement of its string, in a migration with `atomic = False`. Better still: repair an index when it is broken, not in a migration that runs on every database.',
      alembic: 'Run `REINDEX … CONCURRENTLY` inside `with op.get_context().autocommit_block():`.',
    },
    whenItIsFine: 'Concurrent rebuilds and tables that the same migration creates are not reported.',
  },
  sources: [
    { title: 'PostgreSQL 18: REINDEX', url: 'https://www.postgresql.org/docs/18/sql-reindex.html' },
    {
      title: 'PostgreSQL 18: Rebuilding Indexes Concurrently',
      url: 'https://www.postgresql.org/docs/18/sql-reindex.html#SQL-REINDEX-CONCURRENTLY',
    },
  ],

  *check(migration, context) {
    for (const change of changesOf(migration.forward, 'Reindex')) {
      if (change.concurrently || !change.applies.database) continue;
      if (change.table !== undefined && !isInUse(change.table, change, migration, context)) continue;
      const fixes = () => [
        ...concurrentSql(change, migration, context),
        ...concurrentExecuted(change, migration, context),
      ];
      yield { at: change.at, message: messageOf(change), cause: change, fixes };
    }
  },

  examples: {
    bad: [
      {
        title: 'An index, a table, a schema',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[("id", models.BigAutoField(primary_key=True)), ("placed_at", models.DateTimeField())],
            options={"indexes": [models.Index(fields=["placed_at"], name="order_placed_at_idx")]},
        ),
    ]
# file: shop/migrations/0002_reindex.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL("REINDEX INDEX order_placed_at_idx", migrations.RunSQL.noop),
                           ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Building "order_placed_at_idx" anew keeps reads and writes of "shop_order" waiting until it is done.
        migrations.RunSQL(
            """
            REINDEX TABLE shop_line;
            ~~~~~~~~~~~~~~~~~~~~~~~ Building the indexes of "shop_line" anew keeps reads and writes of it waiting until it is done.
            REINDEX INDEX invoice_number_idx;
            ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Building "invoice_number_idx" anew keeps reads and writes of its table waiting until it is done.
            REINDEX SCHEMA public;
            ~~~~~~~~~~~~~~~~~~~~~ Building every index of the schema "public" anew keeps reads and writes of its tables waiting, one after the other.
            """,
            migrations.RunSQL.noop,
        ),
    ]
`,
        fixed: [
          {
            title: 'Rebuild concurrently, in a migration of its own',
            files: `
# file: shop/migrations/0002_reindex.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            REINDEX TABLE shop_line;
            REINDEX INDEX invoice_number_idx;
            REINDEX SCHEMA public;
            """,
            migrations.RunSQL.noop,
        ),
    ]
# file: shop/migrations/0003_reindex_order_placed_at_idx.py
"""Rebuilds "order_placed_at_idx" without blocking writes.

Runs after 0002_reindex, in the same deploy.
"""

from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("shop", "0002_reindex"),
    ]

    operations = [
        migrations.RunSQL("REINDEX INDEX CONCURRENTLY order_placed_at_idx", migrations.RunSQL.noop),
    ]
`,
          },
        ],
      },
      {
        title: 'Alembic: in op.execute',
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
# file: migrations/versions/ae1027a6acf1_reindex_orders.py
import sqlalchemy as sa
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    op.execute(sa.text("REINDEX INDEX orders_pkey"))
                        ~~~~~~~~~~~~~~~~~~~~~~~~~ Building "orders_pkey" anew keeps reads and writes of its table waiting until it is done.


def downgrade():
    pass
`,
        fixed: [
          {
            title: 'Rebuild concurrently',
            files: `
# file: migrations/versions/ae1027a6acf1_reindex_orders.py
import sqlalchemy as sa
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    with op.get_context().autocommit_block():
        op.execute(sa.text("REINDEX INDEX CONCURRENTLY orders_pkey"))


def downgrade():
    pass
`,
          },
        ],
      },
      {
        title: 'Alembic: after a change of the collation',
        files: `
# file: migrations/versions/9c2f5a1b7e44_users.py
"""Users"""
import sqlalchemy as sa
from alembic import op

revision = "9c2f5a1b7e44"
down_revision = None


def upgrade():
    op.create_table(
        "users",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("name", sa.Text(), nullable=False),
    )
    op.create_index("users_name_idx", "users", ["name"])


def downgrade():
    op.drop_table("users")
# file: migrations/versions/5b0f6f6ad3b1_reindex_users.py
"""Build the index on names anew"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.execute(sa.text("REINDEX INDEX users_name_idx"))
                        ~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Building "users_name_idx" anew keeps reads and writes of "users" waiting until it is done.


def downgrade():
    pass
`,
        fixed: [
          {
            title: 'Rebuild concurrently',
            files: `
# file: migrations/versions/5b0f6f6ad3b1_reindex_users.py
"""Build the index on names anew"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    with op.get_context().autocommit_block():
        op.execute(sa.text("REINDEX INDEX CONCURRENTLY users_name_idx"))


def downgrade():
    pass
`,
          },
        ],
      },
    ],
    good: [
      {
        title: 'Concurrently, in both spellings',
        files: `
# file: shop/migrations/0002_reindex.py
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL("REINDEX INDEX CONCURRENTLY order_placed_at_idx", migrations.RunSQL.noop),
        migrations.RunSQL("REINDEX (VERBOSE, CONCURRENTLY) TABLE shop_line", migrations.RunSQL.noop),
    ]
`,
      },
      {
        title: 'A table of the same migration',
        files: `
# file: shop/migrations/0002_totals.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            CREATE TABLE shop_total (order_id bigint PRIMARY KEY, total numeric);
            REINDEX TABLE shop_total;
            """,
            "DROP TABLE shop_total",
        ),
    ]
`,
      },
      {
        title: 'Alembic: concurrently',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_reindex_users.py
"""Build the index on names anew"""
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    with op.get_context().autocommit_block():
        op.execute("REINDEX INDEX CONCURRENTLY users_name_idx")


def downgrade():
    pass
`,
      },
    ],
  },
};

function messageOf({ target, name, table }: ChangeOf<'Reindex'>): string {
  switch (target) {
    case 'index': {
      const where = table === undefined ? 'its table' : `${tableText(table)}`;
      return `Building "${name}" anew keeps reads and writes of ${where} waiting until it is done.`;
    }
    case 'table':
      return `Building the indexes of "${name}" anew keeps reads and writes of it waiting until it is done.`;
    case 'schema':
      return `Building every index of the schema "${name}" anew keeps reads and writes of its tables waiting, one after the other.`;
    default:
      return 'Building every index of the database anew keeps reads and writes of its tables waiting, one after the other.';
  }
}
