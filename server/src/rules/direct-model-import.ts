import { historicalModel } from '../fixes/recipes/historical-model.ts';
import { changesOf } from '../schema/change.ts';
import type { Rule } from './rule.ts';

export const directModelImport: Rule = {
  name: 'direct-model-import',
  level: 'high',
  group: 'Data migrations',
  summary: 'A data function uses the live model instead of the one of its time.',
  docs: {
    whatHappens:
      'A model that is imported from the application’s code has the fields of today. The table that the migration meets has those of its own place in the history: on a new database, in the test run and wherever several migrations are deployed at once.',
    whyItHurts:
      'As soon as a field is added to the model, the migration fails with «column does not exist» on every database that has not run it yet. And when the model is renamed or deleted, the migration cannot even be imported, and with it no migration at all.',
    whatToDo: {
      django:
        'Take the model from the `apps` that the function gets: `Order = apps.get_model("shop", "Order")`. It has the fields of that point in the history and no methods of its own: copy the few lines that are needed into the migration.',
      alembic: 'Describe the columns that are used with `sa.table(…)` and `sa.column(…)`.',
    },
    whenItIsFine:
      'Imports for field definitions, validators, choices and constants are not reported, and neither are content types, whose table never changes.',
  },
  sources: [
    {
      title: 'Django: Historical models',
      url: 'https://docs.djangoproject.com/en/5.2/topics/migrations/#historical-models',
    },
    {
      title: 'Django: Data migrations',
      url: 'https://docs.djangoproject.com/en/5.2/topics/migrations/#data-migrations',
    },
  ],

  *check(migration, context) {
    for (const { at, name, importedFrom, uses } of migration.liveModels?.() ?? []) {
      const related = uses.map((span) => ({ file: migration.file, span, message: 'It is used here.' }));
      yield { at, message: liveMessage(name, importedFrom), related };
    }
    const told = new Set<number>();
    for (const change of changesOf(migration.forward, 'RunCode')) {
      const isHere = change.file === migration.file;
      for (const live of change.liveModels) {
        const at = isHere ? live.at : change.at;
        if (told.has(at.start)) continue;
        told.add(at.start);
        const uses = live.uses.map((span) => ({ file: change.file, span, message: 'It is used here.' }));
        yield {
          at,
          message: liveMessage(live.name, live.importedFrom),
          cause: change,
          related: uses,
          fixes: () => historicalModel(live, change, migration, context),
        };
      }
    }
  },

  examples: {
    bad: [
      {
        title: 'A plain model of the same app',
        files: `
# file: shop/models.py
from django.db import models


class Product(models.Model):
    title = models.CharField(max_length=200)

    def __str__(self):
        return self.title
# file: shop/migrations/0002_untitled.py
from django.db import migrations

from shop.models import Product
                        ~~~~~~~ "Product" is the live model of shop.models: it need not fit the table that this migration finds.


def mark_untitled(apps, schema_editor):
    """The importer left some of them blank."""
    Product.objects.filter(title="").update(title="Untitled")


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunPython(mark_untitled, migrations.RunPython.noop),
    ]
`,
        fixed: [
          {
            title: 'Take "Product" from the historical models: apps.get_model("shop", "Product")',
            files: `
# file: shop/migrations/0002_untitled.py
from django.db import migrations


def mark_untitled(apps, schema_editor):
    """The importer left some of them blank."""
    Product = apps.get_model("shop", "Product")
    Product.objects.filter(title="").update(title="Untitled")


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunPython(mark_untitled, migrations.RunPython.noop),
    ]
`,
          },
        ],
      },
      {
        title: 'Among others, relative, and as a module',
        files: `
# file: shop/migrations/0002_numbers.py
from django.db import migrations
from store import models as store

from ..models import Order, default_number
                     ~~~~~ "Order" is the live model of ..models: it need not fit the table that this migration finds.


def number(registry, _):
    for order in Order.objects.filter(number=None).iterator():
        order.number = default_number()
        order.save()


def close(apps, schema_editor):
    from store.models import Branch
                             ~~~~~~ "Branch" is the live model of store.models: it need not fit the table that this migration finds.

    Branch.objects.filter(open=None).update(open=False)


class Migration(migrations.Migration):
    dependencies = [("store", "0004_branch")]

    operations = [
        migrations.RunPython(number, migrations.RunPython.noop),
        migrations.RunPython(close, migrations.RunPython.noop),
    ]
`,
        fixed: [
          {
            title: 'Take "Order" from the historical models: apps.get_model("shop", "Order")',
            files: `
# file: shop/migrations/0002_numbers.py
from django.db import migrations
from store import models as store

from ..models import default_number


def number(registry, _):
    Order = registry.get_model("shop", "Order")
    for order in Order.objects.filter(number=None).iterator():
        order.number = default_number()
        order.save()


def close(apps, schema_editor):
    from store.models import Branch

    Branch.objects.filter(open=None).update(open=False)


class Migration(migrations.Migration):
    dependencies = [("store", "0004_branch")]

    operations = [
        migrations.RunPython(number, migrations.RunPython.noop),
        migrations.RunPython(close, migrations.RunPython.noop),
    ]
`,
          },
        ],
      },
      {
        title: 'Through the module of models, which something else still needs',
        files: `
# file: shop/migrations/0002_numbers.py
from django.db import migrations
from django.db import models as django_models
from shop import models
                 ~~~~~~ "Order" is the live model of shop.models: it need not fit the table that this migration finds.


def fill(apps, schema_editor):
    models.Order.objects.filter(number=None).update(number=0)
    models.Order(number=1).save()


class Migration(migrations.Migration):
    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddField("order", "code", django_models.CharField(max_length=9, default=models.default_code)),
    ]
`,
        fixed: [
          {
            title: 'Take "Order" from the historical models: apps.get_model("shop", "Order")',
            files: `
# file: shop/migrations/0002_numbers.py
from django.db import migrations
from django.db import models as django_models
from shop import models


def fill(apps, schema_editor):
    Order = apps.get_model("shop", "Order")
    Order.objects.filter(number=None).update(number=0)
    Order(number=1).save()


class Migration(migrations.Migration):
    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddField("order", "code", django_models.CharField(max_length=9, default=models.default_code)),
    ]
`,
          },
        ],
      },
      {
        title: 'Methods that only the live class has: told, but not rewritten',
        files: `
# file: shop/models.py
from django.db import models


class Category(models.Model):
    name = models.CharField(max_length=200)

    @property
    def path(self):
        return "/" + self.name
# file: shop/migrations/0002_paths.py
from django.db import migrations
from shop.models import Category
                        ~~~~~~~~ "Category" is the live model of shop.models: it need not fit the table that this migration finds.
from treebeard.models import Node
                             ~~~~ "Node" is the live model of treebeard.models: it need not fit the table that this migration finds.


def fill_paths(apps, schema_editor):
    for category in Category.objects.filter(url="").iterator():
        category.url = category.path
        category.save()
    Node.fix_tree(fix_paths=True)


class Migration(migrations.Migration):
    operations = [migrations.RunPython(fill_paths, migrations.RunPython.noop)]
`,
      },
      {
        title: 'A helper that has no apps: told, but not rewritten',
        files: `
# file: shop/migrations/0002_numbers.py
from django.db import migrations
from shop.models import Order
                        ~~~~~ "Order" is the live model of shop.models: it need not fit the table that this migration finds.


def fill_numbers():
    Order.objects.filter(number=None).update(number=0)


class Migration(migrations.Migration):
    operations = [migrations.RunPython(lambda apps, schema_editor: fill_numbers(), migrations.RunPython.noop)]
`,
      },
      {
        title: 'A revision imports models of the application',
        files: `
# file: shop/models.py
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    pass


class Order(Base):
    __tablename__ = "orders"
    id = sa.Column(sa.BigInteger, primary_key=True)
    state = sa.Column(sa.String(20))
# file: alembic/versions/8c1d_states.py
import sqlalchemy as sa
from alembic import op
from sqlalchemy.orm import Session

from shop import models
                 ~~~~~~ "Invoice" is the live model of shop.models: it need not fit the table that this migration finds.
from shop.models import Order
                        ~~~~~ "Order" is the live model of shop.models: it need not fit the table that this migration finds.

revision = "8c1d"
down_revision = None


def upgrade():
    session = Session(bind=op.get_bind())
    session.query(Order).filter(Order.state.is_(None)).update({"state": "new"})
    session.execute(sa.update(models.Invoice).where(models.Invoice.state.is_(None)).values(state="open"))
    session.commit()


def downgrade():
    pass
`,
      },
    ],
    good: [
      {
        title: 'A revision describes the columns that it needs, and imports types and constants',
        files: `
# file: alembic/versions/8c1d_states.py
import sqlalchemy as sa
from alembic import op

from shop.states import OrderState
from shop.types import Money

revision = "8c1d"
down_revision = None

orders = sa.table("orders", sa.column("id", sa.BigInteger), sa.column("state", sa.String), sa.column("total", Money()))


def upgrade():
    op.add_column("orders", sa.Column("paid", Money(), nullable=True))
    op.execute(orders.update().where(orders.c.state == OrderState.NEW).values(state="new"))


def downgrade():
    op.drop_column("orders", "paid")
`,
      },
      {
        title: 'The historical model, constants and field arguments',
        files: `
# file: shop/migrations/0002_status.py
from django.contrib.contenttypes.models import ContentType
from django.db import migrations, models
from shop.models import Order as LiveOrder
from shop.models import Customer, OrderStatus, default_code


def close(apps, schema_editor):
    Order = apps.get_model("shop", "Order")
    Customer = apps.get_model("shop", "Customer")
    Customer.objects.filter(name="").update(name=None)
    Order.objects.filter(status=LiveOrder.Status.OPEN).update(status=OrderStatus.CLOSED)
    ContentType.objects.get_for_model(Order)


class Migration(migrations.Migration):
    operations = [
        migrations.RunPython(close, migrations.RunPython.noop),
        migrations.AddField(
            "order",
            "code",
            models.CharField(max_length=9, default=default_code, choices=LiveOrder.CODES),
        ),
    ]
`,
      },
      {
        title: 'Only the way back uses it',
        files: `
# file: shop/migrations/0002_status.py
from django.db import migrations
from shop.models import Order


def forwards(apps, schema_editor):
    apps.get_model("shop", "Order").objects.filter(total=0).update(total=None)


def backwards(apps, schema_editor):
    Order.objects.filter(total=None).update(total=0)


class Migration(migrations.Migration):
    operations = [migrations.RunPython(forwards, backwards)]
`,
      },
    ],
  },
};

function liveMessage(name: string, importedFrom: string): string {
  return `"${name}" is the live model of ${importedFrom}: it need not fit the table that this migration finds.`;
}
