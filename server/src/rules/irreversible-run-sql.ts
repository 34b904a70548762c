import { reverseSql } from '../fixes/recipes/reverse-sql.ts';
import { changesOf } from '../schema/change.ts';
import type { Rule } from './rule.ts';

export const irreversibleRunSql: Rule = {
  name: 'irreversible-run-sql',
  level: 'high',
  group: 'Cannot be rolled back',
  kinds: ['RunSql'],
  summary: 'A `RunSQL` has no `reverse_sql`: the migration cannot be migrated back.',
  docs: {
    whatHappens:
      'Django does not know the opposite of SQL, nor that some has none to know: `ANALYZE` and `SET lock_timeout` count like everything else. Without `reverse_sql`, migrating back stops at this operation with `IrreversibleError`, and so does migrating back any migration before it.',
    whyItHurts: 'When a deploy goes wrong, rolling back is what is left, and it is then that it turns out not to work.',
    whatToDo: {
      django:
        'Give the statement that takes it back as `reverse_sql`: `DROP INDEX` for `CREATE INDEX`, the old name for a renaming, the old default for `SET DEFAULT`. Where nothing has to be undone, say so with `reverse_sql=migrations.RunSQL.noop`.',
    },
    whenItIsFine: 'An operation with any `reverse_sql`, `RunSQL.noop` among them, is not reported.',
  },
  sources: [
    {
      title: 'Django: RunSQL',
      url: 'https://docs.djangoproject.com/en/5.2/ref/migration-operations/#runsql',
    },
  ],

  *check(migration, context) {
    for (const change of changesOf(migration.forward, 'RunSql')) {
      // What only the state lists is neither run nor taken back.
      if (change.reverse !== 'missing' || !change.applies.database) continue;
      yield {
        at: change.origin.call?.callee.span ?? change.at,
        message: 'Migrating back stops here: this SQL has no reverse_sql.',
        cause: change,
        fixes: () => reverseSql(change, migration, context),
      };
    }
  },

  examples: {
    bad: [
      {
        title: 'One statement, several, none after it',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("number", models.IntegerField()),
                ("total", models.IntegerField(db_default=1)),
            ],
        ),
    ]
# file: shop/migrations/0002_sql.py
from django.db import migrations
from django.db.migrations import RunSQL

FUNCTION = "CREATE FUNCTION one() RETURNS integer LANGUAGE sql AS 'SELECT 1'"


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL("CREATE INDEX shop_order_number ON shop_order (number)"),
        ~~~~~~~~~~~~~~~~~ Migrating back stops here: this SQL has no reverse_sql.
        migrations.RunSQL(
        ~~~~~~~~~~~~~~~~~ Migrating back stops here: this SQL has no reverse_sql.
            sql=[
                "ALTER TABLE shop_order ALTER COLUMN total SET DEFAULT 0",
                ("UPDATE shop_order SET total = %s WHERE total IS NULL", [0]),
            ],
        ),
        RunSQL(FUNCTION, None),
        ~~~~~~ Migrating back stops here: this SQL has no reverse_sql.
    ]
`,
        fixed: [
          {
            title: 'Take the SQL back with reverse_sql: DROP INDEX shop_order_number',
            files: `
# file: shop/migrations/0002_sql.py
from django.db import migrations
from django.db.migrations import RunSQL

FUNCTION = "CREATE FUNCTION one() RETURNS integer LANGUAGE sql AS 'SELECT 1'"


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL("CREATE INDEX shop_order_number ON shop_order (number)", reverse_sql="DROP INDEX shop_order_number"),
        migrations.RunSQL(
            sql=[
                "ALTER TABLE shop_order ALTER COLUMN total SET DEFAULT 0",
                ("UPDATE shop_order SET total = %s WHERE total IS NULL", [0]),
            ],
        ),
        RunSQL(FUNCTION, None),
    ]
`,
          },
          {
            title: 'Take the SQL back with reverse_sql: DROP FUNCTION one()',
            files: `
# file: shop/migrations/0002_sql.py
from django.db import migrations
from django.db.migrations import RunSQL

FUNCTION = "CREATE FUNCTION one() RETURNS integer LANGUAGE sql AS 'SELECT 1'"


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL("CREATE INDEX shop_order_number ON shop_order (number)"),
        migrations.RunSQL(
            sql=[
                "ALTER TABLE shop_order ALTER COLUMN total SET DEFAULT 0",
                ("UPDATE shop_order SET total = %s WHERE total IS NULL", [0]),
            ],
        ),
        RunSQL(FUNCTION, "DROP FUNCTION one()"),
    ]
`,
          },
          {
            title: 'Allow migrating back without undoing the SQL: reverse_sql=RunSQL.noop',
            files: `
# file: shop/migrations/0002_sql.py
from django.db import migrations
from django.db.migrations import RunSQL

FUNCTION = "CREATE FUNCTION one() RETURNS integer LANGUAGE sql AS 'SELECT 1'"


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL("CREATE INDEX shop_order_number ON shop_order (number)"),
        migrations.RunSQL(
            sql=[
                "ALTER TABLE shop_order ALTER COLUMN total SET DEFAULT 0",
                ("UPDATE shop_order SET total = %s WHERE total IS NULL", [0]),
            ],
        ),
        RunSQL(FUNCTION, RunSQL.noop),
    ]
`,
          },
        ],
      },
      {
        title: 'Several statements are taken back in reverse order',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[("id", models.BigAutoField(primary_key=True)), ("total", models.IntegerField(db_default=1))],
        ),
    ]
# file: shop/migrations/0002_sql.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
        ~~~~~~~~~~~~~~~~~ Migrating back stops here: this SQL has no reverse_sql.
            """
            -- Totals are in cents from now on.
            ALTER TABLE shop_order ALTER COLUMN total SET DEFAULT 100;
            ALTER TABLE shop_order
                ADD COLUMN currency varchar(3),
                ADD CONSTRAINT shop_order_currency CHECK (currency <> '');
            CREATE INDEX shop_order_currency_idx ON shop_order (currency);
            """
        ),
    ]
`,
        fixed: [
          {
            title: 'Take the SQL back with reverse_sql: 3 statements',
            files: `
# file: shop/migrations/0002_sql.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            -- Totals are in cents from now on.
            ALTER TABLE shop_order ALTER COLUMN total SET DEFAULT 100;
            ALTER TABLE shop_order
                ADD COLUMN currency varchar(3),
                ADD CONSTRAINT shop_order_currency CHECK (currency <> '');
            CREATE INDEX shop_order_currency_idx ON shop_order (currency);
            """,
            reverse_sql="""
            DROP INDEX shop_order_currency_idx;
            ALTER TABLE shop_order DROP CONSTRAINT shop_order_currency, DROP COLUMN currency;
            ALTER TABLE shop_order ALTER COLUMN total SET DEFAULT 1;
            """,
        ),
    ]
`,
          },
        ],
      },
      {
        title: 'A list of statements gets a list',
        files: `
# file: shop/migrations/0002_sql.py
from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL(
        ~~~~~~~~~~~~~~~~~ Migrating back stops here: this SQL has no reverse_sql.
            [
                'ALTER TABLE shop_order RENAME COLUMN "when" TO placed_at',
                "CREATE VIEW shop_recent AS SELECT * FROM shop_order WHERE placed_at > now() - interval '1 day'",
            ],
        ),
    ]
`,
        fixed: [
          {
            title: 'Take the SQL back with reverse_sql: 2 statements',
            files: `
# file: shop/migrations/0002_sql.py
from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL(
            [
                'ALTER TABLE shop_order RENAME COLUMN "when" TO placed_at',
                "CREATE VIEW shop_recent AS SELECT * FROM shop_order WHERE placed_at > now() - interval '1 day'",
            ],
            reverse_sql=[
                "DROP VIEW shop_recent",
                'ALTER TABLE shop_order RENAME COLUMN placed_at TO "when"',
            ],
        ),
    ]
`,
          },
        ],
      },
      {
        title: 'Inside SeparateDatabaseAndState',
        files: `
# file: shop/migrations/0002_rename.py
from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL("ALTER INDEX shop_order_a RENAME TO shop_order_b"),
                ~~~~~~~~~~~~~~~~~ Migrating back stops here: this SQL has no reverse_sql.
            ],
        ),
    ]
`,
      },
    ],
    good: [
      {
        title: 'With a reverse, by position or by name, or on purpose none',
        files: `
# file: shop/migrations/0002_sql.py
from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL("CREATE INDEX a ON shop_order (number)", "DROP INDEX a"),
        migrations.RunSQL(
            sql="ALTER TABLE shop_order ALTER COLUMN total SET DEFAULT 0",
            reverse_sql="ALTER TABLE shop_order ALTER COLUMN total DROP DEFAULT",
        ),
        migrations.RunSQL("ANALYZE shop_order", reverse_sql=migrations.RunSQL.noop),
        migrations.RunSQL("ANALYZE shop_order", ""),
    ]
`,
      },
      {
        title: 'Among the operations for the state, SQL is not run',
        files: `
# file: shop/migrations/0002_sql.py
from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.RunSQL("DROP INDEX a")]),
    ]
`,
      },
      {
        title: 'Nothing is done on the way there either',
        files: `
# file: shop/migrations/0002_sql.py
from django.db import migrations


class Migration(migrations.Migration):
    operations = [migrations.RunSQL(migrations.RunSQL.noop, "DROP INDEX a")]
`,
      },
    ],
  },
};
