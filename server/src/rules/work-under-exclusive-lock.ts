import { split } from '../fixes/recipes/split.ts';
import type { Apart } from '../fixes/split-points.ts';
import type { Change } from '../schema/change.ts';
import { transactionsOf } from '../schema/change-order.ts';
import type { Migration } from '../schema/migration.ts';
import { isSameTable, type TableName, tableText } from '../schema/table-name.ts';
import { loopSpan } from './data-writes.ts';
import { liveTablesLocked } from './live-locks.ts';
import type { RelatedPlace, Rule, RuleContext } from './rule.ts';
import { schemaAndDataApart } from './schema-and-data.ts';
import { isInUse } from './tables-in-use.ts';

export const workUnderExclusiveLock: Rule = {
  name: 'work-under-exclusive-lock',
  level: 'medium',
  group: 'Blocks a live table',
  databases: ['postgresql'],
  summary: 'Long work follows in a transaction that already keeps everybody from a table.',
  docs: {
    whatHappens:
      'Most forms of `ALTER TABLE` take an `ACCESS EXCLUSIVE` lock. By itself that is an instant, but the lock stays until the transaction ends. Whatever the migration does next, writing every row, validating a constraint, building an index, is done while nobody can read or write that table.',
    whyItHurts:
      'A column that is added in a millisecond and filled in ten minutes by the same migration takes the table away for ten minutes.',
    whatToDo: {
      django:
        'Put the long work into the next migration: each one is a transaction of its own. Give a migration that writes many rows `atomic = False` and let it work in batches.',
      alembic: 'Put the long work into a revision of its own, with `transaction_per_migration=True` in `env.py`.',
    },
    whenItIsFine:
      'Long work before the lock, tables that the same migration creates, and rows that a filter picks are not reported; nor is work that another rule reports by itself.',
  },
  sources: [
    {
      title: 'PostgreSQL 18: Table-Level Locks',
      url: 'https://www.postgresql.org/docs/18/explicit-locking.html#LOCKING-TABLES',
    },
    { title: 'PostgreSQL 18: ALTER TABLE', url: 'https://www.postgresql.org/docs/18/sql-altertable.html' },
  ],

  *check(migration, context) {
    for (const changes of transactionsOf(migration.forward)) {
      const works = worksUnderLock(changes, migration, context);
      const [cause, ...others] = works;
      if (cause === undefined) continue;
      const { change, what, lock } = cause;
      yield {
        at: change.kind === 'WriteRows' ? loopSpan(change, migration) : change.at,
        message: `${what} while ${lock.by.origin.name} keeps all reads and writes of ${tableText(lock.table)} waiting.`,
        cause: change,
        covers: others.map((work) => work.change),
        related: [
          ...runBy(change, migration),
          { file: migration.file, span: lock.by.at, message: 'The lock is taken here.' },
        ],
        fixes: () =>
          split(
            [...schemaAndDataApart(migration, context), ...works.map(apartFromLock)],
            {
              title: (count) =>
                count === 2
                  ? 'Do the long work in the next migration'
                  : `Do the long work in a migration of its own (${count} in all)`,
              because: ['In one transaction nobody could use the table until all of it is done.'],
            },
            migration,
            context,
          ),
      };
    }
  },

  examples: {
    bad: [
      {
        title: 'A column is added and filled in one transaction',
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
# file: shop/migrations/0002_order_net.py
from django.db import migrations, models


def fill_net(apps, schema_editor):
    Order = apps.get_model("shop", "Order")
    for order in Order.objects.iterator(chunk_size=1000):
                 ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Every row of "shop_order" is written while AddField keeps all reads and writes of "shop_order" waiting.
        order.net = order.total * 100 // 119
        order.save()


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField("order", "net", models.IntegerField(null=True)),
        migrations.RunPython(fill_net, migrations.RunPython.noop),
    ]
`,
        fixed: [
          {
            title: 'Do the long work in the next migration',
            files: `
# file: shop/migrations/0002_order_net.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField("order", "net", models.IntegerField(null=True)),
    ]
# file: shop/migrations/0003_fill_net.py
"""Writes rows of "shop_order".

Runs after 0002_order_net, in the same deploy.
In one transaction nobody could use the table until all of it is done.
"""

from django.db import migrations


def fill_net(apps, schema_editor):
    Order = apps.get_model("shop", "Order")
    for order in Order.objects.iterator(chunk_size=1000):
        order.net = order.total * 100 // 119
        order.save()


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0002_order_net"),
    ]

    operations = [
        migrations.RunPython(fill_net, migrations.RunPython.noop),
    ]
`,
          },
        ],
      },
      {
        title: 'In SQL: rows are checked under the lock of another statement',
        files: `
# file: shop/migrations/0002_order_total.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE shop_line ADD COLUMN checked boolean;
            ALTER TABLE shop_order ADD COLUMN checked boolean;
            ALTER TABLE shop_order VALIDATE CONSTRAINT order_total_positive;
                                   ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Every row of "shop_order" is read while ALTER TABLE keeps all reads and writes of "shop_order" waiting.
            """,
            migrations.RunSQL.noop,
        ),
    ]
`,
        fixed: [
          {
            title: 'Do the long work in the next migration',
            files: `
# file: shop/migrations/0002_order_total.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE shop_line ADD COLUMN checked boolean;
            ALTER TABLE shop_order ADD COLUMN checked boolean;
            """,
            migrations.RunSQL.noop,
        ),
    ]
# file: shop/migrations/0003_validate_order_total_positive.py
"""Validates constraints of "shop_order".

Runs after 0002_order_total, in the same deploy.
In one transaction nobody could use the table until all of it is done.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0002_order_total"),
    ]

    operations = [
        migrations.RunSQL(
            sql="ALTER TABLE shop_order VALIDATE CONSTRAINT order_total_positive",
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
`,
          },
        ],
      },
      {
        title: 'Alembic: a column is filled behind its own lock',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_organizations_slug.py
"""organizations.slug"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"

organizations = sa.table("organizations", sa.column("name"), sa.column("slug"))


def upgrade():
    op.add_column("organizations", sa.Column("slug", sa.String()))
    op.execute(organizations.update().values(slug=sa.func.lower(organizations.c.name)))
               ~~~~~~~~~~~~~~~~~~~~~~ Every row of "organizations" is written while add_column keeps all reads and writes of "organizations" waiting.


def downgrade():
    op.drop_column("organizations", "slug")
`,
      },
    ],
    good: [
      {
        title: 'The column is filled by the next migration',
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
                ("total", models.IntegerField()),
                ("net", models.IntegerField(null=True)),
            ],
        ),
    ]
# file: shop/migrations/0002_fill_net.py
from django.db import migrations, models


def fill_net(apps, schema_editor):
    Order = apps.get_model("shop", "Order")
    for order in Order.objects.iterator(chunk_size=1000):
        order.net = order.total * 100 // 119
        order.save()


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunPython(fill_net, migrations.RunPython.noop),
    ]
`,
      },
      {
        title: 'The long work comes first, the lock last; outside of a transaction the lock is given back at once',
        files: `
# file: shop/migrations/0002_order_total.py
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE shop_order VALIDATE CONSTRAINT order_total_positive;
            ALTER TABLE shop_order ADD COLUMN checked boolean;
            """,
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL("ALTER TABLE shop_line VALIDATE CONSTRAINT line_amount_positive", migrations.RunSQL.noop),
    ]
`,
      },
      {
        title: 'Nobody else uses a table that the migration creates',
        files: `
# file: shop/migrations/0002_totals.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            CREATE TABLE shop_total (order_id bigint, total numeric);
            ALTER TABLE shop_total ADD COLUMN at timestamptz;
            INSERT INTO shop_total SELECT id, total FROM shop_order;
            UPDATE shop_total SET at = now();
            """,
            "DROP TABLE shop_total",
        ),
    ]
`,
      },
      {
        title: 'Alembic: an autocommit block, which has committed what came before it',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_organizations_slug.py
"""organizations.slug"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.add_column("organizations", sa.Column("slug", sa.String()))
    with op.get_context().autocommit_block():
        op.execute("UPDATE organizations SET slug = lower(name) WHERE slug IS NULL")


def downgrade():
    op.drop_column("organizations", "slug")
`,
      },
    ],
  },
};

interface HeldLock {
  readonly by: Change;
  readonly table: TableName;
}

interface LongWork {
  readonly table: TableName;
  /** `Every row of "shop_order" is written` */
  readonly what: string;
}

interface Work extends Pick<LongWork, 'what'> {
  readonly change: Change;
  readonly lock: HeldLock;
}

function apartFromLock({ change, lock }: Work): Apart {
  return { earlier: lock.by, later: change };
}

function worksUnderLock(changes: readonly Change[], migration: Migration, context: RuleContext): readonly Work[] {
  const works: Work[] = [];
  const held: HeldLock[] = [];
  for (const change of changes) {
    const work = held.length === 0 ? undefined : longWork(change, migration, context);
    const lock = work && lockOver(work.table, change, held);
    if (work !== undefined && lock !== undefined) works.push({ change, what: work.what, lock });
    for (const table of liveTablesLocked(change, 'ACCESS EXCLUSIVE', migration, context)) {
      held.push({ by: change, table });
    }
  }
  return works;
}

/** A lock of an earlier operation; of several that on the table itself, which is the one to tell. */
function lockOver(table: TableName, { origin }: Change, held: readonly HeldLock[]): HeldLock | undefined {
  const isOfAnother = ({ by }: HeldLock): boolean =>
    origin.kind !== 'django-operation' || by.origin.span.start !== origin.span.start;
  const locks = held.filter(isOfAnother);
  return locks.find((lock) => isSameTable(lock.table, table)) ?? locks[0];
}

/**
 * What takes as long as the table is large and lets others work on it by itself; undefined for all else. Work that
 * others have to wait for anyway is told by the rule about it.
 */
function longWork(change: Change, migration: Migration, context: RuleContext): LongWork | undefined {
  if (change.kind === 'WriteRows') {
    const { table, rows, operation } = change;
    if (rows !== 'all' || operation === 'insert' || table === undefined) return undefined;
    if (!isInUse(table, change, migration, context)) return undefined;
    return { table, what: `Every row of ${tableText(table)} is ${operation === 'delete' ? 'deleted' : 'written'}` };
  }
  const { scans, blocks, locks, fails } = context.effects(change);
  const table = locks[0]?.table;
  // What cannot run at all keeps nobody waiting.
  const isLong = scans && blocks === 'schema changes' && fails !== 'always';
  return isLong && table !== undefined ? { table, what: `Every row of ${tableText(table)} is read` } : undefined;
}

/** The operation that runs a piece of a data function. */
function runBy(change: Change, migration: Migration): readonly RelatedPlace[] {
  if (change.kind !== 'WriteRows' || change.code === undefined) return [];
  const { call, span } = change.origin;
  return [{ file: migration.file, span: call?.callee.span ?? span, message: 'It is run here.' }];
}
