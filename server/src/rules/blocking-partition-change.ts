import { concurrentExecuted } from '../fixes/recipes/alembic/concurrent-executed.ts';
import { concurrentSql } from '../fixes/recipes/concurrent-sql.ts';
import { type ChangeOf, changesOf } from '../schema/change.ts';
import type { Migration } from '../schema/migration.ts';
import { findTable } from '../schema/schema.ts';
import { isSameTable, type TableName, tableText } from '../schema/table-name.ts';
import { liveTablesLocked } from './live-locks.ts';
import type { Rule, RuleContext } from './rule.ts';
import { isInUse } from './tables-in-use.ts';

export const blockingPartitionChange: Rule = {
  name: 'blocking-partition-change',
  level: 'high',
  group: 'Blocks a live table',
  databases: ['postgresql'],
  kinds: ['AttachPartition', 'CreateTable', 'DetachPartition'],
  summary: 'A partition is attached or detached while its table waits.',
  docs: {
    whatHappens:
      '`ATTACH PARTITION` reads every row of the new partition under an `ACCESS EXCLUSIVE` lock, to see that it lies within the bounds, unless a valid `CHECK` already proves it. Indexes that the partition lacks are built under the same lock. A `DEFAULT` partition is read as well, under the same kind of lock, because the rows of the new one could be there. `DETACH PARTITION` needs an `ACCESS EXCLUSIVE` lock on the partitioned table, which waits for every query on any of its partitions and keeps all later ones waiting.',
    whyItHurts:
      'Tables are partitioned because they are large and busy: the scan is long, and the lock on the whole concerns everybody.',
    whatToDo: {
      django:
        'Before attaching, give the partition a `CHECK` that says what the bounds say, with `IS NOT NULL`: added as `NOT VALID` in one migration, validated in the next; build its indexes concurrently; give the `DEFAULT` partition a `CHECK` that rules the new bounds out. Detach with `DETACH PARTITION … CONCURRENTLY` (PostgreSQL 14), as the only statement of its string, in a migration with `atomic = False`.',
      alembic:
        'The same statements in `op.execute()`; `DETACH PARTITION … CONCURRENTLY` inside `with op.get_context().autocommit_block():`.',
    },
    whenItIsFine:
      'A partition that the same migration creates has no rows to read. One whose bounds are proven by a valid `CHECK`, and concurrent detaching, are not reported.',
  },
  sources: [
    {
      title: 'PostgreSQL 18: ALTER TABLE, ATTACH PARTITION',
      url: 'https://www.postgresql.org/docs/18/sql-altertable.html#SQL-ALTERTABLE-ATTACH-PARTITION',
    },
    {
      title: 'PostgreSQL 18: Partition Maintenance',
      url: 'https://www.postgresql.org/docs/18/ddl-partitioning.html#DDL-PARTITIONING-DECLARATIVE-MAINTENANCE',
    },
  ],

  *check(migration, context) {
    for (const change of changesOf(migration.forward, 'AttachPartition', 'CreateTable', 'DetachPartition')) {
      if (!change.applies.database) continue;
      const message = messageOf(change, migration, context);
      if (message === undefined) continue;
      yield {
        at: change.at,
        message,
        cause: change,
        fixes: () =>
          change.kind === 'DetachPartition'
            ? [...concurrentSql(change, migration, context), ...concurrentExecuted(change, migration, context)]
            : [],
      };
    }
  },

  examples: {
    bad: [
      {
        title: 'A partition is detached',
        files: `
# file: shop/migrations/0001_event.py
from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL(
            """
            CREATE TABLE shop_event (at date NOT NULL, what text) PARTITION BY RANGE (at);
            CREATE TABLE shop_event_2024 PARTITION OF shop_event FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
            """,
            "DROP TABLE shop_event",
        ),
    ]
# file: shop/migrations/0002_years.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_event")]

    operations = [
        migrations.RunSQL("ALTER TABLE shop_event DETACH PARTITION shop_event_2024", migrations.RunSQL.noop),
                                                  ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Detaching this partition keeps reads and writes of "shop_event" waiting until the transaction ends.
    ]
`,
        fixed: [
          {
            title: 'Detach the partition concurrently',
            files: `
# file: shop/migrations/0002_years.py
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("shop", "0001_event")]

    operations = [
        migrations.RunSQL("ALTER TABLE shop_event DETACH PARTITION shop_event_2024 CONCURRENTLY", migrations.RunSQL.noop),
    ]
`,
          },
        ],
      },
      {
        title: 'A partition with rows is attached, and one is detached',
        files: `
# file: shop/migrations/0001_event.py
from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL(
            """
            CREATE TABLE shop_event (at date NOT NULL, what text) PARTITION BY RANGE (at);
            CREATE TABLE shop_event_2024 PARTITION OF shop_event FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
            CREATE TABLE shop_event_2025 (at date NOT NULL, what text);
            """,
            "DROP TABLE shop_event",
        ),
    ]
# file: shop/migrations/0002_years.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_event")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE shop_event ATTACH PARTITION shop_event_2025 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
                                   ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Every row of "shop_event_2025" is read, to see that it belongs here, while nobody can read or write the table.
            ALTER TABLE shop_event DETACH PARTITION shop_event_2024;
                                   ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Detaching this partition keeps reads and writes of "shop_event" waiting until the transaction ends.
            """,
            migrations.RunSQL.noop,
        ),
    ]
`,
      },
      {
        title: 'Beside a DEFAULT partition, even a new one',
        files: `
# file: shop/migrations/0001_event.py
from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL(
            """
            CREATE TABLE shop_event (at date NOT NULL, what text) PARTITION BY RANGE (at);
            CREATE TABLE shop_event_rest PARTITION OF shop_event DEFAULT;
            """,
            "DROP TABLE shop_event",
        ),
    ]
# file: shop/migrations/0002_years.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_event")]

    operations = [
        migrations.RunSQL(
            """
            CREATE TABLE shop_event_2025 (LIKE shop_event);
            ALTER TABLE shop_event ATTACH PARTITION shop_event_2025 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
                                   ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Every row of "shop_event_rest" is read, to see that none belongs into the new partition, while nobody can read or write the table.
            """,
            "DROP TABLE shop_event_2025",
        ),
    ]
`,
      },
      {
        title: 'Alembic: a month joins and another one leaves',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_events_of_may.py
"""Events of May"""
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.execute(
        "ALTER TABLE events ATTACH PARTITION events_2025_05 FOR VALUES FROM ('2025-05-01') TO ('2025-06-01')"
                            ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Every row of "events_2025_05" is read, to see that it belongs here, while nobody can read or write the table.
    )
    op.execute("ALTER TABLE events DETACH PARTITION events_2024_05")
                                   ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Detaching this partition keeps reads and writes of "events" waiting until the transaction ends.


def downgrade():
    raise NotImplementedError
`,
      },
    ],
    good: [
      {
        title: 'A valid check proves the bounds',
        files: `
# file: shop/migrations/0001_event.py
from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL(
            """
            CREATE TABLE shop_event (at date NOT NULL, what text) PARTITION BY RANGE (at);
            CREATE TABLE shop_event_2025 (at date NOT NULL, what text);
            """,
            "DROP TABLE shop_event",
        ),
    ]
# file: shop/migrations/0002_check.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_event")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE shop_event_2025 ADD CHECK (at IS NOT NULL AND at >= '2025-01-01' AND at < '2026-01-01')",
            migrations.RunSQL.noop,
        ),
    ]
# file: shop/migrations/0003_attach.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0002_check")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE shop_event ATTACH PARTITION shop_event_2025 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')",
            "ALTER TABLE shop_event DETACH PARTITION shop_event_2025",
        ),
    ]
`,
      },
      {
        title: 'A partition that is created here; one that is detached concurrently',
        files: `
# file: shop/migrations/0002_years.py
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("shop", "0001_event")]

    operations = [
        migrations.RunSQL(
            """
            CREATE TABLE shop_event_2025 (LIKE shop_event INCLUDING ALL);
            ALTER TABLE shop_event ATTACH PARTITION shop_event_2025 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
            """,
            "DROP TABLE shop_event_2025",
        ),
        migrations.RunSQL(
            "ALTER TABLE shop_event DETACH PARTITION shop_event_2019 CONCURRENTLY", migrations.RunSQL.noop
        ),
    ]
`,
      },
      {
        title: 'The table, too, is created here',
        files: `
# file: shop/migrations/0001_event.py
from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL(
            """
            CREATE TABLE shop_event (at date NOT NULL, what text) PARTITION BY RANGE (at);
            CREATE TABLE shop_event_rest PARTITION OF shop_event DEFAULT;
            CREATE TABLE shop_event_2025 PARTITION OF shop_event FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
            ALTER TABLE shop_event DETACH PARTITION shop_event_2025;
            """,
            "DROP TABLE shop_event",
        ),
    ]
`,
      },
      {
        title: 'Alembic: a partition that is new, and one that leaves concurrently',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_events_of_may.py
"""Events of May"""
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.execute("CREATE TABLE events_2025_05 (LIKE events)")
    op.execute(
        "ALTER TABLE events ATTACH PARTITION events_2025_05 FOR VALUES FROM ('2025-05-01') TO ('2025-06-01')"
    )
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE events DETACH PARTITION events_2024_05 CONCURRENTLY")


def downgrade():
    raise NotImplementedError
`,
      },
    ],
  },
};

type PartitionChange = ChangeOf<'AttachPartition' | 'CreateTable' | 'DetachPartition'>;

/** `undefined` for what nobody has to wait for. */
function messageOf(change: PartitionChange, migration: Migration, context: RuleContext): string | undefined {
  if (change.kind === 'DetachPartition') {
    if (change.mode !== 'plain' || !isInUse(change.table, change, migration, context)) return undefined;
    return `Detaching this partition keeps reads and writes of ${tableText(change.table)} waiting until the transaction ends.`;
  }
  const parent = change.kind === 'CreateTable' ? change.partitionOf : change.table;
  const partition = change.kind === 'CreateTable' ? change.table : change.partition;
  const { scans, blocks } = context.effects(change);
  if (parent === undefined || !scans || blocks !== 'reads and writes') return undefined;
  if (change.kind === 'AttachPartition' && isInUse(partition, change, migration, context)) {
    if (!change.isProven && !mayBeProven(change, context)) {
      return `Every row of ${tableText(partition)} is read, to see that it belongs here, while nobody can read or write the table.`;
    }
    if (lacksOnlyIndexes(change, context)) {
      return `The indexes that ${tableText(partition)} lacks are built while nobody can read or write it.`;
    }
  }
  const rest = restOf(parent, change, migration, context);
  return rest === undefined
    ? undefined
    : `Every row of ${tableText(rest)} is read, to see that none belongs into the new partition, while nobody can read or write the table.`;
}

/** A check whose meaning cannot be compared with the bounds may be the proof. */
function mayBeProven(change: ChangeOf<'AttachPartition'>, context: RuleContext): boolean {
  const { table, partition } = change;
  const before = context.before(change);
  const isComparable = findTable(before, table)?.partitionedBy?.length === 1;
  const constraints = findTable(before, partition)?.constraints.values() ?? [];
  return !isComparable && [...constraints].some(({ kind, validated }) => kind === 'check' && validated);
}

/** Whether an index of the partitioned table has to be built on a partition that is known. */
function lacksOnlyIndexes(change: ChangeOf<'AttachPartition'>, context: RuleContext): boolean {
  const { table, partition } = change;
  const own = findTable(context.before(change), partition);
  const all = findTable(context.before(change), table);
  if (own?.complete !== true || all === undefined) return false;
  return [...all.indexes.values()].some(
    ({ columns }) => ![...own.indexes.values()].some((index) => index.columns.join() === columns.join()),
  );
}

/** The DEFAULT partition, if it is in use. */
function restOf(
  parent: TableName,
  change: PartitionChange,
  migration: Migration,
  context: RuleContext,
): TableName | undefined {
  return liveTablesLocked(change, 'ACCESS EXCLUSIVE', migration, context).find((name) => {
    const table = findTable(context.before(change), name);
    return (
      table?.isDefaultPartition === true && table.partitionOf !== undefined && isSameTable(table.partitionOf, parent)
    );
  });
}
