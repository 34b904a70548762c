import { concurrentExecuted } from '../fixes/recipes/alembic/concurrent-executed.ts';
import { concurrentSql } from '../fixes/recipes/concurrent-sql.ts';
import { changesOf } from '../schema/change.ts';
import { tableText } from '../schema/table-name.ts';
import type { Rule } from './rule.ts';
import { isInUse } from './tables-in-use.ts';

export const blockingRefresh: Rule = {
  name: 'blocking-refresh',
  level: 'high',
  group: 'Blocks a live table',
  databases: ['postgresql'],
  kinds: ['RefreshView'],
  summary: 'A materialized view is computed anew while nobody can read it.',
  docs: {
    whatHappens:
      '`REFRESH MATERIALIZED VIEW` runs the query of the view under an `ACCESS EXCLUSIVE` lock and puts the result in the place of the old rows. Every query on the view waits until it is done and the migration commits. `WITH NO DATA` takes the rows away at once: queries on the view fail until it is filled again.',
    whyItHurts: 'What is materialized is what takes long to compute. For that time all pages that show it hang.',
    whatToDo: {
      django:
        'Use `REFRESH MATERIALIZED VIEW CONCURRENTLY`: it compares the new rows with the old ones and lets reads go on. It needs a unique index on columns of the view, without `WHERE`, and runs inside a transaction as well.',
      alembic: 'The same, in `op.execute()`.',
    },
    whenItIsFine: 'A view that the same migration creates, and concurrent refreshes, are not reported.',
  },
  sources: [
    {
      title: 'PostgreSQL 18: REFRESH MATERIALIZED VIEW',
      url: 'https://www.postgresql.org/docs/18/sql-refreshmaterializedview.html',
    },
  ],

  *check(migration, context) {
    for (const change of changesOf(migration.forward, 'RefreshView')) {
      const { view, concurrently, withData } = change;
      if (concurrently || !change.applies.database || !isInUse(view, change, migration, context)) continue;
      yield {
        at: change.at,
        message: withData
          ? `Nobody can read ${tableText(view)} while it is computed anew.`
          : `This empties ${tableText(view)}: every query on it fails until it is filled again.`,
        cause: change,
        fixes: () => [...concurrentSql(change, migration, context), ...concurrentExecuted(change, migration, context)],
      };
    }
  },

  examples: {
    bad: [
      {
        title: 'A view of an earlier migration',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL(
            """
            CREATE MATERIALIZED VIEW shop_daily AS SELECT DISTINCT placed_at::date AS day FROM shop_order;
            CREATE UNIQUE INDEX shop_daily_day ON shop_daily (day);
            """,
            "DROP MATERIALIZED VIEW shop_daily",
        ),
    ]
# file: shop/migrations/0002_refresh.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL("REFRESH MATERIALIZED VIEW shop_daily", migrations.RunSQL.noop),
                           ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Nobody can read "shop_daily" while it is computed anew.
        migrations.RunSQL("REFRESH MATERIALIZED VIEW shop_weekly WITH NO DATA", migrations.RunSQL.noop),
                           ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ This empties "shop_weekly": every query on it fails until it is filled again.
    ]
`,
        fixed: [
          {
            title: 'Refresh the view concurrently',
            files: `
# file: shop/migrations/0002_refresh.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL("REFRESH MATERIALIZED VIEW CONCURRENTLY shop_daily", migrations.RunSQL.noop),
        migrations.RunSQL("REFRESH MATERIALIZED VIEW shop_weekly WITH NO DATA", migrations.RunSQL.noop),
    ]
`,
          },
        ],
      },
      {
        title: 'A view that has never been filled cannot be refreshed concurrently',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL(
            """
            CREATE MATERIALIZED VIEW shop_daily AS SELECT DISTINCT placed_at::date AS day FROM shop_order WITH NO DATA;
            CREATE UNIQUE INDEX shop_daily_day ON shop_daily (day);
            """,
            "DROP MATERIALIZED VIEW shop_daily",
        ),
    ]
# file: shop/migrations/0002_refresh.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL("REFRESH MATERIALIZED VIEW shop_daily", migrations.RunSQL.noop),
                           ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Nobody can read "shop_daily" while it is computed anew.
    ]
`,
      },
      {
        title: 'Alembic: a view of sales',
        files: `
# file: migrations/versions/9c2f5a1b7e44_daily_sales.py
"""Daily sales"""
import sqlalchemy as sa
from alembic import op

revision = "9c2f5a1b7e44"
down_revision = None


def upgrade():
    op.create_table("orders", sa.Column("day", sa.Date(), nullable=False), sa.Column("total", sa.Numeric(), nullable=False))
    op.execute("CREATE MATERIALIZED VIEW daily_sales AS SELECT day, sum(total) AS total FROM orders GROUP BY day")
    op.create_index("daily_sales_day_idx", "daily_sales", ["day"], unique=True)


def downgrade():
    op.execute("DROP MATERIALIZED VIEW daily_sales")
    op.drop_table("orders")
# file: migrations/versions/5b0f6f6ad3b1_refresh_daily_sales.py
"""Refresh the daily sales"""
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.execute("REFRESH MATERIALIZED VIEW daily_sales")
                ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Nobody can read "daily_sales" while it is computed anew.


def downgrade():
    pass
`,
        fixed: [
          {
            title: 'Refresh the view concurrently',
            files: `
# file: migrations/versions/5b0f6f6ad3b1_refresh_daily_sales.py
"""Refresh the daily sales"""
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.execute("REFRESH MATERIALIZED VIEW CONCURRENTLY daily_sales")


def downgrade():
    pass
`,
          },
        ],
      },
    ],
    good: [
      {
        title: 'Concurrently',
        files: `
# file: shop/migrations/0002_refresh.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL("REFRESH MATERIALIZED VIEW CONCURRENTLY shop_daily", migrations.RunSQL.noop),
    ]
`,
      },
      {
        title: 'A view that is created here',
        files: `
# file: shop/migrations/0002_daily.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            CREATE MATERIALIZED VIEW shop_daily AS SELECT placed_at::date AS day FROM shop_order WITH NO DATA;
            CREATE UNIQUE INDEX shop_daily_day_idx ON shop_daily (day);
            REFRESH MATERIALIZED VIEW shop_daily;
            """,
            "DROP MATERIALIZED VIEW shop_daily",
        ),
    ]
`,
      },
      {
        title: 'Alembic: while the view can be read',
        files: `
# file: migrations/versions/9c2f5a1b7e44_daily_sales.py
"""Daily sales"""
from alembic import op

revision = "9c2f5a1b7e44"
down_revision = None


def upgrade():
    op.execute("CREATE MATERIALIZED VIEW daily_sales AS SELECT day, sum(total) AS total FROM orders GROUP BY day")
    op.create_index("daily_sales_day_idx", "daily_sales", ["day"], unique=True)


def downgrade():
    op.execute("DROP MATERIALIZED VIEW daily_sales")
# file: migrations/versions/5b0f6f6ad3b1_refresh_daily_sales.py
"""Refresh the daily sales"""
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.execute("REFRESH MATERIALIZED VIEW CONCURRENTLY daily_sales")


def downgrade():
    pass
`,
      },
    ],
  },
};
