import type { Fix } from '../fixes/fix.ts';
import { addedDependency } from '../fixes/recipes/added-dependency.ts';
import type { Project } from '../project/project.ts';
import type { Migration } from '../schema/migration.ts';
import { type UnorderedUse, unorderedUses } from './needed-models.ts';
import type { Rule } from './rule.ts';

export const missingDependency: Rule = {
  name: 'missing-dependency',
  level: 'high',
  group: 'History',
  summary: 'A migration uses a model of another app, and nothing makes the migration run first that creates it.',
  docs: {
    whatHappens:
      'A field points to a model of another app, a base class comes from there, or a data function asks `apps.get_model()` for it. None of the dependencies, nor theirs in turn, leads to the migration that creates the model. Django orders migrations by their dependencies alone, so the model may or may not be there when this one runs.',
    whyItHurts:
      'Where the database has grown step by step, the other app was migrated long ago and nobody notices. On an empty database (a new colleague, every test run, a new region) the order can be another one: a field fails with «related model cannot be resolved», `get_model` with `LookupError`. An app that is added or renamed later can change the order too.',
    whatToDo: {
      django:
        'Add the migration that creates the model, or the latest one that the code relies on, to `dependencies`. For the user model, write `migrations.swappable_dependency(settings.AUTH_USER_MODEL)`.',
    },
    whenItIsFine:
      'Models of the same app are not reported, nor those of apps whose migrations are not in the workspace, with the exception of Django’s own, nor what is looked up inside a `try`. Where a dependency of the migration leads to an installed package, what that one depends on is not known, and Django’s own apps are taken to be among it.',
  },
  sources: [
    {
      title: 'Django: Accessing models from other apps',
      url: 'https://docs.djangoproject.com/en/5.2/howto/writing-migrations/#migrating-data-between-third-party-apps',
    },
    {
      title: 'Django: Dependencies',
      url: 'https://docs.djangoproject.com/en/5.2/topics/migrations/#dependencies',
    },
  ],

  *check(migration, { project }) {
    const judged = project.migration(migration.id);
    if (judged === undefined || !migration.complete) return;
    for (const use of unorderedUses(judged, project)) {
      const { at, code } = use;
      yield {
        at,
        message: messageOf(use),
        fixes: () => dependOnCreator(migration, use, project),
        ...(code && { cause: code }),
      };
    }
  },

  examples: {
    bad: [
      {
        title: 'A data function takes a model of another app',
        files: `
# file: catalog/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Brand",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=100)),
            ],
        ),
    ]
# file: stock/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Bin",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("label", models.CharField(max_length=100)),
            ],
        ),
    ]
# file: stock/migrations/0002_a_bin_for_each_brand.py
from django.db import migrations


def add_bins(apps, schema_editor):
    Bin = apps.get_model("stock", "Bin")
    Brand = apps.get_model("catalog", "Brand")
            ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Nothing makes catalog.0001_initial run before this migration: "catalog.Brand" may not exist yet.
    for brand in Brand.objects.iterator(chunk_size=500):
        Bin.objects.get_or_create(label=brand.name)


class Migration(migrations.Migration):
    dependencies = [
        ("stock", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(add_bins, migrations.RunPython.noop),
    ]
`,
        fixed: [
          {
            title: 'Depend on catalog.0001_initial',
            files: `
# file: stock/migrations/0002_a_bin_for_each_brand.py
from django.db import migrations


def add_bins(apps, schema_editor):
    Bin = apps.get_model("stock", "Bin")
    Brand = apps.get_model("catalog", "Brand")
    for brand in Brand.objects.iterator(chunk_size=500):
        Bin.objects.get_or_create(label=brand.name)


class Migration(migrations.Migration):
    dependencies = [
        ("stock", "0001_initial"),
        ("catalog", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(add_bins, migrations.RunPython.noop),
    ]
`,
          },
        ],
      },
      {
        title: 'A field points to a model that is created only later',
        files: `
# file: stock/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Bin",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
            ],
        ),
    ]
# file: warehouse/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Hall",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
            ],
        ),
    ]
# file: stock/migrations/0002_bin_hall.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("stock", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="bin",
            name="hall",
            field=models.ForeignKey(
                "warehouse.Hall",
                ~~~~~~~~~~~~~~~~ Nothing makes warehouse.0001_initial run before this migration: "warehouse.Hall" does not exist yet.
                null=True,
                on_delete=models.PROTECT,
            ),
        ),
    ]
`,
        fixed: [
          {
            title: 'Depend on warehouse.0001_initial',
            files: `
# file: stock/migrations/0002_bin_hall.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("stock", "0001_initial"), ("warehouse", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="bin",
            name="hall",
            field=models.ForeignKey(
                "warehouse.Hall",
                null=True,
                on_delete=models.PROTECT,
            ),
        ),
    ]
`,
          },
        ],
      },
      {
        title: 'A model of Django’s own apps',
        files: `
# file: accounts/migrations/0001_clerks.py
from django.db import migrations


def create_group(apps, schema_editor):
    apps.get_model("auth", "Group").objects.get_or_create(name="Clerks")
    ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Nothing makes the migrations of "auth" run before this migration: "auth.Group" may not exist yet.


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.RunPython(create_group, migrations.RunPython.noop)]
`,
        fixed: [
          {
            title: 'Depend on auth.0012_alter_user_first_name_max_length',
            files: `
# file: accounts/migrations/0001_clerks.py
from django.db import migrations


def create_group(apps, schema_editor):
    apps.get_model("auth", "Group").objects.get_or_create(name="Clerks")


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]
    operations = [migrations.RunPython(create_group, migrations.RunPython.noop)]
`,
          },
        ],
      },
      {
        title: 'The user model, by its setting',
        files: `
# file: shop/settings.py
AUTH_USER_MODEL = "people.Person"
INSTALLED_APPS = ["people", "accounts"]
# file: people/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
            ],
        ),
    ]
# file: accounts/migrations/0001_initial.py
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Account",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=models.CASCADE,
                        to=settings.AUTH_USER_MODEL,
                           ~~~~~~~~~~~~~~~~~~~~~~~~ Nothing makes people.0001_initial run before this migration: "people.Person" does not exist yet.
                    ),
                ),
            ],
        ),
    ]
`,
        fixed: [
          {
            title: 'Depend on the app of settings.AUTH_USER_MODEL',
            files: `
# file: accounts/migrations/0001_initial.py
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Account",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=models.CASCADE,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
    ]
`,
          },
        ],
      },
    ],
    good: [
      {
        title: 'The dependency leads there in several steps',
        files: `
# file: catalog/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = []
    operations = [
        migrations.CreateModel("Brand", [("id", models.BigAutoField(primary_key=True))]),
    ]
# file: catalog/migrations/0002_brand_name.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial")]
    operations = [
        migrations.AddField("brand", "name", models.CharField(max_length=100, null=True)),
    ]
# file: stock/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0002_brand_name")]
    operations = [
        migrations.CreateModel("Bin", [("id", models.BigAutoField(primary_key=True))]),
    ]
# file: stock/migrations/0002_bin_brand.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("stock", "0001_initial")]
    operations = [
        migrations.AddField("bin", "brand", models.ForeignKey("catalog.Brand", models.CASCADE, null=True)),
    ]
`,
      },
      {
        title: 'A squash stands for the migration that created the model',
        files: `
# file: catalog/migrations/0001_squashed_0002_brand_name.py
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("catalog", "0001_initial"), ("catalog", "0002_brand_name")]
    dependencies = []
    operations = [
        migrations.CreateModel("Brand", [("id", models.BigAutoField(primary_key=True))]),
    ]
# file: stock/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial")]
    operations = [
        migrations.CreateModel(
            "Bin",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("brand", models.ForeignKey("catalog.Brand", models.CASCADE)),
            ],
        ),
    ]
`,
      },
      {
        title: 'Another migration says that it has to run before this one',
        files: `
# file: catalog/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = []
    run_before = [("stock", "0001_initial")]
    operations = [
        migrations.CreateModel("Brand", [("id", models.BigAutoField(primary_key=True))]),
    ]
# file: stock/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = []
    operations = [
        migrations.CreateModel(
            "Bin",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("brand", models.ForeignKey("catalog.Brand", models.CASCADE)),
            ],
        ),
    ]
`,
      },
      {
        title: 'An app that need not be installed',
        files: `
# file: catalog/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = []
    operations = [
        migrations.CreateModel("Brand", [("id", models.BigAutoField(primary_key=True))]),
    ]
# file: stock/migrations/0001_initial.py
from django.db import migrations


def count_brands(apps, schema_editor):
    try:
        Brand = apps.get_model("catalog", "Brand")
    except LookupError:
        return
    print(Brand.objects.count())


class Migration(migrations.Migration):
    dependencies = [("wagtailcore", "0094_alter_page_locale")]
    operations = [migrations.RunPython(count_brands, migrations.RunPython.noop)]
`,
      },
      {
        title: 'What an installed package depends on is not known',
        files: `
# file: stock/migrations/0001_initial.py
from django.db import migrations


def create_group(apps, schema_editor):
    apps.get_model("auth", "Group").objects.get_or_create(name="Clerks")


class Migration(migrations.Migration):
    dependencies = [("guardian", "0002_generic_permissions_index")]
    operations = [migrations.RunPython(create_group, migrations.RunPython.noop)]
`,
      },
    ],
  },
};

function messageOf({ app, model, creator }: UnorderedUse): string {
  const first = creator.kind === 'contrib' ? `the migrations of "${app}"` : creator.id;
  const isThere = creator.kind === 'migration' && creator.runsLater ? 'does not' : 'may not';
  return `Nothing makes ${first} run before this migration: "${app}.${model}" ${isThere} exist yet.`;
}

function dependOnCreator({ id }: Migration, { creator, setting }: UnorderedUse, project: Project): readonly Fix[] {
  const source = project.source(id);
  if (source === undefined) return [];
  if (creator.kind === 'contrib') {
    return addedDependency(source, { kind: 'migration', app: creator.app, name: creator.last });
  }
  const target = project.source(creator.id);
  // The creator itself may have to run after this one.
  if (target === undefined || project.graph.ancestorsOf(creator.id).has(id)) return [];
  if (setting !== undefined) return addedDependency(source, { kind: 'swappable', setting });
  return addedDependency(source, { kind: 'migration', app: target.app, name: target.name });
}
