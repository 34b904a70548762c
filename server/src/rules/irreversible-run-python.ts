import { reverseCode } from '../fixes/recipes/reverse-code.ts';
import { changesOf } from '../schema/change.ts';
import type { Rule } from './rule.ts';

export const irreversibleRunPython: Rule = {
  name: 'irreversible-run-python',
  level: 'high',
  group: 'Cannot be rolled back',
  kinds: ['RunCode'],
  summary: 'A `RunPython` has no `reverse_code`: the migration cannot be migrated back.',
  docs: {
    whatHappens:
      'Without `reverse_code`, migrating back stops at this operation with `IrreversibleError`, and so does migrating back any migration before it.',
    whyItHurts:
      'When a deploy goes wrong, rolling back is what is left, and it is then that it turns out not to work: usually because of a function that would not even need a reverse.',
    whatToDo: {
      django:
        'Where the function only adds rows or fills columns that go with the migration, there is nothing to take back: `reverse_code=migrations.RunPython.noop`. Where what it did can be undone, write the function that does. Where it cannot, write one that raises `IrreversibleError` and says why: whoever needs to roll back then knows what is at stake.',
    },
    whenItIsFine:
      'Any `reverse_code` counts, `RunPython.noop`, an empty function and one that raises among them: then somebody has thought about it.',
  },
  sources: [
    {
      title: 'Django: RunPython',
      url: 'https://docs.djangoproject.com/en/5.2/ref/migration-operations/#runpython',
    },
  ],

  *check(migration, context) {
    for (const change of changesOf(migration.forward, 'RunCode')) {
      if (change.reverse !== 'missing') continue;
      const name = change.functionName === undefined ? 'this function' : `"${change.functionName}"`;
      yield {
        at: change.origin.call?.callee.span ?? change.at,
        message: `Migrating back stops here: ${name} has no reverse_code.`,
        cause: change,
        fixes: () => reverseCode(change, migration, context),
      };
    }
  },

  examples: {
    bad: [
      {
        title: 'Rows are deleted: there is no way back, and the reverse says so',
        files: `
# file: prompts/migrations/0002_reset.py
from django.db import migrations


def reset_all_preferences(apps, schema_editor):
    EmailPreferences = apps.get_model("prompts", "EmailPreferences")
    EmailPreferences.objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("prompts", "0001_initial")]

    operations = [
        migrations.RunPython(reset_all_preferences),
        ~~~~~~~~~~~~~~~~~~~~ Migrating back stops here: "reset_all_preferences" has no reverse_code.
    ]
`,
        fixed: [
          {
            title: 'Write a reverse function that says why there is no way back',
            files: `
# file: prompts/migrations/0002_reset.py
from django.db import migrations
from django.db.migrations.exceptions import IrreversibleError


def reset_all_preferences(apps, schema_editor):
    EmailPreferences = apps.get_model("prompts", "EmailPreferences")
    EmailPreferences.objects.all().delete()


def reverse_reset_all_preferences(apps, schema_editor):
    raise IrreversibleError("The rows of prompts_emailpreferences that were deleted cannot be brought back.")


class Migration(migrations.Migration):
    dependencies = [("prompts", "0001_initial")]

    operations = [
        migrations.RunPython(reset_all_preferences, reverse_code=reverse_reset_all_preferences),
    ]
`,
          },
        ],
      },
      {
        title: 'Rows are added that are found again: nothing to take back',
        files: `
# file: shop/migrations/0002_countries.py
from django.db import migrations


def add_countries(apps, schema_editor):
    Country = apps.get_model("shop", "Country")
    for code in ["AT", "CH"]:
        Country.objects.get_or_create(code=code, defaults={"active": True})


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunPython(
        ~~~~~~~~~~~~~~~~~~~~ Migrating back stops here: "add_countries" has no reverse_code.
            code=add_countries,
            elidable=True,
        ),
    ]
`,
        fixed: [
          {
            title: 'Allow migrating back: reverse_code=migrations.RunPython.noop',
            files: `
# file: shop/migrations/0002_countries.py
from django.db import migrations


def add_countries(apps, schema_editor):
    Country = apps.get_model("shop", "Country")
    for code in ["AT", "CH"]:
        Country.objects.get_or_create(code=code, defaults={"active": True})


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunPython(
            code=add_countries,
            elidable=True,
            reverse_code=migrations.RunPython.noop,
        ),
    ]
`,
          },
          {
            title: 'Write the reverse function "reverse_add_countries"',
            files: `
# file: shop/migrations/0002_countries.py
from django.db import migrations


def add_countries(apps, schema_editor):
    Country = apps.get_model("shop", "Country")
    for code in ["AT", "CH"]:
        Country.objects.get_or_create(code=code, defaults={"active": True})


def reverse_add_countries(apps, schema_editor):
    Country = apps.get_model("shop", "Country")
    for code in ["AT", "CH"]:
        Country.objects.filter(code=code).delete()


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunPython(
            code=add_countries,
            elidable=True,
            reverse_code=reverse_add_countries,
        ),
    ]
`,
          },
        ],
      },
      {
        title: 'A column of the same migration is filled: it goes when the migration is rolled back',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(name="Order", fields=[("id", models.BigAutoField(primary_key=True))]),
    ]
# file: shop/migrations/0002_total.py
from django.db import migrations, models


def fill_total(apps, schema_editor):
    for order in apps.get_model("shop", "Order").objects.iterator():
        order.total = order.pk * 2
        order.save(update_fields=["total"])


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField("order", "total", models.IntegerField(null=True)),
        migrations.RunPython(fill_total, None),
        ~~~~~~~~~~~~~~~~~~~~ Migrating back stops here: "fill_total" has no reverse_code.
    ]
`,
        fixed: [
          {
            title: 'Allow migrating back: reverse_code=migrations.RunPython.noop',
            files: `
# file: shop/migrations/0002_total.py
from django.db import migrations, models


def fill_total(apps, schema_editor):
    for order in apps.get_model("shop", "Order").objects.iterator():
        order.total = order.pk * 2
        order.save(update_fields=["total"])


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField("order", "total", models.IntegerField(null=True)),
        migrations.RunPython(fill_total, migrations.RunPython.noop),
    ]
`,
          },
        ],
      },
      {
        title: 'SQL changes tables: that stays behind',
        files: `
# file: shop/migrations/0002_total_index.py
from django.db import migrations


def build_index(apps, schema_editor):
    schema_editor.execute("CREATE INDEX order_total_idx ON shop_order (total)")


class Migration(migrations.Migration):
    operations = [
        migrations.RunPython(build_index),
        ~~~~~~~~~~~~~~~~~~~~ Migrating back stops here: "build_index" has no reverse_code.
    ]
`,
        fixed: [
          {
            title: 'Write a reverse function that says why there is no way back',
            files: `
# file: shop/migrations/0002_total_index.py
from django.db import migrations
from django.db.migrations.exceptions import IrreversibleError


def build_index(apps, schema_editor):
    schema_editor.execute("CREATE INDEX order_total_idx ON shop_order (total)")


def reverse_build_index(apps, schema_editor):
    raise IrreversibleError("What build_index did to the database cannot be undone.")


class Migration(migrations.Migration):
    operations = [
        migrations.RunPython(build_index, reverse_code=reverse_build_index),
    ]
`,
          },
        ],
      },
      {
        title: 'SQL only looks: nothing to take back',
        files: `
# file: shop/migrations/0002_check.py
from django.db import connection, migrations


def check_totals(apps, schema_editor):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM shop_order WHERE total < 0")
        print(cursor.fetchone())


class Migration(migrations.Migration):
    operations = [
        migrations.RunPython(check_totals),
        ~~~~~~~~~~~~~~~~~~~~ Migrating back stops here: "check_totals" has no reverse_code.
    ]
`,
        fixed: [
          {
            title: 'Allow migrating back: reverse_code=migrations.RunPython.noop',
            files: `
# file: shop/migrations/0002_check.py
from django.db import connection, migrations


def check_totals(apps, schema_editor):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM shop_order WHERE total < 0")
        print(cursor.fetchone())


class Migration(migrations.Migration):
    operations = [
        migrations.RunPython(check_totals, reverse_code=migrations.RunPython.noop),
    ]
`,
          },
        ],
      },
      {
        title: 'Constants that replace others are exchanged',
        files: `
# file: shop/migrations/0002_status.py
from django.db import migrations


def rename_status(apps, schema_editor):
    """Shorter names."""
    Order = apps.get_model("shop", "Order")
    db = schema_editor.connection.alias
    # The oldest first.
    Order.objects.using(db).filter(status="payment-received").update(status="paid")
    Order.objects.using(db).filter(note="", channel=1).update(note=None)


class Migration(migrations.Migration):
    operations = [migrations.RunPython(rename_status)]
                  ~~~~~~~~~~~~~~~~~~~~ Migrating back stops here: "rename_status" has no reverse_code.
`,
        fixed: [
          {
            title: 'Write the reverse function "reverse_rename_status"',
            files: `
# file: shop/migrations/0002_status.py
from django.db import migrations


def rename_status(apps, schema_editor):
    """Shorter names."""
    Order = apps.get_model("shop", "Order")
    db = schema_editor.connection.alias
    # The oldest first.
    Order.objects.using(db).filter(status="payment-received").update(status="paid")
    Order.objects.using(db).filter(note="", channel=1).update(note=None)


def reverse_rename_status(apps, schema_editor):
    Order = apps.get_model("shop", "Order")
    db = schema_editor.connection.alias
    Order.objects.using(db).filter(note__isnull=True, channel=1).update(note="")
    Order.objects.using(db).filter(status="paid").update(status="payment-received")


class Migration(migrations.Migration):
    operations = [migrations.RunPython(rename_status, reverse_code=reverse_rename_status)]
`,
          },
        ],
      },
      {
        title: 'Rows that would be added twice, a lambda, a function that is not here',
        files: `
# file: shop/migrations/0002_add.py
from django.db import migrations

from shop.setup import prepare


def add_default(apps, schema_editor):
    apps.get_model("shop", "Channel").objects.create(slug="default", active=True)


class Migration(migrations.Migration):
    operations = [
        migrations.RunPython(add_default),
        ~~~~~~~~~~~~~~~~~~~~ Migrating back stops here: "add_default" has no reverse_code.
        migrations.RunPython(lambda apps, schema_editor: None),
        ~~~~~~~~~~~~~~~~~~~~ Migrating back stops here: this function has no reverse_code.
        migrations.RunPython(prepare),
        ~~~~~~~~~~~~~~~~~~~~ Migrating back stops here: "prepare" has no reverse_code.
    ]
`,
        fixed: [
          {
            title: 'Write the reverse function "reverse_add_default"',
            files: `
# file: shop/migrations/0002_add.py
from django.db import migrations

from shop.setup import prepare


def add_default(apps, schema_editor):
    apps.get_model("shop", "Channel").objects.create(slug="default", active=True)


def reverse_add_default(apps, schema_editor):
    apps.get_model("shop", "Channel").objects.filter(slug="default", active=True).delete()


class Migration(migrations.Migration):
    operations = [
        migrations.RunPython(add_default, reverse_code=reverse_add_default),
        migrations.RunPython(lambda apps, schema_editor: None),
        migrations.RunPython(prepare),
    ]
`,
          },
          {
            title: 'Write a reverse function that says why there is no way back',
            files: `
# file: shop/migrations/0002_add.py
from django.db import migrations
from django.db.migrations.exceptions import IrreversibleError

from shop.setup import prepare


def add_default(apps, schema_editor):
    apps.get_model("shop", "Channel").objects.create(slug="default", active=True)


def reverse_prepare(apps, schema_editor):
    raise IrreversibleError("What prepare did to rows cannot be undone.")


class Migration(migrations.Migration):
    operations = [
        migrations.RunPython(add_default),
        migrations.RunPython(lambda apps, schema_editor: None),
        migrations.RunPython(prepare, reverse_code=reverse_prepare),
    ]
`,
          },
        ],
      },
    ],
    good: [
      {
        title: 'Any reverse will do: by position, by name, on purpose none, one that raises',
        files: `
# file: shop/migrations/0002_data.py
from django.db import migrations
from django.db.migrations.exceptions import IrreversibleError


def forwards(apps, schema_editor):
    apps.get_model("shop", "Order").objects.filter(total=0).delete()


def backwards(apps, schema_editor):
    pass


def refuse(apps, schema_editor):
    raise IrreversibleError("Ask for the backup.")


class Migration(migrations.Migration):
    operations = [
        migrations.RunPython(forwards, backwards),
        migrations.RunPython(code=forwards, reverse_code=refuse),
        migrations.RunPython(forwards, migrations.RunPython.noop),
        migrations.RunPython(forwards, lambda apps, schema_editor: None),
    ]
`,
      },
    ],
  },
};
