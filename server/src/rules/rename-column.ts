import { renamedByCopyInRevisions } from '../fixes/recipes/alembic/renamed-by-copy.ts';
import { renamedByCopy } from '../fixes/recipes/renamed-by-copy.ts';
import { renamedInPython } from '../fixes/recipes/renamed-in-python.ts';
import type { RenameColumn } from '../schema/change.ts';
import { changesOf } from '../schema/change.ts';
import type { Migration } from '../schema/migration.ts';
import { isSameTable, type TableName, tableText } from '../schema/table-name.ts';
import type { Rule } from './rule.ts';
import { columnBefore, isInUse } from './tables-in-use.ts';

export const renameColumn: Rule = {
  name: 'rename-column',
  level: 'medium',
  group: 'Breaks the running release',
  kinds: ['RenameColumn'],
  summary: 'A column is renamed while the running release still uses its old name.',
  docs: {
    whatHappens:
      'The rename itself is instant and loses nothing. But from the moment it commits, the column is gone under its old name.',
    whyItHurts:
      'Django lists every column by name in its queries. Until the new release has replaced the old one on every machine, each query of the old one that touches the table fails. Rolling the release back fails in the same way.',
    whatToDo: {
      django:
        'Rename the field in Python only: put `RenameField` into `state_operations` together with an `AlterField` that sets `db_column` to the old name, and set `db_column` on the model. Where the column itself must be renamed, add a new one, keep the two in step by a trigger, so that both releases can write, fill it in batches, and drop the old one and the trigger in a later release.',
      alembic:
        'Map the new attribute name to the old column, or add a new column, write both, copy, switch the reads, and drop the old one in a later release.',
    },
    whenItIsFine:
      'When the application is stopped to migrate (`deploys = "stopped"`) the finding is only a note. A column that the same migration created, a name that a computed column takes in the same migration, or another column from one that leaves the state, and a rename that the database never sees, are not reported.',
  },
  sources: [
    {
      title: 'Django: RenameField',
      url: 'https://docs.djangoproject.com/en/5.2/ref/migration-operations/#renamefield',
    },
    { title: 'PostgreSQL 18: ALTER TABLE', url: 'https://www.postgresql.org/docs/18/sql-altertable.html' },
  ],

  *check(migration, context) {
    for (const change of changesOf(migration.forward, 'RenameColumn')) {
      if (!change.applies.database || !isInUse(change.table, change, migration, context)) continue;
      if (columnBefore(change.table, change.column, change, context)?.bornIn === migration.id) continue;
      if (isTakenBack(change, migration)) continue;
      if (isTakenAgain(change, migration) || isShownByView(change, migration)) continue;
      yield {
        at: change.at,
        message: `The running release still reads and writes "${change.column}" of ${tableText(change.table)}: its queries fail once the column is called "${change.to}".`,
        ...(context.target.deploys === 'stopped' ? { level: 'low' as const } : {}),
        cause: change,
        fixes: () => [
          ...renamedInPython(change, migration, context),
          ...renamedByCopy(change, migration, context),
          ...renamedByCopyInRevisions(change, migration, context),
        ],
      };
    }
  },

  examples: {
    bad: [
      {
        title: 'A field is renamed',
        files: `
# file: shop/models.py
from django.db import models


class Order(models.Model):
    id = models.BigAutoField(primary_key=True)
    payer_name = models.CharField(max_length=80)
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[("id", models.BigAutoField(primary_key=True)), ("payer", models.CharField(max_length=80))],
        ),
    ]
# file: shop/migrations/0002_rename_payer.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RenameField(model_name="order", old_name="payer", new_name="payer_name"),
                                                            ~~~~~~~ The running release still reads and writes "payer" of "shop_order": its queries fail once the column is called "payer_name".
    ]
`,
        fixed: [
          {
            title: 'Rename the field and keep its column: db_column="payer"',
            files: `
# file: shop/migrations/0002_rename_payer.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameField(model_name="order", old_name="payer", new_name="payer_name"),
                migrations.AlterField(
                    model_name="order",
                    name="payer_name",
                    field=models.CharField(max_length=80, db_column="payer"),
                ),
            ],
        ),
    ]
# file: shop/models.py
from django.db import models


class Order(models.Model):
    id = models.BigAutoField(primary_key=True)
    payer_name = models.CharField(max_length=80, db_column="payer")
`,
          },
          {
            title: 'Copy "payer" to "payer_name", kept in step by a trigger; drop the old column in a later release',
            files: `
# file: shop/migrations/0002_rename_payer.py
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="order",
            name="payer_name",
            field=models.CharField(max_length=80, null=True),
        ),
        migrations.RunSQL(
            sql="""
                CREATE FUNCTION shop_order_payer_renamed() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    IF TG_OP = 'INSERT' THEN
                        NEW.payer_name := coalesce(NEW.payer_name, NEW.payer);
                        NEW.payer := NEW.payer_name;
                    ELSIF NEW.payer_name IS DISTINCT FROM OLD.payer_name THEN
                        NEW.payer := NEW.payer_name;
                    ELSE
                        NEW.payer_name := NEW.payer;
                    END IF;
                    RETURN NEW;
                END
                $$;
                CREATE TRIGGER shop_order_payer_renamed BEFORE INSERT OR UPDATE ON shop_order
                    FOR EACH ROW EXECUTE FUNCTION shop_order_payer_renamed();
            """,
            reverse_sql="""
                DROP TRIGGER shop_order_payer_renamed ON shop_order;
                DROP FUNCTION shop_order_payer_renamed();
            """,
        ),
        AddConstraintNotValid(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(payer_name__isnull=False),
                name="shop_order_payer_name_not_null",
            ),
        ),
    ]
# file: shop/migrations/0003_fill_order_payer_name.py
"""Fills "payer_name" of the rows of "shop_order" that were there before it, batch by batch.

Runs after 0002_rename_payer, in the same deploy. It may be interrupted and run again.
"""

from django.db import migrations
from django.db.models import F


BATCH_SIZE = 1000


def fill_payer_name(apps, schema_editor):
    Order = apps.get_model("shop", "Order")
    rows = Order.objects.using(schema_editor.connection.alias).order_by("pk")
    empty = rows.filter(payer__isnull=False, payer_name__isnull=True)
    while keys := list(empty.values_list("pk", flat=True)[:BATCH_SIZE]):
        # The trigger fills the new column of each row that is written.
        rows.filter(pk__in=keys).update(payer=F("payer"))
        empty = empty.filter(pk__gt=keys[-1])


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("shop", "0002_rename_payer"),
    ]

    operations = [
        migrations.RunPython(fill_payer_name, migrations.RunPython.noop),
    ]
# file: shop/migrations/0004_rename_order_payer.py
"""Takes "payer" of "shop_order" out of the state, "payer_name" has its place.

Runs after fill_order_payer_name, in the same deploy. Column and trigger stay until a later release drops both: what runs
now still uses the old name.
"""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0003_fill_order_payer_name"),
    ]

    operations = [
        ValidateConstraint(model_name="order", name="shop_order_payer_name_not_null"),
        migrations.AlterField(
            model_name="order",
            name="payer_name",
            field=models.CharField(max_length=80),
        ),
        migrations.RemoveConstraint(model_name="order", name="shop_order_payer_name_not_null"),
        migrations.AlterField(
            model_name="order",
            name="payer",
            field=models.CharField(max_length=80, null=True),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField(model_name="order", name="payer"),
            ],
        ),
    ]
`,
          },
        ],
      },
      {
        title: 'A foreign key is renamed: its column has another name than its field',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(name="Customer", fields=[("id", models.BigAutoField(primary_key=True))]),
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("payer", models.ForeignKey(to="shop.customer", on_delete=models.PROTECT)),
            ],
        ),
    ]
# file: shop/migrations/0002_rename_payer.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RenameField("order", "payer", "customer"),
                                        ~~~~~~~ The running release still reads and writes "payer_id" of "shop_order": its queries fail once the column is called "customer_id".
    ]
`,
        fixed: [
          {
            title:
              'Rename the field and keep its column: db_column="payer_id"; add db_column="payer_id" to the model, too',
            files: `
# file: shop/migrations/0002_rename_payer.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameField("order", "payer", "customer"),
                migrations.AlterField(
                    model_name="order",
                    name="customer",
                    field=models.ForeignKey(to="shop.customer", on_delete=models.PROTECT, db_column="payer_id"),
                ),
            ],
        ),
    ]
`,
          },
        ],
      },
      {
        title: 'The model is in a module of its own',
        files: `
# file: shop/models.py
from .ordering import Order
# file: shop/ordering.py
from django.db import models


class Order(models.Model):
    id = models.BigAutoField(primary_key=True)
    payer_name = models.CharField(
        "payer",
        max_length=80,
    )
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[("id", models.BigAutoField(primary_key=True)), ("payer", models.CharField("payer", max_length=80))],
        ),
    ]
# file: shop/migrations/0002_rename_payer.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RenameField("order", "payer", "payer_name"),
                                        ~~~~~~~ The running release still reads and writes "payer" of "shop_order": its queries fail once the column is called "payer_name".
    ]
`,
        fixed: [
          {
            title: 'Rename the field and keep its column: db_column="payer"',
            files: `
# file: shop/migrations/0002_rename_payer.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameField("order", "payer", "payer_name"),
                migrations.AlterField(
                    model_name="order",
                    name="payer_name",
                    field=models.CharField("payer", max_length=80, db_column="payer"),
                ),
            ],
        ),
    ]
# file: shop/ordering.py
from django.db import models


class Order(models.Model):
    id = models.BigAutoField(primary_key=True)
    payer_name = models.CharField(
        "payer",
        max_length=80,
        db_column="payer",
    )
`,
          },
        ],
      },
      {
        title: 'In SQL',
        files: `
# file: shop/migrations/0002_rename_payer.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE shop_order RENAME payer TO payer_name",
             ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ The running release still reads and writes "payer" of "shop_order": its queries fail once the column is called "payer_name".
            "ALTER TABLE shop_order RENAME payer_name TO payer",
        ),
    ]
`,
      },
      {
        title: 'Alembic: a column that must be there, with its index',
        files: `
# file: migrations/versions/9c2f5a1b7e44_orders.py
"""Orders"""
import sqlalchemy as sa
from alembic import op

revision = "9c2f5a1b7e44"
down_revision = None


def upgrade():
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("payer", sa.String(length=80), nullable=False),
    )
    op.create_index("ix_orders_payer", "orders", ["payer"])


def downgrade():
    op.drop_table("orders")
# file: migrations/versions/5b0f6f6ad3b1_payer_name.py
"""payer is called payer_name"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.alter_column("orders", "payer", new_column_name="payer_name", existing_type=sa.String(length=80))
    ~~~~~~~~~~~~~~~ The running release still reads and writes "payer" of "orders": its queries fail once the column is called "payer_name".


def downgrade():
    op.alter_column("orders", "payer_name", new_column_name="payer", existing_type=sa.String(length=80))
`,
        fixed: [
          {
            title: 'Copy "payer" to "payer_name", kept in step by a trigger; drop the old column in a later release',
            files: `
# file: migrations/versions/28792474fb38_rename_orders_payer.py
"""Lets "payer_name" of "orders" have the place of "payer".

Runs after b76c99ebb0ce, in the same deploy. Column and trigger stay until a later release drops both: what runs
now still uses the old name.

Revision ID: 28792474fb38
Revises: b76c99ebb0ce

"""

import sqlalchemy as sa
from alembic import op

revision = "28792474fb38"
down_revision = "b76c99ebb0ce"


def upgrade():
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE orders VALIDATE CONSTRAINT orders_payer_name_not_null")
    op.alter_column(
        "orders", "payer_name", existing_type=sa.String(length=80), nullable=False
    )
    op.drop_constraint("orders_payer_name_not_null", "orders", type_="check")
    op.execute("ALTER INDEX ix_orders_payer RENAME TO ix_orders_payer_old")
    op.execute("ALTER INDEX ix_orders_payer_new RENAME TO ix_orders_payer")
    # stepwise: drop-column-later[orders.payer] what runs now still uses it
    op.alter_column(
        "orders", "payer", existing_type=sa.String(length=80), nullable=True
    )


def downgrade():
    op.alter_column(
        "orders", "payer", existing_type=sa.String(length=80), nullable=False
    )
    op.execute("ALTER INDEX ix_orders_payer RENAME TO ix_orders_payer_new")
    op.execute("ALTER INDEX ix_orders_payer_old RENAME TO ix_orders_payer")
    op.create_check_constraint(
        "orders_payer_name_not_null",
        "orders",
        "payer_name IS NOT NULL",
        postgresql_not_valid=True,
    )
    op.alter_column(
        "orders", "payer_name", existing_type=sa.String(length=80), nullable=True
    )
# file: migrations/versions/5b0f6f6ad3b1_payer_name.py
"""payer is called payer_name"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.add_column(
        "orders", sa.Column("payer_name", sa.String(length=80), nullable=True)
    )
    op.execute(
        """
        CREATE FUNCTION orders_payer_renamed() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'INSERT' THEN
                NEW.payer_name := coalesce(NEW.payer_name, NEW.payer);
                NEW.payer := NEW.payer_name;
            ELSIF NEW.payer_name IS DISTINCT FROM OLD.payer_name THEN
                NEW.payer := NEW.payer_name;
            ELSE
                NEW.payer_name := NEW.payer;
            END IF;
            RETURN NEW;
        END
        $$
        """
    )
    op.execute(
        """
        CREATE TRIGGER orders_payer_renamed BEFORE INSERT OR UPDATE ON orders
        FOR EACH ROW EXECUTE FUNCTION orders_payer_renamed()
        """
    )
    op.create_check_constraint(
        "orders_payer_name_not_null",
        "orders",
        "payer_name IS NOT NULL",
        postgresql_not_valid=True,
    )


def downgrade():
    op.drop_constraint("orders_payer_name_not_null", "orders", type_="check")
    op.execute("DROP TRIGGER orders_payer_renamed ON orders")
    op.execute("DROP FUNCTION orders_payer_renamed()")
    op.drop_column("orders", "payer_name")
# file: migrations/versions/a2d409f192fc_fill_orders_payer_name.py
"""Fills "payer_name" of the rows of "orders" that were there before it, batch by batch.

Runs after 5b0f6f6ad3b1, in the same deploy. It may be interrupted and run again.

Revision ID: a2d409f192fc
Revises: 5b0f6f6ad3b1

"""

import sqlalchemy as sa
from alembic import op

revision = "a2d409f192fc"
down_revision = "5b0f6f6ad3b1"

BATCH_SIZE = 1000


def upgrade():
    orders = sa.table(
        "orders", sa.column("id"), sa.column("payer"), sa.column("payer_name")
    )
    with op.get_context().autocommit_block():
        connection = op.get_bind()
        empty = (
            sa.select(orders.c.id)
            .where(orders.c.payer.is_not(None), orders.c.payer_name.is_(None))
            .order_by(orders.c.id)
        )
        batch = empty
        while keys := connection.scalars(batch.limit(BATCH_SIZE)).all():
            # The trigger fills the new column of each row that is written.
            connection.execute(
                sa.update(orders)
                .where(orders.c.id.in_(keys))
                .values(payer=orders.c.payer)
            )
            batch = empty.where(orders.c.id > keys[-1])


def downgrade():
    pass
# file: migrations/versions/b76c99ebb0ce_index_orders_payer_name.py
"""Builds the index "ix_orders_payer" of "orders" for "payer_name", without blocking writes.

Runs after a2d409f192fc, in the same deploy. It may be interrupted and run again.

Revision ID: b76c99ebb0ce
Revises: a2d409f192fc

"""

from alembic import op

revision = "b76c99ebb0ce"
down_revision = "a2d409f192fc"


def upgrade():
    with op.get_context().autocommit_block():
        op.drop_index(
            "ix_orders_payer_new",
            table_name="orders",
            postgresql_concurrently=True,
            if_exists=True,
        )
        op.create_index(
            "ix_orders_payer_new",
            "orders",
            ["payer_name"],
            unique=False,
            postgresql_concurrently=True,
        )


def downgrade():
    with op.get_context().autocommit_block():
        op.drop_index(
            "ix_orders_payer_new",
            table_name="orders",
            postgresql_concurrently=True,
            if_exists=True,
        )
`,
          },
        ],
      },
      {
        title: 'Alembic: under another name in one step',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_prohibited_by.py
"""prohibited_by"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.alter_column("prohibited", "blocked_by", new_column_name="prohibited_by", existing_type=sa.BigInteger())
    ~~~~~~~~~~~~~~~ The running release still reads and writes "blocked_by" of "prohibited": its queries fail once the column is called "prohibited_by".
    with op.batch_alter_table("users") as batch_op:
        batch_op.alter_column("mail", new_column_name="email")
        ~~~~~~~~~~~~~~~~~~~~~ The running release still reads and writes "mail" of "users": its queries fail once the column is called "email".


def downgrade():
    with op.batch_alter_table("users") as batch_op:
        batch_op.alter_column("email", new_column_name="mail")
    op.alter_column("prohibited", "prohibited_by", new_column_name="blocked_by", existing_type=sa.BigInteger())
`,
      },
    ],
    good: [
      {
        title: 'A number becomes a foreign key: its column is called the same before and after',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel("Customer", fields=[("id", models.BigAutoField(primary_key=True))]),
        migrations.CreateModel(
            name="Order",
            fields=[("id", models.BigAutoField(primary_key=True)), ("customer_id", models.BigIntegerField(null=True))],
        ),
    ]
# file: shop/migrations/0002_order_customer.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]
    operations = [
        migrations.RenameField("order", "customer_id", "customer"),
        migrations.AlterField("order", "customer", models.ForeignKey("shop.Customer", models.CASCADE, null=True)),
    ]
`,
      },
      {
        title: 'In SQL a computed column takes the name at once',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[("id", models.BigAutoField(primary_key=True)), ("payer", models.CharField(max_length=80))],
        ),
    ]
# file: shop/migrations/0002_payer.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE shop_order RENAME COLUMN payer TO old_payer;
            ALTER TABLE shop_order ADD COLUMN payer text GENERATED ALWAYS AS (trim(old_payer)) VIRTUAL;
            """,
            migrations.RunSQL.noop,
        ),
    ]
`,
      },
      {
        title: 'Only the state renames, the column keeps its name',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[("id", models.BigAutoField(primary_key=True)), ("payer", models.CharField(max_length=80))],
        ),
    ]
# file: shop/migrations/0002_rename_payer.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameField("order", "payer", "payer_name"),
                migrations.AlterField("order", "payer_name", models.CharField(max_length=80, db_column="payer")),
            ],
        ),
    ]
`,
      },
      {
        title: 'The column has a name of its own: the rename does not reach it',
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
                ("payer", models.CharField(max_length=80, db_column="payer_name")),
            ],
        ),
    ]
# file: shop/migrations/0002_rename_payer.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RenameField("order", "payer", "customer_name"),
    ]
`,
      },
      {
        title: 'Alembic: a second column, which the application writes beside the first for a release',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_prohibited_by.py
"""prohibited_by"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.add_column("prohibited", sa.Column("prohibited_by", sa.BigInteger()))
    op.create_table("scratch", sa.Column("a", sa.Integer()))
    op.alter_column("scratch", "a", new_column_name="b")


def downgrade():
    op.drop_table("scratch")
    op.drop_column("prohibited", "prohibited_by")
`,
      },
    ],
  },
};

/** `order_id` is called `order` for a moment, as a field is renamed before it becomes a foreign key: nobody sees it. */
function isTakenBack({ table, column, to, transaction }: RenameColumn, { forward }: Migration): boolean {
  return changesOf(forward, 'RenameColumn').some(
    (each) =>
      each.applies.database &&
      isSameTable(each.table, table) &&
      each.column === to &&
      each.to === column &&
      each.transaction === transaction &&
      transaction !== undefined,
  );
}

/**
 * Whether what reads the old name still works: the migration goes on to add a computed column under it, or another column
 * takes it over from one that leaves the state, and is that other column.
 */
function isTakenAgain(change: RenameColumn, migration: Migration): boolean {
  const renames = changesOf(migration.forward, 'RenameColumn').filter(
    ({ applies, table }) => applies.database && isSameTable(table, change.table),
  );
  const givenUp = renames.find(({ column }) => column === change.to);
  return isReplaced(change, renames, migration) || (givenUp !== undefined && isReplaced(givenUp, renames, migration));
}

function isReplaced(change: RenameColumn, renames: readonly RenameColumn[], { forward }: Migration): boolean {
  const later = forward.slice(forward.indexOf(change) + 1);
  const isIn = (table: TableName): boolean => isSameTable(table, change.table);
  const isComputed = changesOf(later, 'AddColumn').some(
    ({ applies, table, column }) =>
      applies.database && isIn(table) && column.generated !== undefined && column.name === change.column,
  );
  const isTakenOver = renames.some((each) => each.to === change.column && later.includes(each));
  const isLeft = changesOf(later, 'DropColumn').some(({ table, column }) => isIn(table) && column === change.to);
  return isComputed || (isTakenOver && isLeft);
}

/** Whether the table is renamed, too, and the migration leaves a view under its old name: that names the columns as before. */
function isShownByView(change: RenameColumn, migration: Migration): boolean {
  const views = changesOf(migration.forward, 'CreateView');
  return changesOf(migration.forward, 'RenameTable').some(
    ({ applies, table, to }) =>
      applies.database && isSameTable(to, change.table) && views.some(({ view }) => isSameTable(view, table)),
  );
}
