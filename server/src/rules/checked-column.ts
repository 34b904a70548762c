import { columnConstraintInSteps } from '../fixes/recipes/alembic/column-constraint-in-steps.ts';
import { checkedColumnInSteps } from '../fixes/recipes/checked-column-in-steps.ts';
import { changesOf } from '../schema/change.ts';
import { tableText } from '../schema/table-name.ts';
import { findBlockingWork } from './blocking-work.ts';
import type { Rule } from './rule.ts';
import { isInUse } from './tables-in-use.ts';

export const checkedColumn: Rule = {
  name: 'checked-column',
  level: 'high',
  group: 'Blocks a live table',
  databases: ['postgresql'],
  kinds: ['AddColumn'],
  summary: 'A new column comes with a check, for which every row is read while nobody can use the table.',
  docs: {
    whatHappens:
      'A new column alone changes the catalog and takes an instant. With a `CHECK` beside it PostgreSQL reads every row to evaluate the condition, under an `ACCESS EXCLUSIVE` lock, although all rows hold the same value. `PositiveIntegerField`, `PositiveSmallIntegerField` and `PositiveBigIntegerField` come with such a check. For a column of a domain that has a constraint the whole table is written anew.',
    whyItHurts:
      'On a large table this takes from seconds to minutes, and every query on the table waits. Nothing in the migration shows that this new column is not as cheap as others.',
    whatToDo: {
      django:
        'Add the field to the database as an `IntegerField`, inside `database_operations` of a `SeparateDatabaseAndState`, and the check beside it with `RunSQL("ALTER TABLE … ADD CONSTRAINT … CHECK (…) NOT VALID")`: new rows obey at once. The operation that Django wrote goes into the `state_operations`. `VALIDATE CONSTRAINT` in the next migration reads the rows that are there while the table is in use.',
      alembic:
        'Add the column without the check. Add that with `op.create_check_constraint(…, postgresql_not_valid=True)`, and validate it in the next revision.',
    },
    whenItIsFine: 'Tables that the same migration creates, and databases other than PostgreSQL, are not reported.',
  },
  sources: [
    { title: 'PostgreSQL 18: ALTER TABLE', url: 'https://www.postgresql.org/docs/18/sql-altertable.html' },
    {
      title: 'Django: PositiveIntegerField',
      url: 'https://docs.djangoproject.com/en/5.2/ref/models/fields/#positiveintegerfield',
    },
  ],

  *check(migration, context) {
    for (const change of changesOf(migration.forward, 'AddColumn')) {
      if (!isInUse(change.table, change, migration, context)) continue;
      const work = findBlockingWork(context.effects(change), 'check');
      if (work === undefined) continue;
      const what =
        work.kind === 'rewrite'
          ? `The domain of "${change.column.name}" has a constraint, for which ${tableText(change.table)} is written anew`
          : `The check that comes with "${change.column.name}" reads all of ${tableText(change.table)}`;
      yield {
        at: change.at,
        message: `${what} under a lock that blocks reads and writes.`,
        cause: change,
        fixes: () =>
          change.origin.sql === undefined
            ? [
                ...checkedColumnInSteps(change, migration, context),
                ...columnConstraintInSteps(change, migration, context),
              ]
            : [],
      };
    }
  },

  examples: {
    bad: [
      {
        title: 'A positive number, even where it may be NULL',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(name="Order", fields=[("id", models.BigAutoField(primary_key=True))]),
    ]
# file: shop/migrations/0002_order_weight.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="order",
            name="weight",
                 ~~~~~~~~ The check that comes with "weight" reads all of "shop_order" under a lock that blocks reads and writes.
            field=models.PositiveIntegerField(null=True),
        ),
    ]
`,
        fixed: [
          {
            title: 'Add "weight" without its check, and validate that in the next migration',
            files: `
# file: shop/migrations/0002_order_weight.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.AddField(
                    model_name="order",
                    name="weight",
                    field=models.IntegerField(null=True),
                ),
                migrations.RunSQL(
                    sql="ALTER TABLE shop_order ADD CONSTRAINT shop_order_weight_check CHECK (weight >= 0) NOT VALID",
                    reverse_sql="ALTER TABLE shop_order DROP CONSTRAINT shop_order_weight_check",
                ),
            ],
            state_operations=[
                migrations.AddField(
                    model_name="order",
                    name="weight",
                    field=models.PositiveIntegerField(null=True),
                ),
            ],
        ),
    ]
# file: shop/migrations/0003_validate_order_weight.py
"""Proves the check of "weight" for the rows of "shop_order" that were there before it, while the table is in use.

Runs after 0002_order_weight, in the same deploy: new rows obey since then.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0002_order_weight"),
    ]

    operations = [
        migrations.RunSQL(
            sql="ALTER TABLE shop_order VALIDATE CONSTRAINT shop_order_weight_check",
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
`,
          },
        ],
      },
      {
        title: 'In SQL',
        files: `
# file: shop/migrations/0002_order_weight.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE shop_order
                ADD COLUMN parcels integer DEFAULT 1,
                ADD COLUMN weight integer CHECK (weight > 0);
                ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ The check that comes with "weight" reads all of "shop_order" under a lock that blocks reads and writes.
            """,
            "ALTER TABLE shop_order DROP COLUMN weight, DROP COLUMN parcels",
        ),
    ]
`,
      },
      {
        title: 'A domain that has a check',
        files: `
# file: shop/migrations/0001_weights.py
from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL("CREATE DOMAIN weight AS integer CHECK (VALUE > 0)", "DROP DOMAIN weight"),
    ]
# file: shop/migrations/0002_order_weight.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_weights")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE shop_order ADD COLUMN weight weight",
                                    ~~~~~~~~~~~~~~~~~~~~~~~~ The domain of "weight" has a constraint, for which "shop_order" is written anew under a lock that blocks reads and writes.
            "ALTER TABLE shop_order DROP COLUMN weight",
        ),
    ]
`,
      },
      {
        title: 'Alembic: a check inside the column',
        files: `
# file: migrations/versions/1975ea83b712_orders.py
import sqlalchemy as sa
from alembic import op

revision = "1975ea83b712"
down_revision = None


def upgrade():
    op.create_table("orders", sa.Column("id", sa.BigInteger(), primary_key=True))


def downgrade():
    op.drop_table("orders")
# file: migrations/versions/ae1027a6acf1_weight_of_orders.py
import sqlalchemy as sa
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    op.add_column("orders", sa.Column("weight", sa.Integer(), sa.CheckConstraint("weight > 0"), nullable=True))
    ~~~~~~~~~~~~~ The check that comes with "weight" reads all of "orders" under a lock that blocks reads and writes.


def downgrade():
    op.drop_column("orders", "weight")
`,
        fixed: [
          {
            title: 'Add "weight" without its check, and validate that in the next revision',
            files: `
# file: migrations/versions/0d05abc1de9c_validate_orders_weight_check.py
"""Proves "orders_weight_check" for the rows of "orders" that were there before it, while the table is in use.

Runs after ae1027a6acf1, in the same deploy: new rows obey since then.

Revision ID: 0d05abc1de9c
Revises: ae1027a6acf1

"""

from alembic import op

revision = "0d05abc1de9c"
down_revision = "ae1027a6acf1"


def upgrade():
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE orders VALIDATE CONSTRAINT orders_weight_check")


def downgrade():
    pass
# file: migrations/versions/ae1027a6acf1_weight_of_orders.py
import sqlalchemy as sa
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    op.add_column("orders", sa.Column("weight", sa.Integer(), nullable=True))
    op.create_check_constraint(
        "orders_weight_check", "orders", "weight > 0", postgresql_not_valid=True
    )


def downgrade():
    op.drop_column("orders", "weight")
`,
          },
        ],
      },
      {
        title: 'Alembic: under a naming convention, in a batch',
        files: `
# file: migrations/env.py
from alembic import context
from sqlalchemy import MetaData, engine_from_config, pool

config = context.config
target_metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def run_migrations_online():
    section = config.get_section(config.config_ini_section, {})
    engine = engine_from_config(section, prefix="sqlalchemy.", poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=target_metadata)
        with context.begin_transaction():
            context.run_migrations()


run_migrations_online()
# file: migrations/versions/1975ea83b712_orders.py
import sqlalchemy as sa
from alembic import op

revision = "1975ea83b712"
down_revision = None


def upgrade():
    op.create_table("orders", sa.Column("id", sa.BigInteger(), primary_key=True))


def downgrade():
    op.drop_table("orders")
# file: migrations/versions/ae1027a6acf1_weight_of_orders.py
from alembic import op
from sqlalchemy import CheckConstraint, Column, Integer

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    with op.batch_alter_table("orders") as batch_op:
        batch_op.add_column(
        ~~~~~~~~~~~~~~~~~~~ The check that comes with "weight" reads all of "orders" under a lock that blocks reads and writes.
            Column(
                "weight",
                Integer,
                # Nothing weighs less than its box.
                CheckConstraint("weight > 0", name="positive_weight"),
                server_default="1",
                nullable=False,
            )
        )


def downgrade():
    with op.batch_alter_table("orders") as batch_op:
        batch_op.drop_column("weight")
`,
        fixed: [
          {
            title: 'Add "weight" without its check, and validate that in the next revision',
            files: `
# file: migrations/versions/ae1027a6acf1_weight_of_orders.py
from alembic import op
from sqlalchemy import Column, Integer

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    with op.batch_alter_table("orders") as batch_op:
        batch_op.add_column(
            Column(
                "weight",
                Integer,
                server_default="1",
                nullable=False,
            )
        )
    # Nothing weighs less than its box.
    op.create_check_constraint(
        op.f("ck_orders_positive_weight"),
        "orders",
        "weight > 0",
        postgresql_not_valid=True,
    )


def downgrade():
    with op.batch_alter_table("orders") as batch_op:
        batch_op.drop_column("weight")
# file: migrations/versions/b27496fb2903_validate_ck_orders_positive_weight.py
"""Proves "ck_orders_positive_weight" for the rows of "orders" that were there before it, while the table is in use.

Runs after ae1027a6acf1, in the same deploy: new rows obey since then.

Revision ID: b27496fb2903
Revises: ae1027a6acf1

"""

from alembic import op

revision = "b27496fb2903"
down_revision = "ae1027a6acf1"


def upgrade():
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE orders VALIDATE CONSTRAINT ck_orders_positive_weight")


def downgrade():
    pass
`,
          },
        ],
      },
    ],
    good: [
      {
        title: 'The check follows without being validated',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(name="Order", fields=[("id", models.BigAutoField(primary_key=True))]),
    ]
# file: shop/migrations/0002_order_weight.py
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField("order", "weight", models.IntegerField(null=True)),
        AddConstraintNotValid(
            model_name="order",
            constraint=models.CheckConstraint(condition=models.Q(weight__gte=0), name="order_weight_positive"),
        ),
        migrations.RunSQL(
            """
            ALTER TABLE shop_order
                ADD COLUMN parcels integer,
                ADD CONSTRAINT order_parcels_positive CHECK (parcels > 0) NOT VALID;
            """,
            "ALTER TABLE shop_order DROP COLUMN parcels",
        ),
    ]
`,
      },
      {
        title: 'The table is created by the same migration',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    operations = [
        migrations.CreateModel(name="Order", fields=[("id", models.BigAutoField(primary_key=True))]),
        migrations.AddField("order", "weight", models.PositiveIntegerField(default=0)),
    ]
`,
      },
      {
        title: 'The project runs on SQLite',
        settings: 'database = "sqlite"',
        files: `
# file: shop/migrations/0002_order_weight.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField("order", "weight", models.PositiveIntegerField(null=True)),
    ]
`,
      },
    ],
  },
};
