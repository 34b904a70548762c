import { blame, byPlace, riskyWrites, tablesText } from './data-writes.ts';
import type { Rule } from './rule.ts';

export const deleteRows: Rule = {
  name: 'delete-rows',
  level: 'medium',
  group: 'Data loss',
  kinds: ['WriteRows'],
  summary: 'Some rows of a table are deleted and do not come back by migrating back.',
  docs: {
    whatHappens:
      'A data function deletes the rows that a filter picks, or single rows. Django also deletes what refers to them with `on_delete=CASCADE`, as far as the historical models know of it.',
    whyItHurts:
      'A filter that was tried on a copy of the data may pick more rows a week later, when the migration is deployed. Migrating back does not restore them: only a backup does.',
    whatToDo: {
      django:
        'Look at what the filter picks in production before the deploy, and make sure that there is a backup. Where the rows may be needed again, mark them as inactive or copy them to another table instead.',
      alembic:
        'Look at what the condition picks in production before the deploy, and make sure that there is a backup.',
    },
    whenItIsFine:
      'Rows of a table that the same migration creates or drops, and deletes behind an explicit guard, are not reported. Where all rows go, `delete-all-rows` says so.',
  },
  sources: [
    {
      title: 'Django: Deleting objects',
      url: 'https://docs.djangoproject.com/en/5.2/topics/db/queries/#deleting-objects',
    },
  ],

  *check(migration, context) {
    const deletes = [...riskyWrites(migration, context, 'delete')].filter(({ rows }) => rows !== 'all');
    for (const changes of byPlace(deletes)) {
      yield {
        ...blame(changes, migration),
        at: changes[0].at,
        message: `Rows of ${tablesText(changes)} are deleted: migrating back does not bring them back.`,
      };
    }
  },

  examples: {
    bad: [
      {
        title: 'What a filter picks, over several lines',
        files: `
# file: shop/migrations/0002_clean_up.py
from django.db import migrations
from django.db.models import Count


def clean_up(apps, schema_editor):
    Cart = apps.get_model("shop", "Cart")
    Cart.objects.filter(lines=None).delete()
    ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Rows of "shop_cart" are deleted: migrating back does not bring them back.
    (
        apps.get_model("shop", "Customer")
        .objects.annotate(orders_count=Count("orders"))
        .filter(orders_count=0)
        .delete()
         ~~~~~~~~ Rows of "shop_customer" are deleted: migrating back does not bring them back.
    )


class Migration(migrations.Migration):
    operations = [migrations.RunPython(clean_up, migrations.RunPython.noop)]
`,
      },
      {
        title: 'Those that were seen before',
        files: `
# file: shop/migrations/0002_unique_slugs.py
from django.db import migrations


def drop_repeated(apps, schema_editor):
    seen = set()
    for product in apps.get_model("shop", "Product").objects.order_by("id"):
        if product.slug in seen:
            product.delete()
            ~~~~~~~~~~~~~~~~ Rows of "shop_product" are deleted: migrating back does not bring them back.
        seen.add(product.slug)


class Migration(migrations.Migration):
    operations = [migrations.RunPython(drop_repeated, migrations.RunPython.noop)]
`,
      },
      {
        title: 'One by one, and through another row',
        files: `
# file: shop/migrations/0002_clean_up.py
from django.db import migrations


def clean_up(apps, schema_editor):
    Order = apps.get_model("shop", "Order")
    for order in Order.objects.filter(paid=False):
        order.lines.all().delete()
        ~~~~~~~~~~~~~~~~~~~~~~~~~~ Rows of "lines" are deleted: migrating back does not bring them back.
        order.delete()
        ~~~~~~~~~~~~~~ Rows of "shop_order" are deleted: migrating back does not bring them back.


class Migration(migrations.Migration):
    operations = [migrations.RunPython(clean_up, migrations.RunPython.noop)]
`,
      },
      {
        title:
          'In SQL: a condition, another table, a common table expression, a condition of which a part is not known',
        files: `
# file: shop/migrations/0002_clean_up.py
import os

from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL("DELETE FROM shop_cart WHERE id < 10", migrations.RunSQL.noop),
                           ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Rows of "shop_cart" are deleted: migrating back does not bring them back.
        migrations.RunSQL(
            """
            DELETE FROM shop_line USING shop_order WHERE shop_line.order_id = shop_order.id;
            ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Rows of "shop_line" are deleted: migrating back does not bring them back.
            WITH gone AS (DELETE FROM shop_visit WHERE old RETURNING id)
                          ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Rows of "shop_visit" are deleted: migrating back does not bring them back.
            SELECT count(*) FROM gone;
            """,
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            [("DELETE FROM shop_click WHERE site = %s", [os.environ.get("SITE")])],
               ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Rows of "shop_click" are deleted: migrating back does not bring them back.
            migrations.RunSQL.noop,
        ),
    ]
`,
      },
      {
        title: 'A helper of the same file gets the model',
        files: `
# file: shop/migrations/0002_clean_up.py
from django.db import migrations


def delete_empty(model, **conditions):
    model.objects.filter(**conditions).delete()
    ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Rows of "shop_order" are deleted: migrating back does not bring them back.


def clean_up(apps, schema_editor):
    delete_empty(apps.get_model("shop", "Order"), total=0)


class Migration(migrations.Migration):
    operations = [migrations.RunPython(clean_up, migrations.RunPython.noop)]
`,
      },
      {
        title: 'Alembic: duplicates make room for a unique constraint',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_one_role.py
"""One role for each user"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"

roles = sa.table("roles", sa.column("id"), sa.column("name"))


def upgrade():
    op.execute(sa.delete(roles).where(roles.c.name == "guest"))
               ~~~~~~~~~~~~~~~~ Rows of "roles" are deleted: migrating back does not bring them back.
    op.get_bind().execute(
        sa.text(
            """
            DELETE FROM roles USING roles AS other
            ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Rows of "roles" are deleted: migrating back does not bring them back.
            WHERE roles.user_id = other.user_id AND roles.id > other.id
            """
        )
    )


def downgrade():
    pass
`,
      },
    ],
    good: [
      {
        title: 'All of them: another rule says so',
        files: `
# file: shop/migrations/0002_clean_up.py
from django.db import migrations


def clean_up(apps, schema_editor):
    apps.get_model("shop", "Cart").objects.all().delete()


class Migration(migrations.Migration):
    operations = [migrations.RunPython(clean_up, migrations.RunPython.noop)]
`,
      },
      {
        title: 'The table goes in the same migration',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(name="Cart", fields=[("id", models.BigAutoField(primary_key=True))]),
    ]
# file: shop/migrations/0002_drop_cart.py
from django.db import migrations


def detach(apps, schema_editor):
    apps.get_model("shop", "Cart").objects.filter(pk__gt=10).delete()


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunPython(detach, migrations.RunPython.noop),
        migrations.DeleteModel("Cart"),
    ]
`,
      },
      {
        title: 'Values are removed from a list or a dictionary, not rows from a table',
        files: `
# file: shop/migrations/0002_tags.py
from django.db import migrations


def rename_tags(apps, schema_editor):
    Product = apps.get_model("shop", "Product")
    for product in Product.objects.filter(tags__contains=["new"]):
        product.tags.remove("new")
        product.data.pop("badge", None)
        del product.data["color"]
        product.save()


class Migration(migrations.Migration):
    operations = [migrations.RunPython(rename_tags, migrations.RunPython.noop)]
`,
      },
      {
        title: 'Alembic: of a table that the revision has made',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_roles.py
"""Roles"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    roles = op.create_table(
        "roles", sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True), sa.Column("name", sa.Text())
    )
    op.bulk_insert(roles, [{"name": "owner"}, {"name": "guest"}])
    op.execute(roles.delete().where(roles.c.name == "guest"))


def downgrade():
    op.drop_table("roles")
`,
      },
    ],
  },
};
