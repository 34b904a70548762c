import { columnConstraintInSteps } from '../fixes/recipes/alembic/column-constraint-in-steps.ts';
import { constraintInSteps } from '../fixes/recipes/alembic/constraint-in-steps.ts';
import { foreignKeyInSteps } from '../fixes/recipes/foreign-key-in-steps.ts';
import { isValidationOwed, owedValidation } from '../fixes/recipes/owed-constraints.ts';
import type { AddColumn, AddConstraint, Change } from '../schema/change.ts';
import { changesOf } from '../schema/change.ts';
import { changesOfOrigin } from '../schema/change-order.ts';
import type { Migration } from '../schema/migration.ts';
import { isSameTable, type TableName, tableText } from '../schema/table-name.ts';
import { findBlockingWork } from './blocking-work.ts';
import type { Problem, Rule, RuleContext } from './rule.ts';
import { listOfTables } from './table-list.ts';
import { isInUse } from './tables-in-use.ts';

export const validatingForeignKey: Rule = {
  name: 'validating-foreign-key',
  level: 'high',
  group: 'Blocks a live table',
  databases: ['postgresql'],
  kinds: ['AddConstraint', 'AddColumn'],
  summary: 'A foreign key is added, and every row is checked against it while writes to both tables wait.',
  docs: {
    whatHappens:
      '`ADD FOREIGN KEY` looks up every row of the table in the other one, under a `SHARE ROW EXCLUSIVE` lock on both. Reads go on; every `INSERT`, `UPDATE` and `DELETE` on either table waits until all rows are checked and the migration commits. Django does the same when an existing foreign key field is altered in any way that reaches the database, `null=` included: it drops the constraint and adds it again.',
    whyItHurts:
      'On a large table the check takes minutes, and the table that is referred to is often the busiest of all. One row that refers to nothing makes the migration fail at the end of it.',
    whatToDo: {
      django:
        'Add the field to the database with `db_constraint=False` and `db_index=False`, and the constraint with `RunSQL("ALTER TABLE … ADD CONSTRAINT … FOREIGN KEY … NOT VALID")`: new rows obey at once, and the rows that are there are not read. Put both into `database_operations` of a `SeparateDatabaseAndState`, with the operation that Django wrote in its `state_operations`. Build the index concurrently in the next migration, and `VALIDATE CONSTRAINT` in the one after that, while the tables are in use. Where only `null=True` is new to a foreign key, `ALTER COLUMN … DROP NOT NULL` is all that the database needs.',
      alembic:
        'Use `op.create_foreign_key(…, postgresql_not_valid=True)`, and `op.execute("ALTER TABLE … VALIDATE CONSTRAINT …")` in the next revision, inside `with op.get_context().autocommit_block():` unless env.py sets `transaction_per_migration`: all revisions of one `alembic upgrade` share a transaction otherwise, and its locks.',
    },
    whenItIsFine:
      'A new column that may be NULL and has no default comes with nothing to check, so its foreign key is not reported. Neither are tables that the same migration creates, keys that are `NOT VALID`, and databases other than PostgreSQL.',
  },
  sources: [
    { title: 'PostgreSQL 18: ALTER TABLE', url: 'https://www.postgresql.org/docs/18/sql-altertable.html' },
    {
      title: 'Django: ForeignKey.db_constraint',
      url: 'https://docs.djangoproject.com/en/5.2/ref/models/fields/#django.db.models.ForeignKey.db_constraint',
    },
  ],

  *check(migration, context) {
    const told = new Set<number>();
    for (const change of changesOf(migration.forward, 'AddConstraint', 'AddColumn')) {
      if (!isChecked(change, migration, context) || told.has(change.at.start)) continue;
      told.add(change.at.start);
      yield problemOf(change, migration, context);
    }
  },

  *offers(migration, context) {
    for (const change of changesOf(migration.forward, 'AddConstraint')) {
      if (change.constraint.kind !== 'foreign-key' || !isValidationOwed(change, migration, context.project)) continue;
      yield {
        at: change.origin.span,
        owed: `"${change.constraint.name}" of ${tableText(change.table)} holds for new rows only: it is not validated yet.`,
        fix: () => owedValidation(change, migration, context),
      };
    }
  },

  examples: {
    bad: [
      {
        title: 'A field becomes a foreign key',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(name="Courier", fields=[("id", models.BigAutoField(primary_key=True))]),
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("courier", models.BigIntegerField(null=True, db_column="courier_id")),
            ],
        ),
    ]
# file: shop/migrations/0002_order_courier.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="order",
            name="courier",
            field=models.ForeignKey("shop.Courier", models.SET_NULL, null=True, db_column="courier_id"),
                  ~~~~~~~~~~~~~~~~~ Adding the foreign key reads all of "shop_order" while writes to it and to "shop_courier" wait.
        ),
    ]
`,
        fixed: [
          {
            title: 'Add the foreign key NOT VALID, build its index concurrently, and validate it after that',
            files: `
# file: shop/migrations/0002_order_courier.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    sql="ALTER TABLE shop_order ADD CONSTRAINT shop_order_courier_id_45f6ea91_fk_shop_courier_id FOREIGN KEY (courier_id) REFERENCES shop_courier (id) DEFERRABLE INITIALLY DEFERRED NOT VALID",
                    reverse_sql="ALTER TABLE shop_order DROP CONSTRAINT shop_order_courier_id_45f6ea91_fk_shop_courier_id",
                ),
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="order",
                    name="courier",
                    field=models.ForeignKey("shop.Courier", models.SET_NULL, null=True, db_column="courier_id"),
                ),
            ],
        ),
    ]
# file: shop/migrations/0003_order_courier_index.py
"""Builds the index on "courier_id" of "shop_order" without blocking writes to it.

Runs after 0002_order_courier, in the same deploy.
"""

from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("shop", "0002_order_courier"),
    ]

    operations = [
        # A build that fails leaves an invalid index: that is dropped first.
        migrations.RunSQL(
            sql=[
                "DROP INDEX CONCURRENTLY IF EXISTS shop_order_courier_id_45f6ea91",
                "CREATE INDEX CONCURRENTLY shop_order_courier_id_45f6ea91 ON shop_order (courier_id)",
            ],
            reverse_sql="DROP INDEX CONCURRENTLY IF EXISTS shop_order_courier_id_45f6ea91",
        ),
    ]
# file: shop/migrations/0004_validate_order_courier.py
"""Proves the foreign key of "courier_id" for the rows of "shop_order" that were there before it, while the table is in use.

Runs after 0002_order_courier, in the same deploy: new rows obey since then.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0003_order_courier_index"),
    ]

    operations = [
        migrations.RunSQL(
            sql="ALTER TABLE shop_order VALIDATE CONSTRAINT shop_order_courier_id_45f6ea91_fk_shop_courier_id",
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
`,
          },
        ],
      },
      {
        title: 'A new column has a default, so every row must be looked up',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(name="Courier", fields=[("id", models.BigAutoField(primary_key=True))]),
        migrations.CreateModel(name="Order", fields=[("id", models.BigAutoField(primary_key=True))]),
    ]
# file: shop/migrations/0002_order_courier.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField("order", "courier", models.ForeignKey("shop.Courier", models.PROTECT, default=1)),
                                     ~~~~~~~~~ Adding the foreign key reads all of "shop_order" under a lock that blocks reads and writes; writes to "shop_courier" wait, too.
    ]
`,
        fixed: [
          {
            title: 'Add the foreign key NOT VALID, build its index concurrently, and validate it after that',
            files: `
# file: shop/migrations/0002_order_courier.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.AddField(
                    model_name="order",
                    name="courier",
                    field=models.ForeignKey("shop.Courier", models.PROTECT, default=1, db_constraint=False, db_index=False),
                ),
                migrations.RunSQL(
                    sql="ALTER TABLE shop_order ADD CONSTRAINT shop_order_courier_id_45f6ea91_fk_shop_courier_id FOREIGN KEY (courier_id) REFERENCES shop_courier (id) DEFERRABLE INITIALLY DEFERRED NOT VALID",
                    reverse_sql="ALTER TABLE shop_order DROP CONSTRAINT shop_order_courier_id_45f6ea91_fk_shop_courier_id",
                ),
            ],
            state_operations=[
                migrations.AddField("order", "courier", models.ForeignKey("shop.Courier", models.PROTECT, default=1)),
            ],
        ),
    ]
# file: shop/migrations/0003_order_courier_index.py
"""Builds the index on "courier_id" of "shop_order" without blocking writes to it.

Runs after 0002_order_courier, in the same deploy.
"""

from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("shop", "0002_order_courier"),
    ]

    operations = [
        # A build that fails leaves an invalid index: that is dropped first.
        migrations.RunSQL(
            sql=[
                "DROP INDEX CONCURRENTLY IF EXISTS shop_order_courier_id_45f6ea91",
                "CREATE INDEX CONCURRENTLY shop_order_courier_id_45f6ea91 ON shop_order (courier_id)",
            ],
            reverse_sql="DROP INDEX CONCURRENTLY IF EXISTS shop_order_courier_id_45f6ea91",
        ),
    ]
# file: shop/migrations/0004_validate_order_courier.py
"""Proves the foreign key of "courier_id" for the rows of "shop_order" that were there before it, while the table is in use.

Runs after 0002_order_courier, in the same deploy: new rows obey since then.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0003_order_courier_index"),
    ]

    operations = [
        migrations.RunSQL(
            sql="ALTER TABLE shop_order VALIDATE CONSTRAINT shop_order_courier_id_45f6ea91_fk_shop_courier_id",
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
`,
          },
        ],
      },
      {
        title: 'Django drops a foreign key and adds it again when its nullability changes',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(name="Courier", fields=[("id", models.BigAutoField(primary_key=True))]),
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("courier", models.ForeignKey("shop.Courier", models.PROTECT)),
            ],
        ),
    ]
# file: shop/migrations/0002_order_courier.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AlterField("order", "courier", models.ForeignKey("shop.Courier", models.SET_NULL, null=True)),
                                                                                                     ~~~~~~~~~ The foreign key is dropped and added again, which reads all of "shop_order" while writes to it and to "shop_courier" wait.
    ]
`,
        fixed: [
          {
            title: 'Let "courier_id" be NULL, and leave its foreign key as it is',
            files: `
# file: shop/migrations/0002_order_courier.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    sql="ALTER TABLE shop_order ALTER COLUMN courier_id DROP NOT NULL",
                    reverse_sql="ALTER TABLE shop_order ALTER COLUMN courier_id SET NOT NULL",
                ),
            ],
            state_operations=[
                migrations.AlterField("order", "courier", models.ForeignKey("shop.Courier", models.SET_NULL, null=True)),
            ],
        ),
    ]
`,
          },
        ],
      },
      {
        title: 'In SQL, beside a key that waits for VALIDATE',
        files: `
# file: shop/migrations/0002_keys.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            sql="""
                ALTER TABLE shop_order
                    ADD CONSTRAINT order_courier FOREIGN KEY (courier_id) REFERENCES shop_courier (id),
                    ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Adding the foreign key reads all of "shop_order" while writes to it and to "shop_courier" wait.
                    ADD CONSTRAINT order_payer FOREIGN KEY (payer_id) REFERENCES shop_customer (id) NOT VALID;
                ALTER TABLE shop_order ADD COLUMN depot_id bigint DEFAULT 1 REFERENCES shop_depot;
                                       ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Adding the foreign key reads all of "shop_order" under a lock that blocks reads and writes; writes to "shop_depot" wait, too.
            """,
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
`,
        fixed: [
          {
            title: 'Add the constraint NOT VALID, and validate it in the next migration',
            files: `
# file: shop/migrations/0002_keys.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            sql="""
                ALTER TABLE shop_order
                    ADD CONSTRAINT order_courier FOREIGN KEY (courier_id) REFERENCES shop_courier (id) NOT VALID,
                    ADD CONSTRAINT order_payer FOREIGN KEY (payer_id) REFERENCES shop_customer (id) NOT VALID;
                ALTER TABLE shop_order ADD COLUMN depot_id bigint DEFAULT 1 REFERENCES shop_depot;
            """,
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
# file: shop/migrations/0003_validate_order_courier.py
"""Proves "order_courier" for the rows of "shop_order" that were there before it, while the table is in use.

Runs after 0002_keys, in the same deploy: new rows obey since then.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0002_keys"),
    ]

    operations = [
        migrations.RunSQL(
            sql="ALTER TABLE shop_order VALIDATE CONSTRAINT order_courier",
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
`,
          },
        ],
      },
      {
        title: 'Alembic: a foreign key of a column that is there',
        files: `
# file: migrations/versions/1975ea83b712_orders.py
import sqlalchemy as sa
from alembic import op

revision = "1975ea83b712"
down_revision = None


def upgrade():
    op.create_table("couriers", sa.Column("id", sa.BigInteger(), primary_key=True))
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("courier_id", sa.BigInteger()),
    )


def downgrade():
    op.drop_table("orders")
    op.drop_table("couriers")
# file: migrations/versions/ae1027a6acf1_courier_of_orders.py
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    op.create_foreign_key("orders_courier_id_fkey", "orders", "couriers", ["courier_id"], ["id"])
    ~~~~~~~~~~~~~~~~~~~~~ Adding the foreign key reads all of "orders" while writes to it and to "couriers" wait.


def downgrade():
    op.drop_constraint("orders_courier_id_fkey", "orders", type_="foreignkey")
`,
        fixed: [
          {
            title: 'Add the foreign key NOT VALID, and validate it in the next revision',
            files: `
# file: migrations/versions/1c65c049ffc4_validate_orders_courier_id_fkey.py
"""Proves "orders_courier_id_fkey" for the rows of "orders" that were there before it, while the table is in use.

Runs after ae1027a6acf1, in the same deploy: new rows obey since then.

Revision ID: 1c65c049ffc4
Revises: ae1027a6acf1

"""

from alembic import op

revision = "1c65c049ffc4"
down_revision = "ae1027a6acf1"


def upgrade():
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE orders VALIDATE CONSTRAINT orders_courier_id_fkey")


def downgrade():
    pass
# file: migrations/versions/ae1027a6acf1_courier_of_orders.py
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    op.create_foreign_key(
        "orders_courier_id_fkey",
        "orders",
        "couriers",
        ["courier_id"],
        ["id"],
        postgresql_not_valid=True,
    )


def downgrade():
    op.drop_constraint("orders_courier_id_fkey", "orders", type_="foreignkey")
`,
          },
        ],
      },
      {
        title: 'Alembic: inside the column that it is added with',
        files: `
# file: migrations/versions/1975ea83b712_orders.py
import sqlalchemy as sa
from alembic import op

revision = "1975ea83b712"
down_revision = None


def upgrade():
    op.create_table("couriers", sa.Column("id", sa.BigInteger(), primary_key=True))
    op.create_table("orders", sa.Column("id", sa.BigInteger(), primary_key=True))


def downgrade():
    op.drop_table("orders")
    op.drop_table("couriers")
# file: migrations/versions/ae1027a6acf1_courier_of_orders.py
import sqlalchemy as sa
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    op.add_column("orders", sa.Column("courier_id", sa.BigInteger(), sa.ForeignKey("couriers.id", ondelete="SET NULL")))
    ~~~~~~~~~~~~~ Adding the foreign key reads all of "orders" while writes to it and to "couriers" wait.


def downgrade():
    op.drop_column("orders", "courier_id")
`,
        fixed: [
          {
            title: 'Add the foreign key NOT VALID, and validate it in the next revision',
            files: `
# file: migrations/versions/1c65c049ffc4_validate_orders_courier_id_fkey.py
"""Proves "orders_courier_id_fkey" for the rows of "orders" that were there before it, while the table is in use.

Runs after ae1027a6acf1, in the same deploy: new rows obey since then.

Revision ID: 1c65c049ffc4
Revises: ae1027a6acf1

"""

from alembic import op

revision = "1c65c049ffc4"
down_revision = "ae1027a6acf1"


def upgrade():
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE orders VALIDATE CONSTRAINT orders_courier_id_fkey")


def downgrade():
    pass
# file: migrations/versions/ae1027a6acf1_courier_of_orders.py
import sqlalchemy as sa
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    op.add_column("orders", sa.Column("courier_id", sa.BigInteger()))
    op.create_foreign_key(
        "orders_courier_id_fkey",
        "orders",
        "couriers",
        ["courier_id"],
        ["id"],
        ondelete="SET NULL",
        postgresql_not_valid=True,
    )


def downgrade():
    op.drop_column("orders", "courier_id")
`,
          },
        ],
      },
      {
        title: 'Alembic: inside a column, under a naming convention',
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
    op.create_table("couriers", sa.Column("id", sa.BigInteger(), primary_key=True))
    op.create_table("orders", sa.Column("id", sa.BigInteger(), primary_key=True))


def downgrade():
    op.drop_table("orders")
    op.drop_table("couriers")
# file: migrations/versions/ae1027a6acf1_courier_of_orders.py
from alembic import op
from sqlalchemy import BigInteger, Column, ForeignKey

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    with op.batch_alter_table("orders") as batch_op:
        batch_op.add_column(
        ~~~~~~~~~~~~~~~~~~~ Adding the foreign key reads all of "orders" while writes to it and to "couriers" wait.
            Column("courier_id", BigInteger, ForeignKey("couriers.id"), nullable=True)
        )


def downgrade():
    with op.batch_alter_table("orders") as batch_op:
        batch_op.drop_constraint("fk_orders_courier_id_couriers", type_="foreignkey")
        batch_op.drop_column("courier_id")
`,
        fixed: [
          {
            title: 'Add the foreign key NOT VALID, and validate it in the next revision',
            files: `
# file: migrations/versions/4a68aeacb9a4_validate_fk_orders_courier_id_couriers.py
"""Proves "fk_orders_courier_id_couriers" for the rows of "orders" that were there before it, while the table is in use.

Runs after ae1027a6acf1, in the same deploy: new rows obey since then.

Revision ID: 4a68aeacb9a4
Revises: ae1027a6acf1

"""

from alembic import op

revision = "4a68aeacb9a4"
down_revision = "ae1027a6acf1"


def upgrade():
    with op.get_context().autocommit_block():
        op.execute(
            "ALTER TABLE orders VALIDATE CONSTRAINT fk_orders_courier_id_couriers"
        )


def downgrade():
    pass
# file: migrations/versions/ae1027a6acf1_courier_of_orders.py
from alembic import op
from sqlalchemy import BigInteger, Column

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    with op.batch_alter_table("orders") as batch_op:
        batch_op.add_column(Column("courier_id", BigInteger, nullable=True))
    op.create_foreign_key(
        op.f("fk_orders_courier_id_couriers"),
        "orders",
        "couriers",
        ["courier_id"],
        ["id"],
        postgresql_not_valid=True,
    )


def downgrade():
    with op.batch_alter_table("orders") as batch_op:
        batch_op.drop_constraint("fk_orders_courier_id_couriers", type_="foreignkey")
        batch_op.drop_column("courier_id")
`,
          },
        ],
      },
      {
        title: 'Alembic: without a name, as autogenerate writes it',
        files: `
# file: migrations/versions/1975ea83b712_orders.py
import sqlalchemy as sa
from alembic import op

revision = "1975ea83b712"
down_revision = None


def upgrade():
    op.create_table("couriers", sa.Column("id", sa.BigInteger(), primary_key=True))
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("courier_id", sa.BigInteger()),
        sa.Column("code", sa.String(20), nullable=False),
    )


def downgrade():
    op.drop_table("orders")
    op.drop_table("couriers")
# file: migrations/versions/ae1027a6acf1_courier_of_orders.py
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    op.create_foreign_key(None, "orders", "couriers", ["courier_id"], ["id"])
    ~~~~~~~~~~~~~~~~~~~~~ Adding the foreign key reads all of "orders" while writes to it and to "couriers" wait.


def downgrade():
    op.drop_constraint("orders_courier_id_fkey", "orders", type_="foreignkey")
`,
        fixed: [
          {
            title: 'Add the foreign key NOT VALID, and validate it in the next revision',
            files: `
# file: migrations/versions/1c65c049ffc4_validate_orders_courier_id_fkey.py
"""Proves "orders_courier_id_fkey" for the rows of "orders" that were there before it, while the table is in use.

Runs after ae1027a6acf1, in the same deploy: new rows obey since then.

Revision ID: 1c65c049ffc4
Revises: ae1027a6acf1

"""

from alembic import op

revision = "1c65c049ffc4"
down_revision = "ae1027a6acf1"


def upgrade():
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE orders VALIDATE CONSTRAINT orders_courier_id_fkey")


def downgrade():
    pass
# file: migrations/versions/ae1027a6acf1_courier_of_orders.py
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    op.create_foreign_key(
        "orders_courier_id_fkey",
        "orders",
        "couriers",
        ["courier_id"],
        ["id"],
        postgresql_not_valid=True,
    )


def downgrade():
    op.drop_constraint("orders_courier_id_fkey", "orders", type_="foreignkey")
`,
          },
        ],
      },
    ],
    good: [
      {
        title: 'A new column that may be NULL: there is nothing to check',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(name="Courier", fields=[("id", models.BigAutoField(primary_key=True))]),
        migrations.CreateModel(name="Order", fields=[("id", models.BigAutoField(primary_key=True))]),
    ]
# file: shop/migrations/0002_order_courier.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField("order", "courier", models.ForeignKey("shop.Courier", models.SET_NULL, null=True)),
        migrations.RunSQL(
            "ALTER TABLE shop_order ADD COLUMN payer_id bigint REFERENCES shop_customer (id)",
            "ALTER TABLE shop_order DROP COLUMN payer_id",
        ),
    ]
`,
      },
      {
        title: 'The foreign key stays as it is in the database',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(name="Courier", fields=[("id", models.BigAutoField(primary_key=True))]),
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("courier", models.ForeignKey("shop.Courier", models.PROTECT, null=True)),
            ],
        ),
    ]
# file: shop/migrations/0002_order_courier.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AlterField(
            "order",
            "courier",
            models.ForeignKey("shop.Courier", models.SET_NULL, null=True, blank=True, related_name="orders"),
        ),
    ]
`,
      },
      {
        title: 'NOT VALID first, validated by the next migration',
        files: `
# file: shop/migrations/0002_order_courier.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE shop_order ADD CONSTRAINT order_courier FOREIGN KEY (courier_id) REFERENCES shop_courier NOT VALID",
            "ALTER TABLE shop_order DROP CONSTRAINT order_courier",
        ),
    ]
# file: shop/migrations/0003_order_courier.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0002_order_courier")]

    operations = [
        migrations.RunSQL("ALTER TABLE shop_order VALIDATE CONSTRAINT order_courier", migrations.RunSQL.noop),
    ]
`,
      },
      {
        title: 'The table that refers is created by the same migration',
        files: `
# file: shop/migrations/0002_parcel.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.CreateModel(name="Parcel", fields=[("id", models.BigAutoField(primary_key=True))]),
        migrations.RunSQL("ALTER TABLE shop_parcel ADD FOREIGN KEY (id) REFERENCES shop_order", migrations.RunSQL.noop),
    ]
`,
      },
      {
        title: 'Alembic: NOT VALID now, validated in the next revision',
        files: `
# file: migrations/versions/1975ea83b712_orders.py
import sqlalchemy as sa
from alembic import op

revision = "1975ea83b712"
down_revision = None


def upgrade():
    op.create_foreign_key(
        "orders_courier_id_fkey",
        "orders",
        "couriers",
        ["courier_id"],
        ["id"],
        postgresql_not_valid=True,
    )


def downgrade():
    op.drop_constraint("orders_courier_id_fkey", "orders", type_="foreignkey")
# file: migrations/versions/ae1027a6acf1_courier_of_orders.py
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    op.execute("ALTER TABLE orders VALIDATE CONSTRAINT orders_courier_id_fkey")


def downgrade():
    pass
`,
      },
    ],
  },
};

function isChecked(change: AddConstraint | AddColumn, migration: Migration, context: RuleContext): boolean {
  return (
    isInUse(change.table, change, migration, context) &&
    findBlockingWork(context.effects(change), 'foreign-key') !== undefined
  );
}

/** One for all keys that the operation adds at this place: a renamed model has those of every table that refers to it. */
function problemOf(change: AddConstraint | AddColumn, migration: Migration, context: RuleContext): Problem {
  const together = changesOf(changesOfOrigin(change, migration.forward), 'AddConstraint', 'AddColumn').filter(
    (each) => each.at.start === change.at.start && isChecked(each, migration, context),
  );
  const isAddedAgain = changesOfOrigin(change, migration.forward).some(
    (each) => each.kind === 'DropConstraint' && each.constraintKind === 'foreign-key',
  );
  const start = isAddedAgain ? 'The foreign key is dropped and added again, which' : 'Adding the foreign key';
  return {
    at: change.at,
    message: `${start} reads all of ${listOfTables(together.map(({ table }) => table))} ${waitingFor(together, change, context)}.`,
    cause: change,
    covers: together,
    fixes: () => {
      if (together.length > 1) return [];
      const own = change.kind === 'AddConstraint' ? constraintInSteps(change, migration, context) : [];
      return [
        ...foreignKeyInSteps(change, migration, context),
        ...own,
        ...columnConstraintInSteps(change, migration, context),
      ];
    },
  };
}

function waitingFor(together: readonly Change[], change: AddConstraint | AddColumn, context: RuleContext): string {
  if (together.length > 1) return 'while writes to them wait';
  const [referenced] = referencedBy(change).filter((table) => !isSameTable(table, change.table));
  if (findBlockingWork(context.effects(change), 'foreign-key')?.blocks === 'writes') {
    return `while writes to it${referenced === undefined ? '' : ` and to ${tableText(referenced)}`} wait`;
  }
  const meanwhile = referenced === undefined ? '' : `; writes to ${tableText(referenced)} wait, too`;
  return `under a lock that blocks reads and writes${meanwhile}`;
}

function referencedBy(change: AddConstraint | AddColumn): readonly TableName[] {
  const table = change.kind === 'AddColumn' ? change.column.references?.table : change.constraint.references;
  return table === undefined ? [] : [table];
}
