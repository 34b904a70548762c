import { guardedOperation } from '../fixes/recipes/guarded-operation.ts';
import { changesOf } from '../schema/change.ts';
import { findTable, type Schema } from '../schema/schema.ts';
import type { Truncate } from '../schema/sql-change.ts';
import { isSameTable, tableText } from '../schema/table-name.ts';
import type { Rule } from './rule.ts';
import { hasHistory, isGuarded } from './tables-in-use.ts';

export const truncateTable: Rule = {
  name: 'truncate-table',
  level: 'critical',
  group: 'Data loss',
  kinds: ['Truncate'],
  summary: 'A table is emptied by `TRUNCATE`.',
  docs: {
    whatHappens:
      '`TRUNCATE` throws away every row of the table at once, under a lock that blocks reads and writes, without running `ON DELETE` triggers. With `CASCADE` it also empties every table whose foreign keys refer to it, and those that refer to them.',
    whyItHurts:
      'A migration runs unattended and on every environment. What was meant to tidy a table up on one of them empties the one in production too, and migrating back does not bring a single row back.',
    whatToDo: {
      django:
        'Delete the rows that have to go by a `DELETE` with a `WHERE`, or copy them to a table of their own first. Where the table really has to be emptied, do it by hand, or let the migration raise unless an environment variable explicitly allows it.',
      alembic:
        'Delete the rows that have to go by a `DELETE` with a `WHERE`, or guard the revision by an environment variable.',
    },
    whenItIsFine:
      'A table that the same migration created, and a `TRUNCATE` behind an explicit guard, are not reported. Neither is one of a table that the same migration drops: that is told at the drop.',
  },
  sources: [{ title: 'PostgreSQL 18: TRUNCATE', url: 'https://www.postgresql.org/docs/18/sql-truncate.html' }],

  *check(migration, context) {
    for (const change of changesOf(migration.forward, 'Truncate')) {
      if (!change.applies.database || !hasHistory(change.table, change, migration, context)) continue;
      if (isGuarded(change, migration)) continue;
      const later = changesOf(migration.forward.slice(migration.forward.indexOf(change)), 'DropTable');
      if ([...later].some(({ table }) => isSameTable(table, change.table))) continue;
      yield {
        at: change.at,
        message: `Every row of ${tableText(change.table)}${alsoEmptied(change, context.before(change))} is deleted.`,
        cause: change,
        fixes: () => guardedOperation(change, migration, context),
      };
    }
  },

  examples: {
    bad: [
      {
        title: 'One table, several, with everything that refers to them',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(name="Cart", fields=[("id", models.BigAutoField(primary_key=True))]),
        migrations.CreateModel(
            name="Line",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("cart", models.ForeignKey(to="shop.cart", on_delete=models.CASCADE)),
            ],
        ),
    ]
# file: shop/migrations/0002_empty.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL("TRUNCATE shop_cart CASCADE", migrations.RunSQL.noop),
                           ~~~~~~~~~~~~~~~~~~~~~~~~~~ Every row of "shop_cart" and of every table that refers to it ("shop_line") is deleted.
        migrations.RunSQL(
            """
            SET LOCAL lock_timeout = '2s';
            TRUNCATE TABLE public.shop_visit, shop_click RESTART IDENTITY;
                           ~~~~~~~~~~~~~~~~~ Every row of "shop_visit" is deleted.
                                              ~~~~~~~~~~ Every row of "shop_click" is deleted.
            """,
            migrations.RunSQL.noop,
        ),
    ]
`,
        fixed: [
          {
            title: 'Run this only where ALLOW_DESTRUCTIVE_MIGRATIONS is set',
            files: `
# file: shop/migrations/0002_empty.py
import os

from django.db import migrations


def require_destructive_migrations_allowed(apps, schema_editor):
    if os.environ.get("ALLOW_DESTRUCTIVE_MIGRATIONS") != "1":
        raise RuntimeError("This migration destroys data. Set ALLOW_DESTRUCTIVE_MIGRATIONS=1 to run it.")


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunPython(require_destructive_migrations_allowed, migrations.RunPython.noop),
        migrations.RunSQL("TRUNCATE shop_cart CASCADE", migrations.RunSQL.noop),
        migrations.RunSQL(
            """
            SET LOCAL lock_timeout = '2s';
            TRUNCATE TABLE public.shop_visit, shop_click RESTART IDENTITY;
            """,
            migrations.RunSQL.noop,
        ),
    ]
`,
          },
        ],
      },
      {
        title: 'A revision',
        files: `
# file: alembic/versions/3f2a_carts.py
import sqlalchemy as sa
from alembic import op

revision = "3f2a"
down_revision = None


def upgrade():
    op.create_table(
        "cart",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("code", sa.String(20), nullable=False),
    )


def downgrade():
    op.drop_table("cart")
# file: alembic/versions/8c1d_empty_carts.py
from alembic import op

revision = "8c1d"
down_revision = "3f2a"


def upgrade():
    op.execute("TRUNCATE cart")
                ~~~~~~~~~~~~~ Every row of "cart" is deleted.


def downgrade():
    pass
`,
        fixed: [
          {
            title: 'Run this only where ALLOW_DESTRUCTIVE_MIGRATIONS is set',
            files: `
# file: alembic/versions/8c1d_empty_carts.py
import os

from alembic import op

revision = "8c1d"
down_revision = "3f2a"


def upgrade():
    if os.environ.get("ALLOW_DESTRUCTIVE_MIGRATIONS") != "1":
        raise RuntimeError("This migration destroys data. Set ALLOW_DESTRUCTIVE_MIGRATIONS=1 to run it.")
    op.execute("TRUNCATE cart")


def downgrade():
    pass
`,
          },
        ],
      },
      {
        title: 'Another database',
        settings: 'database = "mysql"',
        files: `
# file: shop/migrations/0002_empty.py
from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL("TRUNCATE TABLE shop_cart", migrations.RunSQL.noop),
                           ~~~~~~~~~~~~~~~~~~~~~~~~ Every row of "shop_cart" is deleted.
    ]
`,
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
# file: shop/migrations/0002_empty.py
from django.conf import settings
from django.db import migrations

SCHEMA = settings.SCHEMA
TABLE = settings.OLD_TABLE


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(f"TRUNCATE {SCHEMA}.shop_customer CASCADE", migrations.RunSQL.noop),
                            ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Every row of "shop_customer" and of every table that refers to it ("shop_order") is deleted.
        migrations.RunSQL(f"TRUNCATE TABLE {TABLE}", migrations.RunSQL.noop),
                            ~~~~~~~~~~~~~~~~~~~~~~ Every row of a table whose name is only known at run time is deleted.
    ]
`,
      },
      {
        title: 'Alembic: by a helper',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_empty_caches.py
"""Empty the caches"""
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def empty(table):
    op.execute(f"TRUNCATE TABLE {table}")
                 ~~~~~~~~~~~~~~~~~~~~~~ Every row of "page_view" is deleted.
                 ~~~~~~~~~~~~~~~~~~~~~~ Every row of "search" is deleted.


def upgrade():
    empty("page_view")
    empty("search")


def downgrade():
    pass
`,
      },
    ],
    good: [
      {
        title: 'A scratch table of the same migration, one that is dropped, a guard, only the way back',
        files: `
# file: shop/migrations/0002_fill.py
import os

from django.db import migrations


def only_when_allowed(apps, schema_editor):
    if not os.environ.get("ALLOW_DESTRUCTIVE_MIGRATIONS"):
        raise RuntimeError("Visits are still needed here.")


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL(
            """
            CREATE TEMP TABLE chosen AS SELECT id FROM shop_order;
            TRUNCATE chosen;
            """,
            "TRUNCATE shop_order",
        ),
        migrations.RunSQL(["TRUNCATE shop_legacy", "DROP TABLE shop_legacy"], migrations.RunSQL.noop),
        migrations.RunPython(only_when_allowed, migrations.RunPython.noop),
        migrations.RunSQL("TRUNCATE shop_visit", migrations.RunSQL.noop),
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
        title: 'Alembic: the revision asks for leave',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_empty_caches.py
"""Empty the caches"""
from alembic import context, op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    if context.get_x_argument(as_dictionary=True).get("truncate") != "yes":
        raise RuntimeError("Run this revision with -x truncate=yes.")
    op.execute("TRUNCATE TABLE page_view, search")


def downgrade():
    pass
`,
      },
    ],
  },
};

function alsoEmptied({ cascade, table }: Truncate, before: Schema): string {
  if (!cascade) return '';
  const emptied = findTable(before, table)?.name ?? table;
  const referring = [...before.tables.values()].filter(
    ({ name, columns }) =>
      !isSameTable(name, emptied) &&
      [...columns.values()].some(
        ({ references }) => references?.enforced === true && isSameTable(references.table, emptied),
      ),
  );
  const names = referring.map(({ name }) => tableText(name));
  return ` and of every table that refers to it${names.length > 0 ? ` (${names.join(', ')})` : ''}`;
}
