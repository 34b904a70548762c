import { listed } from '../base/listed.ts';
import { mergeRevision, rechainedRevision } from '../fixes/recipes/alembic/merged-heads.ts';
import { mergeMigration } from '../fixes/recipes/merge-migration.ts';
import { rechain } from '../fixes/recipes/rechain.ts';
import type { MigrationGroup, Project } from '../project/project.ts';
import type { Migration } from '../schema/migration.ts';
import type { MigrationId } from '../schema/migration-id.ts';
import { placeOfMigration } from './place-of-migration.ts';
import type { RelatedPlace, Rule } from './rule.ts';

export const multipleLeaves: Rule = {
  name: 'multiple-leaves',
  level: 'critical',
  group: 'History',
  summary: 'An app has several last migrations.',
  docs: {
    whatHappens:
      'Two migrations of one app build on the same earlier one, and nothing joins them again: mostly because two branches of the code each added a migration and both were merged. The app now has several last migrations, which Django calls leaf nodes.',
    whyItHurts:
      '`manage.py migrate` stops with «Conflicting migrations detected» before it runs anything, for every app. Deploys and test runs stand still until somebody decides the order.',
    whatToDo: {
      django:
        'Look whether both change the same thing. If they do not, join them with an empty merge migration (`makemigrations --merge` writes the same one). If they do, or if one of them has not been run anywhere yet, let the later one depend on the other instead: then the order is written down. Where the later one has already been run on some database, only the merge works there.',
      alembic:
        'Where the heads change different things, join them with an empty revision (`alembic merge heads` writes the same one). Where one of them has not been run anywhere yet, let it come after the other instead: change its `down_revision`. Heads that are meant to stay apart have a `branch_labels` each.',
    },
    whenItIsFine: 'Never: Django refuses such a history. Migrations for which a squash stands do not count.',
  },
  sources: [
    {
      title: 'Django: Version control',
      url: 'https://docs.djangoproject.com/en/5.2/topics/migrations/#version-control',
    },
    {
      title: 'Django: makemigrations --merge',
      url: 'https://docs.djangoproject.com/en/5.2/ref/django-admin/#cmdoption-makemigrations-merge',
    },
  ],

  *check(migration, { project }) {
    const group = project.graph.groups.get(project.graph.groupOf(migration.id));
    // Said once an app, at the migration that came last.
    if (group === undefined || group.leaves.length < 2 || group.leaves.at(-1) !== migration.id) return;
    if (isTorn(project, group)) return;
    yield {
      at: migration.at,
      message: messageOf(migration, group),
      related: otherLeaves(project, group.leaves.slice(0, -1)),
      fixes: () => [
        ...mergeMigration(project, group),
        ...rechain(project, group, migration.id),
        ...mergeRevision(project, group),
        ...rechainedRevision(project, group, migration.id),
      ],
    };
  },

  examples: {
    bad: [
      {
        title: 'Two branches each added a migration',
        files: `
# file: stock/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(name="Bin", fields=[("id", models.BigAutoField(primary_key=True))]),
    ]
# file: stock/migrations/0002_bin_capacity.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("stock", "0001_initial"),
    ]

    operations = [
        migrations.AddField("bin", "capacity", models.IntegerField(null=True)),
    ]
# file: stock/migrations/0002_bin_is_cooled.py
from django.db import migrations, models


class Migration(migrations.Migration):
      ~~~~~~~~~ "stock" has 2 last migrations, 0002_bin_capacity and 0002_bin_is_cooled: Django refuses to migrate.
    dependencies = [
        ("stock", "0001_initial"),
    ]

    operations = [
        migrations.AddField("bin", "is_cooled", models.BooleanField(null=True)),
    ]
`,
        fixed: [
          {
            title: 'Merge them in a new migration, 0003_merge_0002_bin_capacity_0002_bin_is_cooled',
            files: `
# file: stock/migrations/0003_merge_0002_bin_capacity_0002_bin_is_cooled.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("stock", "0002_bin_capacity"),
        ("stock", "0002_bin_is_cooled"),
    ]

    operations = []
`,
          },
          {
            title: 'Let 0002_bin_is_cooled depend on 0002_bin_capacity',
            files: `
# file: stock/migrations/0002_bin_is_cooled.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("stock", "0002_bin_capacity"),
    ]

    operations = [
        migrations.AddField("bin", "is_cooled", models.BooleanField(null=True)),
    ]
`,
          },
        ],
      },
      {
        title: 'A branch of two migrations with long names, laid out as Django does',
        files: `
# file: stock/migrations/0001_initial.py
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = []

    operations = []
# file: stock/migrations/0002_bins_know_their_capacity_in_liters.py
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [('stock', '0001_initial')]

    operations = []
# file: stock/migrations/0002_bins_know_whether_they_are_cooled.py
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [('stock', '0001_initial')]

    operations = []
# file: stock/migrations/0003_bins_know_their_temperature.py
from django.db import migrations


class Migration(migrations.Migration):
      ~~~~~~~~~ "stock" has 2 last migrations, 0002_bins_know_their_capacity_in_liters and 0003_bins_know_their_temperature: Django refuses to migrate.

    dependencies = [('stock', '0002_bins_know_whether_they_are_cooled')]

    operations = []
`,
        fixed: [
          {
            title: 'Merge them in a new migration, 0004_merge',
            files: `
# file: stock/migrations/0004_merge.py
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('stock', '0002_bins_know_their_capacity_in_liters'),
        ('stock', '0003_bins_know_their_temperature'),
    ]

    operations = []
`,
          },
          {
            title: 'Let 0002_bins_know_whether_they_are_cooled depend on 0002_bins_know_their_capacity_in_liters',
            files: `
# file: stock/migrations/0002_bins_know_whether_they_are_cooled.py
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [('stock', '0002_bins_know_their_capacity_in_liters')]

    operations = []
`,
          },
        ],
      },
      {
        title: 'Alembic: two branches each added a revision',
        files: `
# file: migrations/versions/1975ea83b712_bins.py
"""Bins

Revision ID: 1975ea83b712
Revises:
Create Date: 2025-05-18 08:30:12.345678

"""

import sqlalchemy as sa
from alembic import op

revision = "1975ea83b712"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("bins", sa.Column("id", sa.BigInteger(), primary_key=True))


def downgrade():
    op.drop_table("bins")
# file: migrations/versions/27c6a30d7c24_capacity_of_bins.py
"""Capacity of bins

Revision ID: 27c6a30d7c24
Revises: 1975ea83b712
Create Date: 2025-05-19 08:30:12.345678

"""

import sqlalchemy as sa
from alembic import op

revision = "27c6a30d7c24"
down_revision = "1975ea83b712"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("bins", sa.Column("capacity", sa.Integer()))


def downgrade():
    op.drop_column("bins", "capacity")
# file: migrations/versions/ae1027a6acf1_cooled_bins.py
"""Cooled bins

Revision ID: ae1027a6acf1
Revises: 1975ea83b712
Create Date: 2025-05-20 08:30:12.345678

"""

import sqlalchemy as sa
from alembic import op

revision = "ae1027a6acf1"
           ~~~~~~~~~~~~~~ The history has 2 heads, 27c6a30d7c24 and ae1027a6acf1: "alembic upgrade head" refuses to run.
down_revision = "1975ea83b712"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("bins", sa.Column("is_cooled", sa.Boolean()))


def downgrade():
    op.drop_column("bins", "is_cooled")
`,
        fixed: [
          {
            title: 'Merge them in a new revision, d8f2f608018d',
            files: `
# file: migrations/versions/d8f2f608018d_merge_27c6a30d7c24_and_ae1027a6acf1.py
"""Merge 27c6a30d7c24 and ae1027a6acf1

Revision ID: d8f2f608018d
Revises: 27c6a30d7c24, ae1027a6acf1
Create Date: 2025-05-20 08:30:12.345678

"""

revision = "d8f2f608018d"
down_revision = ("27c6a30d7c24", "ae1027a6acf1")
branch_labels = None
depends_on = None


def upgrade():
    pass


def downgrade():
    pass
`,
          },
          {
            title: 'Let ae1027a6acf1 come after 27c6a30d7c24',
            files: `
# file: migrations/versions/ae1027a6acf1_cooled_bins.py
"""Cooled bins

Revision ID: ae1027a6acf1
Revises: 27c6a30d7c24
Create Date: 2025-05-20 08:30:12.345678

"""

import sqlalchemy as sa
from alembic import op

revision = "ae1027a6acf1"
down_revision = "27c6a30d7c24"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("bins", sa.Column("is_cooled", sa.Boolean()))


def downgrade():
    op.drop_column("bins", "is_cooled")
`,
          },
        ],
      },
    ],
    good: [
      {
        title: 'A merge migration joins the branches',
        files: `
# file: stock/migrations/0001_initial.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = []
    operations = []
# file: stock/migrations/0002_bin_capacity.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("stock", "0001_initial")]
    operations = []
# file: stock/migrations/0002_bin_is_cooled.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("stock", "0001_initial")]
    operations = []
# file: stock/migrations/0003_merge_0002_bin_capacity_0002_bin_is_cooled.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("stock", "0002_bin_capacity"), ("stock", "0002_bin_is_cooled")]
    operations = []
`,
      },
      {
        title: 'The missing parent of one of them is what is wrong',
        files: `
# file: stock/migrations/0001_initial.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = []
    operations = []
# file: stock/migrations/0002_bin_capacity.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("stock", "0001_initial")]
    operations = []
# file: stock/migrations/0003_bin_is_cooled.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("stock", "0002_bin_capacities")]
    operations = []
`,
      },
      {
        title: 'A squash stands for one of the branches',
        files: `
# file: stock/migrations/0001_initial.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = []
    operations = []
# file: stock/migrations/0002_bin_capacity.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("stock", "0001_initial")]
    operations = []
# file: stock/migrations/0001_squashed_0002_bin_capacity.py
from django.db import migrations


class Migration(migrations.Migration):
    replaces = [("stock", "0001_initial"), ("stock", "0002_bin_capacity")]
    dependencies = []
    operations = []
`,
      },
    ],
  },
};

/** A migration that names a parent of the app that is missing: with it, there would be fewer leaves. */
function messageOf({ framework }: Migration, { name, leaves }: MigrationGroup): string {
  if (framework === 'alembic') {
    return `The history has ${leaves.length} heads, ${listed(leaves)}: "alembic upgrade head" refuses to run.`;
  }
  const names = leaves.map((id) => id.slice(name.length + 1));
  return `"${name}" has ${leaves.length} last migrations, ${listed(names)}: Django refuses to migrate.`;
}

function isTorn(project: Project, { name, members }: MigrationGroup): boolean {
  return members.some((id) => project.graph.unknownParentsOf(id).some(({ app }) => app === name));
}

function otherLeaves(project: Project, leaves: readonly MigrationId[]): readonly RelatedPlace[] {
  return leaves.flatMap((id) => {
    const place = placeOfMigration(id, project);
    return place ? [{ ...place, message: 'This is a last migration, too.' }] : [];
  });
}
