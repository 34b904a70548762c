import { concurrentDirective } from '../fixes/recipes/alembic/concurrent-index.ts';
import { concurrentIndexDrop } from '../fixes/recipes/concurrent-index.ts';
import { concurrentSql } from '../fixes/recipes/concurrent-sql.ts';
import { type Change, type ChangeOf, changesOf } from '../schema/change.ts';
import type { Migration } from '../schema/migration.ts';
import { findTable } from '../schema/schema.ts';
import { isSameTable, tableText } from '../schema/table-name.ts';
import type { Rule, RuleContext } from './rule.ts';
import { isInUse } from './tables-in-use.ts';

type DropIndex = ChangeOf<'DropIndex'>;

export const blockingIndexDrop: Rule = {
  name: 'blocking-index-drop',
  level: 'medium',
  group: 'Blocks a live table',
  databases: ['postgresql'],
  kinds: ['DropIndex'],
  summary: 'An index is dropped while reads and writes of its table wait.',
  docs: {
    whatHappens:
      '`DROP INDEX` takes an `ACCESS EXCLUSIVE` lock on the table. The drop itself is an instant, but the lock has to wait for every query and transaction that uses the table, everything that comes later queues behind it, and a transaction keeps it until it commits. Django drops an index for `RemoveIndex`, for `db_index=False`, and when a foreign key becomes an ordinary field.',
    whyItHurts:
      'One long report that reads the table is enough: the drop waits for the report, and every request waits for the drop.',
    whatToDo: {
      django:
        'Use `RemoveIndexConcurrently` from `django.contrib.postgres.operations`, alone in a migration with `atomic = False`; in SQL, `DROP INDEX CONCURRENTLY` outside of a transaction. An index that belongs to a field goes the same way: state and database apart in `SeparateDatabaseAndState`.',
      alembic:
        'Use `op.drop_index(…, postgresql_concurrently=True)` inside `with op.get_context().autocommit_block():`.',
    },
    whenItIsFine:
      'Where the column or the table goes in the same migration, the lock is needed anyway and the drop is not reported. A `lock_timeout` makes the drop give up instead of keeping everybody waiting.',
  },
  sources: [
    { title: 'PostgreSQL 18: DROP INDEX', url: 'https://www.postgresql.org/docs/18/sql-dropindex.html' },
    {
      title: 'Django: Concurrent index operations',
      url: 'https://docs.djangoproject.com/en/5.2/ref/contrib/postgres/operations/#concurrent-index-operations',
    },
  ],

  *check(migration, context) {
    const told = new Set<string>();
    for (const change of changesOf(migration.forward, 'DropIndex')) {
      if (!locksLiveTable(change, migration, context) || isNeededAnyway(change, migration, context)) continue;
      // One operation may drop several indexes of one table (the second serves LIKE): that is one thing to tell.
      // SQL names each of them: a place of its own to tell it at.
      const key = `${change.origin.span.start} ${change.origin.sql === undefined ? change.table?.name : change.index}`;
      if (told.has(key)) continue;
      told.add(key);
      const table = change.table === undefined ? 'its table' : `${tableText(change.table)}`;
      const end = change.transaction === undefined ? 'as soon as it asks for its lock' : 'until the migration commits';
      yield {
        at: change.at,
        message: `Dropping this index keeps reads and writes of ${table} waiting ${end}.`,
        cause: change,
        fixes: () => [
          ...concurrentIndexDrop(change, migration, context),
          ...concurrentSql(change, migration, context),
          ...concurrentDirective(change, migration, context),
        ],
      };
    }
  },

  examples: {
    bad: [
      {
        title: 'In SQL: several in one statement',
        files: `
# file: shop/migrations/0002_sql.py
from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL("DROP INDEX old_total_idx, old_note_idx", migrations.RunSQL.noop),
                                      ~~~~~~~~~~~~~ Dropping this index keeps reads and writes of its table waiting until the migration commits.
                                                     ~~~~~~~~~~~~ Dropping this index keeps reads and writes of its table waiting until the migration commits.
    ]
`,
      },
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
            options={"indexes": [models.Index(fields=["placed_at"], name="order_placed_at_idx")]},
        ),
    ]
# file: shop/migrations/0002_order_placed_at.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RemoveIndex("order", "order_placed_at_idx"),
        ~~~~~~~~~~~~~~~~~~~~~~ Dropping this index keeps reads and writes of "shop_order" waiting until the migration commits.
    ]
`,
        fixed: [
          {
            title: 'Drop the index concurrently',
            files: `
# file: shop/migrations/0002_order_placed_at.py
from django.contrib.postgres.operations import RemoveIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("shop", "0001_initial")]

    operations = [
        RemoveIndexConcurrently("order", "order_placed_at_idx"),
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
            options={"indexes": [models.Index(fields=["placed_at"], name="order_placed_at_idx")]},
        ),
    ]
# file: shop/migrations/0002_order_note.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        # The report is gone.
        migrations.RemoveIndex(model_name="order", name="order_placed_at_idx"),
        ~~~~~~~~~~~~~~~~~~~~~~ Dropping this index keeps reads and writes of "shop_order" waiting until the migration commits.
        migrations.AddField("order", "note", models.TextField(null=True)),
    ]
`,
        fixed: [
          {
            title: 'Drop the index concurrently, in a migration of its own',
            files: `
# file: shop/migrations/0002_order_note.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField("order", "note", models.TextField(null=True)),
    ]
# file: shop/migrations/0003_drop_order_placed_at_idx.py
"""Drops the index "order_placed_at_idx" without blocking its table.

Runs after 0002_order_note, in the same deploy.
"""

from django.contrib.postgres.operations import RemoveIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("shop", "0002_order_note"),
    ]

    operations = [
        # The report is gone.
        RemoveIndexConcurrently(model_name="order", name="order_placed_at_idx"),
    ]
`,
          },
        ],
      },
      {
        title: 'A foreign key loses its index',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(name="Courier", fields=[("id", models.BigAutoField(primary_key=True))]),
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("courier", models.ForeignKey("shop.courier", models.CASCADE)),
            ],
        ),
    ]
# file: shop/migrations/0002_order_courier.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AlterField("order", "courier", models.ForeignKey("shop.courier", models.CASCADE, db_index=False)),
                                                                                                    ~~~~~~~~~~~~~~ Dropping this index keeps reads and writes of "shop_order" waiting until the migration commits.
    ]
`,
      },
      {
        title: 'In SQL; the table of an index that no migration creates is not known',
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
# file: shop/migrations/0002_order_placed_at.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            DROP INDEX order_placed_at_idx;
            ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Dropping this index keeps reads and writes of "shop_order" waiting until the migration commits.
            DROP INDEX IF EXISTS invoice_number_idx;
            ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Dropping this index keeps reads and writes of its table waiting until the migration commits.
            """,
            "CREATE INDEX order_placed_at_idx ON shop_order (placed_at)",
        ),
    ]
`,
        fixed: [
          {
            title: 'Drop the index concurrently, in a migration of its own',
            files: `
# file: shop/migrations/0002_order_placed_at.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            DROP INDEX IF EXISTS invoice_number_idx;
            """,
            migrations.RunSQL.noop,
        ),
    ]
# file: shop/migrations/0003_drop_order_placed_at_idx.py
"""Drops the index "order_placed_at_idx" without blocking its table.

Runs after 0002_order_placed_at, in the same deploy.
"""

from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("shop", "0002_order_placed_at"),
    ]

    operations = [
        migrations.RunSQL(
            sql="DROP INDEX CONCURRENTLY order_placed_at_idx",
            reverse_sql="CREATE INDEX CONCURRENTLY order_placed_at_idx ON shop_order (placed_at)",
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
    op.create_index("orders_placed_at_idx", "orders", ["placed_at"])


def downgrade():
    op.drop_table("orders")
# file: migrations/versions/ae1027a6acf1_no_index_by_date.py
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    op.drop_index("orders_placed_at_idx", table_name="orders")
    ~~~~~~~~~~~~~ Dropping this index keeps reads and writes of "orders" waiting until the migration commits.


def downgrade():
    op.create_index("orders_placed_at_idx", "orders", ["placed_at"])
`,
        fixed: [
          {
            title: 'Drop the index concurrently',
            files: `
# file: migrations/versions/ae1027a6acf1_no_index_by_date.py
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


def downgrade():
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
`,
          },
        ],
      },
      {
        title: 'Alembic, in SQL',
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
    op.create_index("orders_placed_at_idx", "orders", ["placed_at"])


def downgrade():
    op.drop_table("orders")
# file: migrations/versions/5b0f6f6ad3b1_orders_placed_at.py
"""No index of orders by date"""
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.execute("DROP INDEX orders_placed_at_idx")
                ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Dropping this index keeps reads and writes of "orders" waiting until the migration commits.


def downgrade():
    op.execute("CREATE INDEX orders_placed_at_idx ON orders (placed_at)")
`,
        fixed: [
          {
            title: 'Drop the index concurrently',
            files: `
# file: migrations/versions/5b0f6f6ad3b1_orders_placed_at.py
"""No index of orders by date"""
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    with op.get_context().autocommit_block():
        op.execute("DROP INDEX CONCURRENTLY orders_placed_at_idx")


def downgrade():
    op.execute("CREATE INDEX orders_placed_at_idx ON orders (placed_at)")
`,
          },
        ],
      },
    ],
    good: [
      {
        title: 'Dropped concurrently, by an operation and in SQL',
        files: `
# file: shop/migrations/0002_order_placed_at.py
from django.contrib.postgres.operations import RemoveIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("shop", "0001_initial")]

    operations = [
        RemoveIndexConcurrently("order", "order_placed_at_idx"),
        migrations.RunSQL(
            "DROP INDEX CONCURRENTLY IF EXISTS invoice_number_idx",
            "CREATE INDEX CONCURRENTLY invoice_number_idx ON shop_invoice (number)",
        ),
    ]
`,
      },
      {
        title: 'The column goes with it',
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
# file: shop/migrations/0002_order_placed_at.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RemoveIndex("order", "order_placed_at_idx"),
        migrations.RemoveField("order", "placed_at"),
    ]
`,
      },
      {
        title: 'It makes way for the index of a unique constraint, which locks the table anyway',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[("id", models.BigAutoField(primary_key=True)), ("number", models.IntegerField(db_index=True))],
        ),
    ]
# file: shop/migrations/0002_order_number.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AlterField("order", "number", models.IntegerField(unique=True)),
    ]
`,
      },
      {
        title: 'What a failed build may have left is removed before the next one',
        files: `
# file: shop/migrations/0002_order_placed_at.py
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL("DROP INDEX IF EXISTS order_placed_at_idx", migrations.RunSQL.noop),
        migrations.RunSQL(
            "CREATE INDEX CONCURRENTLY order_placed_at_idx ON shop_order (placed_at)",
            "DROP INDEX CONCURRENTLY IF EXISTS order_placed_at_idx",
        ),
    ]
`,
      },
      {
        title: 'The project runs on MySQL',
        settings: 'database = "mysql"',
        files: `
# file: shop/migrations/0002_order_placed_at.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RemoveIndex("order", "order_placed_at_idx"),
    ]
`,
      },
    ],
  },
};

/** The index of a partitioned table is not dropped concurrently. */
function locksLiveTable(change: DropIndex, migration: Migration, context: RuleContext): boolean {
  const { table } = change;
  if (!change.applies.database || change.concurrently) return false;
  // Nobody knows the table of an index that no migration in sight creates: it is taken for one in use.
  if (table === undefined) return true;
  const isLocked = context
    .effects(change)
    .locks.some((lock) => lock.mode === 'ACCESS EXCLUSIVE' && isSameTable(lock.table, table));
  return isLocked && isInUse(table, change, migration, context);
}

/** Whether the table is locked in the same transaction for what the index was for, or the index is built anew. */
function isNeededAnyway(change: DropIndex, migration: Migration, context: RuleContext): boolean {
  const columns = columnsOf(change, context);
  return migration.forward.some((other) => {
    if (other.kind === 'CreateIndex') {
      return change.ifExists === true && other.concurrently && other.index.name === change.index;
    }
    return other.transaction === change.transaction && takesAway(other, change, columns);
  });
}

function takesAway(other: Change, { table, origin }: DropIndex, columns: readonly string[]): boolean {
  if (table === undefined || !('table' in other) || other.table === undefined) return false;
  if (!other.applies.database || !isSameTable(other.table, table)) return false;
  switch (other.kind) {
    case 'DropTable':
      return true;
    case 'DropColumn':
      return columns.includes(other.column);
    case 'AlterColumn':
      // The type is changed under the same lock, and the index has to go for it.
      return other.facets.type !== undefined && other.origin.span.start === origin.span.start;
    case 'AddConstraint':
    case 'DropConstraint': {
      // The index makes way for that of a unique constraint, or goes with it.
      const kind = other.kind === 'AddConstraint' ? other.constraint.kind : other.constraintKind;
      return kind === 'unique' && other.origin.span.start === origin.span.start;
    }
    default:
      return false;
  }
}

function columnsOf(change: DropIndex, context: RuleContext): readonly string[] {
  if (change.columns !== undefined || change.table === undefined) return change.columns ?? [];
  return findTable(context.before(change), change.table)?.indexes.get(change.index)?.columns ?? [];
}
