import { type SplitReason, split } from '../fixes/recipes/split.ts';
import type { Apart } from '../fixes/split-points.ts';
import type { Change } from '../schema/change.ts';
import type { Migration } from '../schema/migration.ts';
import { type TableName, tableKeyOf } from '../schema/table-name.ts';
import type { Rule, RuleContext } from './rule.ts';
import { listOfTables } from './table-list.ts';
import { tablesApart } from './tables-apart.ts';
import { isInUse } from './tables-in-use.ts';

/** More operations than this, over more tables than that, are many. */
const fewOperations = 10;
const fewTables = 3;

export const oversizedMigration: Rule = {
  name: 'oversized-migration',
  level: 'low',
  group: 'History',
  summary: 'One migration makes more than ten operations on more than three tables in use.',
  docs: {
    whatHappens:
      'Many operations on tables that have nothing to do with each other stand in one migration. It is reviewed, deployed and taken back as a whole, and where it is not one transaction, a failure in the middle leaves the first half in place.',
    whyItHurts:
      'The one dangerous step among twenty harmless ones is overlooked. When it fails, all the others wait, or have to be sorted out by hand; when one of them has to be taken back, all of them are.',
    whatToDo: {
      django:
        'Write one migration for each change that somebody could want to deploy, watch or take back by itself: one for each table, mostly, with data in migrations of their own.',
      alembic: 'One revision for each change that could be deployed by itself.',
    },
    whenItIsFine:
      'Initial and squashed migrations, tables that the migration itself creates, and operations that reach only the state are not counted. On PostgreSQL, many-tables-locked says the same with more weight where the operations lock their tables together.',
  },
  sources: [
    {
      title: 'Django: Transactions',
      url: 'https://docs.djangoproject.com/en/5.2/topics/migrations/#transactions',
    },
  ],

  *check(migration, context) {
    if (migration.initial) return;
    const changes = changesOfTablesInUse(migration, context);
    const operations = new Set(changes.map(({ change }) => keyOf(change)));
    const tables = new Map<string, TableName>();
    let tooMany: Change | undefined;
    for (const { change, table } of changes) {
      tables.set(tableKeyOf(table), table);
      if (tables.size > fewTables) tooMany ??= change;
    }
    if (tooMany === undefined || operations.size <= fewOperations) return;
    yield {
      at: migration.at,
      message: `${operations.size} operations on ${tables.size} tables in use stand in one migration: ${listOfTables([...tables.values()])} are changed, reviewed and taken back together.`,
      cause: tooMany,
      fixes: () => split(apartsOf(changes, migration), apart, migration, context),
    };
  },

  examples: {
    bad: [
      {
        title: 'A release in one migration, on MySQL',
        settings: 'database = "mysql"',
        files: `
# file: shop/migrations/0002_release.py
from django.db import migrations, models


class Migration(migrations.Migration):
      ~~~~~~~~~ 11 operations on 4 tables in use stand in one migration: "shop_order", "shop_line" and 2 more tables are changed, reviewed and taken back together.
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField("order", "note", models.TextField(null=True)),
        migrations.AddField("order", "source", models.TextField(null=True)),
        migrations.AddField("order", "weight", models.IntegerField(null=True)),
        migrations.RemoveField("line", "discount"),
        migrations.AddField("line", "note", models.TextField(null=True)),
        migrations.AddField("line", "weight", models.IntegerField(null=True)),
        migrations.AddField("invoice", "note", models.TextField(null=True)),
        migrations.AddField("invoice", "sent_at", models.DateTimeField(null=True)),
        migrations.AddField("invoice", "paid_at", models.DateTimeField(null=True)),
        migrations.AddField("courier", "note", models.TextField(null=True)),
        migrations.AddField("courier", "phone", models.TextField(null=True)),
    ]
`,
        fixed: [
          {
            title: 'Split it into 2 migrations of up to three tables each',
            files: `
# file: shop/migrations/0002_release.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField("order", "note", models.TextField(null=True)),
        migrations.AddField("order", "source", models.TextField(null=True)),
        migrations.AddField("order", "weight", models.IntegerField(null=True)),
        migrations.RemoveField("line", "discount"),
        migrations.AddField("line", "note", models.TextField(null=True)),
        migrations.AddField("line", "weight", models.IntegerField(null=True)),
        migrations.AddField("invoice", "note", models.TextField(null=True)),
        migrations.AddField("invoice", "sent_at", models.DateTimeField(null=True)),
        migrations.AddField("invoice", "paid_at", models.DateTimeField(null=True)),
    ]
# file: shop/migrations/0003_courier_note_courier_phone.py
"""Changes "shop_courier".

Runs after 0002_release, in the same deploy.
Each is reviewed, deployed and taken back by itself.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0002_release"),
    ]

    operations = [
        migrations.AddField("courier", "note", models.TextField(null=True)),
        migrations.AddField("courier", "phone", models.TextField(null=True)),
    ]
`,
          },
        ],
      },
      {
        title: 'Statements of SQL, each in its own transaction',
        files: `
# file: shop/migrations/0002_comments.py
from django.db import migrations


class Migration(migrations.Migration):
      ~~~~~~~~~ 11 operations on 4 tables in use stand in one migration: "shop_order", "shop_line" and 2 more tables are changed, reviewed and taken back together.
    atomic = False
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            [
                "ALTER TABLE shop_order ADD COLUMN note text",
                "ALTER TABLE shop_order ADD COLUMN source text",
                "ALTER TABLE shop_order ADD COLUMN weight int",
                "ALTER TABLE shop_line ADD COLUMN note text",
                "ALTER TABLE shop_line ADD COLUMN weight int",
                "ALTER TABLE shop_line ADD COLUMN gift boolean",
                "ALTER TABLE shop_invoice ADD COLUMN note text",
                "ALTER TABLE shop_invoice ADD COLUMN sent_at timestamptz",
                "ALTER TABLE shop_invoice ADD COLUMN paid_at timestamptz",
                "ALTER TABLE shop_courier ADD COLUMN note text",
                "ALTER TABLE shop_courier ADD COLUMN phone text",
            ],
            migrations.RunSQL.noop,
        ),
    ]
`,
        fixed: [
          {
            title: 'Split it into 2 migrations of up to three tables each',
            files: `
# file: shop/migrations/0002_comments.py
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            [
                "ALTER TABLE shop_order ADD COLUMN note text",
                "ALTER TABLE shop_order ADD COLUMN source text",
                "ALTER TABLE shop_order ADD COLUMN weight int",
                "ALTER TABLE shop_line ADD COLUMN note text",
                "ALTER TABLE shop_line ADD COLUMN weight int",
                "ALTER TABLE shop_line ADD COLUMN gift boolean",
                "ALTER TABLE shop_invoice ADD COLUMN note text",
                "ALTER TABLE shop_invoice ADD COLUMN sent_at timestamptz",
                "ALTER TABLE shop_invoice ADD COLUMN paid_at timestamptz",
            ],
            migrations.RunSQL.noop,
        ),
    ]
# file: shop/migrations/0003_shop_courier_note.py
"""Changes "shop_courier".

Runs after 0002_comments, in the same deploy.
Each is reviewed, deployed and taken back by itself.
"""

from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("shop", "0002_comments"),
    ]

    operations = [
        migrations.RunSQL(
            sql=[
                "ALTER TABLE shop_courier ADD COLUMN note text",
                "ALTER TABLE shop_courier ADD COLUMN phone text",
            ],
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
`,
          },
        ],
      },
      {
        title: 'Alembic: whatever autogenerate found',
        settings: 'database = "sqlite"',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_sync_models.py
"""Sync models"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
           ~~~~~~~~~~~~~~ 11 operations on 4 tables in use stand in one migration: "users", "orders" and 2 more tables are changed, reviewed and taken back together.
down_revision = "9c2f5a1b7e44"


def upgrade():
    # ### commands auto generated by Alembic - please adjust! ###
    op.add_column("users", sa.Column("nickname", sa.Text()))
    op.add_column("users", sa.Column("avatar", sa.Text()))
    op.add_column("users", sa.Column("bio", sa.Text()))
    op.alter_column("orders", "state", existing_type=sa.Text(), server_default="open")
    op.add_column("orders", sa.Column("note", sa.Text()))
    op.add_column("orders", sa.Column("source", sa.Text()))
    op.add_column("invoices", sa.Column("paid_at", sa.DateTime()))
    op.add_column("invoices", sa.Column("paid_by", sa.Text()))
    op.add_column("payments", sa.Column("method", sa.Text()))
    op.add_column("payments", sa.Column("currency", sa.String(length=3)))
    op.drop_column("payments", "legacy")
    # ### end Alembic commands ###


def downgrade():
    raise NotImplementedError
`,
      },
    ],
    good: [
      {
        title: 'Many operations on three tables',
        settings: 'database = "mysql"',
        files: `
# file: shop/migrations/0002_release.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField("order", "note", models.TextField(null=True)),
        migrations.AddField("order", "source", models.TextField(null=True)),
        migrations.AddField("order", "weight", models.IntegerField(null=True)),
        migrations.AddField("order", "gift", models.BooleanField(null=True)),
        migrations.AddField("line", "note", models.TextField(null=True)),
        migrations.AddField("line", "weight", models.IntegerField(null=True)),
        migrations.AddField("line", "gift", models.BooleanField(null=True)),
        migrations.AddField("line", "cooled", models.BooleanField(null=True)),
        migrations.AddField("invoice", "note", models.TextField(null=True)),
        migrations.AddField("invoice", "sent_at", models.DateTimeField(null=True)),
        migrations.AddField("invoice", "paid_at", models.DateTimeField(null=True)),
    ]
`,
      },
      {
        title: 'Tables that the migration creates, and options that no table knows of',
        settings: 'database = "mysql"',
        files: `
# file: shop/migrations/0002_gifts.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.CreateModel("Gift", [("id", models.BigAutoField(primary_key=True))]),
        migrations.CreateModel("Card", [("id", models.BigAutoField(primary_key=True))]),
        migrations.CreateModel("Ribbon", [("id", models.BigAutoField(primary_key=True))]),
        migrations.CreateModel("Paper", [("id", models.BigAutoField(primary_key=True))]),
        migrations.AddField("gift", "note", models.TextField(null=True)),
        migrations.AddField("card", "note", models.TextField(null=True)),
        migrations.AddField("ribbon", "note", models.TextField(null=True)),
        migrations.AddField("paper", "note", models.TextField(null=True)),
        migrations.AlterModelOptions("order", {"ordering": ["id"]}),
        migrations.AlterModelOptions("line", {"ordering": ["id"]}),
        migrations.AlterModelOptions("invoice", {"ordering": ["id"]}),
        migrations.AlterModelOptions("courier", {"ordering": ["id"]}),
    ]
`,
      },
      {
        title: 'Alembic: the first revision of a project',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_first.py
"""First"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = None

TABLES = ("users", "orders", "invoices", "payments")


def upgrade():
    for table in TABLES:
        op.create_table(table, sa.Column("id", sa.BigInteger(), primary_key=True))
        op.add_column(table, sa.Column("created_at", sa.DateTime()))
        op.add_column(table, sa.Column("changed_at", sa.DateTime()))


def downgrade():
    for table in TABLES:
        op.drop_table(table)
`,
      },
    ],
  },
};

const apart: SplitReason = {
  title: (count) => `Split it into ${count} migrations of up to three tables each`,
  because: ['Each is reviewed, deployed and taken back by itself.'],
};

function apartsOf(changes: readonly TableChange[], { forward }: Migration): readonly Apart[] {
  const tables = new Map(changes.map(({ change, table }) => [change, [table]]));
  return tablesApart(forward, (change) => tables.get(change) ?? [], fewTables);
}

interface TableChange {
  readonly change: Change;
  readonly table: TableName;
}

function changesOfTablesInUse(migration: Migration, context: RuleContext): readonly TableChange[] {
  return migration.forward.flatMap((change) => {
    if (!change.applies.database || change.kind === 'WriteRows' || change.kind === 'CreateTable') return [];
    const table = 'table' in change ? change.table : undefined;
    return table !== undefined && isInUse(table, change, migration, context) ? [{ change, table }] : [];
  });
}

/** One for each operation, and for each statement of SQL. */
function keyOf({ origin, at }: Change): string {
  return `${origin.span.start} ${origin.sql === undefined ? '' : `${origin.sql.position} ${at.start}`}`;
}
