import { folderOf, joinPath, nameBeside } from '../base/file-path.ts';
import type { DjangoMigration } from '../django/migration-file.ts';
import { ownId, revisionIdIn } from '../fixes/recipes/alembic/own-id.ts';
import { classApart } from '../fixes/recipes/class-apart.ts';
import type { Project } from '../project/project.ts';
import type { Migration } from '../schema/migration.ts';
import type { ClassStatement, Statement } from '../syntax/module.ts';
import type { Problem, Rule } from './rule.ts';

export const duplicateMigration: Rule = {
  name: 'duplicate-migration',
  level: 'critical',
  group: 'History',
  summary: 'Two migrations have one name, and only one of them is run.',
  docs: {
    whatHappens:
      'Django knows a migration by its app and the name of its file, and runs the class `Migration` in it. Where two branches have each written a migration under one name, a merge that keeps both sides leaves a file with two of these classes: Python keeps the last. Where a package has the name of a migration file beside it, Django finds the package and passes over both. Alembic knows a revision by the `revision` in its file: of two files with one, a copy whose id was not changed for instance, it warns and keeps the last in name order.',
    whyItHurts:
      'The migration that lost is never run, anywhere, and nothing says so: its columns are missing when the code asks for them. Where one of the two had been deployed before the merge, its name is marked as applied there, and the other one is not run on that database either.',
    whatToDo: {
      django:
        'Give each a file of its own. What has been deployed keeps the name; the other one gets the next number and depends on it. A package that holds helpers gets another name, one that begins with an underscore for instance.',
      alembic: 'Give the newer of the two an id of its own, and let it revise the other one, or what comes last.',
    },
    whenItIsFine:
      'Never. Two files with the same number are another matter: Django goes by names and dependencies, and the number is part of the name. Where both depend on the same migration, that is multiple-leaves.',
  },
  sources: [
    {
      title: 'Django: Migration files',
      url: 'https://docs.djangoproject.com/en/5.2/topics/migrations/#migration-files',
    },
    {
      title: 'Python: pkgutil.iter_modules',
      url: 'https://docs.python.org/3/library/pkgutil.html#pkgutil.iter_modules',
    },
  ],

  *check(migration, { project }) {
    yield* namesakesOf(migration, project);
    const source = project.source(migration.id);
    if (source === undefined) return;
    yield* lostClasses(source).map(
      (lost): Problem => ({
        at: lost.nameSpan,
        message: 'This class is never run: the last class Migration of the file takes its place.',
        related: [{ file: source.file, span: source.class.nameSpan, message: 'This is the one that Django runs.' }],
        fixes: () => classApart(source, project),
      }),
    );
    if (project.exists(joinPath(folderOf(source.file), `${source.name}/__init__.py`))) {
      yield {
        at: migration.at,
        message: `A package has the same name, ${source.name}: Django passes over both, and this migration is never run.`,
      };
    }
  },

  examples: {
    bad: [
      {
        title: 'A merge has kept the migrations of both branches',
        files: `
# file: returns/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Return",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
            ],
        ),
    ]
# file: returns/migrations/0002_return_note.py
from django.db import migrations, models


class Migration(migrations.Migration):
      ~~~~~~~~~ This class is never run: the last class Migration of the file takes its place.
    dependencies = [
        ("returns", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="return",
            name="note",
            field=models.TextField(null=True),
        ),
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("returns", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="return",
            name="note_by_customer",
            field=models.TextField(null=True),
        ),
    ]
`,
        fixed: [
          {
            title: 'Move the last of them to 0003_return_note',
            files: `
# file: returns/migrations/0002_return_note.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("returns", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="return",
            name="note",
            field=models.TextField(null=True),
        ),
    ]
# file: returns/migrations/0003_return_note.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("returns", "0002_return_note"),
    ]

    operations = [
        migrations.AddField(
            model_name="return",
            name="note_by_customer",
            field=models.TextField(null=True),
        ),
    ]
`,
          },
        ],
      },
      {
        title: 'A revision was copied with its id',
        files: `
# file: alembic/versions/9c20_email.py
"""email

Revision ID: 9c20
Revises: 3f1a
"""
from alembic import op
import sqlalchemy as sa

revision = "9c20"
down_revision = "3f1a"


def upgrade():
    op.add_column("users", sa.Column("email", sa.Text(), nullable=True))


def downgrade():
    op.drop_column("users", "email")
# file: alembic/versions/3f1a_users.py
"""users"""
from alembic import op
import sqlalchemy as sa

revision = "3f1a"
down_revision = None


def upgrade():
    op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade():
    op.drop_table("users")
# file: alembic/versions/9c20_fax.py
"""fax

Revision ID: 9c20
Revises: 3f1a
"""
from alembic import op
import sqlalchemy as sa

revision = "9c20"
           ~~~~~~ 9c20_email.py has the id 9c20 as well: Alembic passes over it, and it is never run.
down_revision = "3f1a"


def upgrade():
    op.add_column("users", sa.Column("fax", sa.Text(), nullable=True))


def downgrade():
    op.drop_column("users", "fax")
`,
        fixed: [
          {
            title: 'Give 9c20_email.py an id of its own, behind this revision',
            files: `
# file: alembic/versions/9c20_email.py
"""email

Revision ID: 487d06adfd3c
Revises: 9c20
"""
from alembic import op
import sqlalchemy as sa

revision = "487d06adfd3c"
down_revision = "9c20"


def upgrade():
    op.add_column("users", sa.Column("email", sa.Text(), nullable=True))


def downgrade():
    op.drop_column("users", "email")
`,
          },
        ],
      },
      {
        title: 'A package beside the migration has its name',
        files: `
# file: returns/migrations/0002_return_note/__init__.py
REASONS = ["broken", "too small"]
# file: returns/migrations/0002_return_note.py
from django.db import migrations


class Migration(migrations.Migration):
      ~~~~~~~~~ A package has the same name, 0002_return_note: Django passes over both, and this migration is never run.
    dependencies = []
    operations = []
`,
      },
    ],
    good: [
      {
        title: 'Two files with one number, one after the other',
        files: `
# file: returns/migrations/0001_initial.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = []
    operations = []
# file: returns/migrations/0002_return_note.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("returns", "0001_initial")]
    operations = []
# file: returns/migrations/0002_return_reason.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("returns", "0002_return_note")]
    operations = []
`,
      },
      {
        title: 'A class that the migration is derived from',
        files: `
# file: returns/migrations/0001_initial.py
from django.db import migrations


class Migration(migrations.Migration):
    def apply(self, project_state, schema_editor, collect_sql=False):
        return super().apply(project_state, schema_editor, collect_sql)


class Migration(Migration):
    dependencies = []
    operations = []
`,
      },
      {
        title: 'A folder of that name that is no package',
        files: `
# file: returns/migrations/0001_initial/returns.json
[]
# file: returns/migrations/0001_initial.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = []
    operations = []
`,
      },
    ],
  },
};

/** Revisions under one id: told where the one stands that is run. */
function namesakesOf({ id, at, file: own }: Migration, project: Project): readonly Problem[] {
  const files = project.graph.namesakesOf?.(id) ?? [];
  return files.flatMap((file): readonly Problem[] => {
    const place = revisionIdIn(file, project);
    if (place === undefined) return [];
    return [
      {
        at,
        message: `${nameBeside(file, own)} has the id ${id} as well: Alembic passes over it, and it is never run.`,
        related: [{ file, span: place, message: 'It has the same id.' }],
        fixes: () => ownId(id, file, project),
      },
    ];
  });
}

function isMigrationClass(statement: Statement): statement is ClassStatement {
  return statement.kind === 'class' && statement.name === 'Migration';
}

/** The classes `Migration` of a file that a later one takes the place of. */
function lostClasses({ module, class: last }: DjangoMigration): readonly ClassStatement[] {
  const classes = module.body.filter(isMigrationClass);
  const isBase = classes.some(({ bases }) =>
    bases.some(({ value }) => value.kind === 'name' && value.name === 'Migration'),
  );
  if (isBase || classes.at(-1) !== last) return [];
  return classes.filter((each) => each !== last);
}
