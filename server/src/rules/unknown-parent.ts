import { quoteOf } from '../fixes/edits/layout.ts';
import type { Fix } from '../fixes/fix.ts';
import { dependencyText } from '../fixes/new-migration.ts';
import { nearestParent } from '../fixes/recipes/alembic/merged-heads.ts';
import type { Project, UnknownParent } from '../project/project.ts';
import type { Migration } from '../schema/migration.ts';
import type { Rule } from './rule.ts';

export const unknownParent: Rule = {
  name: 'unknown-parent',
  level: 'critical',
  group: 'History',
  summary: 'A migration depends on one that does not exist.',
  docs: {
    whatHappens:
      'The migration names another one that must run before it, and the app that should have it has no migration of that name: it was renamed, deleted or squashed, its file was not committed, or the name has a slip in it.',
    whyItHurts:
      '`manage.py migrate` stops with `NodeNotFoundError` before it runs anything, for every app, and so does nearly every other command that looks at migrations.',
    whatToDo: {
      django:
        'Name the migration that is meant. After a rename, every migration that depends on the renamed one must follow. Where a migration was deleted after it had run somewhere, bring it back: databases remember that they have run it.',
      alembic:
        'Name the revision that is meant in `down_revision`. Where its file was deleted after it had run somewhere, bring it back: the table `alembic_version` remembers its id.',
    },
    whenItIsFine:
      'Dependencies on apps whose migrations are not in the workspace, as those of installed packages, are not reported. Neither are names that a squash lists in its `replaces`: the squash stands for them.',
  },
  sources: [
    {
      title: 'Django: Dependencies',
      url: 'https://docs.djangoproject.com/en/5.2/topics/migrations/#dependencies',
    },
  ],

  *check(migration, { project }) {
    const source = project.source(migration.id);
    for (const parent of project.graph.unknownParentsOf(migration.id)) {
      if (migration.framework === 'alembic') {
        const at = migration.parents[parent.index]?.at ?? migration.at;
        const revision = project.revision(migration.id);
        yield {
          at,
          message: `There is no revision ${parent.name}: Alembic refuses to migrate.`,
          fixes: () => (revision === undefined ? [] : nearestParent(revision, parent)),
        };
        continue;
      }
      const dependency = source?.dependencies[parent.index];
      // While the list is half-typed, the graph still knows the dependencies of before.
      if (dependency?.app !== parent.app || dependency.name !== parent.name) continue;
      yield {
        at: dependency.at,
        message: `"${parent.app}" has no migration ${parent.name}: Django refuses to migrate.`,
        fixes: () => dependOnNearest(migration, parent, project),
      };
    }
  },

  examples: {
    bad: [
      {
        title: 'The earlier migration was renamed',
        files: `
# file: returns/migrations/0001_initial.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = []
    operations = []
# file: returns/migrations/0002_return_received_at.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("returns", "0001_initial")]
    operations = []
# file: returns/migrations/0003_return_inspected_at.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("returns", "0002_auto_20240311_1015"),  # what it was called before
        ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ "returns" has no migration 0002_auto_20240311_1015: Django refuses to migrate.
    ]
    operations = []
`,
        fixed: [
          {
            title: 'Depend on 0002_return_received_at',
            files: `
# file: returns/migrations/0003_return_inspected_at.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("returns", "0002_return_received_at"),  # what it was called before
    ]
    operations = []
`,
          },
        ],
      },
      {
        title: 'A slip in the name of another app’s migration',
        files: `
# file: customers/migrations/0001_initial.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = []
    operations = []
# file: returns/migrations/0001_initial.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("customers", "001_intial"), ("auth", "0012_alter_user_first_name_max_length")]
                    ~~~~~~~~~~~~~~~~~~~~~~~~~~~ "customers" has no migration 001_intial: Django refuses to migrate.
    operations = []
`,
        fixed: [
          {
            title: 'Depend on 0001_initial',
            files: `
# file: returns/migrations/0001_initial.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_initial"), ("auth", "0012_alter_user_first_name_max_length")]
    operations = []
`,
          },
        ],
      },
      {
        title: 'Alembic: a slip in the id',
        files: `
# file: migrations/versions/1975ea83b712_bins.py
import sqlalchemy as sa
from alembic import op

revision = "1975ea83b712"
down_revision = None


def upgrade():
    op.create_table("bins", sa.Column("id", sa.BigInteger(), primary_key=True))


def downgrade():
    op.drop_table("bins")
# file: migrations/versions/ae1027a6acf1_cooled_bins.py
"""Cooled bins

Revision ID: ae1027a6acf1
Revises: 1975ea83b721

"""

import sqlalchemy as sa
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b721"
                ~~~~~~~~~~~~~~ There is no revision 1975ea83b721: Alembic refuses to migrate.


def upgrade():
    op.add_column("bins", sa.Column("is_cooled", sa.Boolean()))


def downgrade():
    op.drop_column("bins", "is_cooled")
`,
        fixed: [
          {
            title: 'Come after 1975ea83b712',
            files: `
# file: migrations/versions/ae1027a6acf1_cooled_bins.py
"""Cooled bins

Revision ID: ae1027a6acf1
Revises: 1975ea83b712

"""

import sqlalchemy as sa
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


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
        title: 'A squash stands for migrations that are gone',
        files: `
# file: returns/migrations/0001_squashed_0002_return_received_at.py
from django.db import migrations


class Migration(migrations.Migration):
    replaces = [("returns", "0001_initial"), ("returns", "0002_return_received_at")]
    dependencies = []
    operations = []
# file: returns/migrations/0003_return_inspected_at.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("returns", "0002_return_received_at")]
    operations = []
`,
      },
      {
        title: 'The beginning of an app, a swappable model, an app of an installed package',
        files: `
# file: customers/migrations/0001_initial.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = []
    operations = []
# file: returns/migrations/0001_initial.py
from django.conf import settings
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "__first__"),
        ("contenttypes", "0002_remove_content_type_name"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = []
`,
      },
    ],
  },
};

function dependOnNearest({ id, file }: Migration, parent: UnknownParent, project: Project): readonly Fix[] {
  const source = project.source(id);
  const nearest = parent.nearest === undefined ? undefined : project.source(parent.nearest);
  const dependency = source?.dependencies[parent.index];
  if (!source || !nearest || !dependency) return [];
  const newText = dependencyText(nearest.app, nearest.name, quoteOf(source.text));
  return [
    {
      title: `Depend on ${nearest.name}`,
      safety: 'review',
      edits: [{ kind: 'change', file, edits: [{ span: dependency.at, newText }] }],
    },
  ];
}
