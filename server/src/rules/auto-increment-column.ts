import { numberedInSteps } from '../fixes/recipes/numbered-in-steps.ts';
import { changesOf } from '../schema/change.ts';
import { tableText } from '../schema/table-name.ts';
import { findBlockingWork } from './blocking-work.ts';
import type { Rule } from './rule.ts';
import { isInUse } from './tables-in-use.ts';

export const autoIncrementColumn: Rule = {
  name: 'auto-increment-column',
  level: 'high',
  group: 'Blocks a live table',
  databases: ['postgresql'],
  kinds: ['AddColumn'],
  summary: 'A serial or identity column is added to a table with rows, each of which is numbered and written anew.',
  docs: {
    whatHappens:
      'A new `serial`, `bigserial` or `IDENTITY` column gives each row that is there a number of its own. PostgreSQL writes the table and all its indexes anew for it, under an `ACCESS EXCLUSIVE` lock: nobody reads or writes the table until it is done and the migration commits. Django does so for an `AutoField` that is added to an existing model.',
    whyItHurts:
      'On a large table this takes from minutes to hours, and needs the disk space of the table once more. Every query on it waits.',
    whatToDo: {
      django:
        'Add a plain integer column that may be NULL, create a sequence, make `nextval()` the default of the column for new rows, and number the rows that are there in batches. Then build a unique index concurrently, set the column NOT NULL on the proof of a validated check, and make the index the key with `USING INDEX`.',
      alembic:
        'Add a plain integer column, create a sequence, make `nextval()` the default of the column for new rows, and number the rows that are there in batches. Then build a unique index concurrently and make it the key with `USING INDEX`.',
    },
    whenItIsFine:
      '`ADD GENERATED … AS IDENTITY` on a column that is there touches no row. Tables that the same migration creates, and databases other than PostgreSQL, are not reported.',
  },
  sources: [
    { title: 'PostgreSQL 18: ALTER TABLE', url: 'https://www.postgresql.org/docs/18/sql-altertable.html' },
    { title: 'PostgreSQL 18: Identity Columns', url: 'https://www.postgresql.org/docs/18/ddl-identity-columns.html' },
  ],

  *check(migration, context) {
    for (const change of changesOf(migration.forward, 'AddColumn')) {
      if (!isInUse(change.table, change, migration, context)) continue;
      if (findBlockingWork(context.effects(change), 'auto-increment') === undefined) continue;
      yield {
        at: change.at,
        message: `Adding "${change.column.name}" numbers every row: that rewrites all of ${tableText(change.table)}, indexes included, under a lock that blocks reads and writes.`,
        cause: change,
        fixes: () => numberedInSteps(change, migration, context),
      };
    }
  },

  examples: {
    bad: [
      {
        title: 'An existing model gets a key that counts',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(name="Order", fields=[("code", models.CharField(max_length=9, primary_key=True))]),
    ]
# file: shop/migrations/0002_order_id.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AlterField("order", "code", models.CharField(max_length=9)),
        migrations.AddField("order", "id", models.BigAutoField(primary_key=True)),
                                     ~~~~ Adding "id" numbers every row: that rewrites all of "shop_order", indexes included, under a lock that blocks reads and writes.
    ]
`,
      },
      {
        title: 'In SQL, on a table with a key',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[("id", models.BigAutoField(primary_key=True)), ("code", models.CharField(max_length=9))],
        ),
    ]
# file: shop/migrations/0002_order_number.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE shop_order ADD COLUMN number bigserial",
                                    ~~~~~~~~~~~~~~~~~~~~~~~~~~~ Adding "number" numbers every row: that rewrites all of "shop_order", indexes included, under a lock that blocks reads and writes.
            "ALTER TABLE shop_order DROP COLUMN number",
        ),
    ]
`,
        fixed: [
          {
            title: 'Add "number" in steps: a sequence, numbers in batches, NOT NULL',
            files: `
# file: shop/migrations/0002_order_number.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            [
                "ALTER TABLE shop_order ADD COLUMN number bigint",
                "CREATE SEQUENCE shop_order_number_seq AS bigint OWNED BY shop_order.number",
                "ALTER TABLE shop_order ALTER COLUMN number SET DEFAULT nextval('shop_order_number_seq')",
            ],
            "ALTER TABLE shop_order DROP COLUMN number",
        ),
    ]
# file: shop/migrations/0003_fill_shop_order_number.py
"""Numbers the rows of "shop_order" that were there before "number", batch by batch.

Runs after 0002_order_number, in the same deploy. It may be interrupted and run again.
"""

from django.db import migrations


BATCH_SIZE = 1000


def number_rows(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT id FROM shop_order WHERE number IS NULL ORDER BY id LIMIT %s", [BATCH_SIZE])
        while keys := [key for (key,) in cursor.fetchall()]:
            cursor.execute(
                "UPDATE shop_order SET number = DEFAULT WHERE number IS NULL AND id BETWEEN %s AND %s",
                [keys[0], keys[-1]],
            )
            cursor.execute(
                "SELECT id FROM shop_order WHERE number IS NULL AND id > %s ORDER BY id LIMIT %s",
                [keys[-1], BATCH_SIZE],
            )


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("shop", "0002_order_number"),
    ]

    operations = [
        migrations.RunPython(number_rows, migrations.RunPython.noop),
        migrations.RunSQL(
            sql="ALTER TABLE shop_order ADD CONSTRAINT shop_order_number_not_null CHECK (number IS NOT NULL) NOT VALID",
            reverse_sql="ALTER TABLE shop_order DROP CONSTRAINT shop_order_number_not_null",
        ),
    ]
# file: shop/migrations/0004_shop_order_number_not_null.py
"""Sets "number" of "shop_order" NOT NULL without blocking reads and writes.

Runs after 0003_fill_shop_order_number, when no row holds NULL any more. The check is validated while the table is in use, and
PostgreSQL takes it as the proof that NOT NULL asks for.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0003_fill_shop_order_number"),
    ]

    operations = [
        migrations.RunSQL(
            sql=[
                "ALTER TABLE shop_order VALIDATE CONSTRAINT shop_order_number_not_null",
                "ALTER TABLE shop_order ALTER COLUMN number SET NOT NULL",
                "ALTER TABLE shop_order DROP CONSTRAINT shop_order_number_not_null",
            ],
            reverse_sql=[
                "ALTER TABLE shop_order ADD CONSTRAINT shop_order_number_not_null CHECK (number IS NOT NULL) NOT VALID",
                "ALTER TABLE shop_order ALTER COLUMN number DROP NOT NULL",
            ],
        ),
    ]
`,
          },
        ],
      },
      {
        title: 'In SQL',
        files: `
# file: shop/migrations/0002_numbers.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE shop_order ADD COLUMN number bigserial;
                                   ~~~~~~~~~~~~~~~~~~~~~~~~~~~ Adding "number" numbers every row: that rewrites all of "shop_order", indexes included, under a lock that blocks reads and writes.
            ALTER TABLE shop_visit ADD COLUMN id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY;
                                   ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Adding "id" numbers every row: that rewrites all of "shop_visit", indexes included, under a lock that blocks reads and writes.
            """,
            migrations.RunSQL.noop,
        ),
    ]
`,
      },
      {
        title: 'Alembic: a number for every row',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_visits_number.py
"""visits.number"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.add_column("visits", sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False))
    ~~~~~~~~~~~~~ Adding "number" numbers every row: that rewrites all of "visits", indexes included, under a lock that blocks reads and writes.
    op.execute("ALTER TABLE searches ADD COLUMN number bigserial")
                                     ~~~~~~~~~~~~~~~~~~~~~~~~~~~ Adding "number" numbers every row: that rewrites all of "searches", indexes included, under a lock that blocks reads and writes.


def downgrade():
    op.execute("ALTER TABLE searches DROP COLUMN number")
    op.drop_column("visits", "number")
`,
      },
    ],
    good: [
      {
        title: 'A column that is there gets a sequence',
        files: `
# file: shop/migrations/0002_numbers.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE shop_order ADD COLUMN number bigint;
            CREATE SEQUENCE shop_order_number_seq OWNED BY shop_order.number;
            ALTER TABLE shop_order ALTER COLUMN number SET DEFAULT nextval('shop_order_number_seq');
            ALTER TABLE shop_visit ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY;
            """,
            migrations.RunSQL.noop,
        ),
    ]
`,
      },
      {
        title: 'The table is created by the same migration',
        files: `
# file: shop/migrations/0001_log.py
from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL(
            """
            CREATE TABLE shop_log (line text);
            ALTER TABLE shop_log ADD COLUMN id bigserial;
            """,
            "DROP TABLE shop_log",
        ),
    ]
`,
      },
      {
        title: 'Alembic: in a new table; a column that gets its numbers from a sequence, for new rows only',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_visits_number.py
"""visits.number"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.create_table("searches", sa.Column("id", sa.BigInteger(), primary_key=True, autoincrement=True))
    op.execute("CREATE SEQUENCE visits_number_seq")
    op.add_column("visits", sa.Column("number", sa.BigInteger()))
    op.alter_column("visits", "number", server_default=sa.text("nextval('visits_number_seq')"))


def downgrade():
    op.drop_column("visits", "number")
    op.execute("DROP SEQUENCE visits_number_seq")
    op.drop_table("searches")
`,
      },
    ],
  },
};
