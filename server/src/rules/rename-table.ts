import { owedViewDropInRevision, viewUnderOldNameInRevision } from '../fixes/recipes/alembic/view-under-old-name.ts';
import { tableKept } from '../fixes/recipes/table-kept.ts';
import { isViewDropOwed, owedViewDrop, viewUnderOldName } from '../fixes/recipes/view-under-old-name.ts';
import type { RenameTable } from '../schema/change.ts';
import { changesOf } from '../schema/change.ts';
import { changesOfOrigin } from '../schema/change-order.ts';
import type { Migration } from '../schema/migration.ts';
import { findTable } from '../schema/schema.ts';
import type { RenameSchema } from '../schema/sql-change.ts';
import { isSameTable, type TableName, tableText } from '../schema/table-name.ts';
import type { Rule, RuleContext } from './rule.ts';
import { isInUse } from './tables-in-use.ts';

export const renameTable: Rule = {
  name: 'rename-table',
  level: 'medium',
  group: 'Breaks the running release',
  kinds: ['RenameTable', 'RenameSchema'],
  summary: 'A table is renamed while the running release still uses its old name.',
  docs: {
    whatHappens:
      'The rename itself is instant and loses nothing. But from the moment it commits, the table is gone under its old name. When Django renames a model, it also renames the tables of its many-to-many fields and their columns.',
    whyItHurts:
      'Until the new release has replaced the old one on every machine, each query of the old one that names the table fails. Rolling the release back fails in the same way.',
    whatToDo: {
      django:
        'Rename the model in Python only: set `db_table` to the old name on the model, and put an `AlterModelTable` to the old name before the `RenameModel`, which then finds nothing to do in the database and still renames the content type. A many-to-many field, of the model or to it, stands in the way: the columns of its join table are named after the model, so it needs a `through` model first that keeps their names with `db_column`. Before Django 5.0, so does a foreign key to the model, which is dropped and added again.\n\nWhere the table itself must be renamed, create a view under the old name in the same migration: a view that selects all columns of one table can be read and written like the table, with its defaults and its `RETURNING`. The view belongs to the role that migrates; where the application connects as another one, grant it what it may do on the table. Drop the view in a later release, and before a migration that changes the type of a column or drops one.',
      alembic:
        'Map the new class to the old table (`__tablename__`), or create a view under the old name in the same revision, and drop it in a later release.',
    },
    whenItIsFine:
      'When the application is stopped to migrate (`deploys = "stopped"`) the finding is only a note. A table that the same migration created, a rename that is followed by a view or another table under the old name, and one that the database never sees, are not reported.',
  },
  sources: [
    {
      title: 'Django: RenameModel',
      url: 'https://docs.djangoproject.com/en/5.2/ref/migration-operations/#renamemodel',
    },
    { title: 'PostgreSQL 18: ALTER TABLE', url: 'https://www.postgresql.org/docs/18/sql-altertable.html' },
    {
      title: 'PostgreSQL 18: CREATE VIEW, Updatable Views',
      url: 'https://www.postgresql.org/docs/18/sql-createview.html#SQL-CREATEVIEW-UPDATABLE-VIEWS',
    },
  ],

  *check(migration, context) {
    const told = new Set<RenameTable | RenameSchema>();
    for (const change of changesOf(migration.forward, 'RenameTable', 'RenameSchema')) {
      if (!change.applies.database || told.has(change)) continue;
      if (change.kind === 'RenameTable' && isHarmless(change, migration, context)) continue;
      const together = changesOfOrigin(change, migration.forward);
      // The tables of many-to-many fields are renamed with their model.
      for (const each of changesOf(together, 'RenameTable')) told.add(each);
      yield {
        at: change.at,
        message: messageOf(change),
        ...(context.target.deploys === 'stopped' ? { level: 'low' as const } : {}),
        cause: change,
        covers: together,
        fixes: () =>
          change.kind === 'RenameTable'
            ? [
                ...tableKept(change, migration, context),
                ...viewUnderOldName(changesOf(together, 'RenameTable'), migration, context),
                ...viewUnderOldNameInRevision(change, migration, context),
              ]
            : [],
      };
    }
  },

  *offers(migration, context) {
    for (const view of changesOf(migration.forward, 'CreateView')) {
      if (!isViewDropOwed(view, migration, context.project)) continue;
      yield {
        at: view.origin.span,
        owed: `The view ${tableText(view.view)} still stands for the table that was renamed.`,
        fix: () => [...owedViewDrop(view, migration, context), ...owedViewDropInRevision(view, migration, context)],
      };
    }
  },

  examples: {
    bad: [
      {
        title: 'A model is renamed, and with it the table of its many-to-many field',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(name="Tag", fields=[("id", models.BigAutoField(primary_key=True))]),
        migrations.CreateModel(
            name="Order",
            fields=[("id", models.BigAutoField(primary_key=True)), ("tags", models.ManyToManyField(to="shop.tag"))],
        ),
    ]
# file: shop/migrations/0002_rename_order.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RenameModel(old_name="Order", new_name="Purchase"),
                                                          ~~~~~~~~~~ The running release still uses "shop_order": its queries fail once the table is called "shop_purchase".
    ]
`,
        fixed: [
          {
            title: 'Leave views under the old names; drop them in a later release',
            files: `
# file: shop/migrations/0002_rename_order.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RenameModel(old_name="Order", new_name="Purchase"),
        # For the release that still uses the old name.
        migrations.RunSQL(
            sql=[
                "CREATE VIEW shop_order AS SELECT * FROM shop_purchase",
                "CREATE VIEW shop_order_tags AS SELECT id, purchase_id AS order_id, tag_id FROM shop_purchase_tags",
            ],
            reverse_sql=[
                "DROP VIEW shop_order_tags",
                "DROP VIEW shop_order",
            ],
        ),
    ]
`,
          },
        ],
      },
      {
        title: 'A model is renamed: its foreign keys and content type go along',
        files: `
# file: shop/models/__init__.py
from .orders import Parcel, Purchase
# file: shop/models/orders.py
from django.db import models


class Purchase(models.Model):
    id = models.BigAutoField(primary_key=True)
    placed = models.DateTimeField()

    def __str__(self):
        return f"#{self.pk}"


class Parcel(models.Model):
    id = models.BigAutoField(primary_key=True)
    order = models.ForeignKey(Purchase, on_delete=models.CASCADE)
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[("id", models.BigAutoField(primary_key=True)), ("placed", models.DateTimeField())],
        ),
        migrations.CreateModel(
            name="Parcel",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("order", models.ForeignKey(to="shop.order", on_delete=models.CASCADE)),
            ],
        ),
    ]
# file: shop/migrations/0002_rename_order.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        # What customers call it.
        migrations.RenameModel("Order", "Purchase"),
                                        ~~~~~~~~~~ The running release still uses "shop_order": its queries fail once the table is called "shop_purchase".
    ]
`,
        fixed: [
          {
            title: 'Rename the model and keep its table: db_table = "shop_order"',
            files: `
# file: shop/migrations/0002_rename_order.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AlterModelTable(name="order", table="shop_order"),
        # What customers call it.
        migrations.RenameModel("Order", "Purchase"),
    ]
# file: shop/models/orders.py
from django.db import models


class Purchase(models.Model):
    id = models.BigAutoField(primary_key=True)
    placed = models.DateTimeField()

    class Meta:
        db_table = "shop_order"

    def __str__(self):
        return f"#{self.pk}"


class Parcel(models.Model):
    id = models.BigAutoField(primary_key=True)
    order = models.ForeignKey(Purchase, on_delete=models.CASCADE)
`,
          },
          {
            title: 'Leave a view under the old name "shop_order"; drop it in a later release',
            files: `
# file: shop/migrations/0002_rename_order.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        # What customers call it.
        migrations.RenameModel("Order", "Purchase"),
        # For the release that still uses the old name.
        migrations.RunSQL(
            sql="CREATE VIEW shop_order AS SELECT * FROM shop_purchase",
            reverse_sql="DROP VIEW shop_order",
        ),
    ]
`,
          },
        ],
      },
      {
        title: 'The table of a model is renamed',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(name="Order", fields=[("id", models.BigAutoField(primary_key=True))]),
    ]
# file: shop/migrations/0002_order_table.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AlterModelTable(name="order", table="purchases"),
                                                       ~~~~~~~~~~~ The running release still uses "shop_order": its queries fail once the table is called "purchases".
    ]
`,
        fixed: [
          {
            title: 'Leave a view under the old name "shop_order"; drop it in a later release',
            files: `
# file: shop/migrations/0002_order_table.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AlterModelTable(name="order", table="purchases"),
        # For the release that still uses the old name.
        migrations.RunSQL(
            sql="CREATE VIEW shop_order AS SELECT * FROM purchases",
            reverse_sql="DROP VIEW shop_order",
        ),
    ]
`,
          },
        ],
      },
      {
        title: 'In SQL: the table, its schema, and a schema with all its tables',
        files: `
# file: shop/migrations/0002_tables.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE shop_order RENAME TO shop_purchase;
            ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ The running release still uses "shop_order": its queries fail once the table is called "shop_purchase".
            ALTER TABLE shop_visit SET SCHEMA archive;
            ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ The running release still uses "shop_visit": its queries fail once the table is in the schema "archive".
            ALTER SCHEMA ledger RENAME TO books;
            ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ The running release still looks for its tables in the schema "ledger": its queries fail once that is called "books".
            """,
            migrations.RunSQL.noop,
        ),
    ]
`,
      },
      {
        title: 'The tables of two models swap their names',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(name="Order", fields=[("id", models.BigAutoField(primary_key=True))]),
        migrations.CreateModel(name="Draft", fields=[("id", models.BigAutoField(primary_key=True))]),
    ]
# file: shop/migrations/0002_swap.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RenameModel("Order", "Submission"),
                                        ~~~~~~~~~~~~ The running release still uses "shop_order": its queries fail once the table is called "shop_submission".
        migrations.RenameModel("Submission", "Purchase"),
        migrations.RenameModel("Draft", "Order"),
                                        ~~~~~~~ The running release still uses "shop_draft": its queries fail once the table is called "shop_order".
    ]
`,
      },
      {
        title: 'Alembic: under another name in one step',
        files: `
# file: migrations/versions/9c2f5a1b7e44_packages.py
"""Packages"""
import sqlalchemy as sa
from alembic import op

revision = "9c2f5a1b7e44"
down_revision = None


def upgrade():
    op.create_table(
        "packages",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("title", sa.String(length=80), nullable=False),
    )


def downgrade():
    op.drop_table("packages")
# file: migrations/versions/5b0f6f6ad3b1_projects.py
"""Packages are called projects"""
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.alter_column("packages", "title", new_column_name="name")
    op.rename_table("packages", "projects")
    ~~~~~~~~~~~~~~~ The running release still uses "packages": its queries fail once the table is called "projects".


def downgrade():
    op.rename_table("projects", "packages")
    op.alter_column("packages", "name", new_column_name="title")
`,
        fixed: [
          {
            title: 'Leave a view under the old name "packages"; drop it in a later release',
            files: `
# file: migrations/versions/5b0f6f6ad3b1_projects.py
"""Packages are called projects"""
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.alter_column("packages", "title", new_column_name="name")
    op.rename_table("packages", "projects")
    # For the release that still uses the old name.
    op.execute("CREATE VIEW packages AS SELECT id, name AS title FROM projects")


def downgrade():
    op.execute("DROP VIEW packages")
    op.rename_table("projects", "packages")
    op.alter_column("packages", "name", new_column_name="title")
`,
          },
        ],
      },
      {
        title: 'Alembic: a better name for a table in use',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_projects.py
"""Packages are called projects"""
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.rename_table("packages", "projects")
    ~~~~~~~~~~~~~~~ The running release still uses "packages": its queries fail once the table is called "projects".
    op.execute("ALTER TABLE projects RENAME CONSTRAINT packages_pkey TO projects_pkey")


def downgrade():
    op.execute("ALTER TABLE projects RENAME CONSTRAINT projects_pkey TO packages_pkey")
    op.rename_table("projects", "packages")
`,
      },
    ],
    good: [
      {
        title: 'A view takes the old name in the same transaction',
        files: `
# file: shop/migrations/0002_tables.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE shop_order RENAME TO shop_purchase;
            CREATE VIEW shop_order AS SELECT * FROM shop_purchase;
            """,
            "DROP VIEW shop_order; ALTER TABLE shop_purchase RENAME TO shop_order",
        ),
    ]
`,
      },
      {
        title: 'ALTER TABLE renames sequences, too: no query names them',
        files: `
# file: shop/migrations/0002_sequence.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE shop_order_id_seq RENAME TO shop_purchase_id_seq",
            "ALTER TABLE shop_purchase_id_seq RENAME TO shop_order_id_seq",
        ),
    ]
`,
      },
      {
        title: 'Another table takes the old name: the two are swapped',
        files: `
# file: shop/migrations/0002_new_log.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL("CREATE TABLE shop_log_new (LIKE shop_log INCLUDING ALL)", "DROP TABLE shop_log_new"),
    ]
# file: shop/migrations/0003_swap_log.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0002_new_log")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE shop_log RENAME TO shop_log_old;
            ALTER TABLE shop_log_new RENAME TO shop_log;
            """,
            migrations.RunSQL.noop,
        ),
    ]
`,
      },
      {
        title: 'The model is renamed, its table keeps its name',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(name="Order", fields=[("id", models.BigAutoField(primary_key=True))]),
        migrations.CreateModel(
            name="Visit",
            fields=[("id", models.BigAutoField(primary_key=True))],
            options={"db_table": "visits"},
        ),
    ]
# file: shop/migrations/0002_rename_order.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameModel("Order", "Purchase"),
                migrations.AlterModelTable("purchase", "shop_order"),
            ],
        ),
        migrations.RenameModel("Visit", "Stay"),
    ]
`,
      },
      {
        title: 'The table is created by the same migration',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    operations = [
        migrations.CreateModel(name="Order", fields=[("id", models.BigAutoField(primary_key=True))]),
        migrations.RenameModel("Order", "Purchase"),
    ]
`,
      },
      {
        title: 'Alembic: with a view under the old name',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_projects.py
"""Packages are called projects"""
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.rename_table("packages", "projects")
    op.execute("CREATE VIEW packages AS SELECT * FROM projects")


def downgrade():
    op.execute("DROP VIEW packages")
    op.rename_table("projects", "packages")
`,
      },
    ],
  },
};

function isHarmless(change: RenameTable, migration: Migration, context: RuleContext): boolean {
  if (!isInUse(change.table, change, migration, context)) return true;
  const index = migration.forward.indexOf(change);
  const [earlier, later] = [migration.forward.slice(0, index), migration.forward.slice(index + 1)];
  if (isProvided(change.table, later, context)) return true;
  for (const each of changesOf(earlier, 'RenameTable', 'DropTable')) {
    if (!each.applies.database) continue;
    // It got the name just now.
    if (each.kind === 'RenameTable' && isSameTable(each.to, change.table)) return true;
    // The other half of a swap.
    if (isSameTable(each.table, change.to) && isWithoutModel(change, context)) return true;
  }
  return false;
}

/** Whether a view or table that serves the same purpose has the name when the migration commits. */
function isProvided(name: TableName, later: Migration['forward'], context: RuleContext): boolean {
  for (const each of changesOf(later, 'CreateTable', 'CreateView', 'RenameTable')) {
    if (!each.applies.database) continue;
    if (each.kind === 'CreateView' && isSameTable(each.view, name)) return true;
    if (each.kind === 'CreateTable' && each.model === undefined && isSameTable(each.table, name)) return true;
    if (each.kind === 'RenameTable' && isSameTable(each.to, name) && isWithoutModel(each, context)) return true;
  }
  return false;
}

/** A table that only SQL knows: made to take the place of another. The table of another model holds something else. */
function isWithoutModel(change: RenameTable, context: RuleContext): boolean {
  const known = findTable(context.before(change), change.table);
  return known !== undefined && known.model === undefined;
}

function messageOf(change: RenameTable | RenameSchema): string {
  if (change.kind === 'RenameSchema') {
    return `The running release still looks for its tables in the schema "${change.schema}": its queries fail once that is called "${change.to}".`;
  }
  const { table, to } = change;
  const now = table.name === to.name ? `in the schema "${to.schema ?? ''}"` : `called "${to.name}"`;
  return `The running release still uses ${tableText(table)}: its queries fail once the table is ${now}.`;
}
