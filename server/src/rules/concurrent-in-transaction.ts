import { outOfTransaction } from '../fixes/recipes/concurrent-index.ts';
import { changesOf } from '../schema/change.ts';
import type { Rule } from './rule.ts';

export const concurrentInTransaction: Rule = {
  name: 'concurrent-in-transaction',
  level: 'critical',
  group: 'Fails when it runs',
  summary: 'A concurrent index operation stands in a transaction, where PostgreSQL refuses it.',
  docs: {
    whatHappens:
      'PostgreSQL builds and drops indexes `CONCURRENTLY` in several transactions of its own, so it refuses to start inside another one. Django wraps each migration in a transaction unless the migration says `atomic = False`.',
    whyItHurts:
      'The migration fails every time it runs: in the deploy, with everything before it already migrated and the new release waiting.',
    whatToDo: {
      django: 'Set `atomic = False` on the Migration class, and keep the operation alone in its migration.',
      alembic: 'Put the operation into `with op.get_context().autocommit_block():`.',
    },
    whenItIsFine: 'In a migration with `atomic = False` the operation is right and not reported.',
  },
  sources: [
    {
      title: 'PostgreSQL 18: Building Indexes Concurrently',
      url: 'https://www.postgresql.org/docs/18/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY',
    },
    {
      title: 'Django: Non-atomic migrations',
      url: 'https://docs.djangoproject.com/en/5.2/howto/writing-migrations/#non-atomic-migrations',
    },
  ],

  *check(migration, context) {
    if (context.target.database !== 'postgresql') return;
    for (const change of changesOf(migration.forward, 'CreateIndex', 'DropIndex')) {
      if (!change.concurrently || !change.applies.database || change.transaction === undefined) continue;
      const verb = change.kind === 'CreateIndex' ? 'built' : 'dropped';
      yield {
        at: change.at,
        message: `This index cannot be ${verb} concurrently inside a transaction: the migration fails when it runs.`,
        cause: change,
        fixes: () => outOfTransaction(change, migration, context),
      };
    }
  },

  examples: {
    bad: [
      {
        title: 'atomic = False is missing',
        files: `
# file: shop/migrations/0002_order_placed_at.py
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Sorts the report page."""

    dependencies = [("shop", "0001_initial")]

    operations = [
        AddIndexConcurrently("order", models.Index(fields=["placed_at"], name="order_placed_at_idx")),
        ~~~~~~~~~~~~~~~~~~~~ This index cannot be built concurrently inside a transaction: the migration fails when it runs.
    ]
`,
        fixed: [
          {
            title: 'Run this migration outside a transaction: atomic = False',
            files: `
# file: shop/migrations/0002_order_placed_at.py
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Sorts the report page."""

    atomic = False

    dependencies = [("shop", "0001_initial")]

    operations = [
        AddIndexConcurrently("order", models.Index(fields=["placed_at"], name="order_placed_at_idx")),
    ]
`,
          },
        ],
      },
      {
        title: 'A data function sends it',
        files: `
# file: shop/migrations/0002_order_placed_at.py
from django.db import migrations


def build_index(apps, schema_editor):
    Order = apps.get_model("shop", "Order")
    schema_editor.execute(
        f"CREATE INDEX CONCURRENTLY order_placed_at_idx ON {Order._meta.db_table} (placed_at)"
          ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ This index cannot be built concurrently inside a transaction: the migration fails when it runs.
    )


class Migration(migrations.Migration):
    operations = [
        migrations.RunPython(build_index, migrations.RunPython.noop),
    ]
`,
      },
      {
        title: 'atomic says True',
        files: `
# file: shop/migrations/0003_order_without_index.py
import django.contrib.postgres.operations as pg
from django.db import migrations


class Migration(migrations.Migration):
    atomic = True
    dependencies = [("shop", "0002_order_placed_at")]
    operations = [pg.RemoveIndexConcurrently(model_name="order", name="order_placed_at_idx")]
                  ~~~~~~~~~~~~~~~~~~~~~~~~~~ This index cannot be dropped concurrently inside a transaction: the migration fails when it runs.
`,
        fixed: [
          {
            title: 'Run this migration outside a transaction: atomic = False',
            files: `
# file: shop/migrations/0003_order_without_index.py
import django.contrib.postgres.operations as pg
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("shop", "0002_order_placed_at")]
    operations = [pg.RemoveIndexConcurrently(model_name="order", name="order_placed_at_idx")]
`,
          },
        ],
      },
    ],
    good: [
      {
        title: 'Outside a transaction',
        files: `
# file: shop/migrations/0002_order_placed_at.py
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("shop", "0001_initial")]
    operations = [
        AddIndexConcurrently("order", models.Index(fields=["placed_at"], name="order_placed_at_idx")),
    ]
`,
      },
      {
        title: 'Only the state learns of the index',
        files: `
# file: shop/migrations/0002_order_placed_at.py
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                AddIndexConcurrently("order", models.Index(fields=["placed_at"], name="order_placed_at_idx")),
            ],
        ),
    ]
`,
      },
    ],
  },
};
