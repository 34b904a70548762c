import { renamedMigration } from '../fixes/recipes/renamed-migration.ts';
import type { Project } from '../project/project.ts';
import type { MigrationId } from '../schema/migration-id.ts';
import type { Rule } from './rule.ts';

export const autoNamedMigration: Rule = {
  name: 'auto-named-migration',
  level: 'low',
  group: 'History',
  summary: 'The name of a migration is a date and says nothing about what it does.',
  docs: {
    whatHappens:
      'Django names a migration after the day and the minute when it finds no words for it: several operations before Django 3.2, data functions and SQL ever since. `0007_auto_20240311_1015` it is then, in the folder, in the output of `migrate`, and in the table of applied migrations.',
    whyItHurts:
      'Who watches a deploy, looks for the migration that added a column, or has to say which one to go back to, has to open each of them. Two branches that made one on the same day look alike.',
    whatToDo: {
      django:
        'Give it a name when it is made: `makemigrations --name order_placed_at`. As long as it has run nowhere, rename the file and what depends on it. Where it has run, the renamed migration says so: `replaces = [("shop", "0007_auto_20240311_1015")]`.',
    },
    whenItIsFine:
      'Old ones stay as they are: only those at the end of an app’s history are reported, which no migration with a name of its own follows. Merges, and migrations for which a squash stands, are not reported.',
  },
  sources: [
    {
      title: 'Django: makemigrations --name',
      url: 'https://docs.djangoproject.com/en/5.2/ref/django-admin/#cmdoption-makemigrations-name',
    },
  ],

  *check(migration, context) {
    const { project } = context;
    const name = nameOf(migration.id);
    if (!isDate(name) || project.graph.squashOf(migration.id) !== undefined) return;
    if (isFollowed(migration.id, project)) return;
    yield {
      at: migration.at,
      message: `The name ${name} says nothing about what this migration does.`,
      fixes: () => renamedMigration(migration, context),
    };
  },

  examples: {
    bad: [
      {
        title: 'The newest migration of an app',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[("id", models.BigAutoField(primary_key=True)), ("code", models.TextField(null=True))],
        ),
    ]
# file: basket/migrations/0001_initial.py
from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = [("shop", "0002_auto_20240311_1015")]
    operations = []
# file: shop/migrations/0002_auto_20240311_1015.py
from django.db import migrations


def fill_codes(apps, schema_editor):
    Order = apps.get_model("shop", "Order")
    Order.objects.filter(code=None).update(code="")


class Migration(migrations.Migration):
      ~~~~~~~~~ The name 0002_auto_20240311_1015 says nothing about what this migration does.
    dependencies = [("shop", "0001_initial")]

    operations = [migrations.RunPython(fill_codes, migrations.RunPython.noop)]
`,
        fixed: [
          {
            title: 'Rename the migration to 0002_fill_codes',
            files: `
# file: basket/migrations/0001_initial.py
from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = [("shop", "0002_fill_codes")]
    operations = []
# file: shop/migrations/0002_fill_codes.py
from django.db import migrations


def fill_codes(apps, schema_editor):
    Order = apps.get_model("shop", "Order")
    Order.objects.filter(code=None).update(code="")


class Migration(migrations.Migration):
    replaces = [("shop", "0002_auto_20240311_1015")]

    dependencies = [("shop", "0001_initial")]

    operations = [migrations.RunPython(fill_codes, migrations.RunPython.noop)]
`,
          },
        ],
      },
    ],
    good: [
      {
        title: 'Long ago',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    operations = []
# file: shop/migrations/0003_order_code.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0002_auto_20240311_1015")]
    operations = []
# file: shop/migrations/0002_auto_20240311_1015.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]
    operations = []
`,
      },
      {
        title: 'Something is named after a car',
        files: `
# file: shop/migrations/0002_auto_discount.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = []
    operations = []
`,
      },
      {
        title: 'A merge has nothing to tell',
        files: `
# file: shop/migrations/0003_merge_20240311_1015.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = []
    operations = []
`,
      },
    ],
  },
};

function nameOf(id: MigrationId): string {
  return id.slice(id.indexOf('.') + 1);
}

/** What Django makes of a day and a minute. */
function isDate(name: string): boolean {
  return /^\d+_auto_\d{8}(_\d{4})?$/.test(name);
}

/** Whether a migration of the app with a name of its own comes after it. */
function isFollowed(id: MigrationId, { graph }: Project): boolean {
  const app = graph.groupOf(id);
  const later = new Set([id]);
  for (const each of later) {
    for (const child of graph.childrenOf(each)) if (graph.groupOf(child) === app) later.add(child);
  }
  later.delete(id);
  return [...later].some((each) => !isDate(nameOf(each)) && !/^\d+_merge_/.test(nameOf(each)));
}
