import { changesOf, type UnsteadyValue } from '../schema/change.ts';
import type { Rule } from './rule.ts';

export const nondeterministicMigration: Rule = {
  name: 'nondeterministic-migration',
  level: 'medium',
  group: 'Data migrations',
  summary: 'Settings, chance, the clock or another machine decide what a data migration writes.',
  docs: {
    whatHappens:
      'A data function puts a value into rows that it takes from the settings or the environment, from `random`, or from the time at which it runs, or it asks another machine for what to write. Each database that the migration runs on can end up with other rows: the laptop, the test database, staging, production, and the copy that is restored next year.',
    whyItHurts:
      'What was tried out is not what production gets. Two databases with the same migrations differ, and nobody can tell which of them is right. A setting that is renamed or removed later breaks the migration for every new database, and so does a service that has moved.',
    whatToDo: {
      django:
        'Write the value into the migration: it is a record of what was decided then. Where the databases have to differ, do it in a management command that says so. A random choice gets a seed; what is asked over the network is put into a file beside the migration first.',
      alembic:
        'Write the value into the revision: it is a record of what was decided then. The time at which a row is written can come from the database: `sa.func.now()`. Where databases have to differ, do it in a command of the application that says so.',
    },
    whenItIsFine:
      'Keys that are meant to differ (`uuid.uuid4()`, `secrets`, `get_random_string()`), the time in rows that the migration creates or in a column that tells when its row was last written, settings that name a model or a site, and conditions are not reported: a flag that has to be set before anything happens is a guard.',
  },
  sources: [
    {
      title: 'Django: Data migrations',
      url: 'https://docs.djangoproject.com/en/5.2/topics/migrations/#data-migrations',
    },
  ],

  *check(migration) {
    for (const unsteady of migration.unsteady?.() ?? []) {
      yield { at: unsteady.at, message: messageOf(unsteady) };
    }
    for (const code of changesOf(migration.forward, 'RunCode')) {
      for (const unsteady of code.unsteady) yield { at: unsteady.at, message: messageOf(unsteady), cause: code };
    }
  },

  examples: {
    bad: [
      {
        title: 'Settings and the environment',
        files: `
# file: shop/migrations/0002_currency.py
import os

from django.conf import settings
from django.db import migrations


def fill_currency(apps, schema_editor):
    Order = apps.get_model("shop", "Order")
    Channel = apps.get_model("shop", "Channel")
    Order.objects.filter(currency=None).update(currency=settings.DEFAULT_CURRENCY)
                                                        ~~~~~~~~~~~~~~~~~~~~~~~~~ "currency" is set to DEFAULT_CURRENCY of the settings or the environment: each database can get another value.
    Channel.objects.get_or_create(slug="web", defaults={"country": os.environ.get("DEFAULT_COUNTRY", "US")})
                                                       ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ "country" is set to DEFAULT_COUNTRY of the settings or the environment: each database can get another value.


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [migrations.RunPython(fill_currency, migrations.RunPython.noop)]
`,
      },
      {
        title: 'Chance and the clock',
        files: `
# file: shop/migrations/0002_groups.py
import random

from django.db import migrations
from django.utils import timezone


def assign_groups(apps, schema_editor):
    Order = apps.get_model("shop", "Order")
    for order in Order.objects.iterator(chunk_size=500):
        order.test_group = random.choice(["a", "b"])
                           ~~~~~~~~~~~~~~~~~~~~~~~~~ "test_group" is set by random.choice: each database gets another value.
        order.placed_on = timezone.now().date()
                          ~~~~~~~~~~~~~~~~~~~~~ "placed_on" is set to the time at which the migration runs: each database gets another value.
        order.save()


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [migrations.RunPython(assign_groups, migrations.RunPython.noop)]
`,
      },
      {
        title: 'Another machine is asked',
        files: `
# file: shop/migrations/0002_rates.py
import requests
from django.db import migrations


def load_rates(apps, schema_editor):
    Rate = apps.get_model("shop", "Rate")
    for code, value in requests.get("https://example.org/rates.json", timeout=10).json().items():
                       ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ The migration asks another machine (requests.get): what it gets differs from day to day, or it gets nothing and fails.
        Rate.objects.create(code=code, value=value)


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [migrations.RunPython(load_rates, migrations.RunPython.noop)]
`,
      },
      {
        title: 'Alembic: values of rows',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_fill_orders.py
"""Fill orders"""
import os
import random
from datetime import datetime, timezone

import requests
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"

orders = sa.table("orders", sa.column("country"), sa.column("placed_on"), sa.column("test_group"))


def upgrade():
    today = datetime.now(timezone.utc).date()
            ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ "placed_on" is set to the time at which the migration runs: each database gets another value.
    op.execute(orders.update().where(orders.c.placed_on.is_(None)).values(placed_on=today))
    op.bulk_insert(orders, [{"country": os.environ["COUNTRY"], "test_group": random.choice("ab")}])
                                        ~~~~~~~~~~~~~~~~~~~~~ "country" is set to COUNTRY of the settings or the environment: each database can get another value.
                                                                             ~~~~~~~~~~~~~~~~~~~ "test_group" is set by random.choice: each database gets another value.
    rate = requests.get("https://rates.example").json()["EUR"]
           ~~~~~~~~~~~~ The migration asks another machine (requests.get): what it gets differs from day to day, or it gets nothing and fails.
    op.get_bind().execute(sa.text("UPDATE orders SET rate = :rate WHERE id = 1"), {"rate": rate})
    op.get_bind().execute(sa.text("UPDATE orders SET host = :host WHERE id = 1"), {"host": os.getenv("HOST", "x")})
                                                                                           ~~~~~~~~~~~~~~~~~~~~~~ "host" is set to HOST of the settings or the environment: each database can get another value.


def downgrade():
    pass
`,
      },
    ],
    good: [
      {
        title:
          'Alembic: keys, rows that are made now, the time of the last change, a flag, and a test of the environment',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_fill_orders.py
"""Fill orders"""
import os
import uuid
from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"

orders = sa.table("orders", sa.column("id"), sa.column("created_at"), sa.column("updated_at"))


def upgrade():
    if os.environ.get("ENVIRONMENT") == "production":
        raise RuntimeError("Review this revision first.")
    op.bulk_insert(orders, [{"id": uuid.uuid4(), "created_at": datetime.utcnow()}])
    op.execute(orders.insert().values(id=uuid.uuid4(), created_at=datetime.now()))
    op.execute(orders.update().where(orders.c.id == 1).values(updated_at=datetime.now(), placed_at=sa.func.now()))
    op.execute(sa.text("INSERT INTO orders (created_at) VALUES (:now)").bindparams(now=datetime.now()))


def downgrade():
    pass
`,
      },
      {
        title: 'A library for the network that asks nobody anything',
        files: `
# file: shop/migrations/0002_hosts.py
from django.db import migrations
from urllib3.util import parse_url


def fill_hosts(apps, schema_editor):
    Link = apps.get_model("shop", "Link")
    for link in Link.objects.iterator(chunk_size=500):
        link.host = parse_url(link.url).host
        link.save(update_fields=["host"])


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [migrations.RunPython(fill_hosts, migrations.RunPython.noop)]
`,
      },
      {
        title: 'A key for each row, which is meant to be its own',
        files: `
# file: shop/migrations/0002_tokens.py
import uuid

from django.db import migrations


def fill_tokens(apps, schema_editor):
    Order = apps.get_model("shop", "Order")
    for order in Order.objects.filter(token=None).iterator(chunk_size=500):
        order.token = uuid.uuid4()
        order.save(update_fields=["token"])


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [migrations.RunPython(fill_tokens, migrations.RunPython.noop)]
`,
      },
      {
        title:
          'New rows are dated, written rows say when they were written, a flag has to be set, the user model is named',
        files: `
# file: shop/migrations/0002_channel.py
import os

from django.conf import settings
from django.db import migrations
from django.utils import timezone


def add_channel(apps, schema_editor):
    if not os.environ.get("ALLOW_CHANNELS"):
        return
    Channel = apps.get_model("shop", "Channel")
    User = apps.get_model(settings.AUTH_USER_MODEL)
    Channel.objects.create(slug="web", created_at=timezone.now(), owner=User.objects.first())
    Channel.objects.filter(slug="shop").update(updated_at=timezone.now())


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [migrations.RunPython(add_channel, migrations.RunPython.noop)]
`,
      },
      {
        title: 'The time decides which rows, not what is written into them',
        files: `
# file: shop/migrations/0002_expired.py
from django.db import migrations
from django.utils import timezone


def expire(apps, schema_editor):
    Order = apps.get_model("shop", "Order")
    Order.objects.filter(expires_at__lt=timezone.now()).update(status="expired")


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [migrations.RunPython(expire, migrations.RunPython.noop)]
`,
      },
    ],
  },
};

function messageOf({ source, name, field }: UnsteadyValue): string {
  switch (source) {
    case 'environment':
      return `"${field}" is set to ${name} of the settings or the environment: each database can get another value.`;
    case 'random':
      return `"${field}" is set by ${name}: each database gets another value.`;
    case 'clock':
      return `"${field}" is set to the time at which the migration runs: each database gets another value.`;
    case 'network':
      return `The migration asks another machine (${name}): what it gets differs from day to day, or it gets nothing and fails.`;
  }
}
