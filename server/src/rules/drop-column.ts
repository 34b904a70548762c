import { isDropOwed } from '../fixes/final-schema.ts';
import { columnLeftNullable } from '../fixes/recipes/alembic/column-left.ts';
import { owedDropInRevision } from '../fixes/recipes/alembic/owed-drop.ts';
import { columnRemoval, owedColumnDrop } from '../fixes/recipes/column-removal.ts';
import { type ChangeOf, changesOf } from '../schema/change.ts';
import { placeOf } from '../schema/change-order.ts';
import type { Column } from '../schema/column.ts';
import type { Migration } from '../schema/migration.ts';
import { isSameTable, tableText } from '../schema/table-name.ts';
import { isStandIn } from '../sql/stand-in.ts';
import type { Rule, RuleContext } from './rule.ts';
import { columnBefore, hasLeftState, isDroppedAfterDeploy, isGuarded, isInUse } from './tables-in-use.ts';

export const dropColumn: Rule = {
  name: 'drop-column',
  level: 'high',
  group: 'Data loss',
  kinds: ['DropColumn'],
  summary: 'A column is dropped with its value in every row.',
  docs: {
    whatHappens:
      '`ALTER TABLE … DROP COLUMN` is instant, takes the indexes and constraints on the column with it, and cannot be undone: migrating backwards adds an empty column.',
    whyItHurts:
      'What was in the column is lost, unless the migration copies the values of all rows first; the finding is milder then. And until the new release has replaced the old one everywhere, every query of the old one that lists the column fails: Django lists all of them.',
    whatToDo: {
      django:
        'Drop in two releases. First make the column nullable (or give it a `db_default`) and take the field out of the state only, with `RemoveField` in the `state_operations` of a `SeparateDatabaseAndState`: the code stops using it, the column stays. In a later release, when its values are archived or known to be worthless, drop the column.',
      alembic:
        'Stop using the column in one release, and drop it in a revision of a later one. Until then it must be nullable or have a server default, and a comment in `upgrade()` says that the drop is owed: `# stepwise: drop-column-later[invoice.fax]`. It stands in the list of owed steps until a revision drops the column.',
    },
    whenItIsFine:
      'A column that an earlier migration took out of the state, one that the same migration added, and a drop behind an explicit guard are not reported. With django-safemigrate, `safe = Safe.after_deploy()` says that the release that runs by then no longer uses the column: the drop is then the later step itself, unless the column takes no row without a value.',
  },
  sources: [
    { title: 'PostgreSQL 18: ALTER TABLE', url: 'https://www.postgresql.org/docs/18/sql-altertable.html' },
    {
      title: 'Django: SeparateDatabaseAndState',
      url: 'https://docs.djangoproject.com/en/5.2/ref/migration-operations/#separatedatabaseandstate',
    },
  ],

  *check(migration, context) {
    for (const change of changesOf(migration.forward, 'DropColumn')) {
      if (!change.applies.database || !isInUse(change.table, change, migration, context)) continue;
      if (isGuarded(change, migration)) continue;
      const column = columnBefore(change.table, change.column, change, context);
      if (column?.bornIn === migration.id || isDroppedWithTable(change, migration)) continue;
      if (column !== undefined && (hasLeftState(column, migration) || isDroppedAfterDeploy(column, migration)))
        continue;
      const isKept = isCopied(change, migration);
      const follows = consequence(column, migration, context);
      if (isKept && follows === '') continue;
      const what = `Dropping ${columnText(change.column)} of ${tableText(change.table)}`;
      yield {
        at: change.at,
        message: isKept
          ? `${what} loses no value, as all were copied before${follows.replace(', and', ', but')}.`
          : `${what} loses its value in every row${follows}.`,
        ...(isKept ? { level: 'medium' } : {}),
        cause: change,
        fixes: () => [...columnRemoval(change, migration, context), ...columnLeftNullable(change, migration, context)],
      };
    }
  },

  *offers(migration, context) {
    for (const change of changesOf(migration.forward, 'DropColumn')) {
      if (!change.applies.state || change.applies.database) continue;
      if (!isDropOwed(change, migration, context.project)) continue;
      yield {
        at: change.origin.span,
        owed: `The column ${columnText(change.column)} of ${tableText(change.table)} ${left(migration)} and is still in the database.`,
        fix: () => [...owedColumnDrop(change, migration, context), ...owedDropInRevision(change, migration, context)],
      };
    }
  },

  examples: {
    bad: [
      {
        title: 'Marked to run after the deploy, though nothing can be written without the column until then',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[("id", models.BigAutoField(primary_key=True)), ("note", models.TextField())],
        ),
    ]
# file: shop/migrations/0002_remove_order_note.py
from django.db import migrations
from django_safemigrate import Safe


class Migration(migrations.Migration):
    safe = Safe.after_deploy()

    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RemoveField("order", "note"),
                                        ~~~~~~ Dropping "note" of "shop_order" loses its value in every row, and until then the new release cannot write rows without it.
    ]
`,
      },
      {
        title: 'A NOT NULL column',
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
                ("note", models.CharField(max_length=200)),
            ],
        ),
    ]
# file: shop/migrations/0002_remove_order_note.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0001_initial"),
    ]

    operations = [
        # Nobody reads the notes.
        migrations.RemoveField(
            model_name="order",
            name="note",
                 ~~~~~~ Dropping "note" of "shop_order" loses its value in every row, and the running release still uses it.
        ),
    ]
`,
        fixed: [
          {
            title: 'Remove "note" from the state only; drop the column in a later release',
            files: `
# file: shop/migrations/0002_remove_order_note.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0001_initial"),
    ]

    operations = [
        # Nobody reads the notes.
        migrations.AlterField(
            model_name="order",
            name="note",
            field=models.CharField(max_length=200, null=True),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField(
                    model_name="order",
                    name="note",
                ),
            ],
        ),
    ]
`,
          },
        ],
      },
      {
        title: 'In SQL: beside other actions, with IF EXISTS, in a statement of several lines',
        files: `
# file: shop/migrations/0002_drop.py
from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL("ALTER TABLE shop_order DROP note, DROP COLUMN IF EXISTS memo CASCADE", ""),
                                                  ~~~~~~~~~ Dropping "note" of "shop_order" loses its value in every row, and the running release still uses it.
                                                             ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Dropping "memo" of "shop_order" loses its value in every row, and the running release still uses it.
        migrations.RunSQL(
            """
            ALTER TABLE shop_line
                ADD COLUMN price numeric(10, 2),
                DROP COLUMN "Cost";
                ~~~~~~~~~~~~~~~~~~ Dropping "Cost" of "shop_line" loses its value in every row, and the running release still uses it.
            """,
            migrations.RunSQL.noop,
        ),
    ]
`,
      },
      {
        title: 'The application is stopped to migrate',
        settings: 'deploys = "stopped"',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[("id", models.BigAutoField(primary_key=True)), ("note", models.TextField(null=True))],
        ),
    ]
# file: shop/migrations/0002_remove_order_note.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RemoveField("order", "note"),
                                        ~~~~~~ Dropping "note" of "shop_order" loses its value in every row.
    ]
`,
        fixed: [
          {
            title: 'Remove "note" from the state first; drop the column in a migration of its own',
            files: `
# file: shop/migrations/0002_remove_order_note.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField("order", "note"),
            ],
        ),
    ]
# file: shop/migrations/0003_drop_order_note.py
"""Drops "note" of "shop_order", which nothing uses any more.

The application is stopped to migrate.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0002_remove_order_note"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AddField(
                    model_name="order",
                    name="note",
                    field=models.TextField(null=True),
                ),
            ],
        ),
        migrations.RemoveField(model_name="order", name="note"),
    ]
`,
          },
        ],
      },
      {
        title: 'A name, or a schema, that is only known when the migration runs',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Customer",
            fields=[("id", models.BigAutoField(primary_key=True)), ("name", models.TextField(null=True))],
        ),
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("customer", models.ForeignKey(to="shop.customer", on_delete=models.CASCADE)),
                ("note", models.TextField(null=True)),
            ],
        ),
    ]
# file: shop/migrations/0002_drop.py
from django.conf import settings
from django.db import migrations

SCHEMA = settings.SCHEMA
TABLE = settings.OLD_TABLE


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(f"ALTER TABLE {SCHEMA}.shop_order DROP COLUMN note", migrations.RunSQL.noop),
                                                            ~~~~~~~~~~~~~~~~ Dropping "note" of "shop_order" loses its value in every row, and the running release still uses it.
        migrations.RunSQL(f"ALTER TABLE {TABLE} DROP COLUMN note", migrations.RunSQL.noop),
                                                ~~~~~~~~~~~~~~~~ Dropping "note" of a table whose name is only known at run time loses its value in every row, and the running release still uses it.
        migrations.RunSQL(f"ALTER TABLE shop_order DROP COLUMN {TABLE}", migrations.RunSQL.noop),
                                                   ~~~~~~~~~~~~~~~~~~~ Dropping a column whose name is only known at run time of "shop_order" loses its value in every row, and the running release still uses it.
    ]
`,
      },
      {
        title: 'Alembic: a NOT NULL column that the new release no longer writes',
        files: `
# file: migrations/versions/9c2f5a1b7e44_invoice.py
"""Invoice"""
import sqlalchemy as sa
from alembic import op

revision = "9c2f5a1b7e44"
down_revision = None


def upgrade():
    op.create_table(
        "invoice",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("vat_number", sa.String(length=20), nullable=False),
    )


def downgrade():
    op.drop_table("invoice")
# file: migrations/versions/5b0f6f6ad3b1_invoice_without_vat.py
"""Invoice without VAT number"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.drop_column("invoice", "vat_number")
    ~~~~~~~~~~~~~~ Dropping "vat_number" of "invoice" loses its value in every row, and the running release still uses it.


def downgrade():
    op.add_column("invoice", sa.Column("vat_number", sa.String(length=20), nullable=False))
`,
        fixed: [
          {
            title: 'Let "vat_number" be NULL, and drop it in a later release',
            files: `
# file: migrations/versions/5b0f6f6ad3b1_invoice_without_vat.py
"""Invoice without VAT number"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    # stepwise: drop-column-later[invoice.vat_number] what runs now still uses it
    op.alter_column(
        "invoice", "vat_number", existing_type=sa.String(length=20), nullable=True
    )


def downgrade():
    op.alter_column(
        "invoice", "vat_number", existing_type=sa.String(length=20), nullable=False
    )
`,
          },
        ],
      },
      {
        title: 'Alembic: a nullable column',
        files: `
# file: migrations/versions/9c2f5a1b7e44_invoice.py
"""Invoice"""
import sqlalchemy as sa
from alembic import op

revision = "9c2f5a1b7e44"
down_revision = None


def upgrade():
    op.create_table(
        "invoice",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("fax", sa.String(length=40)),
    )


def downgrade():
    op.drop_table("invoice")
# file: migrations/versions/5b0f6f6ad3b1_invoice_without_fax.py
"""Invoice without fax"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.drop_column("invoice", "fax")
    ~~~~~~~~~~~~~~ Dropping "fax" of "invoice" loses its value in every row, and the running release still uses it.


def downgrade():
    op.add_column("invoice", sa.Column("fax", sa.String(length=40)))
`,
        fixed: [
          {
            title: 'Leave "fax" where it is, and drop it in a later release',
            files: `
# file: migrations/versions/5b0f6f6ad3b1_invoice_without_fax.py
"""Invoice without fax"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    # stepwise: drop-column-later[invoice.fax] what runs now still uses it
    pass


def downgrade():
    pass
`,
          },
          {
            title: 'Run this only where ALLOW_DESTRUCTIVE_MIGRATIONS is set',
            files: `
# file: migrations/versions/5b0f6f6ad3b1_invoice_without_fax.py
"""Invoice without fax"""
import os

import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    if os.environ.get("ALLOW_DESTRUCTIVE_MIGRATIONS") != "1":
        raise RuntimeError("This migration destroys data. Set ALLOW_DESTRUCTIVE_MIGRATIONS=1 to run it.")
    op.drop_column("invoice", "fax")


def downgrade():
    op.add_column("invoice", sa.Column("fax", sa.String(length=40)))
`,
          },
        ],
      },
      {
        title: 'Alembic: a column of a table, in a batch block and in SQL',
        files: `
# file: migrations/versions/9c2f5a1b7e44_invoice.py
"""Invoice"""
import sqlalchemy as sa
from alembic import op

revision = "9c2f5a1b7e44"
down_revision = None


def upgrade():
    op.create_table(
        "invoice",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("vat_number", sa.String(length=20), nullable=False),
        sa.Column("fax", sa.String(length=40)),
    )


def downgrade():
    op.drop_table("invoice")
# file: migrations/versions/5b0f6f6ad3b1_invoice_without_vat.py
"""Invoice without VAT number"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.drop_column("invoice", "vat_number")
    ~~~~~~~~~~~~~~ Dropping "vat_number" of "invoice" loses its value in every row, and the running release still uses it.
    with op.batch_alter_table("invoice") as batch_op:
        batch_op.drop_column("fax")
        ~~~~~~~~~~~~~~~~~~~~ Dropping "fax" of "invoice" loses its value in every row, and the running release still uses it.
    op.execute("ALTER TABLE customer DROP COLUMN fax")
                                     ~~~~~~~~~~~~~~~ Dropping "fax" of "customer" loses its value in every row, and the running release still uses it.


def downgrade():
    op.add_column("customer", sa.Column("fax", sa.String(length=40)))
    op.add_column("invoice", sa.Column("fax", sa.String(length=40)))
    op.add_column("invoice", sa.Column("vat_number", sa.String(length=20), nullable=False, server_default=""))
`,
      },
      {
        title: 'Alembic: its values are copied before, or those of some rows',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_one_note.py
"""One note"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"

invoice = sa.table("invoice", sa.column("note"), sa.column("memo"), sa.column("remark"))


def upgrade():
    op.execute("UPDATE invoice SET note = fax WHERE fax IS NOT NULL")
    op.execute("INSERT INTO phone (invoice_id, number) SELECT invoice.id, invoice.phone FROM invoice")
    op.execute(invoice.update().values(note=invoice.c.memo))
    op.execute(invoice.update().where(invoice.c.remark.is_not(None)).values(note=invoice.c.remark))
    op.execute("UPDATE invoice SET note = address WHERE paid")
    op.drop_column("invoice", "fax")
    ~~~~~~~~~~~~~~ Dropping "fax" of "invoice" loses no value, as all were copied before, but the running release still uses it.
    op.drop_column("invoice", "phone")
    ~~~~~~~~~~~~~~ Dropping "phone" of "invoice" loses no value, as all were copied before, but the running release still uses it.
    op.drop_column("invoice", "memo")
    ~~~~~~~~~~~~~~ Dropping "memo" of "invoice" loses no value, as all were copied before, but the running release still uses it.
    op.drop_column("invoice", "remark")
    ~~~~~~~~~~~~~~ Dropping "remark" of "invoice" loses no value, as all were copied before, but the running release still uses it.
    op.drop_column("invoice", "address")
    ~~~~~~~~~~~~~~ Dropping "address" of "invoice" loses its value in every row, and the running release still uses it.


def downgrade():
    raise RuntimeError("There is no way back to so many columns.")
`,
      },
    ],
    good: [
      {
        title: 'The whole table goes, which drop-table tells',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel("Order", fields=[("id", models.BigAutoField(primary_key=True))]),
        migrations.CreateModel(
            name="Note",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("order", models.ForeignKey("shop.Order", models.CASCADE)),
            ],
        ),
    ]
# file: shop/migrations/0002_delete_note.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]
    operations = [
        migrations.RemoveField("note", "order"),
        migrations.DeleteModel("Note"),
    ]
`,
      },
      {
        title: 'Marked to run when the release that used it is gone',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[("id", models.BigAutoField(primary_key=True)), ("note", models.TextField(null=True))],
        ),
    ]
# file: shop/migrations/0002_remove_order_note.py
from django.db import migrations
from django_safemigrate import Safe


class Migration(migrations.Migration):
    safe = Safe.after_deploy()

    dependencies = [("shop", "0001_initial")]

    operations = [migrations.RemoveField("order", "note")]
`,
      },
      {
        title: 'Out of the state now, dropped later',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[("id", models.BigAutoField(primary_key=True)), ("note", models.TextField(null=True))],
        ),
    ]
# file: shop/migrations/0002_remove_order_note.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField("order", "note")]),
    ]
# file: shop/migrations/0003_drop_order_note.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0002_remove_order_note")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.AddField("order", "note", models.TextField(null=True))],
        ),
        migrations.RemoveField("order", "note"),
    ]
`,
      },
      {
        title: 'The column is one that this migration added',
        files: `
# file: shop/migrations/0002_try.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField("order", "draft", models.TextField(null=True)),
        migrations.RemoveField("order", "draft"),
    ]
`,
      },
      {
        title: 'SQL drops a column that an earlier migration took out of the state, and one of its own',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[("id", models.BigAutoField(primary_key=True)), ("note", models.TextField(null=True))],
        ),
    ]
# file: shop/migrations/0002_remove_order_note.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField("order", "note")]),
    ]
# file: shop/migrations/0003_drop_order_note.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0002_remove_order_note")]

    operations = [
        migrations.RunSQL("ALTER TABLE shop_order DROP COLUMN note", migrations.RunSQL.noop),
        migrations.RunSQL("ALTER TABLE shop_order ADD COLUMN old_id bigint", migrations.RunSQL.noop),
        migrations.RunSQL("ALTER TABLE shop_order DROP COLUMN old_id", migrations.RunSQL.noop),
    ]
`,
      },
      {
        title: 'A generic relation has no column',
        files: `
# file: shop/migrations/0001_initial.py
import django.contrib.contenttypes.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("tags", django.contrib.contenttypes.fields.GenericRelation(to="shop.tag")),
            ],
        ),
    ]
# file: shop/migrations/0002_remove_order_tags.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RemoveField("order", "tags"),
    ]
`,
      },
      {
        title: 'A table of its own in a schema that is only known when the migration runs',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Customer",
            fields=[("id", models.BigAutoField(primary_key=True)), ("name", models.TextField(null=True))],
        ),
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("customer", models.ForeignKey(to="shop.customer", on_delete=models.CASCADE)),
                ("note", models.TextField(null=True)),
            ],
        ),
    ]
# file: shop/migrations/0002_scratch.py
from django.conf import settings
from django.db import migrations

SCHEMA = settings.SCHEMA
TABLE = settings.OLD_TABLE


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(f"CREATE TABLE {SCHEMA}.scratch (id bigint, note text)", migrations.RunSQL.noop),
        migrations.RunSQL(f"ALTER TABLE {SCHEMA}.scratch DROP COLUMN note", migrations.RunSQL.noop),
        migrations.RunSQL(f"TRUNCATE {SCHEMA}.scratch", migrations.RunSQL.noop),
        migrations.RunSQL(f"DROP TABLE {SCHEMA}.scratch CASCADE", migrations.RunSQL.noop),
    ]
`,
      },
      {
        title: 'Alembic: an earlier revision has left the drop to a later release',
        files: `
# file: migrations/versions/9c2f5a1b7e44_invoice.py
"""Invoice"""
import sqlalchemy as sa
from alembic import op

revision = "9c2f5a1b7e44"
down_revision = None


def upgrade():
    op.create_table(
        "invoice",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("fax", sa.String(length=40)),
    )


def downgrade():
    op.drop_table("invoice")
# file: migrations/versions/5b0f6f6ad3b1_invoice_without_fax.py
"""Invoice without fax"""

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    # stepwise: drop-column-later[invoice.fax] what runs now still uses it
    pass


def downgrade():
    pass
# file: migrations/versions/1f0c6be4a21d_drop_fax.py
"""Drop fax"""
import sqlalchemy as sa
from alembic import op

revision = "1f0c6be4a21d"
down_revision = "5b0f6f6ad3b1"


def upgrade():
    op.drop_column("invoice", "fax")


def downgrade():
    op.add_column("invoice", sa.Column("fax", sa.String(length=40)))
`,
      },
      {
        title: 'Alembic: behind an explicit guard, and on a table that the revision itself has made',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_invoice_without_vat.py
"""Invoice without VAT number"""
import os

import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.create_table("credit", sa.Column("id", sa.BigInteger(), primary_key=True), sa.Column("scratch", sa.Text()))
    op.drop_column("credit", "scratch")
    if os.environ.get("ALLOW_DESTRUCTIVE_MIGRATIONS") != "1":
        raise RuntimeError("This revision drops invoice.vat_number. Set ALLOW_DESTRUCTIVE_MIGRATIONS=1 to run it.")
    op.drop_column("invoice", "vat_number")


def downgrade():
    op.add_column("invoice", sa.Column("vat_number", sa.String(length=20)))
    op.drop_table("credit")
`,
      },
    ],
  },
};

/** Alembic has no state: there a revision says so. */
function left({ framework }: Migration): string {
  return framework === 'alembic' ? 'was left to a later release' : 'has left the state';
}

function columnText(column: string): string {
  return isStandIn(column) ? 'a column whose name is only known at run time' : `"${column}"`;
}

/** What it does to the releases that run meanwhile. */
function consequence(column: Column | undefined, { phase }: Migration, { target }: RuleContext): string {
  if (target.deploys !== 'rolling') return '';
  if (phase !== 'after-deploy') return ', and the running release still uses it';
  return column === undefined ? '' : ', and until then the new release cannot write rows without it';
}

/** Whether the migration has copied the values of all rows before. */
function isCopied(drop: ChangeOf<'DropColumn'>, { forward }: Migration): boolean {
  return changesOf(forward, 'WriteRows').some(
    (write) =>
      write.certainty === 'certain' &&
      write.copies?.tables.some((table) => isSameTable(table, drop.table)) === true &&
      (write.copies.columns.includes(drop.column) || write.copies.columns.includes('*')) &&
      placeOf(write, forward) < placeOf(drop, forward),
  );
}

/** Whether its table goes in the same migration: that is told there. */
function isDroppedWithTable({ table }: ChangeOf<'DropColumn'>, { forward }: Migration): boolean {
  return changesOf(forward, 'DropTable').some((drop) => drop.applies.database && isSameTable(drop.table, table));
}
