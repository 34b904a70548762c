import { isRefusal } from '../fixes/fix.ts';
import { concurrentDirectiveApart } from '../fixes/recipes/alembic/concurrent-index.ts';
import { concurrentApart } from '../fixes/recipes/concurrent-apart.ts';
import { type SplitReason, split } from '../fixes/recipes/split.ts';
import type { Apart } from '../fixes/split-points.ts';
import type { Change } from '../schema/change.ts';
import type { Migration } from '../schema/migration.ts';
import type { Rule } from './rule.ts';

export const mixedConcurrentMigration: Rule = {
  name: 'mixed-concurrent-migration',
  level: 'medium',
  group: 'Blocks a live table',
  databases: ['postgresql'],
  kinds: ['CreateIndex', 'DropIndex', 'Reindex', 'DetachPartition'],
  summary: 'A concurrent operation shares its migration with others, none of which is undone when one fails.',
  docs: {
    whatHappens:
      'What runs `CONCURRENTLY` needs a migration without a transaction. Then nothing is: every other operation of the migration commits by itself as soon as it has run.',
    whyItHurts:
      'Concurrent builds fail often: a duplicate, a deadlock, a timeout. What came before is then already done, and what comes after is not. Django has not recorded the migration, so the next run begins at its first operation and stops there, because the column or the table exists already. Somebody has to repair the database by hand, in the middle of a deploy.',
    whatToDo: {
      django:
        'Keep the concurrent operation alone in its migration, and leave the others in one with a transaction. In SQL, `IF EXISTS` and `IF NOT EXISTS` make a step one that can be run again.',
      alembic:
        'Put what runs in `autocommit_block()` into a revision of its own: entering the block commits all that came before.',
    },
    whenItIsFine:
      'Several concurrent operations, `DROP … IF EXISTS` before the build of the same index, a constraint that takes over the index that was built, timeouts and statements that can be repeated are not reported.',
  },
  sources: [
    {
      title: 'Django: Non-atomic migrations',
      url: 'https://docs.djangoproject.com/en/5.2/howto/writing-migrations/#non-atomic-migrations',
    },
    {
      title: 'PostgreSQL 18: Building Indexes Concurrently',
      url: 'https://www.postgresql.org/docs/18/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY',
    },
  ],

  *check(migration, context) {
    const concurrent = migration.forward.filter((change) => concurrentWork(change) !== undefined);
    const [first, ...rest] = concurrent;
    if (first === undefined) return;
    const other = migration.forward.find((change) => isLeftHalfDone(change, concurrent));
    if (other === undefined) return;
    yield {
      at: first.at,
      message: `Nothing undoes ${other.origin.name} if ${concurrentWork(first)} fails, nor the other way round: without a transaction half of the migration stays.`,
      cause: first,
      covers: rest,
      related: [{ file: migration.file, span: other.at, message: 'It commits by itself.' }],
      fixes: () => {
        const moved = [
          ...(rest.length === 0 ? concurrentApart(first, migration, context) : []),
          ...concurrentDirectiveApart(first, migration, context),
        ];
        if (!moved.every(isRefusal)) return moved;
        return [...moved, ...split(partsApart(migration, concurrent), apart, migration, context)];
      },
    };
  },

  examples: {
    bad: [
      {
        title: 'A column and its index',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(name="Order", fields=[("id", models.BigAutoField(primary_key=True))]),
    ]
# file: shop/migrations/0002_order_placed_at.py
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField("order", "placed_at", models.DateTimeField(null=True)),
        AddIndexConcurrently("order", models.Index(fields=["placed_at"], name="order_placed_at_idx")),
        ~~~~~~~~~~~~~~~~~~~~ Nothing undoes AddField if building this index fails, nor the other way round: without a transaction half of the migration stays.
    ]
`,
      },
      {
        title: 'In SQL, beside a data function',
        files: `
# file: shop/migrations/0002_order_placed_at.py
from django.db import migrations


def close_old_orders(apps, schema_editor):
    apps.get_model("shop", "Order").objects.filter(placed_at__year=2019).update(closed=True)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL("SET lock_timeout = '5s'", migrations.RunSQL.noop),
        migrations.RunSQL("DROP INDEX CONCURRENTLY order_placed_at_idx", migrations.RunSQL.noop),
                           ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Nothing undoes RunPython if dropping this index fails, nor the other way round: without a transaction half of the migration stays.
        migrations.RunPython(close_old_orders, migrations.RunPython.noop),
    ]
`,
        fixed: [
          {
            title: 'Move it to a migration of its own',
            files: `
# file: shop/migrations/0002_order_placed_at.py
from django.db import migrations


def close_old_orders(apps, schema_editor):
    apps.get_model("shop", "Order").objects.filter(placed_at__year=2019).update(closed=True)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL("SET lock_timeout = '5s'", migrations.RunSQL.noop),
        migrations.RunPython(close_old_orders, migrations.RunPython.noop),
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
        migrations.RunSQL("DROP INDEX CONCURRENTLY order_placed_at_idx", migrations.RunSQL.noop),
    ]
`,
          },
        ],
      },
      {
        title: 'Alembic: a column and its index',
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
# file: migrations/versions/ae1027a6acf1_orders_code.py
import sqlalchemy as sa
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    op.add_column("orders", sa.Column("code", sa.String(20)))
    with op.get_context().autocommit_block():
        # Sellers look orders up by it.
        op.create_index("orders_code_idx", "orders", ["code"], postgresql_concurrently=True)
        ~~~~~~~~~~~~~~~ Nothing undoes add_column if building this index fails, nor the other way round: without a transaction half of the migration stays.


def downgrade():
    op.drop_column("orders", "code")
`,
        fixed: [
          {
            title: 'Move it to a revision of its own',
            files: `
# file: migrations/versions/ae1027a6acf1_orders_code.py
import sqlalchemy as sa
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    op.add_column("orders", sa.Column("code", sa.String(20)))


def downgrade():
    op.drop_column("orders", "code")
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
    # Sellers look orders up by it.
    with op.get_context().autocommit_block():
        op.drop_index(
            "orders_code_idx",
            table_name="orders",
            postgresql_concurrently=True,
            if_exists=True,
        )
        op.create_index(
            "orders_code_idx", "orders", ["code"], postgresql_concurrently=True
        )


def downgrade():
    with op.get_context().autocommit_block():
        op.drop_index(
            "orders_code_idx",
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
        title: 'What can be run again: timeouts, IF EXISTS, several concurrent builds',
        files: `
# file: shop/migrations/0002_order_placed_at.py
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL("SET lock_timeout = '5s'", migrations.RunSQL.noop),
        migrations.RunSQL("SET statement_timeout = 0", migrations.RunSQL.noop),
        migrations.RunSQL("ALTER TABLE shop_order ADD COLUMN IF NOT EXISTS placed_at date", migrations.RunSQL.noop),
        migrations.RunSQL("DROP INDEX IF EXISTS order_total_idx", migrations.RunSQL.noop),
        migrations.RunSQL("CREATE INDEX CONCURRENTLY order_total_idx ON shop_order (total)", migrations.RunSQL.noop),
        AddIndexConcurrently("order", models.Index(fields=["placed_at"], name="order_placed_at_idx")),
        RemoveIndexConcurrently("order", "order_date_idx"),
    ]
`,
      },
      {
        title: 'The state alone changes beside it, and the constraint takes over the index',
        files: `
# file: shop/migrations/0002_order_number.py
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    [
                        "DROP INDEX CONCURRENTLY IF EXISTS order_number_key",
                        "CREATE UNIQUE INDEX CONCURRENTLY order_number_key ON shop_order (number)",
                        "ALTER TABLE shop_order ADD CONSTRAINT order_number_key UNIQUE USING INDEX order_number_key",
                    ],
                    "ALTER TABLE shop_order DROP CONSTRAINT order_number_key",
                ),
            ],
            state_operations=[
                migrations.AlterField("order", "number", models.IntegerField(unique=True)),
            ],
        ),
    ]
`,
      },
      {
        title: 'In a transaction the others are undone; that the build is refused there is told elsewhere',
        files: `
# file: shop/migrations/0002_order_placed_at.py
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField("order", "placed_at", models.DateTimeField(null=True)),
        AddIndexConcurrently("order", models.Index(fields=["placed_at"], name="order_placed_at_idx")),
    ]
`,
      },
    ],
  },
};

/** What runs concurrently and outside of a transaction, as a clause without its verb; undefined for all else. */
function concurrentWork(change: Change): string | undefined {
  if (!change.applies.database || change.transaction !== undefined) return undefined;
  switch (change.kind) {
    case 'CreateIndex':
      return change.concurrently ? 'building this index' : undefined;
    case 'DropIndex':
      return change.concurrently ? 'dropping this index' : undefined;
    case 'Reindex':
      return change.concurrently ? 'building the indexes anew' : undefined;
    case 'DetachPartition':
      return change.mode === 'concurrently' ? 'detaching this partition' : undefined;
    default:
      return undefined;
  }
}

const apart: SplitReason = {
  title: (count) => `Split it into ${count} migrations`,
  because: ['Without a transaction nothing undoes the one if the other fails.'],
};

function partsApart({ forward }: Migration, concurrent: readonly Change[]): readonly Apart[] {
  const others = forward.filter((change) => isLeftHalfDone(change, concurrent));
  return concurrent.flatMap((one) =>
    others.map((other) => {
      const isBefore = forward.indexOf(one) < forward.indexOf(other);
      return isBefore ? { earlier: one, later: other } : { earlier: other, later: one };
    }),
  );
}

/** Whether it is not undone with the rest, and does not simply come to the same when it runs a second time. */
function isLeftHalfDone(change: Change, concurrent: readonly Change[]): boolean {
  if (!change.applies.database || isRepeatable(change) || concurrent.includes(change)) return false;
  // It looks first whether it has been done: a `DO` block that asks the catalog.
  if (change.certainty === 'conditional') return false;
  // Operations of other packages that build and then use what they have built see to it themselves.
  const isOneOperation = concurrent.some(
    ({ origin }) => origin.kind === 'django-operation' && origin.span.start === change.origin.span.start,
  );
  if (isOneOperation) return false;
  const usesBuilt = change.kind === 'AddConstraint' && change.usingIndex !== undefined;
  return !usesBuilt || !concurrent.some((each) => each.kind === 'CreateIndex' && each.index.name === change.usingIndex);
}

function isRepeatable(change: Change): boolean {
  switch (change.kind) {
    case 'AddConstraint':
    case 'DropConstraint':
    case 'RenameColumn':
    case 'RenameIndex':
    case 'RenameTable':
    case 'RenameConstraint':
    case 'RenameSchema':
    case 'RenameType':
    case 'WriteRows':
      return false;
    case 'AddColumn':
    case 'CreateTable':
      return change.ifNotExists === true;
    case 'CreateIndex':
      // The index of a partitioned table that takes in those built concurrently on its partitions.
      return change.ifNotExists || change.only === true;
    case 'DropColumn':
    case 'DropIndex':
    case 'DropTable':
      return change.ifExists === true;
    case 'RunCode':
      return change.isNoop || change.isGuard;
    default:
      return true;
  }
}
