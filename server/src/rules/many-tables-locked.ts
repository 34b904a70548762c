import { listedUpTo } from '../base/listed.ts';
import { type SplitReason, split } from '../fixes/recipes/split.ts';
import type { Apart } from '../fixes/split-points.ts';
import type { Change } from '../schema/change.ts';
import { transactionsOf } from '../schema/change-order.ts';
import type { Migration } from '../schema/migration.ts';
import { tableKeyOf, tableText } from '../schema/table-name.ts';
import { liveTablesLocked } from './live-locks.ts';
import type { Rule, RuleContext } from './rule.ts';
import { schemaAndDataApart } from './schema-and-data.ts';
import { tablesApart } from './tables-apart.ts';

/** A migration that touches up to so many tables is an ordinary one. */
const ordinary = 3;

/** Of more tables than these some are only counted. */
const named = 4;

export const manyTablesLocked: Rule = {
  name: 'many-tables-locked',
  level: 'medium',
  group: 'Blocks a live table',
  databases: ['postgresql'],
  summary: 'One transaction locks more than three tables in use.',
  docs: {
    whatHappens:
      'Altering a table takes a lock that keeps writes, and mostly reads as well, waiting until the transaction commits. Adding a foreign key also locks the table that it refers to, dropping one locks both. A migration takes these locks one after the other and gives them back all at once, at its end.',
    whyItHurts:
      'While the migration waits for its turn on the last table, traffic on all the others already waits for the migration. Requests take locks in another order than the migration does: one that uses two of the tables can deadlock with it, and either the request or the whole migration is thrown away.',
    whatToDo: {
      django:
        'Write one migration for each table, or for a few: each is a transaction of its own. Set a `lock_timeout`, so that the migration gives up and can be tried again.',
      alembic: 'One revision for each table, with `transaction_per_migration=True` in `env.py`, and a `lock_timeout`.',
    },
    whenItIsFine:
      'Tables that the same migration creates, initial and squashed migrations, and locks that let reads and writes go on are not counted.',
  },
  sources: [
    {
      title: 'PostgreSQL 18: Deadlocks',
      url: 'https://www.postgresql.org/docs/18/explicit-locking.html#LOCKING-DEADLOCKS',
    },
    {
      title: 'PostgreSQL 18: lock_timeout',
      url: 'https://www.postgresql.org/docs/18/runtime-config-client.html#GUC-LOCK-TIMEOUT',
    },
  ],

  *check(migration, context) {
    for (const changes of transactionsOf(migration.forward)) {
      const { tables, tooMany, covers } = lockedBy(changes, migration, context);
      if (tooMany === undefined) continue;
      yield {
        at: tooMany.at,
        message: `One transaction locks ${tables.length} tables in use, one after the other, and keeps them all until it commits: ${listedUpTo(named, tables, '')}.`,
        cause: tooMany,
        covers,
        fixes: () => split(lockedApart(migration, context), apart, migration, context),
      };
    }
  },

  examples: {
    bad: [
      {
        title: 'A column for each of four tables',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(name="Order", fields=[("id", models.BigAutoField(primary_key=True))]),
        migrations.CreateModel(name="Line", fields=[("id", models.BigAutoField(primary_key=True))]),
        migrations.CreateModel(name="Invoice", fields=[("id", models.BigAutoField(primary_key=True))]),
        migrations.CreateModel(name="Courier", fields=[("id", models.BigAutoField(primary_key=True))]),
    ]
# file: shop/migrations/0002_notes.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField("order", "note", models.TextField(null=True)),
        migrations.AddField("line", "note", models.TextField(null=True)),
        migrations.AddField("invoice", "note", models.TextField(null=True)),
        migrations.AddField("courier", "note", models.TextField(null=True)),
                                       ~~~~~~ One transaction locks 4 tables in use, one after the other, and keeps them all until it commits: "shop_order", "shop_line", "shop_invoice" and "shop_courier".
    ]
`,
        fixed: [
          {
            title: 'Split it into 2 migrations of up to three tables each',
            files: `
# file: shop/migrations/0002_notes.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField("order", "note", models.TextField(null=True)),
        migrations.AddField("line", "note", models.TextField(null=True)),
        migrations.AddField("invoice", "note", models.TextField(null=True)),
    ]
# file: shop/migrations/0003_courier_note.py
"""Changes "shop_courier".

Runs after 0002_notes, in the same deploy.
Each takes its locks by itself, and gives them back when it commits.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0002_notes"),
    ]

    operations = [
        migrations.AddField("courier", "note", models.TextField(null=True)),
    ]
`,
          },
        ],
      },
      {
        title:
          'Rows are written between the columns: their keys would wait to be checked where an index is still to come',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(name="Order", fields=[("id", models.BigAutoField(primary_key=True))]),
        migrations.CreateModel(name="Site", fields=[("id", models.BigAutoField(primary_key=True))]),
        migrations.CreateModel(name="Region", fields=[("id", models.BigAutoField(primary_key=True))]),
        migrations.CreateModel(name="Courier", fields=[("id", models.BigAutoField(primary_key=True))]),
    ]
# file: shop/migrations/0002_places.py
from django.db import migrations, models


def fill_sites(apps, schema_editor):
    Order = apps.get_model("shop", "Order")
    site = apps.get_model("shop", "Site").objects.first()
    Order.objects.filter(site=None).update(site=site)


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField("order", "site", models.ForeignKey("shop.site", models.CASCADE, null=True)),
        migrations.AddField("order", "region", models.ForeignKey("shop.region", models.CASCADE, null=True)),
        migrations.AddField("order", "courier", models.ForeignKey("shop.courier", models.CASCADE, null=True)),
                                     ~~~~~~~~~ One transaction locks 4 tables in use, one after the other, and keeps them all until it commits: "shop_order", "shop_site", "shop_region" and "shop_courier".
        migrations.RunPython(fill_sites, migrations.RunPython.noop),
    ]
`,
        fixed: [
          {
            title: 'Split it into 3 migrations of up to three tables each',
            files: `
# file: shop/migrations/0002_places.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField("order", "site", models.ForeignKey("shop.site", models.CASCADE, null=True)),
        migrations.AddField("order", "region", models.ForeignKey("shop.region", models.CASCADE, null=True)),
    ]
# file: shop/migrations/0003_order_courier.py
"""Changes "shop_order".

Runs after 0002_places, in the same deploy.
Each takes its locks by itself, and gives them back when it commits.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0002_places"),
    ]

    operations = [
        migrations.AddField("order", "courier", models.ForeignKey("shop.courier", models.CASCADE, null=True)),
    ]
# file: shop/migrations/0004_fill_sites.py
"""Writes rows of "shop_order".

Runs after 0003_order_courier, in the same deploy.
Each takes its locks by itself, and gives them back when it commits.
"""

from django.db import migrations


def fill_sites(apps, schema_editor):
    Order = apps.get_model("shop", "Order")
    site = apps.get_model("shop", "Site").objects.first()
    Order.objects.filter(site=None).update(site=site)


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0003_order_courier"),
    ]

    operations = [
        migrations.RunPython(fill_sites, migrations.RunPython.noop),
    ]
`,
          },
        ],
      },
      {
        title: 'In SQL: a foreign key locks the other table, too',
        files: `
# file: shop/migrations/0002_keys.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE shop_order ADD FOREIGN KEY (courier_id) REFERENCES shop_courier NOT VALID;
            ALTER TABLE shop_line ADD FOREIGN KEY (invoice_id) REFERENCES shop_invoice NOT VALID;
                                  ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ One transaction locks 4 tables in use, one after the other, and keeps them all until it commits: "shop_order", "shop_courier", "shop_line" and "shop_invoice".
            """,
            migrations.RunSQL.noop,
        ),
    ]
`,
        fixed: [
          {
            title: 'Split it into 2 migrations of up to three tables each',
            files: `
# file: shop/migrations/0002_keys.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE shop_order ADD FOREIGN KEY (courier_id) REFERENCES shop_courier NOT VALID;
            """,
            migrations.RunSQL.noop,
        ),
    ]
# file: shop/migrations/0003_shop_line_invoice_id_fkey.py
"""Changes "shop_line".

Runs after 0002_keys, in the same deploy.
Each takes its locks by itself, and gives them back when it commits.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0002_keys"),
    ]

    operations = [
        migrations.RunSQL(
            sql="ALTER TABLE shop_line ADD FOREIGN KEY (invoice_id) REFERENCES shop_invoice NOT VALID",
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
`,
          },
        ],
      },
      {
        title: 'Alembic: a loop over the tables of the application',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_deleted_at.py
"""deleted_at everywhere"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"

TABLES = ["users", "orders", "invoices", "payments"]


def upgrade():
    for table in TABLES:
        op.add_column(table, sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True))
        ~~~~~~~~~~~~~ One transaction locks 4 tables in use, one after the other, and keeps them all until it commits: "users", "orders", "invoices" and "payments".


def downgrade():
    for table in reversed(TABLES):
        op.drop_column(table, "deleted_at")
`,
      },
    ],
    good: [
      {
        title: 'Three tables, and new ones beside them',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(name="Order", fields=[("id", models.BigAutoField(primary_key=True))]),
        migrations.CreateModel(name="Line", fields=[("id", models.BigAutoField(primary_key=True))]),
        migrations.CreateModel(name="Invoice", fields=[("id", models.BigAutoField(primary_key=True))]),
    ]
# file: shop/migrations/0002_notes.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.CreateModel(name="Courier", fields=[("id", models.BigAutoField(primary_key=True))]),
        migrations.CreateModel(name="Depot", fields=[("id", models.BigAutoField(primary_key=True))]),
        migrations.AddField("order", "note", models.TextField(null=True)),
        migrations.AddField("line", "note", models.TextField(null=True)),
        migrations.AddField("invoice", "note", models.TextField(null=True)),
        migrations.AddField("courier", "note", models.TextField(null=True)),
        migrations.AddField("depot", "note", models.TextField(null=True)),
    ]
`,
      },
      {
        title: 'Each statement commits by itself',
        files: `
# file: shop/migrations/0002_notes.py
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            [
                "ALTER TABLE shop_order ADD COLUMN note text",
                "ALTER TABLE shop_line ADD COLUMN note text",
                "ALTER TABLE shop_invoice ADD COLUMN note text",
                "ALTER TABLE shop_courier ADD COLUMN note text",
            ],
            migrations.RunSQL.noop,
        ),
    ]
`,
      },
      {
        title: 'Alembic: three tables, beside one that is new',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_deleted_at.py
"""deleted_at everywhere"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.create_table("refunds", sa.Column("id", sa.BigInteger(), primary_key=True))
    for table in ("users", "orders", "invoices", "refunds"):
        op.add_column(table, sa.Column("deleted_at", sa.DateTime(timezone=True)))


def downgrade():
    for table in ("users", "orders", "invoices"):
        op.drop_column(table, "deleted_at")
    op.drop_table("refunds")
`,
      },
    ],
  },
};

const apart: SplitReason = {
  title: (count) => `Split it into ${count} migrations of up to three tables each`,
  because: ['Each takes its locks by itself, and gives them back when it commits.'],
};

/**
 * So that each transaction locks as few tables as an ordinary one. Rows are written apart as well: PostgreSQL alters no
 * table whose rows wait for a check of the keys that an earlier part has created.
 */
function lockedApart(migration: Migration, context: RuleContext): readonly Apart[] {
  const locked = transactionsOf(migration.forward).flatMap((changes) =>
    tablesApart(changes, (change) => liveTablesLocked(change, 'SHARE', migration, context), ordinary),
  );
  return locked.length === 0 ? [] : [...locked, ...schemaAndDataApart(migration, context)];
}

interface Locked {
  /** Their names in the order in which they are locked. */
  readonly tables: readonly string[];
  /** The change that locks one too many; undefined where there are not too many. */
  readonly tooMany: Change | undefined;
  /** The changes that lock still more. */
  readonly covers: readonly Change[];
}

function lockedBy(changes: readonly Change[], migration: Migration, context: RuleContext): Locked {
  const names = new Map<string, string>();
  const beyond: Change[] = [];
  for (const change of changes) {
    const before = names.size;
    for (const table of liveTablesLocked(change, 'SHARE', migration, context))
      names.set(tableKeyOf(table), tableText(table));
    if (names.size > ordinary && names.size > before) beyond.push(change);
  }
  const [tooMany, ...covers] = beyond;
  return { tables: [...names.values()], tooMany, covers };
}
