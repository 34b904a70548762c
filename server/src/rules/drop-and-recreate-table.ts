import { alterInsteadOfRecreate } from '../fixes/recipes/alter-instead-of-recreate.ts';
import type { CreateTable, DropTable } from '../schema/change.ts';
import { changesOf } from '../schema/change.ts';
import type { Migration } from '../schema/migration.ts';
import type { Table } from '../schema/schema.ts';
import { findTable } from '../schema/schema.ts';
import { isSameTable, tableText } from '../schema/table-name.ts';
import { isSameFamily } from '../schema/type-family.ts';
import { mayCarryValues } from './data-writes.ts';
import type { Rule } from './rule.ts';
import { sharedWords } from './similar-names.ts';
import { isGuarded, isInUse } from './tables-in-use.ts';

export const dropAndRecreateTable: Rule = {
  name: 'drop-and-recreate-table',
  level: 'critical',
  group: 'Data loss',
  kinds: ['DropTable'],
  summary: 'A table is dropped and created again: every row in it is lost.',
  docs: {
    whatHappens:
      'The table goes with all its rows, and an empty one takes its place: under the same name, or under another one with much the same columns, which is a rename in disguise.',
    whyItHurts:
      'It looks like a change of the schema and loses the whole table. Migrating backwards does the same once more.',
    whatToDo: {
      django:
        'Change the table instead: `AddField`, `AlterField`, `RemoveField` for its columns, `RenameModel` for its name.',
      alembic: 'Use `op.add_column`, `op.alter_column`, `op.drop_column` and `op.rename_table`.',
    },
    whenItIsFine:
      'A table whose rows the migration copies into the new one before it drops the old one, and a table that the same migration created, are not reported here.',
  },
  sources: [
    {
      title: 'Django: Migration operations',
      url: 'https://docs.djangoproject.com/en/5.2/ref/migration-operations/',
    },
    { title: 'PostgreSQL 18: DROP TABLE', url: 'https://www.postgresql.org/docs/18/sql-droptable.html' },
  ],

  *check(migration, context) {
    const taken = new Set<CreateTable>();
    for (const dropped of changesOf(migration.forward, 'DropTable')) {
      if (!dropped.applies.database || isGuarded(dropped, migration)) continue;
      const table = findTable(context.before(dropped), dropped.table);
      if (!isInUse(dropped.table, dropped, migration, context)) continue;
      const created = findSuccessor(dropped, table, migration, taken);
      if (created === undefined) continue;
      taken.add(created);
      const what = isSameTable(created.table, dropped.table)
        ? `${tableText(dropped.table)} is dropped and created again`
        : `${tableText(dropped.table)} is dropped and ${tableText(created.table)}, which is much the same, created in its place`;
      yield {
        at: dropped.at,
        message: `${what}: every row in it is lost.`,
        related: [{ file: migration.file, span: created.at, message: 'Here it is created.' }],
        cause: dropped,
        covers: [created],
        fixes: () => alterInsteadOfRecreate(dropped, created, migration, context),
      };
    }
  },

  examples: {
    bad: [
      {
        title: 'The same model with other fields',
        files: `
# file: prompts/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="EmailPreferences",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("notify_likes", models.BooleanField(default=True)),
                ("frequency", models.CharField(max_length=10)),
                ("legacy", models.TextField(null=True)),
            ],
        ),
    ]
# file: prompts/migrations/0002_email_preferences.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("prompts", "0001_initial")]

    operations = [
        migrations.DeleteModel(name="EmailPreferences"),
                                    ~~~~~~~~~~~~~~~~~~ "prompts_emailpreferences" is dropped and created again: every row in it is lost.
        migrations.CreateModel(
            name="EmailPreferences",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("notify_likes", models.BooleanField(default=True)),
                ("frequency", models.CharField(max_length=20)),
                ("notify_follows", models.BooleanField(default=True)),
            ],
        ),
    ]
`,
        fixed: [
          {
            title: 'Change the table instead',
            files: `
# file: prompts/migrations/0002_email_preferences.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("prompts", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="EmailPreferences",
            name="frequency",
            field=models.CharField(max_length=20),
        ),
        migrations.AddField(
            model_name="EmailPreferences",
            name="notify_follows",
            field=models.BooleanField(default=True),
        ),
        migrations.RemoveField(
            model_name="EmailPreferences",
            name="legacy",
        ),
    ]
`,
          },
        ],
      },
      {
        title: 'Another name for the same columns',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Client",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=80)),
                ("email", models.EmailField(max_length=254)),
            ],
        ),
    ]
# file: shop/migrations/0002_customer.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Customer",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=80)),
                ("email", models.EmailField(max_length=254)),
            ],
        ),
        migrations.DeleteModel("Client"),
                               ~~~~~~~~ "shop_client" is dropped and "shop_customer", which is much the same, created in its place: every row in it is lost.
    ]
`,
        fixed: [
          {
            title: 'Rename "Client" to "Customer" instead',
            files: `
# file: shop/migrations/0002_customer.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RenameModel(
            old_name="Client",
            new_name="Customer",
        ),
    ]
`,
          },
        ],
      },
      {
        title: 'Alembic: two tables under other names',
        files: `
# file: migrations/versions/9c2f5a1b7e44_providers.py
"""Providers"""
import sqlalchemy as sa
from alembic import op

revision = "9c2f5a1b7e44"
down_revision = None

COLUMNS = ["repository", "owner", "workflow"]


def upgrade():
    for table in ["github_providers", "pending_github_providers"]:
        op.create_table(
            table,
            sa.Column("id", sa.BigInteger(), primary_key=True),
            *[sa.Column(name, sa.String()) for name in COLUMNS],
        )


def downgrade():
    op.drop_table("pending_github_providers")
    op.drop_table("github_providers")
# file: migrations/versions/5b0f6f6ad3b1_publishers.py
"""Providers are called publishers"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.drop_table("pending_github_providers")
    ~~~~~~~~~~~~~ "pending_github_providers" is dropped and "pending_github_publishers", which is much the same, created in its place: every row in it is lost.
    op.drop_table("github_providers")
    ~~~~~~~~~~~~~ "github_providers" is dropped and "github_publishers", which is much the same, created in its place: every row in it is lost.
    op.create_table(
        "github_publishers",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("repository", sa.String()),
        sa.Column("owner", sa.String()),
        sa.Column("workflow", sa.String()),
    )
    op.create_table(
        "pending_github_publishers",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("repository", sa.String()),
        sa.Column("owner", sa.String()),
        sa.Column("workflow", sa.String()),
    )


def downgrade():
    raise NotImplementedError
`,
      },
    ],
    good: [
      {
        title: 'The rows are copied before the old table goes',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Client",
            fields=[("id", models.BigAutoField(primary_key=True)), ("name", models.CharField(max_length=80))],
        ),
    ]
# file: shop/migrations/0002_customer.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Customer",
            fields=[("id", models.BigAutoField(primary_key=True)), ("name", models.CharField(max_length=80))],
        ),
        migrations.RunSQL("INSERT INTO shop_customer (id, name) SELECT id, name FROM shop_client", ""),
        migrations.DeleteModel("Client"),
    ]
`,
      },
      {
        title: 'Two tables with little in common',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Coupon",
            fields=[("id", models.BigAutoField(primary_key=True)), ("code", models.CharField(max_length=20))],
        ),
    ]
# file: shop/migrations/0002_parcel.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.DeleteModel("Coupon"),
        migrations.CreateModel(
            name="Parcel",
            fields=[("id", models.BigAutoField(primary_key=True)), ("weight", models.IntegerField())],
        ),
    ]
`,
      },
      {
        title: 'Alembic: the rows move before the old table is dropped',
        files: `
# file: migrations/versions/9c2f5a1b7e44_providers.py
"""Providers"""
import sqlalchemy as sa
from alembic import op

revision = "9c2f5a1b7e44"
down_revision = None


def upgrade():
    op.create_table(
        "providers",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("repository", sa.String()),
        sa.Column("owner", sa.String()),
    )


def downgrade():
    op.drop_table("providers")
# file: migrations/versions/5b0f6f6ad3b1_publishers.py
"""Providers are called publishers"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.create_table(
        "publishers",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("repository", sa.String()),
        sa.Column("owner", sa.String()),
    )
    op.execute("INSERT INTO publishers SELECT id, repository, owner FROM providers")
    op.drop_table("providers")


def downgrade():
    raise NotImplementedError
`,
      },
    ],
  },
};

function findSuccessor(
  dropped: DropTable,
  table: Table | undefined,
  migration: Migration,
  taken: ReadonlySet<CreateTable>,
): CreateTable | undefined {
  const created = changesOf(migration.forward, 'CreateTable').filter(
    (each) => each.applies.database && !taken.has(each) && !isCopied(each, dropped, migration),
  );
  const again = created.find((each) => isSameTable(each.table, dropped.table));
  if (again || table === undefined || !table.complete) return again;
  const alike = created.filter((each) => each.complete && isMuchTheSame(table, each));
  const likeness = (each: CreateTable) => sharedWords(each.table.name, dropped.table.name);
  return alike.toSorted((one, other) => likeness(other) - likeness(one))[0];
}

/** At least three quarters of the columns of both, and two besides the key, are the same in name and kind. */
function isMuchTheSame(table: Table, created: CreateTable): boolean {
  const columns = created.columns.filter(({ primaryKey }) => !primaryKey);
  const before = [...table.columns.values()].filter(({ primaryKey }) => !primaryKey);
  const shared = columns.filter(({ name, type }) => {
    const old = table.columns.get(name);
    return old !== undefined && isSameFamily(old.type, type);
  });
  return shared.length >= 2 && shared.length >= 0.75 * Math.max(columns.length, before.length);
}

/** Whether code runs while both tables are there: it may carry the rows over. */
function isCopied(created: CreateTable, dropped: DropTable, migration: Migration): boolean {
  const from = migration.forward.indexOf(created);
  const to = migration.forward.indexOf(dropped);
  return from < to && migration.forward.slice(from + 1, to).some(mayCarryValues);
}
