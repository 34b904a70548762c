import { archivedRows } from '../fixes/recipes/archived-rows.ts';
import { guardedDataFunction } from '../fixes/recipes/guarded-data-function.ts';
import { narrowedDelete } from '../fixes/recipes/narrowed-delete.ts';
import type { WriteRows } from '../schema/change.ts';
import type { Migration } from '../schema/migration.ts';
import { blame, byPlace, hasEarlierSql, namePattern, riskyWrites, tablesText } from './data-writes.ts';
import type { Rule } from './rule.ts';

export const deleteAllRows: Rule = {
  name: 'delete-all-rows',
  level: 'critical',
  group: 'Data loss',
  kinds: ['WriteRows'],
  summary: 'Every row of a table that was there before is deleted.',
  docs: {
    whatHappens:
      '`Model.objects.all().delete()`, `filter()` without a condition, `_raw_delete()` on everything, a loop that deletes one row after the other, or SQL that says `DELETE` without a `WHERE` leaves the table empty. Django also deletes the rows of other tables whose `on_delete=CASCADE` points at them, as far as the historical models know of them.',
    whyItHurts:
      'A deploy is no place to lose what users have entered: a migration runs unattended, on every environment, and migrating back does not bring a single row back. What was meant for a table that is «nearly empty anyway» empties the one in production too.',
    whatToDo: {
      django:
        'Say which rows have to go with `filter(…)`. Where it really is all of them, copy them to a table of their own first, so that there is a way back, or let the function raise unless an environment variable explicitly allows it.',
      alembic:
        'Give the `DELETE` a `WHERE`, copy the rows to a table of their own first, or guard the revision by an environment variable.',
    },
    whenItIsFine:
      'A table that the same migration creates, a delete behind a guard that raises or returns first, a delete after the rows were copied by `CREATE TABLE … AS` or `INSERT … SELECT`, and rows of a table that the same migration drops (that is told at the drop) are not reported.',
  },
  sources: [
    {
      title: 'Django: Deleting objects',
      url: 'https://docs.djangoproject.com/en/5.2/topics/db/queries/#deleting-objects',
    },
    { title: 'PostgreSQL 18: DELETE', url: 'https://www.postgresql.org/docs/18/sql-delete.html' },
  ],

  *check(migration, context) {
    const deletes = [...riskyWrites(migration, context, 'delete')].filter(
      (change) => change.rows === 'all' && !isArchived(change, migration),
    );
    for (const changes of byPlace(deletes)) {
      const [change] = changes;
      yield {
        ...blame(changes, migration),
        at: change.at,
        message: `Every row of ${tablesText(changes)} is deleted.`,
        fixes: () => [
          ...narrowedDelete(change, migration, context),
          ...archivedRows(changes, migration, context),
          ...guardedDataFunction(change, migration, context),
        ],
      };
    }
  },

  examples: {
    bad: [
      {
        title: 'All preferences are deleted to start afresh',
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
                ("notify_comments", models.BooleanField(default=True)),
            ],
        ),
    ]
# file: prompts/migrations/0002_reset.py
from django.db import migrations


def reset_all_preferences(apps, schema_editor):
    EmailPreferences = apps.get_model("prompts", "EmailPreferences")
    # Start afresh.
    EmailPreferences.objects.all().delete()
    ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Every row of "prompts_emailpreferences" is deleted.


class Migration(migrations.Migration):
    dependencies = [("prompts", "0001_initial")]

    operations = [
        migrations.RunPython(reset_all_preferences),
    ]
`,
        fixed: [
          {
            title: 'Delete only the rows that a filter picks',
            files: `
# file: prompts/migrations/0002_reset.py
from django.db import migrations


def reset_all_preferences(apps, schema_editor):
    EmailPreferences = apps.get_model("prompts", "EmailPreferences")
    # Start afresh.
    rows_to_delete(EmailPreferences.objects.all()).delete()


def rows_to_delete(rows):
    raise NotImplementedError("Write which rows of prompts_emailpreferences are deleted.")


class Migration(migrations.Migration):
    dependencies = [("prompts", "0001_initial")]

    operations = [
        migrations.RunPython(reset_all_preferences),
    ]
`,
          },
          {
            title:
              'Copy the rows to "prompts_emailpreferences_archived" first, an archive that migrating back restores',
            files: `
# file: prompts/migrations/0002_reset.py
from django.db import migrations


def reset_all_preferences(apps, schema_editor):
    EmailPreferences = apps.get_model("prompts", "EmailPreferences")
    # Start afresh.
    EmailPreferences.objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("prompts", "0001_initial")]

    operations = [
        migrations.RunSQL(
            sql='CREATE TABLE "prompts_emailpreferences_archived" AS SELECT * FROM "prompts_emailpreferences"',
            reverse_sql=[
                'INSERT INTO "prompts_emailpreferences" ("id", "notify_comments") SELECT "id", "notify_comments" FROM "prompts_emailpreferences_archived" ON CONFLICT DO NOTHING',
                'DROP TABLE "prompts_emailpreferences_archived"',
            ],
        ),
        migrations.RunPython(reset_all_preferences),
    ]
`,
          },
          {
            title: 'Run this only where ALLOW_DESTRUCTIVE_MIGRATIONS is set',
            files: `
# file: prompts/migrations/0002_reset.py
import os

from django.db import migrations


def reset_all_preferences(apps, schema_editor):
    if os.environ.get("ALLOW_DESTRUCTIVE_MIGRATIONS") != "1":
        raise RuntimeError("This migration destroys data. Set ALLOW_DESTRUCTIVE_MIGRATIONS=1 to run it.")
    EmailPreferences = apps.get_model("prompts", "EmailPreferences")
    # Start afresh.
    EmailPreferences.objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("prompts", "0001_initial")]

    operations = [
        migrations.RunPython(reset_all_preferences),
    ]
`,
          },
        ],
      },
      {
        title: 'In other words: filter without a condition, a loop, a raw delete, a lambda, slices of keys',
        files: `
# file: shop/migrations/0002_wipe.py
from django.db import migrations


def filtered(apps, schema_editor):
    apps.get_model("shop.Coupon").objects.filter().delete()
    ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Every row of "shop_coupon" is deleted.


def looped(apps, schema_editor):
    Order = apps.get_model("shop", "Order")
    for order in Order.objects.iterator():
        order.delete()
        ~~~~~~~~~~~~~~ Every row of "shop_order" is deleted.


def raw(apps, schema_editor):
    Line = apps.get_model("shop", "Line")
    lines = Line.objects.using(schema_editor.connection.alias)
    lines.all()._raw_delete(schema_editor.connection.alias)
    ~~~~~~~~~~~~~~~~~~~~~~~ Every row of "shop_line" is deleted.


def several(apps, schema_editor):
    for name in ("Visit", "Click", "View", "Search"):
        apps.get_model("shop", name).objects.all().delete()
        ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Every row of "shop_visit", "shop_click" and 2 more tables is deleted.


def sliced(apps, schema_editor):
    Event = apps.get_model("shop", "Event")
    while True:
        keys = Event.objects.values_list("pk", flat=True)[:1000]
        if not keys:
            break
        Event.objects.filter(pk__in=list(keys)).delete()
        ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Every row of "shop_event" is deleted.


class Migration(migrations.Migration):
    operations = [
        migrations.RunPython(filtered, migrations.RunPython.noop),
        migrations.RunPython(looped, migrations.RunPython.noop),
        migrations.RunPython(raw, migrations.RunPython.noop),
        migrations.RunPython(several, migrations.RunPython.noop),
        migrations.RunPython(sliced, migrations.RunPython.noop),
        migrations.RunPython(lambda apps, _: apps.get_model("shop", "Draft").objects.all().delete()),
                                             ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Every row of "shop_draft" is deleted.
    ]
`,
      },
      {
        title: 'The function stands in a module beside the migration',
        files: `
# file: shop/migrations/_cleanup.py
def wipe(model):
    model.objects.all().delete()


def wipe_coupons(apps, schema_editor):
    wipe(apps.get_model("shop", "Coupon"))
# file: shop/migrations/0002_wipe.py
from django.db import migrations

from ._cleanup import wipe_coupons


class Migration(migrations.Migration):
    operations = [
        migrations.RunPython(wipe_coupons, migrations.RunPython.noop),
                             ~~~~~~~~~~~~ Every row of "shop_coupon" is deleted.
    ]
`,
        fixed: [
          {
            title: 'Run this only where ALLOW_DESTRUCTIVE_MIGRATIONS is set',
            files: `
# file: shop/migrations/0002_wipe.py
import os

from django.db import migrations

from ._cleanup import wipe_coupons


def require_destructive_migrations_allowed(apps, schema_editor):
    if os.environ.get("ALLOW_DESTRUCTIVE_MIGRATIONS") != "1":
        raise RuntimeError("This migration destroys data. Set ALLOW_DESTRUCTIVE_MIGRATIONS=1 to run it.")


class Migration(migrations.Migration):
    operations = [
        migrations.RunPython(require_destructive_migrations_allowed, migrations.RunPython.noop),
        migrations.RunPython(wipe_coupons, migrations.RunPython.noop),
    ]
`,
          },
        ],
      },
      {
        title: 'In SQL: no condition, or one that is always true',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(name="Cart", fields=[("id", models.BigAutoField(primary_key=True))]),
    ]
# file: shop/migrations/0002_wipe.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL("DELETE FROM shop_cart", migrations.RunSQL.noop),
                           ~~~~~~~~~~~~~~~~~~~~~ Every row of "shop_cart" is deleted.
        migrations.RunSQL(
            """
            -- Start afresh.
            SET LOCAL lock_timeout = '2s';
            DELETE FROM shop_visit WHERE true;
            ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Every row of "shop_visit" is deleted.
            DELETE FROM public.shop_click AS click WHERE 1 = 1 OR click.id > 10;
            ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Every row of "shop_click" is deleted.
            """,
            migrations.RunSQL.noop,
        ),
    ]
`,
        fixed: [
          {
            title: 'Run this only where ALLOW_DESTRUCTIVE_MIGRATIONS is set',
            files: `
# file: shop/migrations/0002_wipe.py
import os

from django.db import migrations


def require_destructive_migrations_allowed(apps, schema_editor):
    if os.environ.get("ALLOW_DESTRUCTIVE_MIGRATIONS") != "1":
        raise RuntimeError("This migration destroys data. Set ALLOW_DESTRUCTIVE_MIGRATIONS=1 to run it.")


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunPython(require_destructive_migrations_allowed, migrations.RunPython.noop),
        migrations.RunSQL("DELETE FROM shop_cart", migrations.RunSQL.noop),
        migrations.RunSQL(
            """
            -- Start afresh.
            SET LOCAL lock_timeout = '2s';
            DELETE FROM shop_visit WHERE true;
            DELETE FROM public.shop_click AS click WHERE 1 = 1 OR click.id > 10;
            """,
            migrations.RunSQL.noop,
        ),
    ]
`,
          },
        ],
      },
      {
        title: 'A data function sends SQL',
        files: `
# file: shop/migrations/0002_wipe.py
from django.db import connection, migrations

TABLES = ("shop_cart", "shop_visit")


def wipe(apps, schema_editor):
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"DELETE FROM {table}")
                             ~~~~~~~~~~~~~~~~~~~ Every row of "shop_cart" and "shop_visit" is deleted.


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunPython(wipe, migrations.RunPython.noop),
    ]
`,
        fixed: [
          {
            title: 'Run this only where ALLOW_DESTRUCTIVE_MIGRATIONS is set',
            files: `
# file: shop/migrations/0002_wipe.py
import os

from django.db import connection, migrations

TABLES = ("shop_cart", "shop_visit")


def wipe(apps, schema_editor):
    if os.environ.get("ALLOW_DESTRUCTIVE_MIGRATIONS") != "1":
        raise RuntimeError("This migration destroys data. Set ALLOW_DESTRUCTIVE_MIGRATIONS=1 to run it.")
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"DELETE FROM {table}")


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunPython(wipe, migrations.RunPython.noop),
    ]
`,
          },
        ],
      },
      {
        title: 'The SQL stands in a file of its own',
        files: `
# file: shop/migrations/sql/wipe.sql
-- Start afresh.
DELETE FROM shop_cart;
# file: shop/migrations/0002_wipe.py
from pathlib import Path

from django.db import migrations

SQL_FILES = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL((SQL_FILES / "wipe.sql").read_text(), migrations.RunSQL.noop),
                          ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Every row of "shop_cart" is deleted.
    ]
`,
      },
      {
        title: 'A question whether there is anything to delete is no guard, and one may opt out of this one',
        files: `
# file: shop/migrations/0002_wipe.py
from django.conf import settings
from django.db import migrations


def wipe(apps, schema_editor):
    Coupon = apps.get_model("shop", "Coupon")
    if settings.TESTING or not Coupon.objects.exists():
        return
    Coupon.objects.all().delete()
    ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Every row of "shop_coupon" is deleted.


class Migration(migrations.Migration):
    operations = [migrations.RunPython(wipe, migrations.RunPython.noop)]
`,
      },
      {
        title: 'A revision, in SQLAlchemy',
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
import sqlalchemy as sa
from alembic import op

revision = "8c1d"
down_revision = "3f2a"

cart = sa.table("cart", sa.column("id", sa.BigInteger))


def upgrade():
    # Baskets of the old shop.
    op.execute(cart.delete())
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

import sqlalchemy as sa
from alembic import op

revision = "8c1d"
down_revision = "3f2a"

cart = sa.table("cart", sa.column("id", sa.BigInteger))


def upgrade():
    if os.environ.get("ALLOW_DESTRUCTIVE_MIGRATIONS") != "1":
        raise RuntimeError("This migration destroys data. Set ALLOW_DESTRUCTIVE_MIGRATIONS=1 to run it.")
    # Baskets of the old shop.
    op.execute(cart.delete())


def downgrade():
    pass
`,
          },
        ],
      },
      {
        title: 'In SQL: twice, where an earlier migration has made an archive',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Visit",
            fields=[("id", models.BigAutoField(primary_key=True)), ("path", models.TextField(null=True))],
        ),
    ]
# file: shop/migrations/0002_archive.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL("CREATE TABLE shop_visit_archived AS TABLE shop_visit", "DROP TABLE shop_visit_archived"),
    ]
# file: shop/migrations/0003_clear.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0002_archive")]

    operations = [
        migrations.RunSQL('DELETE FROM shop_visit', migrations.RunSQL.noop),
                           ~~~~~~~~~~~~~~~~~~~~~~ Every row of "shop_visit" is deleted.
        migrations.RunSQL("INSERT INTO shop_visit (id, path) VALUES (1, '/')", migrations.RunSQL.noop),
        migrations.RunSQL('DELETE FROM shop_visit', migrations.RunSQL.noop),
                           ~~~~~~~~~~~~~~~~~~~~~~ Every row of "shop_visit" is deleted.
    ]
`,
        fixed: [
          {
            title: 'Copy the rows to "shop_visit_archived_2" first, an archive that migrating back restores',
            files: `
# file: shop/migrations/0003_clear.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0002_archive")]

    operations = [
        migrations.RunSQL(
            sql='CREATE TABLE "shop_visit_archived_2" AS SELECT * FROM "shop_visit"',
            reverse_sql=[
                'INSERT INTO "shop_visit" ("id", "path") SELECT "id", "path" FROM "shop_visit_archived_2" ON CONFLICT DO NOTHING',
                'DROP TABLE "shop_visit_archived_2"',
            ],
        ),
        migrations.RunSQL('DELETE FROM shop_visit', migrations.RunSQL.noop),
        migrations.RunSQL("INSERT INTO shop_visit (id, path) VALUES (1, '/')", migrations.RunSQL.noop),
        migrations.RunSQL('DELETE FROM shop_visit', migrations.RunSQL.noop),
    ]
`,
          },
          {
            title: 'Copy the rows to "shop_visit_archived_3" first, an archive that migrating back restores',
            files: `
# file: shop/migrations/0003_clear.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0002_archive")]

    operations = [
        migrations.RunSQL('DELETE FROM shop_visit', migrations.RunSQL.noop),
        migrations.RunSQL("INSERT INTO shop_visit (id, path) VALUES (1, '/')", migrations.RunSQL.noop),
        migrations.RunSQL(
            sql='CREATE TABLE "shop_visit_archived_3" AS SELECT * FROM "shop_visit"',
            reverse_sql=[
                'INSERT INTO "shop_visit" ("id", "path") SELECT "id", "path" FROM "shop_visit_archived_3" ON CONFLICT DO NOTHING',
                'DROP TABLE "shop_visit_archived_3"',
            ],
        ),
        migrations.RunSQL('DELETE FROM shop_visit', migrations.RunSQL.noop),
    ]
`,
          },
        ],
      },
      {
        title: 'Alembic: as text, as a construct of SQLAlchemy, and in a loop over tables',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_empty_caches.py
"""Empty the caches"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"

quote = sa.table("quote", sa.column("id"))


def upgrade():
    op.execute("DELETE FROM session")
                ~~~~~~~~~~~~~~~~~~~ Every row of "session" is deleted.
    op.execute(quote.delete())
               ~~~~~~~~~~~~~~ Every row of "quote" is deleted.
    connection = op.get_bind()
    for name in ["page_view", "search"]:
        connection.execute(sa.text(f"DELETE FROM {name} WHERE true"))
                                     ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Every row of "page_view" and "search" is deleted.


def downgrade():
    pass
`,
      },
    ],
    good: [
      {
        title: 'Only some rows are deleted',
        files: `
# file: shop/migrations/0002_expired.py
from django.db import migrations


def delete_expired(apps, schema_editor):
    Coupon = apps.get_model("shop", "Coupon")
    Coupon.objects.all().filter(expired=True).delete()
    Coupon.objects.exclude(code="").first().delete()
    for coupon in Coupon.objects.all():
        if coupon.uses == 0:
            coupon.delete()


class Migration(migrations.Migration):
    operations = [migrations.RunPython(delete_expired, migrations.RunPython.noop)]
`,
      },
      {
        title: 'The function raises unless a flag is set',
        files: `
# file: shop/migrations/0002_wipe.py
import os

from django.db import migrations


def wipe(apps, schema_editor):
    if not os.environ.get("ALLOW_WIPE"):
        raise RuntimeError("Set ALLOW_WIPE to run this.")
    apps.get_model("shop", "Coupon").objects.all().delete()


class Migration(migrations.Migration):
    operations = [migrations.RunPython(wipe, migrations.RunPython.noop)]
`,
      },
      {
        title: 'A table that the same migration creates holds nobody else’s rows',
        files: `
# file: shop/migrations/0002_slots.py
from django.db import migrations, models


def start_empty(apps, schema_editor):
    apps.get_model("shop", "Slot").objects.all().delete()


class Migration(migrations.Migration):
    operations = [
        migrations.CreateModel(name="Slot", fields=[("id", models.BigAutoField(primary_key=True))]),
        migrations.RunPython(start_empty, migrations.RunPython.noop),
    ]
`,
      },
      {
        title: 'SQL that deletes some rows, copies them first, moves them, or works on tables of its own',
        files: `
# file: shop/migrations/0002_clean_up.py
from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL("DELETE FROM shop_cart WHERE id < 10", migrations.RunSQL.noop),
        migrations.RunSQL(
            """
            CREATE TABLE shop_visit_archived AS SELECT * FROM shop_visit;
            DELETE FROM shop_visit;
            """,
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            """
            WITH gone AS (DELETE FROM shop_click RETURNING *)
            INSERT INTO shop_click_archived SELECT * FROM gone;
            """,
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            """
            CREATE TEMPORARY TABLE chosen AS SELECT id FROM shop_order WHERE total IS NULL;
            UPDATE shop_order SET total = id FROM chosen WHERE chosen.id = shop_order.id;
            DELETE FROM chosen;
            """,
            migrations.RunSQL.noop,
        ),
    ]
`,
      },
      {
        title: 'SQL of a data function behind a guard, in the branch of another database, of some rows',
        files: `
# file: shop/migrations/0002_wipe.py
import os

from django.db import connection, migrations


def wipe(apps, schema_editor):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM shop_cart WHERE total = %s", [0])
        if connection.vendor == "mysql":
            cursor.execute("DELETE FROM shop_cart")
        if os.environ.get("ALLOW_DESTRUCTIVE_MIGRATIONS") == "1":
            cursor.execute("DELETE FROM shop_cart")


class Migration(migrations.Migration):
    operations = [migrations.RunPython(wipe, migrations.RunPython.noop)]
`,
      },
      {
        title: 'Only the way back deletes everything',
        files: `
# file: shop/migrations/0002_seed.py
from django.db import migrations


def seed(apps, schema_editor):
    apps.get_model("shop", "Color").objects.get_or_create(name="red")


def unseed(apps, schema_editor):
    apps.get_model("shop", "Color").objects.all().delete()


class Migration(migrations.Migration):
    operations = [migrations.RunPython(seed, unseed)]
`,
      },
      {
        title: 'Alembic: after a guard, after the rows were copied, and of a table that goes',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_empty_caches.py
"""Empty the caches"""
import os

import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"

quote = sa.table("quote", sa.column("id"), sa.column("expires_at"))


def upgrade():
    op.execute("CREATE TABLE search_archive AS SELECT * FROM search")
    op.execute("DELETE FROM search")
    op.execute(sa.delete(quote).where(quote.c.expires_at < sa.func.now()))
    if "ALLOW_DESTRUCTIVE_MIGRATIONS" not in os.environ:
        raise RuntimeError("This revision deletes every session.")
    op.execute("DELETE FROM session")


def downgrade():
    op.execute("INSERT INTO search SELECT * FROM search_archive")
    op.drop_table("search_archive")
`,
      },
    ],
  },
};

/** `CREATE TABLE shop_order_archived AS SELECT * FROM shop_order` in a step before. */
function isArchived(change: WriteRows, migration: Migration): boolean {
  const { table } = change;
  if (table === undefined) return false;
  const name = namePattern(table.name);
  const copy = '\\b(CREATE\\s+TABLE\\b[^;]*\\bAS|INSERT\\s+INTO\\b[^;]*?)[\\s(]+(TABLE|SELECT\\b[^;]*\\bFROM)';
  return hasEarlierSql(change, migration, new RegExp(`${copy}\\s+${name}[\\s)]*(;|$)`, 'i'));
}
