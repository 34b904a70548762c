import { guardedOperation } from '../fixes/recipes/guarded-operation.ts';
import { changesOf } from '../schema/change.ts';
import type { Rule } from './rule.ts';
import { isGuarded } from './tables-in-use.ts';

export const dropDatabase: Rule = {
  name: 'drop-database',
  level: 'critical',
  group: 'Data loss',
  kinds: ['DropDatabase', 'DropSchema'],
  summary: 'A database or a schema is dropped with everything in it.',
  docs: {
    whatHappens:
      '`DROP DATABASE` and `DROP SCHEMA … CASCADE` remove every table, view, function and type inside, in one instant. A `DROP SCHEMA` without `CASCADE` fails as long as anything is in it. On MySQL and MariaDB a schema is a database.',
    whyItHurts:
      'There is no table left that anybody would have listed, so nobody notices in a review what goes. Only a backup brings it back.',
    whatToDo: {
      django:
        'Leave databases and schemas to the people who run them. Where a schema has to go, drop its tables by name, in a later release than the one that stopped using them; an empty schema hurts nobody.',
      alembic: 'Leave databases and schemas to the people who run them, or drop the tables by name first.',
    },
    whenItIsFine:
      'A drop behind an explicit guard is not reported, and neither is one in `reverse_sql`. A `DROP SCHEMA` without `CASCADE` cannot lose a table and is reported as medium.',
  },
  sources: [
    { title: 'PostgreSQL 18: DROP SCHEMA', url: 'https://www.postgresql.org/docs/18/sql-dropschema.html' },
    { title: 'PostgreSQL 18: DROP DATABASE', url: 'https://www.postgresql.org/docs/18/sql-dropdatabase.html' },
  ],

  *check(migration, context) {
    for (const change of changesOf(migration.forward, 'DropDatabase', 'DropSchema')) {
      if (!change.applies.database || isGuarded(change, migration)) continue;
      const problem = { at: change.at, cause: change, fixes: () => guardedOperation(change, migration, context) };
      if (change.kind === 'DropDatabase') {
        yield { ...problem, message: `The database "${change.database}" is dropped with everything in it.` };
      } else if (change.cascade) {
        yield { ...problem, message: `The schema "${change.schema}" is dropped with everything in it.` };
      } else {
        const message = `Dropping the schema "${change.schema}" fails as long as anything is in it.`;
        yield { ...problem, message, level: 'medium' };
      }
    }
  },

  examples: {
    bad: [
      {
        title: 'A schema with all that is in it, an empty one, a database',
        files: `
# file: shop/migrations/0002_drop.py
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    operations = [
        migrations.RunSQL("DROP SCHEMA IF EXISTS reports CASCADE", migrations.RunSQL.noop),
                           ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ The schema "reports" is dropped with everything in it.
        migrations.RunSQL("DROP SCHEMA staging", migrations.RunSQL.noop),
                           ~~~~~~~~~~~~~~~~~~~ Dropping the schema "staging" fails as long as anything is in it.
        migrations.RunSQL("DROP DATABASE shop_copy", migrations.RunSQL.noop),
                           ~~~~~~~~~~~~~~~~~~~~~~~ The database "shop_copy" is dropped with everything in it.
    ]
`,
        fixed: [
          {
            title: 'Run this only where ALLOW_DESTRUCTIVE_MIGRATIONS is set',
            files: `
# file: shop/migrations/0002_drop.py
import os

from django.db import migrations


def require_destructive_migrations_allowed(apps, schema_editor):
    if os.environ.get("ALLOW_DESTRUCTIVE_MIGRATIONS") != "1":
        raise RuntimeError("This migration destroys data. Set ALLOW_DESTRUCTIVE_MIGRATIONS=1 to run it.")


class Migration(migrations.Migration):
    atomic = False

    operations = [
        migrations.RunPython(require_destructive_migrations_allowed, migrations.RunPython.noop),
        migrations.RunSQL("DROP SCHEMA IF EXISTS reports CASCADE", migrations.RunSQL.noop),
        migrations.RunSQL("DROP SCHEMA staging", migrations.RunSQL.noop),
        migrations.RunSQL("DROP DATABASE shop_copy", migrations.RunSQL.noop),
    ]
`,
          },
        ],
      },
      {
        title: 'On MySQL a schema is a database',
        settings: 'database = "mysql"',
        files: `
# file: shop/migrations/0002_drop.py
from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL("DROP SCHEMA reports", migrations.RunSQL.noop),
                           ~~~~~~~~~~~~~~~~~~~ The database "reports" is dropped with everything in it.
    ]
`,
      },
      {
        title: 'Alembic: a schema with everything in it',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_reporting.py
"""Reports are elsewhere"""
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.execute("DROP SCHEMA IF EXISTS reporting CASCADE")
                ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ The schema "reporting" is dropped with everything in it.


def downgrade():
    op.execute("CREATE SCHEMA reporting")
`,
      },
    ],
    good: [
      {
        title: 'A schema is created, and dropped only on the way back',
        files: `
# file: shop/migrations/0002_schema.py
from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL("CREATE SCHEMA reports", "DROP SCHEMA reports CASCADE"),
        migrations.RunSQL("ALTER SCHEMA staging RENAME TO staging_old", "ALTER SCHEMA staging_old RENAME TO staging"),
    ]
`,
      },
      {
        title: 'Alembic: on the way back only',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_reporting.py
"""A schema for reports"""
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.execute("CREATE SCHEMA reporting")


def downgrade():
    op.execute("DROP SCHEMA reporting CASCADE")
`,
      },
    ],
  },
};
