import { split } from '../fixes/recipes/split.ts';
import { changesOf, type WriteRows } from '../schema/change.ts';
import { transactionsOf } from '../schema/change-order.ts';
import type { Migration } from '../schema/migration.ts';
import { isSameTable } from '../schema/table-name.ts';
import { blame, writtenText } from './data-writes.ts';
import type { Rule, RuleContext } from './rule.ts';
import { isAlteration, schemaAndDataApart } from './schema-and-data.ts';
import { isInUse } from './tables-in-use.ts';

export const mixedSchemaAndData: Rule = {
  name: 'mixed-schema-and-data',
  level: 'medium',
  group: 'Data migrations',
  databases: ['postgresql'],
  kinds: ['WriteRows'],
  summary: 'Tables are altered and existing rows are written in one transaction.',
  docs: {
    whatHappens:
      'A migration is one transaction. What it alters stays locked until the last row is written, and every row that it writes stays locked until the last table is altered.',
    whyItHurts:
      'Each half alone is short for the running release; together they last as long as both, and each waits for locks while it keeps its own. A failure in the data, which depends on what is in the database, also undoes the schema, and PostgreSQL refuses to alter a table that has rows with foreign keys still to check.',
    whatToDo: {
      django:
        'Write two migrations: one with the operations that change the schema, one with the `RunPython` or the `UPDATE`. If old rows have to be corrected before a constraint, the data goes first.',
      alembic: 'Write two revisions, with `transaction_per_migration=True` in `env.py`.',
    },
    whenItIsFine:
      'Filling a column or a table that the same migration creates, adding rows, and the rows of a table that nobody uses yet are not reported. A data migration with `atomic = False` holds no locks between its batches.',
  },
  sources: [
    {
      title: 'Django: Data migrations',
      url: 'https://docs.djangoproject.com/en/5.2/topics/migrations/#data-migrations',
    },
    { title: 'PostgreSQL 18: Explicit Locking', url: 'https://www.postgresql.org/docs/18/explicit-locking.html' },
  ],

  *check(migration, context) {
    for (const changes of transactionsOf(migration.forward)) {
      const altered = changes.find((change) => isAlteration(change, migration, context));
      if (altered === undefined) continue;
      const writes = changesOf(changes, 'WriteRows').filter((write) => isDataChange(write, migration, context));
      // The write that lasts is the one to tell.
      const longest = writes.find(({ rows, batched }) => rows === 'all' && !batched) ?? writes[0];
      if (longest === undefined) continue;
      const { covers: _, ...blamed } = blame([longest], migration);
      yield {
        ...blamed,
        at: longest.at,
        message: `Rows of ${writtenText(longest)} are ${longest.operation === 'delete' ? 'deleted' : 'changed'} in one transaction with ${altered.origin.name}: the locks of both last until the slower one is done.`,
        covers: writes.filter((write) => write !== longest),
        related: [
          ...(longest.code === undefined ? [] : (blamed.related ?? [])),
          { file: migration.file, span: altered.at, message: 'The schema is changed here.' },
        ],
        fixes: () =>
          split(
            schemaAndDataApart(migration, context),
            {
              title: (count) => `Write the rows and change the schema in ${count} migrations`,
              because: ['In one transaction the locks of both would last until the slower one is done.'],
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
        title: 'Rows are corrected and a table is altered',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[("id", models.BigAutoField(primary_key=True)), ("state", models.CharField(max_length=20, null=True))],
        ),
    ]
# file: shop/migrations/0002_order_state.py
from django.db import migrations, models


def close_old_orders(apps, schema_editor):
    Order = apps.get_model("shop", "Order")
    Order.objects.filter(state=None).update(state="closed")
    ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Rows of "shop_order" are changed in one transaction with AlterField: the locks of both last until the slower one is done.


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunPython(close_old_orders, migrations.RunPython.noop),
        migrations.AlterField("order", "state", models.CharField(max_length=20)),
    ]
`,
        fixed: [
          {
            title: 'Write the rows and change the schema in 2 migrations',
            files: `
# file: shop/migrations/0002_order_state.py
from django.db import migrations


def close_old_orders(apps, schema_editor):
    Order = apps.get_model("shop", "Order")
    Order.objects.filter(state=None).update(state="closed")


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunPython(close_old_orders, migrations.RunPython.noop),
    ]
# file: shop/migrations/0003_alter_order_state.py
"""Changes "shop_order".

Runs after 0002_order_state, in the same deploy.
In one transaction the locks of both would last until the slower one is done.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0002_order_state"),
    ]

    operations = [
        migrations.AlterField("order", "state", models.CharField(max_length=20)),
    ]
`,
          },
        ],
      },
      {
        title: 'In SQL',
        files: `
# file: shop/migrations/0002_order_note.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE shop_order ADD COLUMN note text;
            DELETE FROM shop_event WHERE at < '2020-01-01';
            ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Rows of "shop_event" are deleted in one transaction with ALTER TABLE: the locks of both last until the slower one is done.
            """,
            migrations.RunSQL.noop,
        ),
    ]
`,
        fixed: [
          {
            title: 'Write the rows and change the schema in 2 migrations',
            files: `
# file: shop/migrations/0002_order_note.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE shop_order ADD COLUMN note text;
            """,
            migrations.RunSQL.noop,
        ),
    ]
# file: shop/migrations/0003_shop_event_rows.py
"""Writes rows of "shop_event".

Runs after 0002_order_note, in the same deploy.
In one transaction the locks of both would last until the slower one is done.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0002_order_note"),
    ]

    operations = [
        migrations.RunSQL(
            sql="DELETE FROM shop_event WHERE at < '2020-01-01'",
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
`,
          },
        ],
      },
      {
        title: 'Alembic: a backfill between the column and its NOT NULL',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_release_prerelease.py
"""Release.is_prerelease"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"

releases = sa.table("releases", sa.column("version"), sa.column("is_prerelease"))


def upgrade():
    op.execute(sa.update(releases).where(releases.c.version.like("%rc%")).values(is_prerelease=True))
               ~~~~~~~~~~~~~~~~~~~ Rows of "releases" are changed in one transaction with alter_column: the locks of both last until the slower one is done.
    op.alter_column("releases", "is_prerelease", nullable=False)


def downgrade():
    op.alter_column("releases", "is_prerelease", nullable=True)
`,
      },
    ],
    good: [
      {
        title: 'A column and a table are made and filled',
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


def fill(apps, schema_editor):
    Order = apps.get_model("shop", "Order")
    for order in Order.objects.filter(net=None):
        order.net = order.total * 100 // 119
        order.save()
    apps.get_model("shop", "Rate").objects.create(percent=19)


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Rate",
            fields=[("id", models.BigAutoField(primary_key=True)), ("percent", models.IntegerField())],
        ),
        migrations.AddField("order", "net", models.IntegerField(null=True)),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
`,
      },
      {
        title: 'Each has a transaction of its own',
        files: `
# file: shop/migrations/0002_order_note.py
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL("ALTER TABLE shop_order ADD COLUMN note text", migrations.RunSQL.noop),
        migrations.RunSQL("DELETE FROM shop_event WHERE at < '2020-01-01'", migrations.RunSQL.noop),
    ]
`,
      },
      {
        title: 'Only the state changes beside the data',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[("id", models.BigAutoField(primary_key=True)), ("state", models.CharField(max_length=20))],
        ),
    ]
# file: shop/migrations/0002_order_state.py
from django.db import migrations, models


def close_old_orders(apps, schema_editor):
    apps.get_model("shop", "Order").objects.filter(state="old").update(state="closed")


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AlterField("order", "state", models.CharField(max_length=20, choices=[("closed", "Closed")])),
        migrations.RunPython(close_old_orders, migrations.RunPython.noop),
    ]
`,
      },
      {
        title: 'Alembic: each slice of rows is committed before the column is altered',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_release_prerelease.py
"""Release.is_prerelease"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    with op.get_context().autocommit_block():
        connection = op.get_bind()
        while connection.scalar(sa.text("SELECT count(*) FROM releases WHERE is_prerelease IS NULL")) > 0:
            connection.execute(
                sa.text(
                    """
                    UPDATE releases SET is_prerelease = version LIKE '%rc%'
                    WHERE id IN (SELECT id FROM releases WHERE is_prerelease IS NULL LIMIT 10000)
                    """
                )
            )
    op.alter_column("releases", "is_prerelease", nullable=False)


def downgrade():
    op.alter_column("releases", "is_prerelease", nullable=True)
`,
      },
    ],
  },
};

/** Django's own tables of a few hundred rows, whatever the application holds. */
const bookkeeping: ReadonlySet<string> = new Set(['auth_permission', 'django_content_type', 'django_site']);

/** Whether rows that were there before are changed; what the migration has just made is filled, which is another thing. */
function isDataChange(write: WriteRows, migration: Migration, context: RuleContext): boolean {
  const { table, operation, guarded } = write;
  if (table === undefined || operation === 'insert' || guarded || bookkeeping.has(table.name)) return false;
  if (!isInUse(table, write, migration, context)) return false;
  return operation === 'delete' || !fillsNewColumn(write, migration);
}

function fillsNewColumn({ table, assignments }: WriteRows, migration: Migration): boolean {
  const added = changesOf(migration.forward, 'AddColumn').filter(
    (change) => table !== undefined && isSameTable(change.table, table),
  );
  if (added.length === 0) return false;
  // What `save()` writes is not known: it is for the new column.
  return (
    assignments.length === 0 || assignments.some(({ column }) => added.some((each) => each.column.name === column))
  );
}
