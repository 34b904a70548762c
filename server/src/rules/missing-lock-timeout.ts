import { envLockTimeout } from '../fixes/recipes/alembic/env-lock-timeout.ts';
import { connectionLockTimeout } from '../fixes/recipes/connection-lock-timeout.ts';
import { lockTimeout } from '../fixes/recipes/lock-timeout.ts';
import { changesOf } from '../schema/change.ts';
import type { Migration } from '../schema/migration.ts';
import { tableText } from '../schema/table-name.ts';
import { liveTablesLocked } from './live-locks.ts';
import type { Rule, RuleContext } from './rule.ts';

export const missingLockTimeout: Rule = {
  name: 'missing-lock-timeout',
  level: 'low',
  group: 'Blocks a live table',
  databases: ['postgresql'],
  summary: 'Migrations wait for locks without end, and everybody waits behind them.',
  docs: {
    whatHappens:
      'A migration that alters a table has to wait until all transactions that use it are done. While it waits, its request stands in the queue, and every later query on the table waits behind it, even those that only read. `lock_timeout` says how long a statement waits before it gives up. PostgreSQL sets none by itself.',
    whyItHurts:
      'One forgotten transaction or one long report is enough for a change of a millisecond to stop the site. With a `lock_timeout` the migration fails instead, nothing has changed, and it is run again.',
    whatToDo: {
      django:
        'Set it for the connection: `"OPTIONS": {"options": "-c lock_timeout=5s"}` in `DATABASES`, if only for the process that migrates (PgBouncer refuses `options` unless its `ignore_startup_parameters` names them, and then nothing is set); or for the role that migrates: `ALTER ROLE migrator SET lock_timeout = \'5s\'`; or in a migration: `SET LOCAL lock_timeout = \'5s\'` in a `RunSQL` before the operations. Set it to 0 for concurrent index builds, which wait without keeping others waiting.',
      alembic:
        'Set it in `env.py`, just before the revisions run: `context.execute("SET lock_timeout = \'5s\'")` inside `with context.begin_transaction():`. Before `context.configure()` SQLAlchemy 2 would begin a transaction of its own for it, which Alembic does not commit.',
    },
    whenItIsFine:
      'It is said once in a project: where `DATABASES` is set or where `env.py` configures the context, or in the newest migration where neither is found. Settings that name `lock_timeout`, and projects whose newest migrations set it, are not reported. What the database user, `PGOPTIONS` or a pooler sets cannot be seen from here: switch the rule off in `pyproject.toml` then.',
  },
  sources: [
    {
      title: 'PostgreSQL 18: lock_timeout',
      url: 'https://www.postgresql.org/docs/18/runtime-config-client.html#GUC-LOCK-TIMEOUT',
    },
    {
      title: 'Django: PostgreSQL connection settings',
      url: 'https://docs.djangoproject.com/en/5.2/ref/databases/#postgresql-connection-settings',
    },
  ],

  *checkSettings({ project, databasesAt }) {
    if (project.connection.setsLockTimeout || isSetByLeaves(project)) return;
    yield {
      at: databasesAt,
      message:
        'No lock_timeout is set for migrations: one that has to wait for a lock keeps all others waiting behind it, without end.',
      fixes: () => (project.environmentFile ? envLockTimeout(project) : connectionLockTimeout(project)),
    };
  },

  *check(migration, context) {
    const { project } = context;
    if (project.connection.found || !isNewest(migration, context)) return;
    if (setsTimeout(migration) || isSetByLeaves(project)) return;
    const change = migration.forward.find((each) => liveTablesLocked(each, 'SHARE', migration, context).length > 0);
    const [table] = change === undefined ? [] : liveTablesLocked(change, 'SHARE', migration, context);
    if (change === undefined || table === undefined) return;
    yield {
      at: change.at,
      message: `No lock_timeout is set: as long as this waits for its lock, everything that comes later waits for ${tableText(table)} behind it.`,
      cause: change,
      fixes: () => lockTimeout(migration, context),
    };
  },

  examples: {
    bad: [
      {
        title: 'The settings name none',
        files: `
# file: manage.py
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(name="Order", fields=[("id", models.BigAutoField(primary_key=True))]),
    ]
# file: config/settings.py
INSTALLED_APPS = ["shop"]

DATABASES = {
~~~~~~~~~ No lock_timeout is set for migrations: one that has to wait for a lock keeps all others waiting behind it, without end.
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "shop",
        "OPTIONS": {"sslmode": "require"},
    },
}
`,
        fixed: [
          {
            title: 'Give up waiting for a lock after 5s, on every connection: "options" in OPTIONS',
            files: `
# file: config/settings.py
INSTALLED_APPS = ["shop"]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "shop",
        "OPTIONS": {"sslmode": "require", "options": "-c lock_timeout=5s"},
    },
}
`,
          },
        ],
      },
      {
        title: 'env.py sets none',
        files: `
# file: alembic/versions/3f2a_orders.py
import sqlalchemy as sa
from alembic import op

revision = "3f2a"
down_revision = None


def upgrade():
    op.create_table("orders", sa.Column("id", sa.BigInteger(), primary_key=True))


def downgrade():
    op.drop_table("orders")
# file: alembic/env.py
from alembic import context
from sqlalchemy import engine_from_config, pool

config = context.config


def run_migrations_offline():
    context.configure(url=config.get_main_option("sqlalchemy.url"), literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()


def run_migrations_online():
    section = config.get_section(config.config_ini_section, {})
    engine = engine_from_config(section, prefix="sqlalchemy.", poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection)
        ~~~~~~~~~~~~~~~~~ No lock_timeout is set for migrations: one that has to wait for a lock keeps all others waiting behind it, without end.
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    run_migrations_offline()
else:
    run_migrations_online()
`,
        fixed: [
          {
            title: 'Give up waiting for a lock after 5s, in every revision: SET lock_timeout in env.py',
            files: `
# file: alembic/env.py
from alembic import context
from sqlalchemy import engine_from_config, pool

config = context.config


def run_migrations_offline():
    context.configure(url=config.get_main_option("sqlalchemy.url"), literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()


def run_migrations_online():
    section = config.get_section(config.config_ini_section, {})
    engine = engine_from_config(section, prefix="sqlalchemy.", poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection)
        with context.begin_transaction():
            context.execute("SET lock_timeout = '5s'")
            context.run_migrations()


if context.is_offline_mode():
    run_migrations_offline()
else:
    run_migrations_online()
`,
          },
        ],
      },
      {
        title: 'No settings are found: the newest migration',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(name="Order", fields=[("id", models.BigAutoField(primary_key=True))]),
    ]
# file: shop/migrations/0002_order_note.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL("ALTER TABLE shop_order ADD COLUMN note text", migrations.RunSQL.noop),
                                                  ~~~~~~~~~~~~~~~~~~~~ No lock_timeout is set: as long as this waits for its lock, everything that comes later waits for "shop_order" behind it.
        migrations.AddField("order", "comment", models.TextField(null=True)),
    ]
`,
        fixed: [
          {
            title: 'Give up waiting for a lock after 5s: SET LOCAL lock_timeout',
            files: `
# file: shop/migrations/0002_order_note.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '5s'", migrations.RunSQL.noop),
        migrations.RunSQL("ALTER TABLE shop_order ADD COLUMN note text", migrations.RunSQL.noop),
        migrations.AddField("order", "comment", models.TextField(null=True)),
    ]
`,
          },
        ],
      },
    ],
    good: [
      {
        title: 'The settings set it',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(name="Order", fields=[("id", models.BigAutoField(primary_key=True))]),
    ]
# file: config/settings.py
INSTALLED_APPS = ["shop"]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "shop",
        "OPTIONS": {"options": "-c lock_timeout=5s"},
    },
}
`,
      },
      {
        title: 'env.py sets it',
        files: `
# file: alembic/versions/3f2a_orders.py
import sqlalchemy as sa
from alembic import op

revision = "3f2a"
down_revision = None


def upgrade():
    op.create_table("orders", sa.Column("id", sa.BigInteger(), primary_key=True))


def downgrade():
    op.drop_table("orders")
# file: alembic/env.py
from alembic import context
from sqlalchemy import engine_from_config, pool

config = context.config


def run_migrations_offline():
    context.configure(url=config.get_main_option("sqlalchemy.url"), literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()


def run_migrations_online():
    section = config.get_section(config.config_ini_section, {})
    engine = engine_from_config(section, prefix="sqlalchemy.", poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection)
        with context.begin_transaction():
            context.execute("SET lock_timeout = '5s'")
            context.run_migrations()


if context.is_offline_mode():
    run_migrations_offline()
else:
    run_migrations_online()
`,
      },
      {
        title: 'The migration sets it',
        files: `
# file: shop/migrations/0002_order_note.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '5s'", migrations.RunSQL.noop),
        migrations.RunSQL("ALTER TABLE shop_order ADD COLUMN note text", migrations.RunSQL.noop),
    ]
`,
      },
      {
        title: 'An older migration is not the place to say it',
        files: `
# file: shop/migrations/0003_order_total.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0002_order_note")]

    operations = []
# file: shop/migrations/0002_order_note.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL("ALTER TABLE shop_order ADD COLUMN note text", migrations.RunSQL.noop),
    ]
`,
      },
      {
        title: 'The project runs on SQLite',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(name="Order", fields=[("id", models.BigAutoField(primary_key=True))]),
    ]
# file: config/settings.py
INSTALLED_APPS = ["shop"]

DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "db.sqlite3"}}
`,
      },
    ],
  },
};

/** Whether the newest migrations of the project set it themselves: it is what this project does. */
function isSetByLeaves({ graph, source, revision }: RuleContext['project']): boolean {
  const leaves = [...graph.groups.values()].flatMap((group) => group.leaves);
  return leaves.some((id) => /\block_timeout\b/i.test((source(id) ?? revision(id))?.text ?? ''));
}

function isNewest({ id }: Migration, { project: { graph } }: RuleContext): boolean {
  return graph.groups.get(graph.groupOf(id))?.leaves.includes(id) === true;
}

function setsTimeout({ forward }: Migration): boolean {
  return changesOf(forward, 'SetTimeout').some(({ setting }) => setting === 'lock_timeout');
}
