import { uniqueFilled } from '../fixes/recipes/unique-filled.ts';
import type { Change, ChangeOf } from '../schema/change.ts';
import { changesOf } from '../schema/change.ts';
import type { ColumnDefault } from '../schema/column.ts';
import type { Migration } from '../schema/migration.ts';
import { isSameTable, tableText } from '../schema/table-name.ts';
import type { Rule, RuleContext } from './rule.ts';
import { hasHistory } from './tables-in-use.ts';

export const uniqueWithSharedDefault: Rule = {
  name: 'unique-with-shared-default',
  level: 'critical',
  group: 'Fails when it runs',
  kinds: ['AddColumn', 'AddConstraint', 'CreateIndex'],
  summary: 'A unique column is added with one and the same value for every row.',
  docs: {
    whatHappens:
      'A default gives all rows that are there one value: Django calls even `default=uuid.uuid4` a single time for the whole table. The second row repeats the first, and the unique constraint refuses it.',
    whyItHurts:
      'It works on an empty database and on one with a single row. In the deploy the migration fails, on the first table with two.',
    whatToDo: {
      django:
        'Add the column to the database with `null=True` and without `unique=True` and the default; the state of a `SeparateDatabaseAndState` can have the field as it is meant at once. Fill each row with a value of its own in batches, in a migration with `atomic = False`. Then build the unique index concurrently, and make it the constraint in the migration after that. `NOT NULL` comes last, by a validated check, when no release writes rows without the column any more.',
      alembic:
        'Add the column nullable, fill each row with a value of its own, and add the unique constraint after that.',
    },
    whenItIsFine:
      'A nullable column without a default, a default that the database computes for each row (`gen_random_uuid()`, an identity), a table that the same migration creates, and a column that is filled before it becomes unique are not reported.',
  },
  sources: [
    {
      title: 'Django: Migrations that add unique fields',
      url: 'https://docs.djangoproject.com/en/5.2/howto/writing-migrations/#migrations-that-add-unique-fields',
    },
    { title: 'PostgreSQL 18: ALTER TABLE', url: 'https://www.postgresql.org/docs/18/sql-altertable.html' },
  ],

  *check(migration, context) {
    for (const change of changesOf(migration.forward, 'AddColumn', 'AddConstraint', 'CreateIndex')) {
      const { table } = change;
      if (!change.applies.database || !hasHistory(table, change, migration, context)) continue;
      const columns = change.kind === 'AddColumn' ? addedUnique(change, context) : madeUnique(change, migration);
      if (columns.length === 0) continue;
      const names = columns.map((name) => `"${name}"`).join(', ');
      yield {
        at: change.at,
        message: `Every row gets the same ${names}, which has to be unique: this fails as soon as ${tableText(table)} has two rows.`,
        cause: change,
        fixes: () => (change.kind === 'AddColumn' ? uniqueFilled(change, migration, context) : []),
      };
    }
  },

  examples: {
    bad: [
      {
        title: 'A callable is called once, and so is a constant',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(name="Order", fields=[("id", models.BigAutoField(primary_key=True))]),
    ]
# file: shop/migrations/0002_order_token.py
import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField("order", "token", models.UUIDField(default=uuid.uuid4, unique=True)),
                                     ~~~~~~~ Every row gets the same "token", which has to be unique: this fails as soon as "shop_order" has two rows.
        migrations.AddField("order", "slug", models.SlugField(default="", unique=True)),
                                     ~~~~~~ Every row gets the same "slug", which has to be unique: this fails as soon as "shop_order" has two rows.
    ]
`,
        fixed: [
          {
            title:
              'Add "token" empty, give each row a value of its own, then make it unique; set NOT NULL in a later release',
            files: `
# file: shop/migrations/0002_order_token.py
import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.AddField(
                    model_name="order",
                    name="token",
                    field=models.UUIDField(null=True),
                ),
            ],
            state_operations=[
                migrations.AddField("order", "token", models.UUIDField(default=uuid.uuid4, unique=True)),
            ],
        ),
        migrations.AddField("order", "slug", models.SlugField(default="", unique=True)),
    ]
# file: shop/migrations/0003_fill_order_token.py
"""Fills "token" of "shop_order" where it is NULL, batch by batch.

Runs after 0002_order_token, in the same deploy. It may be interrupted and run again.
"""

import uuid

from django.db import migrations


BATCH_SIZE = 1000


def fill_token(apps, schema_editor):
    Order = apps.get_model("shop", "Order")
    rows = Order.objects.using(schema_editor.connection.alias)
    empty = rows.filter(token__isnull=True).order_by("pk")
    while batch := list(empty[:BATCH_SIZE]):
        for row in batch:
            row.token = uuid.uuid4()
        rows.bulk_update(batch, ["token"])
        empty = empty.filter(pk__gt=batch[-1].pk)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("shop", "0002_order_token"),
    ]

    operations = [
        migrations.RunPython(fill_token, migrations.RunPython.noop),
    ]
# file: shop/migrations/0004_order_token_index.py
"""Builds the unique index on "token" of "shop_order" while the table is in use.

Runs after the rows are filled, in the same deploy. It fails if two rows share a value: mend them and run it again.
"""

from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("shop", "0003_fill_order_token"),
    ]

    operations = [
        # A build that fails leaves an invalid index: that is dropped first.
        migrations.RunSQL(
            sql=[
                "DROP INDEX CONCURRENTLY IF EXISTS shop_order_token_02467206_uniq",
                "CREATE UNIQUE INDEX CONCURRENTLY shop_order_token_02467206_uniq ON shop_order (token)",
            ],
            reverse_sql="DROP INDEX CONCURRENTLY IF EXISTS shop_order_token_02467206_uniq",
        ),
    ]
# file: shop/migrations/0005_order_token_unique.py
"""Makes the index on "token" of "shop_order" the unique constraint: nothing is built or read for that.

Runs when the index is built, in the same deploy.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0004_order_token_index"),
    ]

    operations = [
        migrations.RunSQL(
            sql="ALTER TABLE shop_order ADD CONSTRAINT shop_order_token_02467206_uniq UNIQUE USING INDEX shop_order_token_02467206_uniq",
            reverse_sql="ALTER TABLE shop_order DROP CONSTRAINT shop_order_token_02467206_uniq",
        ),
    ]
`,
          },
        ],
      },
      {
        title: 'In SQL: with the column, and by a constraint or an index right after it',
        files: `
# file: shop/migrations/0002_order_token.py
from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL("ALTER TABLE shop_order ADD COLUMN code text DEFAULT '' UNIQUE", ""),
                                                  ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Every row gets the same "code", which has to be unique: this fails as soon as "shop_order" has two rows.
        migrations.RunSQL(
            """
            ALTER TABLE shop_order ADD COLUMN number integer NOT NULL DEFAULT 0;
            ALTER TABLE shop_order ADD CONSTRAINT order_number UNIQUE (number);
                                   ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Every row gets the same "number", which has to be unique: this fails as soon as "shop_order" has two rows.
            """,
            migrations.RunSQL.noop,
        ),
    ]
`,
      },
      {
        title: 'Alembic: one server default for all rows',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_users_code.py
"""users.code"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.add_column("users", sa.Column("code", sa.String(length=8), nullable=False, server_default=""))
    op.create_unique_constraint("uq_users_code", "users", ["code"])
    ~~~~~~~~~~~~~~~~~~~~~~~~~~~ Every row gets the same "code", which has to be unique: this fails as soon as "users" has two rows.
    op.add_column("teams", sa.Column("code", sa.String(length=8), server_default="none", unique=True))
    ~~~~~~~~~~~~~ Every row gets the same "code", which has to be unique: this fails as soon as "teams" has two rows.


def downgrade():
    op.drop_column("teams", "code")
    op.drop_column("users", "code")
`,
      },
    ],
    good: [
      {
        title: 'Nullable, filled, then unique; a value for each row; together with a column that tells rows apart',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(name="Order", fields=[("id", models.BigAutoField(primary_key=True))]),
    ]
# file: shop/migrations/0002_order_token.py
import uuid

from django.db import migrations, models


def fill(apps, schema_editor):
    for order in apps.get_model("shop", "Order").objects.iterator():
        order.token = uuid.uuid4()
        order.save(update_fields=["token"])


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField("order", "code", models.CharField(max_length=20, null=True, unique=True)),
        migrations.AddField("order", "token", models.UUIDField(default=uuid.uuid4)),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField("order", "token", models.UUIDField(default=uuid.uuid4, unique=True)),
        migrations.AddField("order", "position", models.IntegerField(default=0)),
        migrations.AddConstraint(
            "order", models.UniqueConstraint(fields=["id", "position"], name="order_id_position")
        ),
        migrations.RunSQL("ALTER TABLE shop_order ADD COLUMN key uuid DEFAULT gen_random_uuid() UNIQUE", ""),
    ]
`,
      },
      {
        title: 'A table that the same migration creates',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    operations = [
        migrations.CreateModel(name="Order", fields=[("id", models.BigAutoField(primary_key=True))]),
        migrations.AddField("order", "slug", models.SlugField(default="", unique=True)),
    ]
`,
      },
      {
        title: 'Alembic: a value for each row, or none at all; default= is nothing that the database knows',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_users_code.py
"""users.code"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.add_column(
        "users", sa.Column("code", postgresql.UUID(), nullable=False, server_default=sa.text("gen_random_uuid()"))
    )
    op.create_unique_constraint("uq_users_code", "users", ["code"])
    op.add_column("teams", sa.Column("code", sa.String(length=8), default="none", unique=True))


def downgrade():
    op.drop_column("teams", "code")
    op.drop_column("users", "code")
`,
      },
    ],
  },
};

function addedUnique(change: ChangeOf<'AddColumn'>, context: RuleContext): readonly string[] {
  const { column, transientDefault } = change;
  const isUnique = column.unique || column.primaryKey;
  if (!isUnique || !isShared(column.default, transientDefault)) return [];
  return context.effects(change).fails === undefined ? [] : [column.name];
}

/** A default of Python is computed once, whatever it is. */
function isShared(inDatabase: ColumnDefault | undefined, transient: ColumnDefault | undefined): boolean {
  const value = inDatabase ?? transient;
  if (value === undefined || value.sql?.toUpperCase() === 'NULL') return false;
  return inDatabase === undefined || value.kind === 'constant' || value.kind === 'stable';
}

/** The columns that become unique together, where this migration has given all of them one value for all rows. */
function madeUnique(change: ChangeOf<'AddConstraint' | 'CreateIndex'>, { forward }: Migration): readonly string[] {
  const columns = uniqueColumnsOf(change);
  const earlier = forward.slice(0, forward.indexOf(change));
  const areShared = columns.every((name) => {
    const added = earlier.findLastIndex((each) => isAddOf(each, change, name));
    return added >= 0 && !earlier.slice(added + 1).some((each) => mayFill(each, change));
  });
  return areShared ? columns : [];
}

function uniqueColumnsOf(change: ChangeOf<'AddConstraint' | 'CreateIndex'>): readonly string[] {
  if (change.kind === 'AddConstraint') return change.constraint.kind === 'unique' ? change.constraint.columns : [];
  const { unique, partial, expressions, columns } = change.index;
  return unique && !partial && !expressions ? columns : [];
}

function isAddOf(each: Change, { table }: ChangeOf<'AddConstraint' | 'CreateIndex'>, name: string): boolean {
  if (each.kind !== 'AddColumn' || each.column.name !== name || !isSameTable(each.table, table)) return false;
  // One that is unique from the start is told where it is added.
  return !each.column.unique && isShared(each.column.default, each.transientDefault);
}

/** Whether the rows may have got values of their own. */
function mayFill(each: Change, { table }: ChangeOf<'AddConstraint' | 'CreateIndex'>): boolean {
  if (each.kind === 'WriteRows') return each.table === undefined || isSameTable(each.table, table);
  return each.kind === 'RunCode' || each.kind === 'Opaque';
}
