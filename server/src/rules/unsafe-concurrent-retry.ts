import { droppedFirstInRevision } from '../fixes/recipes/alembic/dropped-first.ts';
import { droppedFirst } from '../fixes/recipes/concurrent-sql.ts';
import { type ChangeOf, changesOf } from '../schema/change.ts';
import type { Migration } from '../schema/migration.ts';
import type { Rule } from './rule.ts';
import { isInUse } from './tables-in-use.ts';

export const unsafeConcurrentRetry: Rule = {
  name: 'unsafe-concurrent-retry',
  level: 'low',
  group: 'Blocks a live table',
  databases: ['postgresql'],
  kinds: ['CreateIndex'],
  summary: 'A concurrent build with IF NOT EXISTS takes the invalid index of a failed run for a finished one.',
  docs: {
    whatHappens:
      'A concurrent build that fails, is cancelled or meets a duplicate leaves its index behind, marked invalid: it is kept up to date by every write and used by no query. `IF NOT EXISTS` looks at the name alone. When the migration is run again it finds the name, skips the build and counts as applied.',
    whyItHurts:
      'Everything looks as if the index were there. Queries stay slow, a unique index does not keep duplicates out, and nobody is told.',
    whatToDo: {
      django:
        'Put `DROP INDEX CONCURRENTLY IF EXISTS` with the same name in front of it, as a string of its own, and build without `IF NOT EXISTS`. Or use `AddIndexConcurrently`, which fails when the index is there already.',
      alembic:
        'Call `op.drop_index(…, if_exists=True, postgresql_concurrently=True)` before `op.create_index(…)` without `if_not_exists`.',
    },
    whenItIsFine:
      'Where the migration drops the index first if it exists, there is nothing left of a failed run. Without `IF NOT EXISTS` the second run stops at the index, which somebody then notices.',
  },
  sources: [
    {
      title: 'PostgreSQL 18: Building Indexes Concurrently',
      url: 'https://www.postgresql.org/docs/18/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY',
    },
  ],

  *check(migration, context) {
    for (const change of changesOf(migration.forward, 'CreateIndex')) {
      if (!change.concurrently || !change.ifNotExists || !change.applies.database) continue;
      if (isDroppedFirst(change, migration) || !isInUse(change.table, change, migration, context)) continue;
      yield {
        at: change.at,
        message: `If this build fails, "${change.index.name}" stays as an invalid index, and the next run passes over it.`,
        cause: change,
        fixes: () => [
          ...droppedFirst(change, migration, context),
          ...droppedFirstInRevision(change, migration, context),
        ],
      };
    }
  },

  examples: {
    bad: [
      {
        title: 'Built if it is not there',
        files: `
# file: shop/migrations/0002_order_placed_at.py
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            CREATE INDEX CONCURRENTLY IF NOT EXISTS order_placed_at_idx
            ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ If this build fails, "order_placed_at_idx" stays as an invalid index, and the next run passes over it.
                ON shop_order (placed_at)
            """,
            "DROP INDEX CONCURRENTLY IF EXISTS order_placed_at_idx",
        ),
    ]
`,
        fixed: [
          {
            title: 'Drop "order_placed_at_idx" first, where a failed build has left it',
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
            CREATE INDEX CONCURRENTLY IF NOT EXISTS order_placed_at_idx
                ON shop_order (placed_at)
            """,
            "DROP INDEX CONCURRENTLY IF EXISTS order_placed_at_idx",
        ),
    ]
`,
          },
        ],
      },
      {
        title: 'Alembic: among other steps of an autocommit block',
        files: `
# file: migrations/versions/9c2f5a1b7e44_journals.py
"""Journals"""
import sqlalchemy as sa
from alembic import op

revision = "9c2f5a1b7e44"
down_revision = None


def upgrade():
    op.create_table(
        "journals",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("submitted_by", sa.Text()),
        sa.Column("submitted_date", sa.DateTime()),
    )
    op.create_index("journals_old_idx", "journals", ["submitted_by"])


def downgrade():
    op.drop_table("journals")
# file: migrations/versions/5b0f6f6ad3b1_journals_submitted_by.py
"""Index of journals by submitter"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = '4s'")
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS journals_old_idx")
        op.create_index(
        ~~~~~~~~~~~~~~~ If this build fails, "journals_submitted_by_idx" stays as an invalid index, and the next run passes over it.
            "journals_submitted_by_idx",
            "journals",
            ["submitted_by", sa.text("submitted_date DESC")],
            if_not_exists=True,
            postgresql_concurrently=True,
        )
        op.execute("CREATE INDEX CONCURRENTLY IF NOT EXISTS journals_name_idx ON journals (name)")
                    ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ If this build fails, "journals_name_idx" stays as an invalid index, and the next run passes over it.


def downgrade():
    with op.get_context().autocommit_block():
        op.drop_index("journals_name_idx", table_name="journals", postgresql_concurrently=True)
        op.drop_index("journals_submitted_by_idx", table_name="journals", postgresql_concurrently=True)
        op.create_index("journals_old_idx", "journals", ["submitted_by"], postgresql_concurrently=True)
`,
        fixed: [
          {
            title: 'Drop "journals_submitted_by_idx" first, where a failed build has left it',
            files: `
# file: migrations/versions/5b0f6f6ad3b1_journals_submitted_by.py
"""Index of journals by submitter"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = '4s'")
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS journals_old_idx")
        op.drop_index(
            "journals_submitted_by_idx",
            table_name="journals",
            postgresql_concurrently=True,
            if_exists=True,
        )
        op.create_index(
            "journals_submitted_by_idx",
            "journals",
            ["submitted_by", sa.text("submitted_date DESC")],
            if_not_exists=True,
            postgresql_concurrently=True,
        )
        op.execute("CREATE INDEX CONCURRENTLY IF NOT EXISTS journals_name_idx ON journals (name)")


def downgrade():
    with op.get_context().autocommit_block():
        op.drop_index("journals_name_idx", table_name="journals", postgresql_concurrently=True)
        op.drop_index("journals_submitted_by_idx", table_name="journals", postgresql_concurrently=True)
        op.create_index("journals_old_idx", "journals", ["submitted_by"], postgresql_concurrently=True)
`,
          },
          {
            title: 'Drop "journals_name_idx" first, where a failed build has left it',
            files: `
# file: migrations/versions/5b0f6f6ad3b1_journals_submitted_by.py
"""Index of journals by submitter"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = '4s'")
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS journals_old_idx")
        op.create_index(
            "journals_submitted_by_idx",
            "journals",
            ["submitted_by", sa.text("submitted_date DESC")],
            if_not_exists=True,
            postgresql_concurrently=True,
        )
        op.execute("DROP INDEX CONCURRENTLY IF EXISTS journals_name_idx")
        op.execute("CREATE INDEX CONCURRENTLY IF NOT EXISTS journals_name_idx ON journals (name)")


def downgrade():
    with op.get_context().autocommit_block():
        op.drop_index("journals_name_idx", table_name="journals", postgresql_concurrently=True)
        op.drop_index("journals_submitted_by_idx", table_name="journals", postgresql_concurrently=True)
        op.create_index("journals_old_idx", "journals", ["submitted_by"], postgresql_concurrently=True)
`,
          },
        ],
      },
    ],
    good: [
      {
        title: 'What a failed run has left is dropped first',
        files: `
# file: shop/migrations/0002_order_placed_at.py
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            [
                "DROP INDEX CONCURRENTLY IF EXISTS order_placed_at_idx",
                "CREATE INDEX CONCURRENTLY IF NOT EXISTS order_placed_at_idx ON shop_order (placed_at)",
            ],
            "DROP INDEX CONCURRENTLY IF EXISTS order_placed_at_idx",
        ),
    ]
`,
      },
      {
        title: 'A second run stops at the index',
        files: `
# file: shop/migrations/0002_order_placed_at.py
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("shop", "0001_initial")]

    operations = [
        AddIndexConcurrently("order", models.Index(fields=["placed_at"], name="order_placed_at_idx")),
        migrations.RunSQL(
            "CREATE INDEX CONCURRENTLY order_total_idx ON shop_order (total)",
            "DROP INDEX CONCURRENTLY order_total_idx",
        ),
    ]
`,
      },
      {
        title: 'Alembic: dropped first, or not built where it is there',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_journals_submitted_by.py
"""Index of journals by submitter"""
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    with op.get_context().autocommit_block():
        op.drop_index("journals_submitted_by_idx", table_name="journals", if_exists=True, postgresql_concurrently=True)
        op.create_index(
            "journals_submitted_by_idx", "journals", ["submitted_by"], if_not_exists=True, postgresql_concurrently=True
        )
        op.create_index("journals_name_idx", "journals", ["name"], postgresql_concurrently=True)


def downgrade():
    with op.get_context().autocommit_block():
        op.drop_index("journals_name_idx", table_name="journals", postgresql_concurrently=True)
        op.drop_index("journals_submitted_by_idx", table_name="journals", postgresql_concurrently=True)
`,
      },
    ],
  },
};

function isDroppedFirst(change: ChangeOf<'CreateIndex'>, { forward }: Migration): boolean {
  const earlier = forward.slice(0, forward.indexOf(change));
  return changesOf(earlier, 'DropIndex').some(({ index }) => index === change.index.name);
}
