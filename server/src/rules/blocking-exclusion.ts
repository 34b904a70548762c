import { changesOf } from '../schema/change.ts';
import { tableText } from '../schema/table-name.ts';
import { findBlockingWork } from './blocking-work.ts';
import type { Rule } from './rule.ts';
import { isInUse } from './tables-in-use.ts';

export const blockingExclusion: Rule = {
  name: 'blocking-exclusion',
  level: 'high',
  group: 'Blocks a live table',
  databases: ['postgresql'],
  kinds: ['AddConstraint'],
  summary: 'An exclusion constraint is added, and its index is built while nobody can use the table.',
  docs: {
    whatHappens:
      '`ADD EXCLUDE` builds an index over all rows and compares each with the others, under an `ACCESS EXCLUSIVE` lock: nobody reads or writes the table until that is done and the migration commits.',
    whyItHurts:
      'There is no way around it on a table with rows: an exclusion constraint knows no `NOT VALID`, and cannot take over an index that was built before. Two rows that conflict make the migration fail at the end of it.',
    whatToDo: {
      django:
        'Run the migration when the table can be spared, with a `lock_timeout`. On a large table create a new one with the constraint, write to both, copy the rows in batches, and switch over.',
      alembic:
        'Run the migration when the table can be spared, with a `lock_timeout`. On a large table create a new one with the constraint, write to both, copy the rows in batches, and switch over.',
    },
    whenItIsFine: 'Tables that the same migration creates, and databases other than PostgreSQL, are not reported.',
  },
  sources: [
    { title: 'PostgreSQL 18: ALTER TABLE', url: 'https://www.postgresql.org/docs/18/sql-altertable.html' },
    {
      title: 'Django: ExclusionConstraint',
      url: 'https://docs.djangoproject.com/en/5.2/ref/contrib/postgres/constraints/#exclusionconstraint',
    },
  ],

  *check(migration, context) {
    for (const change of changesOf(migration.forward, 'AddConstraint')) {
      if (!isInUse(change.table, change, migration, context)) continue;
      if (findBlockingWork(context.effects(change), 'exclusion') === undefined) continue;
      yield {
        at: change.at,
        message: `Adding this exclusion constraint compares all rows of ${tableText(change.table)} under a lock that blocks reads and writes, and fails if two of them conflict.`,
        cause: change,
      };
    }
  },

  examples: {
    bad: [
      {
        title: 'An exclusion constraint on a table with rows',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Shift",
            fields=[("id", models.BigAutoField(primary_key=True)), ("during", models.TextField())],
        ),
    ]
# file: shop/migrations/0002_shift_overlap.py
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddConstraint(
        ~~~~~~~~~~~~~~~~~~~~~~~~ Adding this exclusion constraint compares all rows of "shop_shift" under a lock that blocks reads and writes, and fails if two of them conflict.
            model_name="shift",
            constraint=ExclusionConstraint(name="no_overlap", expressions=[("during", "&&")]),
        ),
    ]
`,
      },
      {
        title: 'In SQL',
        files: `
# file: shop/migrations/0002_shift_overlap.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE shop_shift ADD CONSTRAINT no_overlap EXCLUDE USING gist (during WITH &&)",
                                    ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Adding this exclusion constraint compares all rows of "shop_shift" under a lock that blocks reads and writes, and fails if two of them conflict.
            "ALTER TABLE shop_shift DROP CONSTRAINT no_overlap",
        ),
    ]
`,
      },
      {
        title: 'Alembic: bookings must not overlap',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_no_double_bookings.py
"""No double bookings"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.create_exclude_constraint("bookings_room_during_excl", "bookings", ("room_id", "="), ("during", "&&"), using="gist")
    ~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Adding this exclusion constraint compares all rows of "bookings" under a lock that blocks reads and writes, and fails if two of them conflict.
    op.execute("ALTER TABLE shifts ADD CONSTRAINT shifts_excl EXCLUDE USING gist (person_id WITH =, during WITH &&)")
                                   ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Adding this exclusion constraint compares all rows of "shifts" under a lock that blocks reads and writes, and fails if two of them conflict.


def downgrade():
    op.drop_constraint("shifts_excl", "shifts")
    op.drop_constraint("bookings_room_during_excl", "bookings")
`,
      },
    ],
    good: [
      {
        title: 'The table is created by the same migration',
        files: `
# file: shop/migrations/0001_initial.py
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    operations = [
        migrations.CreateModel(
            name="Shift",
            fields=[("id", models.BigAutoField(primary_key=True)), ("during", models.TextField())],
        ),
        migrations.AddConstraint("shift", ExclusionConstraint(name="no_overlap", expressions=[("during", "&&")])),
        migrations.RunSQL(
            """
            CREATE TABLE shop_break (id bigint PRIMARY KEY, during tstzrange);
            ALTER TABLE shop_break ADD EXCLUDE USING gist (during WITH &&);
            """,
            "DROP TABLE shop_break",
        ),
    ]
`,
      },
      {
        title: 'Only the state gets it: the database has it already',
        files: `
# file: shop/migrations/0002_shift_overlap.py
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AddConstraint("shift", ExclusionConstraint(name="no_overlap", expressions=[("during", "&&")])),
            ],
        ),
    ]
`,
      },
      {
        title: 'Alembic: together with its table',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_bookings.py
"""Bookings"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.create_table(
        "bookings",
        sa.Column("room_id", sa.BigInteger(), nullable=False),
        sa.Column("during", postgresql.TSTZRANGE(), nullable=False),
        postgresql.ExcludeConstraint(("room_id", "="), ("during", "&&"), name="bookings_excl"),
    )
    op.create_exclude_constraint("bookings_during_excl", "bookings", ("during", "&&"))


def downgrade():
    op.drop_table("bookings")
`,
      },
    ],
  },
};
