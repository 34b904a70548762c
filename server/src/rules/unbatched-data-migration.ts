import { batchedWrites } from '../fixes/recipes/batched-writes.ts';
import { changesOf, type WriteRows } from '../schema/change.ts';
import type { Migration } from '../schema/migration.ts';
import { isSameTable } from '../schema/table-name.ts';
import { blame, byPlace, loopSpan, riskyWrites, tablesText, type WritesOfOnePlace } from './data-writes.ts';
import type { Rule } from './rule.ts';

export const unbatchedDataMigration: Rule = {
  name: 'unbatched-data-migration',
  level: 'medium',
  group: 'Data migrations',
  kinds: ['WriteRows'],
  summary: 'A whole table is loaded or updated in one go.',
  docs: {
    whatHappens:
      'A loop over `Model.objects.all()` loads every row into memory before the first one is written, and sends one `UPDATE` for each. An `update()` of all rows is one statement that writes the whole table. Either way it usually happens in the one transaction of the migration.',
    whyItHurts:
      'Every row that was written stays locked until the transaction ends, so the running release waits for it. Memory grows with the table, old versions of the rows pile up, and a failure at the end throws away all that was done.',
    whatToDo: {
      django:
        'Stream the rows with `iterator(chunk_size=…)` and write them with `bulk_update` a thousand at a time, or go through slices of primary keys. Put the function into a migration of its own with `atomic = False`, so that each batch commits by itself, and write it so that it can be run again.',
      alembic: 'Update ranges of primary keys, each in a transaction of its own inside `autocommit_block()`.',
    },
    whenItIsFine:
      'Rows that a filter picks, streamed rows, slices and tables that the same migration creates are not reported. A table of a few hundred rows does not need it: say so in an `ignore` comment.',
  },
  sources: [
    {
      title: 'Django: QuerySet.iterator()',
      url: 'https://docs.djangoproject.com/en/5.2/ref/models/querysets/#iterator',
    },
    {
      title: 'Django: Non-atomic migrations',
      url: 'https://docs.djangoproject.com/en/5.2/howto/writing-migrations/#non-atomic-migrations',
    },
    { title: 'PostgreSQL 18: Explicit Locking', url: 'https://www.postgresql.org/docs/18/explicit-locking.html' },
  ],

  *check(migration, context) {
    const updates = [...riskyWrites(migration, context, 'update')].filter(
      (change) => !change.batched && (change.rows === 'all' || isOfNewColumn(change, migration)),
    );
    const told = new Set<number>();
    for (const changes of byPlace(updates)) {
      const [change] = changes;
      const at = loopSpan(change, migration);
      // A loop may save its rows in several places: it is one loop.
      if (change.method === 'each' && told.has(at.start)) continue;
      told.add(at.start);
      yield {
        ...blame(changes, migration),
        at,
        message: messageOf(changes),
        fixes: () => batchedWrites(change, migration, context),
      };
    }
  },

  examples: {
    bad: [
      {
        title: 'A loop that saves every row',
        files: `
# file: tenants/migrations/0002_copy_credentials.py
from django.db import migrations


def migrate_credentials_forward(apps, schema_editor):
    """Move credentials from the tenant to its settings."""
    Tenant = apps.get_model("tenants", "Tenant")
    # The settings page reads both.
    for tenant in Tenant.objects.all():
                  ~~~~~~~~~~~~~~~~~~~~ Every row of "tenants_tenant" is loaded at once and saved one by one.
        if tenant.twilio_sid:
            tenant.sid = tenant.twilio_sid.strip()  # pasted with blanks
            tenant.flags["twilio"] = True
        tenant.save()


class Migration(migrations.Migration):
    dependencies = [("tenants", "0001_initial")]

    operations = [
        migrations.RunPython(migrate_credentials_forward, migrations.RunPython.noop),
    ]
`,
        fixed: [
          {
            title: 'Write the rows in batches of 1000, each in a transaction of its own',
            files: `
# file: tenants/migrations/0002_copy_credentials.py
from django.db import migrations


def migrate_credentials_forward(apps, schema_editor):
    """Move credentials from the tenant to its settings."""
    Tenant = apps.get_model("tenants", "Tenant")
    batch = []
    # The settings page reads both.
    for tenant in Tenant.objects.iterator(chunk_size=1000):
        if tenant.twilio_sid:
            tenant.sid = tenant.twilio_sid.strip()  # pasted with blanks
            tenant.flags["twilio"] = True
        batch.append(tenant)
        if len(batch) == 1000:
            Tenant.objects.bulk_update(batch, ["sid", "flags"])
            batch.clear()
    Tenant.objects.bulk_update(batch, ["sid", "flags"])


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("tenants", "0001_initial")]

    operations = [
        migrations.RunPython(migrate_credentials_forward, migrations.RunPython.noop),
    ]
`,
          },
        ],
      },
      {
        title: 'The rows are in a variable; the fields are named',
        files: `
# file: channel/migrations/0003_default_country.py
from django.conf import settings
from django.db import migrations


def set_default_country(apps, schema_editor):
    channels = apps.get_model("channel", "Channel").objects.all()
               ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Every row of "channel_channel" is loaded at once and saved one by one.
    for channel in channels:
        channel.default_country = channel.warehouses.first().country
        channel.save(update_fields=["default_country"])


class Migration(migrations.Migration):
    atomic = True

    operations = [migrations.RunPython(set_default_country, migrations.RunPython.noop)]
`,
        fixed: [
          {
            title: 'Write the rows in batches of 1000, each in a transaction of its own',
            files: `
# file: channel/migrations/0003_default_country.py
from django.conf import settings
from django.db import migrations


def set_default_country(apps, schema_editor):
    channels = apps.get_model("channel", "Channel").objects.all()
    batch = []
    for channel in channels.iterator(chunk_size=1000):
        channel.default_country = channel.warehouses.first().country
        batch.append(channel)
        if len(batch) == 1000:
            apps.get_model("channel", "Channel").objects.bulk_update(batch, ["default_country"])
            batch.clear()
    apps.get_model("channel", "Channel").objects.bulk_update(batch, ["default_country"])


class Migration(migrations.Migration):
    atomic = False

    operations = [migrations.RunPython(set_default_country, migrations.RunPython.noop)]
`,
          },
        ],
      },
      {
        title: 'An update of every row, beside another operation',
        files: `
# file: shop/migrations/0002_gross.py
from django.db import migrations, models
from django.db.models import F


def fill_gross(apps, schema_editor):
    Product = apps.get_model("shop", "Product")
    db = schema_editor.connection.alias
    Product.objects.using(db).annotate(net=F("price")).update(
    ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Every row of "shop_product" is updated in one statement.
        gross=F("price") + F("tax"),
    )


class Migration(migrations.Migration):
    operations = [
        migrations.AddField("product", "gross", models.IntegerField(null=True)),
        migrations.RunPython(fill_gross, migrations.RunPython.noop),
    ]
`,
        fixed: [
          {
            title: 'Write the rows in batches of 1000',
            files: `
# file: shop/migrations/0002_gross.py
from django.db import migrations, models
from django.db.models import F


def fill_gross(apps, schema_editor):
    Product = apps.get_model("shop", "Product")
    db = schema_editor.connection.alias
    for pks in batches_of(Product.objects.using(db).all()):
        Product.objects.using(db).annotate(net=F("price")).filter(pk__in=pks).update(
            gross=F("price") + F("tax"),
        )


def batches_of(rows, size=1000):
    """Yields the primary keys of the rows in slices."""
    rows = rows.order_by("pk")
    later = {}
    while pks := list(rows.filter(**later).values_list("pk", flat=True)[:size]):
        yield pks
        later = {"pk__gt": pks[-1]}


class Migration(migrations.Migration):
    operations = [
        migrations.AddField("product", "gross", models.IntegerField(null=True)),
        migrations.RunPython(fill_gross, migrations.RunPython.noop),
    ]
`,
          },
        ],
      },
      {
        title: 'A list of all rows, written in bulk at the end',
        files: `
# file: shop/migrations/0002_slugs.py
from django.db import migrations


def fill_slugs(apps, schema_editor):
    Product = apps.get_model("shop", "Product")
    products = list(Product.objects.all())
                    ~~~~~~~~~~~~~~~~~~~~~ Every row of "shop_product" is loaded at once and written in bulk.
    for product in products:
        product.slug = product.name.lower()
    Product.objects.bulk_update(products, ["slug"])


class Migration(migrations.Migration):
    operations = [migrations.RunPython(fill_slugs, migrations.RunPython.noop)]
`,
      },
      {
        title: 'A data function sends one UPDATE for all rows',
        files: `
# file: shop/migrations/0002_gross.py
from django.db import connection, migrations


def fill_gross(apps, schema_editor):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE shop_product SET gross = net * 1.2")
                        ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Every row of "shop_product" is updated in one statement.


class Migration(migrations.Migration):
    operations = [migrations.RunPython(fill_gross, migrations.RunPython.noop)]
`,
      },
      {
        title: 'What happens to a row is out of sight: told, but not rewritten',
        files: `
# file: shop/migrations/0002_slugs.py
from django.db import migrations


def fill_slug(product):
    product.slug = product.name.lower()


def fill_slugs(apps, schema_editor):
    for product in apps.get_model("shop", "Product").objects.order_by("pk"):
                   ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Every row of "shop_product" is loaded at once and saved one by one.
        fill_slug(product)
        product.save()


class Migration(migrations.Migration):
    operations = [migrations.RunPython(fill_slugs, migrations.RunPython.noop)]
`,
      },
      {
        title: 'A revision sends one statement for each row',
        files: `
# file: alembic/versions/3f2a_orders.py
import sqlalchemy as sa
from alembic import op

revision = "3f2a"
down_revision = None


def upgrade():
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("country", sa.String(2), nullable=True),
    )


def downgrade():
    op.drop_table("orders")
# file: alembic/versions/8c1d_countries.py
import sqlalchemy as sa
from alembic import op

revision = "8c1d"
down_revision = "3f2a"

orders = sa.table("orders", sa.column("id"), sa.column("address"), sa.column("country"))


def upgrade():
    connection = op.get_bind()
    for row in connection.execute(sa.select(orders.c.id, orders.c.address).select_from(orders)).fetchall():
               ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Every row of "orders" is loaded at once and saved one by one.
        country = row.address.rsplit(",", 1)[-1].strip()
        connection.execute(orders.update().where(orders.c.id == row.id).values(country=country))


def downgrade():
    pass
`,
      },
      {
        title: 'A revision changes the objects of a session',
        files: `
# file: alembic/versions/3f2a_orders.py
import sqlalchemy as sa
from alembic import op

revision = "3f2a"
down_revision = None


def upgrade():
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("country", sa.String(2), nullable=True),
    )


def downgrade():
    op.drop_table("orders")
# file: alembic/versions/8c1d_countries.py
import sqlalchemy as sa
from alembic import op
from sqlalchemy.orm import Session, declarative_base

revision = "8c1d"
down_revision = "3f2a"

Base = declarative_base()


class Order(Base):
    __tablename__ = "orders"
    id = sa.Column(sa.BigInteger, primary_key=True)
    address = sa.Column(sa.Text)
    country = sa.Column(sa.String(2))


def upgrade():
    session = Session(bind=op.get_bind())
    for order in session.query(Order):
                 ~~~~~~~~~~~~~~~~~~~~ Every row of "orders" is loaded at once and saved one by one.
        order.country = order.address.rsplit(",", 1)[-1].strip()
    session.commit()


def downgrade():
    pass
`,
      },
      {
        title: 'A filter that every row of a new column meets',
        files: `
# file: shop/migrations/0002_color.py
from django.db import migrations, models


def fill(apps, schema_editor):
    apps.get_model("shop", "Product").objects.filter(size__isnull=True).update(size="m")
    ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Every row of "shop_product" is updated in one statement.
    apps.get_model("shop", "Product").objects.filter(size__isnull=True).update(size="l")


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField("product", "color", models.TextField(null=True)),
        migrations.AddField("product", "size", models.TextField(null=True)),
        migrations.RunSQL("UPDATE shop_product SET color = 'red' WHERE color IS NULL", migrations.RunSQL.noop),
                           ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Every row of "shop_product" is updated in one statement.
        migrations.RunSQL("UPDATE shop_product SET color = 'blue' WHERE price IS NULL", migrations.RunSQL.noop),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
`,
      },
      {
        title: 'Alembic: a filter that every row of a new column meets',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_color.py
"""Color"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"

products = sa.table("products", sa.column("color"), sa.column("size"))


def upgrade():
    op.add_column("products", sa.Column("color", sa.Text()))
    op.execute(products.update().where(products.c.color.is_(None)).values(color="red"))
               ~~~~~~~~~~~~~~~~~ Every row of "products" is updated in one statement.
    op.execute(products.update().where(products.c.size.is_(None)).values(size="m"))


def downgrade():
    op.drop_column("products", "color")
`,
      },
    ],
    good: [
      {
        title: 'A revision that goes through ranges of keys, or changes what a filter picks',
        files: `
# file: alembic/versions/3f2a_orders.py
import sqlalchemy as sa
from alembic import op

revision = "3f2a"
down_revision = None


def upgrade():
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("country", sa.String(2), nullable=True),
    )


def downgrade():
    op.drop_table("orders")
# file: alembic/versions/8c1d_countries.py
import sqlalchemy as sa
from alembic import op
from sqlalchemy.orm import Session, declarative_base

revision = "8c1d"
down_revision = "3f2a"

Base = declarative_base()


class Order(Base):
    __tablename__ = "orders"
    id = sa.Column(sa.BigInteger, primary_key=True)
    address = sa.Column(sa.Text)
    country = sa.Column(sa.String(2))


def upgrade():
    session = Session(bind=op.get_bind())
    for order in session.query(Order).filter(Order.country == "UK"):
        order.country = "GB"
    session.flush()
    last = session.execute(sa.text("SELECT max(id) FROM orders")).scalar() or 0
    for start in range(0, last + 1, 1000):
        with op.get_context().autocommit_block():
            op.execute(
                sa.text("UPDATE orders SET country = 'XX' WHERE country IS NULL AND id >= :a AND id < :b").bindparams(
                    a=start, b=start + 1000
                )
            )


def downgrade():
    pass
`,
      },
      {
        title: 'Streamed, in slices of keys, a page after the other',
        files: `
# file: shop/migrations/0002_slugs.py
from django.core.paginator import Paginator
from django.db import migrations
from django.db.models import F


def streamed(apps, schema_editor):
    Product = apps.get_model("shop", "Product")
    batch = []
    for product in Product.objects.iterator(chunk_size=500):
        product.slug = product.name.lower()
        batch.append(product)
        if len(batch) >= 500:
            Product.objects.bulk_update(batch, ["slug"])
            batch = []
    Product.objects.bulk_update(batch, ["slug"])


def sliced(apps, schema_editor):
    Product = apps.get_model("shop", "Product")
    total = Product.objects.count()
    for start in range(0, total, 1000):
        for product in Product.objects.order_by("pk")[start : start + 1000]:
            product.gross = product.price
            product.save()


def paged(apps, schema_editor):
    pages = Paginator(apps.get_model("shop", "Product").objects.order_by("pk"), 500)
    for number in pages.page_range:
        for product in pages.page(number).object_list:
            product.save()


class Migration(migrations.Migration):
    atomic = False

    operations = [
        migrations.RunPython(streamed, migrations.RunPython.noop),
        migrations.RunPython(sliced, migrations.RunPython.noop),
        migrations.RunPython(paged, migrations.RunPython.noop),
    ]
`,
      },
      {
        title: 'A data function sends SQL for a slice of rows, again and again',
        files: `
# file: shop/migrations/0002_gross.py
from django.db import connection, migrations


def fill_gross(apps, schema_editor):
    with connection.cursor() as cursor:
        while True:
            cursor.execute(
                """
                UPDATE shop_product SET gross = net * 1.2
                WHERE id IN (SELECT id FROM shop_product WHERE gross IS NULL LIMIT 1000)
                """
            )
            if cursor.rowcount == 0:
                break


class Migration(migrations.Migration):
    atomic = False

    operations = [migrations.RunPython(fill_gross, migrations.RunPython.noop)]
`,
      },
      {
        title: 'Only rows that a filter picks, and only reading',
        files: `
# file: shop/migrations/0002_slugs.py
from django.db import migrations


def fill(apps, schema_editor):
    Product = apps.get_model("shop", "Product")
    Report = apps.get_model("shop", "Report")
    for product in Product.objects.filter(slug=""):
        product.slug = product.name.lower()
        product.save()
    Report.objects.create(total=sum(product.price for product in Product.objects.all()))


class Migration(migrations.Migration):
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
`,
      },
      {
        title: 'The table is filled by the migration that creates it',
        files: `
# file: shop/migrations/0002_color.py
from django.db import migrations, models


def number(apps, schema_editor):
    apps.get_model("shop", "Color").objects.all().update(position=0)


class Migration(migrations.Migration):
    operations = [
        migrations.CreateModel(
            name="Color",
            fields=[("id", models.BigAutoField(primary_key=True)), ("position", models.IntegerField())],
        ),
        migrations.RunPython(number, migrations.RunPython.noop),
    ]
`,
      },
    ],
  },
};

/** `WHERE color IS NULL` picks every row where the migration has added the column itself, and nothing has filled it yet. */
function isOfNewColumn(write: WriteRows, { forward }: Migration): boolean {
  const { table, whereNull } = write;
  if (table === undefined || whereNull === undefined) return false;
  const earlier = forward.slice(0, forward.indexOf(write));
  const added = changesOf(earlier, 'AddColumn').find(
    (each) => each.column.name === whereNull && isSameTable(each.table, table),
  );
  if (added === undefined || added.column.default !== undefined || added.transientDefault !== undefined) return false;
  return !changesOf(earlier, 'WriteRows').some(
    (each) =>
      (each.table === undefined || isSameTable(each.table, table)) &&
      (each.assignments.length === 0 || each.assignments.some(({ column }) => column === whereNull)),
  );
}

function messageOf(changes: WritesOfOnePlace): string {
  switch (changes[0].method) {
    case 'set':
      return `Every row of ${tablesText(changes)} is updated in one statement.`;
    case 'each':
      return `Every row of ${tablesText(changes)} is loaded at once and saved one by one.`;
    case 'bulk':
      return `Every row of ${tablesText(changes)} is loaded at once and written in bulk.`;
  }
}
