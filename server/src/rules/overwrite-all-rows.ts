import { listed } from '../base/listed.ts';
import { isFreshColumn } from '../fixes/fresh-column.ts';
import { keptValues } from '../fixes/recipes/kept-values.ts';
import { neverChosen } from '../fixes/recipes/never-chosen.ts';
import type { WriteRows } from '../schema/change.ts';
import type { Migration } from '../schema/migration.ts';
import { findColumn } from '../schema/schema.ts';
import { blame, byPlace, hasEarlierSql, namePattern, riskyWrites, tablesText } from './data-writes.ts';
import type { Rule, RuleContext } from './rule.ts';

export const overwriteAllRows: Rule = {
  name: 'overwrite-all-rows',
  level: 'critical',
  group: 'Data loss',
  kinds: ['WriteRows'],
  summary: 'Every row of a column that was there before gets one and the same value.',
  docs: {
    whatHappens:
      '`Model.objects.update(column=value)`, or a loop that gives every row the same value, replaces whatever the rows held. Nothing remembers what it was.',
    whyItHurts:
      'The values may be the choices of users: which mails they want, what they agreed to, which price was negotiated. After the migration they are all alike, and migrating back does not know what they were.',
    whatToDo: {
      django:
        'Write only rows that hold nothing yet: `filter(column__isnull=True).update(column=value)`. Where the old values really have to go, copy them to a column of their own first, so that there is a way back.',
      alembic: 'Give the `UPDATE` a `WHERE column IS NULL`, or copy the values to a column of their own first.',
    },
    whenItIsFine:
      'Filling a column that this migration or the one directly before it added is a backfill, and not reported. Neither is an update that computes each value from its row (`F("price") * 2`), one behind a guard, or one after the values were copied.',
  },
  sources: [
    {
      title: 'Django: Updating multiple objects at once',
      url: 'https://docs.djangoproject.com/en/5.2/topics/db/queries/#updating-multiple-objects-at-once',
    },
    { title: 'PostgreSQL 18: UPDATE', url: 'https://www.postgresql.org/docs/18/sql-update.html' },
  ],

  *check(migration, context) {
    const columnsOf = (change: WriteRows): readonly string[] => overwrittenColumns(change, migration, context);
    const updates = [...riskyWrites(migration, context, 'update')].filter(
      (change) => change.rows === 'all' && columnsOf(change).length > 0,
    );
    for (const changes of byPlace(updates)) {
      const [change] = changes;
      const columns = columnsOf(change);
      const nullable = columns.filter((name) => canHoldNothing(change, name, context));
      yield {
        ...blame(changes, migration),
        at: change.at,
        message: `Every row of ${tablesText(changes)} gets the same ${listed(columns.map((name) => `"${name}"`))}: what was there is lost.`,
        fixes: () => [
          ...neverChosen(
            change,
            nullable.map((name) => fieldOf(change, name)),
            migration,
            context,
          ),
          ...keptValues(changes, columns, migration, context),
        ],
      };
    }
  },

  examples: {
    bad: [
      {
        title: 'Preferences are reset to the defaults',
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
                ("notify_likes", models.BooleanField(null=True)),
            ],
        ),
    ]
# file: prompts/migrations/0002_note.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("prompts", "0001_initial")]

    operations = []
# file: prompts/migrations/0003_reset.py
from django.db import migrations


def reset_to_defaults(apps, schema_editor):
    EmailPreferences = apps.get_model("prompts", "EmailPreferences")
    EmailPreferences.objects.all().update(
    ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Every row of "prompts_emailpreferences" gets the same "notify_comments" and "notify_likes": what was there is lost.
        notify_comments=True,
        notify_likes=True,
    )


class Migration(migrations.Migration):
    dependencies = [("prompts", "0002_note")]

    operations = [
        migrations.RunPython(reset_to_defaults, migrations.RunPython.noop),
    ]
`,
        fixed: [
          {
            title:
              'Keep the old values in "notify_comments_before", "notify_likes_before", which migrating back restores',
            files: `
# file: prompts/migrations/0003_reset.py
from django.db import migrations


def reset_to_defaults(apps, schema_editor):
    EmailPreferences = apps.get_model("prompts", "EmailPreferences")
    EmailPreferences.objects.all().update(
        notify_comments=True,
        notify_likes=True,
    )


class Migration(migrations.Migration):
    dependencies = [("prompts", "0002_note")]

    operations = [
        migrations.RunSQL(
            sql=[
                'ALTER TABLE "prompts_emailpreferences" ADD COLUMN "notify_comments_before" boolean',
                'ALTER TABLE "prompts_emailpreferences" ADD COLUMN "notify_likes_before" boolean',
                'UPDATE "prompts_emailpreferences" SET "notify_comments_before" = "notify_comments", "notify_likes_before" = "notify_likes"',
            ],
            reverse_sql=[
                'UPDATE "prompts_emailpreferences" SET "notify_comments" = "notify_comments_before", "notify_likes" = "notify_likes_before" WHERE "notify_comments_before" IS NOT NULL',
                'ALTER TABLE "prompts_emailpreferences" DROP COLUMN "notify_comments_before"',
                'ALTER TABLE "prompts_emailpreferences" DROP COLUMN "notify_likes_before"',
            ],
        ),
        migrations.RunPython(reset_to_defaults, migrations.RunPython.noop),
    ]
`,
          },
        ],
      },
      {
        title: 'A column that may be empty',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Customer",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("newsletter", models.BooleanField(null=True)),
            ],
        ),
    ]
# file: shop/migrations/0002_city.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [migrations.AddField("customer", "city", models.TextField(null=True))]
# file: shop/migrations/0003_subscribe.py
from django.db import migrations


def subscribe_everyone(apps, schema_editor):
    Customer = apps.get_model("shop", "Customer")
    Customer.objects.all().update(newsletter=True)  # a fresh start
    ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Every row of "shop_customer" gets the same "newsletter": what was there is lost.


class Migration(migrations.Migration):
    dependencies = [("shop", "0002_city")]

    operations = [migrations.RunPython(subscribe_everyone, migrations.RunPython.noop)]
`,
        fixed: [
          {
            title: 'Write only rows where "newsletter" was never chosen',
            files: `
# file: shop/migrations/0003_subscribe.py
from django.db import migrations


def subscribe_everyone(apps, schema_editor):
    Customer = apps.get_model("shop", "Customer")
    Customer.objects.filter(newsletter__isnull=True).update(newsletter=True)  # a fresh start


class Migration(migrations.Migration):
    dependencies = [("shop", "0002_city")]

    operations = [migrations.RunPython(subscribe_everyone, migrations.RunPython.noop)]
`,
          },
        ],
      },
      {
        title: 'In SQL: old values that may be NULL are told from those of rows that come later',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Customer",
            fields=[("id", models.BigAutoField(primary_key=True)), ("newsletter", models.BooleanField(null=True))],
        ),
    ]
# file: shop/migrations/0002_subscribe.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL('UPDATE shop_customer SET newsletter = true', migrations.RunSQL.noop),
                           ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Every row of "shop_customer" gets the same "newsletter": what was there is lost.
    ]
`,
        fixed: [
          {
            title: 'Keep the old values in "newsletter_before", which migrating back restores',
            files: `
# file: shop/migrations/0002_subscribe.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            sql=[
                'ALTER TABLE "shop_customer" ADD COLUMN "newsletter_before" boolean',
                'ALTER TABLE "shop_customer" ADD COLUMN "newsletter_kept" boolean',
                'UPDATE "shop_customer" SET "newsletter_before" = "newsletter", "newsletter_kept" = true',
            ],
            reverse_sql=[
                'UPDATE "shop_customer" SET "newsletter" = "newsletter_before" WHERE "newsletter_kept" IS NOT NULL',
                'ALTER TABLE "shop_customer" DROP COLUMN "newsletter_before"',
                'ALTER TABLE "shop_customer" DROP COLUMN "newsletter_kept"',
            ],
        ),
        migrations.RunSQL('UPDATE shop_customer SET newsletter = true', migrations.RunSQL.noop),
    ]
`,
          },
        ],
      },
      {
        title: 'In SQL: constants for every row of columns that were there before',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Customer",
            fields=[("id", models.BigAutoField(primary_key=True)), ("newsletter", models.BooleanField(null=True))],
        ),
    ]
# file: shop/migrations/0002_reset.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE shop_customer ADD COLUMN asked boolean;
            UPDATE shop_customer SET newsletter = true, asked = false;
            ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Every row of "shop_customer" gets the same "newsletter": what was there is lost.
            """,
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL([("UPDATE shop_order SET state = %s, changed = now()", ["new"])], migrations.RunSQL.noop),
                             ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Every row of "shop_order" gets the same "state" and "changed": what was there is lost.
    ]
`,
      },
      {
        title: 'A data function sends SQL, through a helper',
        files: `
# file: shop/migrations/0002_reset.py
from django.db import connection, migrations


def run(statement, params=None):
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


def reset(apps, schema_editor):
    run("UPDATE shop_customer SET newsletter = %s", [False])
         ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Every row of "shop_customer" gets the same "newsletter": what was there is lost.


class Migration(migrations.Migration):
    operations = [migrations.RunPython(reset, migrations.RunPython.noop)]
`,
      },
      {
        title: 'Row by row, and among columns that are new',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Customer",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("newsletter", models.BooleanField(null=True)),
                ("tier", models.CharField(max_length=9, null=True)),
            ],
        ),
    ]
# file: shop/migrations/0002_city.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [migrations.AddField("customer", "city", models.TextField(null=True))]
# file: shop/migrations/0003_reset.py
from django.db import migrations

TIER = "basic"


def reset(apps, schema_editor):
    Customer = apps.get_model("shop", "Customer")
    for customer in Customer.objects.iterator():
        customer.tier = TIER
        customer.save(update_fields=["tier"])
        ~~~~~~~~~~~~~ Every row of "shop_customer" gets the same "tier": what was there is lost.
    Customer.objects.update(city="", newsletter=False, tier=None)
    ~~~~~~~~~~~~~~~~~~~~~~~ Every row of "shop_customer" gets the same "newsletter" and "tier": what was there is lost.


class Migration(migrations.Migration):
    dependencies = [("shop", "0002_city")]

    operations = [migrations.RunPython(reset, migrations.RunPython.noop)]
`,
        fixed: [
          {
            title: 'Write only rows where "tier" was never chosen',
            files: `
# file: shop/migrations/0003_reset.py
from django.db import migrations

TIER = "basic"


def reset(apps, schema_editor):
    Customer = apps.get_model("shop", "Customer")
    for customer in Customer.objects.filter(tier__isnull=True).iterator():
        customer.tier = TIER
        customer.save(update_fields=["tier"])
    Customer.objects.update(city="", newsletter=False, tier=None)


class Migration(migrations.Migration):
    dependencies = [("shop", "0002_city")]

    operations = [migrations.RunPython(reset, migrations.RunPython.noop)]
`,
          },
          {
            title: 'Write only rows where "newsletter", "tier" was never chosen',
            files: `
# file: shop/migrations/0003_reset.py
from django.db import migrations

TIER = "basic"


def reset(apps, schema_editor):
    Customer = apps.get_model("shop", "Customer")
    for customer in Customer.objects.iterator():
        customer.tier = TIER
        customer.save(update_fields=["tier"])
    Customer.objects.update(city="")
    Customer.objects.filter(newsletter__isnull=True).update(newsletter=False)
    Customer.objects.filter(tier__isnull=True).update(tier=None)


class Migration(migrations.Migration):
    dependencies = [("shop", "0002_city")]

    operations = [migrations.RunPython(reset, migrations.RunPython.noop)]
`,
          },
        ],
      },
      {
        title: 'Alembic: everybody gets the same choice',
        files: `
# file: migrations/versions/9c2f5a1b7e44_users.py
"""Users"""
import sqlalchemy as sa
from alembic import op

revision = "9c2f5a1b7e44"
down_revision = None


def upgrade():
    op.create_table(
        "users",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("newsletter", sa.Boolean()),
        sa.Column("language", sa.String(length=5), nullable=False),
    )


def downgrade():
    op.drop_table("users")
# file: migrations/versions/5b0f6f6ad3b1_users_language.py
"""Users.language"""
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.create_index("users_language_idx", "users", ["language"])


def downgrade():
    op.drop_index("users_language_idx", table_name="users")
# file: migrations/versions/e7d3c0a94f12_newsletter_for_all.py
"""Newsletter for all"""
import sqlalchemy as sa
from alembic import op

revision = "e7d3c0a94f12"
down_revision = "5b0f6f6ad3b1"

users = sa.table("users", sa.column("newsletter", sa.Boolean()), sa.column("language", sa.String()))


def upgrade():
    op.execute(users.update().values({"newsletter": True}))
               ~~~~~~~~~~~~~~ Every row of "users" gets the same "newsletter": what was there is lost.
    op.execute("UPDATE users SET language = 'en'")
                ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Every row of "users" gets the same "language": what was there is lost.


def downgrade():
    pass
`,
      },
    ],
    good: [
      {
        title: 'A column of the migration before is filled',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(name="Customer", fields=[("id", models.BigAutoField(primary_key=True))]),
    ]
# file: shop/migrations/0002_tier.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [migrations.AddField("customer", "tier", models.CharField(max_length=9, null=True))]
# file: shop/migrations/0003_fill_tier.py
from django.db import migrations, models


def fill(apps, schema_editor):
    apps.get_model("shop", "Customer").objects.all().update(tier="basic", city="")


class Migration(migrations.Migration):
    dependencies = [("shop", "0002_tier")]

    operations = [
        migrations.AddField("customer", "city", models.TextField(null=True)),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
`,
      },
      {
        title: 'Each value is computed from its row, or only some rows are written',
        files: `
# file: shop/migrations/0002_prices.py
from django.db import migrations
from django.db.models import F


def convert(apps, schema_editor):
    Product = apps.get_model("shop", "Product")
    Product.objects.update(price=F("price") * 100)
    Product.objects.filter(price__isnull=True).update(price=0)
    for product in Product.objects.iterator():
        if product.stock == 0:
            product.visible = False
        product.slug = product.name.lower()
        product.save()


class Migration(migrations.Migration):
    operations = [migrations.RunPython(convert, migrations.RunPython.noop)]
`,
      },
      {
        title: 'SQL that fills a new column, writes rows that hold nothing, computes, or has kept the old values',
        files: `
# file: shop/migrations/0002_fill.py
from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL("ALTER TABLE shop_order ADD COLUMN state text; UPDATE shop_order SET state = 'new'", ""),
        migrations.RunSQL("UPDATE shop_order SET total = 0 WHERE total IS NULL", ""),
        migrations.RunSQL("UPDATE shop_order SET total = price * 2, code = gen_random_uuid()", ""),
        migrations.RunSQL(
            [
                "UPDATE shop_customer SET tier_before = tier",
                "UPDATE shop_customer SET tier = 'basic'",
            ],
            "UPDATE shop_customer SET tier = tier_before",
        ),
    ]
`,
      },
      {
        title: 'It does not run where users are',
        files: `
# file: shop/migrations/0002_anonymize.py
from django.conf import settings
from django.db import migrations


def anonymize(apps, schema_editor):
    if not settings.IS_STAGING:
        return
    apps.get_model("shop", "Customer").objects.update(email="nobody@example.com")


class Migration(migrations.Migration):
    operations = [migrations.RunPython(anonymize, migrations.RunPython.noop)]
`,
      },
      {
        title: 'Alembic: a column that is new, values that were never chosen, and values of the row itself',
        files: `
# file: migrations/versions/e7d3c0a94f12_newsletter_for_all.py
"""Newsletter for all"""
import sqlalchemy as sa
from alembic import op

revision = "e7d3c0a94f12"
down_revision = "5b0f6f6ad3b1"

users = sa.table("users", sa.column("newsletter"), sa.column("language"), sa.column("name"), sa.column("theme"))


def upgrade():
    op.add_column("users", sa.Column("theme", sa.String(length=20)))
    op.execute(users.update().values(theme="light"))
    op.execute(users.update().where(users.c.newsletter.is_(None)).values(newsletter=True))
    op.execute("UPDATE users SET name = upper(name)")


def downgrade():
    op.drop_column("users", "theme")
`,
      },
    ],
  },
};

/** The columns that held something else before and get one value now. */
function overwrittenColumns(change: WriteRows, migration: Migration, context: RuleContext): readonly string[] {
  const columns = change.assignments.filter(({ value }) => value === 'constant').map(({ column }) => column);
  const { table } = change;
  const isFresh = (column: string): boolean =>
    table !== undefined && isFreshColumn(table, column, migration, context.before(change), context.project);
  return columns.filter((column) => !isFresh(column) && !isKept(change, column, migration));
}

/** `UPDATE shop_customer SET tier_before = tier` in a step before. */
function isKept(change: WriteRows, column: string, migration: Migration): boolean {
  if (change.table === undefined) return false;
  const table = namePattern(change.table.name);
  const copy = `\\bUPDATE\\s+${table}\\s+SET\\b[^;]*=\\s*${namePattern(column)}\\s*(,|;|$|WHERE\\b)`;
  return hasEarlierSql(change, migration, new RegExp(copy, 'i'));
}

function canHoldNothing(change: WriteRows, column: string, context: RuleContext): boolean {
  return change.table === undefined || findColumn(context.before(change), change.table, column)?.nullable !== false;
}

/** `owner` of the column `owner_id`, as the code names it. */
function fieldOf({ code }: WriteRows, column: string): string {
  const names = code?.call.arguments.map(({ name }) => name) ?? [];
  return names.includes(column) ? column : (names.find((name) => `${name}_id` === column) ?? column);
}
