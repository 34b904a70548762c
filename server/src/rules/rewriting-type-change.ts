import type { LongWork } from '../database/effects.ts';
import { computes } from '../database/postgresql/alter-column-sql.ts';
import { isByZone } from '../database/postgresql/type-change.ts';
import { secondColumnInRevisions } from '../fixes/recipes/alembic/second-column.ts';
import { secondColumn } from '../fixes/recipes/second-column.ts';
import type { AlterColumn } from '../schema/change.ts';
import { changesOf } from '../schema/change.ts';
import { changesOfOrigin } from '../schema/change-order.ts';
import { typeText } from '../schema/column.ts';
import type { Migration } from '../schema/migration.ts';
import { findBlockingWork } from './blocking-work.ts';
import type { Rule, RuleContext } from './rule.ts';
import { listOfTables } from './table-list.ts';
import { columnBefore, isInUse } from './tables-in-use.ts';

export const rewritingTypeChange: Rule = {
  name: 'rewriting-type-change',
  level: 'high',
  group: 'Blocks a live table',
  databases: ['postgresql'],
  kinds: ['AlterColumn'],
  summary: 'A column gets another type, and its table is written anew while nobody can use it.',
  docs: {
    whatHappens:
      'Where the values of the new type are stored in another way, `ALTER COLUMN … TYPE` writes every row and every index of the table anew under an `ACCESS EXCLUSIVE` lock: nobody reads or writes the table until it is done and the migration commits. From `integer` to `bigint` is such a change; when the column is a primary key, Django changes every foreign key that points to it, too. A new collation builds the indexes on the column anew, and a change that is free otherwise reads all rows where a check constraint names the column.',
    whyItHurts:
      'On a large table this takes from minutes to hours, and needs the disk space of the table once more. Every query on it waits.',
    whatToDo: {
      django:
        'Add a column of the new type, keep it in step by a trigger, so that no code has to know, fill it in batches, build its indexes concurrently, and let the two swap their names: all that can be one deploy, and the old column is dropped in a later release. Ask first whether a free change does as well: a longer `max_length`, no limit at all (`TextField`), more digits before the point of a `DecimalField`.',
      alembic:
        'Add a new column of the new type, write both from the application or by a trigger, fill it in batches, and switch over: the steps of several releases. Between `timestamp` and `timestamptz`, `op.execute("SET LOCAL TIME ZONE \'UTC\'")` before it makes the change free, if the values are times in UTC.',
    },
    whenItIsFine:
      "Changes that PostgreSQL makes in the catalog alone are not reported: a longer `varchar` or none of its limit, `varchar` to `text` and back without a limit, a larger precision of `numeric` with the same scale, `timestamp` to `timestamptz` and back for a session in UTC, as Django opens it. Alembic leaves the zone to the server: there the change is reported unless env.py, the URL or the revision itself sets it. `USING seen AT TIME ZONE 'UTC'` rewrites the table in every zone. Neither are tables that the same migration creates, columns whose old type is not known, and databases other than PostgreSQL.",
  },
  sources: [
    { title: 'PostgreSQL 18: ALTER TABLE', url: 'https://www.postgresql.org/docs/18/sql-altertable.html' },
    {
      title: 'Django: AlterField',
      url: 'https://docs.djangoproject.com/en/5.2/ref/migration-operations/#alterfield',
    },
  ],

  *check(migration, context) {
    const told = new Set<AlterColumn>();
    for (const change of changesOf(migration.forward, 'AlterColumn')) {
      const work = workOf(change, migration, context);
      if (work === undefined || told.has(change)) continue;
      // A key takes the columns that point to it along.
      const together = changesOf(changesOfOrigin(change, migration.forward), 'AlterColumn').filter(
        (each) => workOf(each, migration, context)?.kind === work.kind,
      );
      for (const each of together) told.add(each);
      yield {
        at: change.facets.type ?? change.at,
        message: messageOf(change, work, listOfTables(together.map(({ table }) => table)), context),
        cause: change,
        covers: changesOfOrigin(change, migration.forward),
        fixes: () =>
          work.kind === 'rewrite'
            ? [...secondColumn(change, migration, context), ...secondColumnInRevisions(change, migration, context)]
            : [],
      };
    }
  },

  examples: {
    bad: [
      {
        title: 'A larger number',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[("id", models.BigAutoField(primary_key=True)), ("total", models.IntegerField())],
        ),
    ]
# file: shop/migrations/0002_order_total.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AlterField("order", "total", models.BigIntegerField()),
                                                ~~~~~~~~~~~~~~~~~~~~~~ Changing "total" from integer to bigint rewrites all of "shop_order", indexes included, under a lock that blocks reads and writes.
    ]
`,
        fixed: [
          {
            title: 'Fill a second column in batches and swap the two; drop the old one in a later release',
            files: `
# file: shop/migrations/0002_order_total.py
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="order",
            name="total_new",
            field=models.BigIntegerField(null=True),
        ),
        migrations.RunSQL(
            sql="""
                CREATE FUNCTION shop_order_total_new() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    NEW.total_new := NEW.total;
                    RETURN NEW;
                END
                $$;
                CREATE TRIGGER shop_order_total_new BEFORE INSERT OR UPDATE ON shop_order
                    FOR EACH ROW EXECUTE FUNCTION shop_order_total_new();
            """,
            reverse_sql="""
                DROP TRIGGER shop_order_total_new ON shop_order;
                DROP FUNCTION shop_order_total_new();
            """,
        ),
        AddConstraintNotValid(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(total_new__isnull=False),
                name="shop_order_total_new_not_null",
            ),
        ),
    ]
# file: shop/migrations/0003_fill_order_total_new.py
"""Fills "total_new" of the rows of "shop_order" that were there before it, batch by batch.

Runs after 0002_order_total, in the same deploy. It may be interrupted and run again.
"""

from django.db import migrations
from django.db.models import F


BATCH_SIZE = 1000


def fill_total_new(apps, schema_editor):
    Order = apps.get_model("shop", "Order")
    rows = Order.objects.using(schema_editor.connection.alias).order_by("pk")
    empty = rows.filter(total__isnull=False, total_new__isnull=True)
    while keys := list(empty.values_list("pk", flat=True)[:BATCH_SIZE]):
        # The trigger fills the new column of each row that is written.
        rows.filter(pk__in=keys).update(total=F("total"))
        empty = empty.filter(pk__gt=keys[-1])


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("shop", "0002_order_total"),
    ]

    operations = [
        migrations.RunPython(fill_total_new, migrations.RunPython.noop),
    ]
# file: shop/migrations/0004_swap_order_total.py
"""Puts the filled column in the place of "total" of "shop_order".

Runs after fill_order_total_new, in the same deploy. The old column stays, as
"total_old", until a later release drops it; on the way back it gets what was written since.
"""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0003_fill_order_total_new"),
    ]

    operations = [
        ValidateConstraint(model_name="order", name="shop_order_total_new_not_null"),
        migrations.AlterField(
            model_name="order",
            name="total_new",
            field=models.BigIntegerField(),
        ),
        migrations.RemoveConstraint(model_name="order", name="shop_order_total_new_not_null"),
        migrations.RunSQL(
            sql="""
                DROP TRIGGER shop_order_total_new ON shop_order;
                DROP FUNCTION shop_order_total_new();
            """,
            reverse_sql="""
                CREATE FUNCTION shop_order_total_new() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    NEW.total_new := NEW.total;
                    RETURN NEW;
                END
                $$;
                CREATE TRIGGER shop_order_total_new BEFORE INSERT OR UPDATE ON shop_order
                    FOR EACH ROW EXECUTE FUNCTION shop_order_total_new();
            """,
        ),
        migrations.RenameField(
            model_name="order",
            old_name="total",
            new_name="total_old",
        ),
        migrations.RenameField(
            model_name="order",
            old_name="total_new",
            new_name="total",
        ),
        migrations.AlterField(
            model_name="order",
            name="total_old",
            field=models.IntegerField(null=True),
        ),
        migrations.RunSQL(
            sql=migrations.RunSQL.noop,
            reverse_sql="UPDATE shop_order SET total_old = total WHERE total_old IS DISTINCT FROM total",
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField(model_name="order", name="total_old"),
                migrations.AlterField("order", "total", models.BigIntegerField()),
            ],
        ),
    ]
`,
          },
        ],
      },
      {
        title: 'A primary key takes along what points to it',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(name="Order", fields=[("id", models.AutoField(primary_key=True))]),
        migrations.CreateModel(
            name="Parcel",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("order", models.ForeignKey("shop.Order", models.CASCADE)),
            ],
        ),
    ]
# file: shop/migrations/0002_order_id.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AlterField("order", "id", models.BigAutoField(primary_key=True)),
                                             ~~~~~~~~~~~~~~~~~~~ Changing "id" from integer to bigint rewrites all of "shop_order" and "shop_parcel", indexes included, under a lock that blocks reads and writes.
    ]
`,
      },
      {
        title: 'Indexes on the column are built once more',
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
                ("customer", models.IntegerField(null=True, db_index=True)),
                ("placed", models.DateField()),
            ],
            options={"indexes": [models.Index(fields=["customer", "placed"], name="order_customer_idx")]},
        ),
    ]
# file: shop/migrations/0002_order_customer.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AlterField("order", "customer", models.BigIntegerField(null=True, db_index=True)),
                                                   ~~~~~~~~~~~~~~~~~~~~~~ Changing "customer" from integer to bigint rewrites all of "shop_order", indexes included, under a lock that blocks reads and writes.
    ]
`,
        fixed: [
          {
            title: 'Fill a second column in batches and swap the two; drop the old one in a later release',
            files: `
# file: shop/migrations/0002_order_customer.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="order",
            name="customer_new",
            field=models.BigIntegerField(null=True),
        ),
        migrations.RunSQL(
            sql="""
                CREATE FUNCTION shop_order_customer_new() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    NEW.customer_new := NEW.customer;
                    RETURN NEW;
                END
                $$;
                CREATE TRIGGER shop_order_customer_new BEFORE INSERT OR UPDATE ON shop_order
                    FOR EACH ROW EXECUTE FUNCTION shop_order_customer_new();
            """,
            reverse_sql="""
                DROP TRIGGER shop_order_customer_new ON shop_order;
                DROP FUNCTION shop_order_customer_new();
            """,
        ),
    ]
# file: shop/migrations/0003_fill_order_customer_new.py
"""Fills "customer_new" of the rows of "shop_order" that were there before it, batch by batch.

Runs after 0002_order_customer, in the same deploy. It may be interrupted and run again.
"""

from django.db import migrations
from django.db.models import F


BATCH_SIZE = 1000


def fill_customer_new(apps, schema_editor):
    Order = apps.get_model("shop", "Order")
    rows = Order.objects.using(schema_editor.connection.alias).order_by("pk")
    empty = rows.filter(customer__isnull=False, customer_new__isnull=True)
    while keys := list(empty.values_list("pk", flat=True)[:BATCH_SIZE]):
        # The trigger fills the new column of each row that is written.
        rows.filter(pk__in=keys).update(customer=F("customer"))
        empty = empty.filter(pk__gt=keys[-1])


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("shop", "0002_order_customer"),
    ]

    operations = [
        migrations.RunPython(fill_customer_new, migrations.RunPython.noop),
    ]
# file: shop/migrations/0004_index_order_customer_new.py
"""Builds the index "shop_order_customer_6c950d80" of "shop_order" for "customer_new", without blocking writes.

Runs after fill_order_customer_new, in the same deploy. If the build fails, drop the invalid index that it leaves before the
migration is run again.
"""

from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("shop", "0003_fill_order_customer_new"),
    ]

    operations = [
        migrations.RunSQL(
            sql="CREATE INDEX CONCURRENTLY shop_order_customer_6c950d80_new ON shop_order (customer_new)",
            reverse_sql="DROP INDEX CONCURRENTLY IF EXISTS shop_order_customer_6c950d80_new",
        ),
    ]
# file: shop/migrations/0005_index_order_customer_new.py
"""Builds the index "order_customer_idx" of "shop_order" for "customer_new", without blocking writes.

Runs after fill_order_customer_new, in the same deploy. If the build fails, drop the invalid index that it leaves before the
migration is run again.
"""

from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("shop", "0004_index_order_customer_new"),
    ]

    operations = [
        migrations.RunSQL(
            sql="CREATE INDEX CONCURRENTLY order_customer_idx_new ON shop_order (customer_new, placed)",
            reverse_sql="DROP INDEX CONCURRENTLY IF EXISTS order_customer_idx_new",
        ),
    ]
# file: shop/migrations/0006_swap_order_customer.py
"""Puts the filled column in the place of "customer" of "shop_order".

Runs after index_order_customer_new, in the same deploy. The old column stays, as
"customer_old", until a later release drops it; on the way back it gets what was written since.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0005_index_order_customer_new"),
    ]

    operations = [
        migrations.RunSQL(
            sql="""
                DROP TRIGGER shop_order_customer_new ON shop_order;
                DROP FUNCTION shop_order_customer_new();
            """,
            reverse_sql="""
                CREATE FUNCTION shop_order_customer_new() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    NEW.customer_new := NEW.customer;
                    RETURN NEW;
                END
                $$;
                CREATE TRIGGER shop_order_customer_new BEFORE INSERT OR UPDATE ON shop_order
                    FOR EACH ROW EXECUTE FUNCTION shop_order_customer_new();
            """,
        ),
        migrations.RenameField(
            model_name="order",
            old_name="customer",
            new_name="customer_old",
        ),
        migrations.RenameField(
            model_name="order",
            old_name="customer_new",
            new_name="customer",
        ),
        migrations.RunSQL(
            sql=[
                "ALTER INDEX shop_order_customer_6c950d80 RENAME TO shop_order_customer_6c950d80_old",
                "ALTER INDEX shop_order_customer_6c950d80_new RENAME TO shop_order_customer_6c950d80",
                "ALTER INDEX order_customer_idx RENAME TO order_customer_idx_old",
                "ALTER INDEX order_customer_idx_new RENAME TO order_customer_idx",
            ],
            reverse_sql=[
                "ALTER INDEX order_customer_idx RENAME TO order_customer_idx_new",
                "ALTER INDEX order_customer_idx_old RENAME TO order_customer_idx",
                "ALTER INDEX shop_order_customer_6c950d80 RENAME TO shop_order_customer_6c950d80_new",
                "ALTER INDEX shop_order_customer_6c950d80_old RENAME TO shop_order_customer_6c950d80",
            ],
        ),
        migrations.RunSQL(
            sql=migrations.RunSQL.noop,
            reverse_sql="UPDATE shop_order SET customer_old = customer WHERE customer_old IS DISTINCT FROM customer",
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField(model_name="order", name="customer_old"),
                migrations.AlterField("order", "customer", models.BigIntegerField(null=True, db_index=True)),
            ],
        ),
    ]
`,
          },
        ],
      },
      {
        title: 'A check on the column makes a free change read all rows',
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
        migrations.RunSQL(
            "ALTER TABLE shop_order ADD CONSTRAINT code_given CHECK (code <> '')",
            "ALTER TABLE shop_order DROP CONSTRAINT code_given",
        ),
    ]
# file: shop/migrations/0002_order_code.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AlterField("order", "code", models.CharField(max_length=20)),
                                                                ~~~~~~~~~~~~~ Changing the type of "code" checks all rows of "shop_order" again under a lock that blocks reads and writes.
    ]
`,
      },
      {
        title: 'In SQL, beside changes that are free',
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
                ("code", models.CharField(max_length=9, db_index=True)),
                ("total", models.DecimalField(max_digits=8, decimal_places=2)),
                ("weight", models.IntegerField()),
            ],
        ),
    ]
# file: shop/migrations/0002_order_types.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE shop_order
                ALTER COLUMN code TYPE text,
                ALTER COLUMN total TYPE numeric(12, 2),
                ALTER COLUMN weight SET DATA TYPE numeric USING weight / 1000.0;
                ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Changing "weight" from integer to numeric rewrites all of "shop_order", indexes included, under a lock that blocks reads and writes.
            ALTER TABLE shop_order ALTER COLUMN code TYPE text COLLATE "C";
                                   ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Changing the collation of "code" builds its indexes on "shop_order" anew under a lock that blocks reads and writes.
            """,
            migrations.RunSQL.noop,
        ),
    ]
`,
      },
      {
        title: 'No row is written, but the index orders another type',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.RunSQL("CREATE TABLE shop_visit (id bigint PRIMARY KEY, seen timestamp)", ""),
        migrations.RunSQL("CREATE INDEX visit_seen_idx ON shop_visit (seen)", ""),
    ]
# file: shop/migrations/0002_visit_times.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL("ALTER TABLE shop_visit ALTER seen TYPE timestamptz", migrations.RunSQL.noop),
                                                  ~~~~~~~~~~~~~~~~~~~~~~~~~~~ Changing the type of "seen" builds its indexes on "shop_visit" anew under a lock that blocks reads and writes.
    ]
`,
      },
      {
        title: 'Alembic: a larger number, with an index and a default',
        files: `
# file: migrations/versions/9c2f5a1b7e44_files.py
"""Files"""
import sqlalchemy as sa
from alembic import op

revision = "9c2f5a1b7e44"
down_revision = None


def upgrade():
    op.create_table(
        "files",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("project", sa.String(length=40), nullable=False),
        sa.Column("size", sa.Integer(), server_default=sa.text("0"), nullable=False),
    )
    op.create_index("ix_files_project_size", "files", ["project", "size"])


def downgrade():
    op.drop_table("files")
# file: migrations/versions/5b0f6f6ad3b1_file_sizes.py
"""File sizes"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.alter_column(
        "files",
        "size",
        existing_type=sa.Integer(),
        type_=sa.BigInteger(),
              ~~~~~~~~~~~~~~~ Changing "size" from integer to bigint rewrites all of "files", indexes included, under a lock that blocks reads and writes.
        existing_nullable=False,
        existing_server_default=sa.text("0"),
    )


def downgrade():
    op.alter_column(
        "files",
        "size",
        existing_type=sa.BigInteger(),
        type_=sa.Integer(),
        existing_nullable=False,
        existing_server_default=sa.text("0"),
    )
`,
        fixed: [
          {
            title: 'Fill a second column in batches and swap the two; drop the old one in a later release',
            files: `
# file: migrations/versions/2eef4463fd5d_fill_files_size_new.py
"""Fills "size_new" of the rows of "files" that were there before it, batch by batch.

Runs after 5b0f6f6ad3b1, in the same deploy. It may be interrupted and run again.

Revision ID: 2eef4463fd5d
Revises: 5b0f6f6ad3b1

"""

import sqlalchemy as sa
from alembic import op

revision = "2eef4463fd5d"
down_revision = "5b0f6f6ad3b1"

BATCH_SIZE = 1000


def upgrade():
    files = sa.table("files", sa.column("id"), sa.column("size"), sa.column("size_new"))
    with op.get_context().autocommit_block():
        connection = op.get_bind()
        empty = (
            sa.select(files.c.id)
            .where(files.c.size.is_not(None), files.c.size_new.is_(None))
            .order_by(files.c.id)
        )
        batch = empty
        while keys := connection.scalars(batch.limit(BATCH_SIZE)).all():
            # The trigger fills the new column of each row that is written.
            connection.execute(
                sa.update(files).where(files.c.id.in_(keys)).values(size=files.c.size)
            )
            batch = empty.where(files.c.id > keys[-1])


def downgrade():
    pass
# file: migrations/versions/5b0f6f6ad3b1_file_sizes.py
"""File sizes"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.add_column("files", sa.Column("size_new", sa.BigInteger(), nullable=True))
    op.execute(
        """
        CREATE FUNCTION files_size_new() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            NEW.size_new := NEW.size;
            RETURN NEW;
        END
        $$
        """
    )
    op.execute(
        """
        CREATE TRIGGER files_size_new BEFORE INSERT OR UPDATE ON files
        FOR EACH ROW EXECUTE FUNCTION files_size_new()
        """
    )
    op.create_check_constraint(
        "files_size_new_not_null",
        "files",
        "size_new IS NOT NULL",
        postgresql_not_valid=True,
    )


def downgrade():
    op.drop_constraint("files_size_new_not_null", "files", type_="check")
    op.execute("DROP TRIGGER files_size_new ON files")
    op.execute("DROP FUNCTION files_size_new()")
    op.drop_column("files", "size_new")
# file: migrations/versions/9349701929c5_index_files_size_new.py
"""Builds the index "ix_files_project_size" of "files" for "size_new", without blocking writes.

Runs after 2eef4463fd5d, in the same deploy. It may be interrupted and run again.

Revision ID: 9349701929c5
Revises: 2eef4463fd5d

"""

from alembic import op

revision = "9349701929c5"
down_revision = "2eef4463fd5d"


def upgrade():
    with op.get_context().autocommit_block():
        op.drop_index(
            "ix_files_project_size_new",
            table_name="files",
            postgresql_concurrently=True,
            if_exists=True,
        )
        op.create_index(
            "ix_files_project_size_new",
            "files",
            ["project", "size_new"],
            unique=False,
            postgresql_concurrently=True,
        )


def downgrade():
    with op.get_context().autocommit_block():
        op.drop_index(
            "ix_files_project_size_new",
            table_name="files",
            postgresql_concurrently=True,
            if_exists=True,
        )
# file: migrations/versions/cefceda3649f_swap_files_size.py
"""Puts the filled column in the place of "size" of "files".

Runs after 9349701929c5, in the same deploy. The old column stays, as
"size_old", until a later release drops it; on the way back it gets what was written since.

Revision ID: cefceda3649f
Revises: 9349701929c5

"""

import sqlalchemy as sa
from alembic import op

revision = "cefceda3649f"
down_revision = "9349701929c5"


def upgrade():
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE files VALIDATE CONSTRAINT files_size_new_not_null")
    op.alter_column("files", "size_new", existing_type=sa.BigInteger(), nullable=False)
    op.drop_constraint("files_size_new_not_null", "files", type_="check")
    op.execute("DROP TRIGGER files_size_new ON files")
    op.execute("DROP FUNCTION files_size_new()")
    # stepwise: drop-column-later[files.size_old] nothing uses it, but for going back
    op.alter_column(
        "files",
        "size",
        existing_type=sa.Integer(),
        nullable=True,
        server_default=None,
        new_column_name="size_old",
    )
    op.alter_column(
        "files",
        "size_new",
        existing_type=sa.BigInteger(),
        server_default=sa.text("0"),
        new_column_name="size",
    )
    op.execute("ALTER INDEX ix_files_project_size RENAME TO ix_files_project_size_old")
    op.execute("ALTER INDEX ix_files_project_size_new RENAME TO ix_files_project_size")


def downgrade():
    op.execute("ALTER INDEX ix_files_project_size RENAME TO ix_files_project_size_new")
    op.execute("ALTER INDEX ix_files_project_size_old RENAME TO ix_files_project_size")
    op.alter_column(
        "files",
        "size",
        existing_type=sa.BigInteger(),
        server_default=None,
        new_column_name="size_new",
    )
    op.alter_column(
        "files",
        "size_old",
        existing_type=sa.Integer(),
        server_default=sa.text("0"),
        new_column_name="size",
    )
    op.execute("UPDATE files SET size = size_new WHERE size IS DISTINCT FROM size_new")
    op.alter_column("files", "size", existing_type=sa.Integer(), nullable=False)
    op.execute(
        """
        CREATE FUNCTION files_size_new() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            NEW.size_new := NEW.size;
            RETURN NEW;
        END
        $$
        """
    )
    op.execute(
        """
        CREATE TRIGGER files_size_new BEFORE INSERT OR UPDATE ON files
        FOR EACH ROW EXECUTE FUNCTION files_size_new()
        """
    )
    op.create_check_constraint(
        "files_size_new_not_null",
        "files",
        "size_new IS NOT NULL",
        postgresql_not_valid=True,
    )
    op.alter_column("files", "size_new", existing_type=sa.BigInteger(), nullable=True)
`,
          },
        ],
      },
      {
        title: 'Alembic: what the columns were is known from the revision alone',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_file_sizes.py
"""File sizes"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.alter_column("files", "size", existing_type=sa.Integer(), type_=sa.BigInteger())
                                                                       ~~~~~~~~~~~~~~~ Changing "size" from integer to bigint rewrites all of "files", indexes included, under a lock that blocks reads and writes.
    op.alter_column("files", "downloads", type_=sa.BigInteger())
                                                ~~~~~~~~~~~~~~~ Changing "downloads" rewrites all of "files", indexes included, under a lock that blocks reads and writes.


def downgrade():
    op.alter_column("files", "downloads", type_=sa.Integer())
    op.alter_column("files", "size", existing_type=sa.BigInteger(), type_=sa.Integer())
`,
      },
      {
        title: 'Alembic: between the two kinds of timestamp, in whatever zone the session has',
        files: `
# file: migrations/versions/9c2f5a1b7e44_visits.py
import sqlalchemy as sa
from alembic import op

revision = "9c2f5a1b7e44"
down_revision = None


def upgrade():
    op.create_table(
        "visits",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("seen", sa.DateTime(), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paid_at", sa.DateTime(), nullable=True),
    )


def downgrade():
    op.drop_table("visits")
# file: migrations/versions/5b0f6f6ad3b1_visit_times.py
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.alter_column("visits", "seen", existing_type=sa.DateTime(), type_=sa.DateTime(timezone=True))
                                                                         ~~~~~~~~~~~~~~~~~~~~~~~~~~ Unless the session is in UTC, changing "seen" from timestamp to timestamp with time zone rewrites all of "visits", indexes included, under a lock that blocks reads and writes, and takes its values for times in the zone of the session.
    op.execute("ALTER TABLE visits ALTER left_at TYPE timestamp")
                                   ~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Unless the session is in UTC, changing "left_at" from timestamp with time zone to timestamp rewrites all of "visits", indexes included, under a lock that blocks reads and writes, and takes its values for times in the zone of the session.
    op.alter_column(
        "visits",
        "paid_at",
        existing_type=sa.DateTime(),
        type_=sa.DateTime(timezone=True),
              ~~~~~~~~~~~~~~~~~~~~~~~~~~ Changing "paid_at" from timestamp to timestamp with time zone rewrites all of "visits", indexes included, under a lock that blocks reads and writes.
        postgresql_using="paid_at AT TIME ZONE 'UTC'",
    )


def downgrade():
    op.alter_column("visits", "paid_at", existing_type=sa.DateTime(timezone=True), type_=sa.DateTime())
    op.alter_column("visits", "left_at", existing_type=sa.DateTime(), type_=sa.DateTime(timezone=True))
    op.alter_column("visits", "seen", existing_type=sa.DateTime(timezone=True), type_=sa.DateTime())
`,
      },
    ],
    good: [
      {
        title: 'Alembic: between the two kinds of timestamp, in a session that the revision puts in UTC',
        files: `
# file: migrations/versions/9c2f5a1b7e44_visits.py
import sqlalchemy as sa
from alembic import op

revision = "9c2f5a1b7e44"
down_revision = None


def upgrade():
    op.create_table(
        "visits",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("seen", sa.DateTime(), nullable=False),
    )


def downgrade():
    op.drop_table("visits")
# file: migrations/versions/5b0f6f6ad3b1_visit_times.py
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.execute("SET LOCAL TIME ZONE 'UTC'")
    op.alter_column("visits", "seen", existing_type=sa.DateTime(), type_=sa.DateTime(timezone=True))


def downgrade():
    op.execute("SET LOCAL TIME ZONE 'UTC'")
    op.alter_column("visits", "seen", existing_type=sa.DateTime(timezone=True), type_=sa.DateTime())
`,
      },
      {
        title: 'Alembic: between the two kinds of timestamp, where env.py opens sessions in UTC',
        files: `
# file: migrations/env.py
from alembic import context
from sqlalchemy import create_engine

engine = create_engine("postgresql:///shop", connect_args={"options": "-c timezone=utc"})

with engine.connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
# file: migrations/versions/9c2f5a1b7e44_visits.py
import sqlalchemy as sa
from alembic import op

revision = "9c2f5a1b7e44"
down_revision = None


def upgrade():
    op.create_table(
        "visits",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("seen", sa.DateTime(), nullable=False),
    )


def downgrade():
    op.drop_table("visits")
# file: migrations/versions/5b0f6f6ad3b1_visit_times.py
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.alter_column("visits", "seen", existing_type=sa.DateTime(), type_=sa.DateTime(timezone=True))


def downgrade():
    op.alter_column("visits", "seen", existing_type=sa.DateTime(timezone=True), type_=sa.DateTime())
`,
      },
      {
        title: 'Changes that only the catalog sees',
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
                ("code", models.CharField(max_length=9)),
                ("note", models.CharField(max_length=80)),
                ("total", models.DecimalField(max_digits=8, decimal_places=2)),
                ("weight", models.IntegerField()),
            ],
        ),
    ]
# file: shop/migrations/0002_order_types.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AlterField("order", "code", models.CharField(max_length=20)),
        migrations.AlterField("order", "note", models.TextField()),
        migrations.AlterField("order", "total", models.DecimalField(max_digits=12, decimal_places=2)),
        migrations.AlterField("order", "weight", models.IntegerField(help_text="in grams", default=0)),
        migrations.RunSQL("ALTER TABLE shop_order ALTER COLUMN code TYPE varchar(40)", migrations.RunSQL.noop),
    ]
`,
      },
      {
        title: 'Between the two kinds of timestamp, in a session in UTC as Django opens it',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.RunSQL("CREATE TABLE shop_visit (id bigint PRIMARY KEY, seen timestamp, left_at timestamptz)", ""),
    ]
# file: shop/migrations/0002_visit_times.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL("ALTER TABLE shop_visit ALTER seen TYPE timestamptz, ALTER left_at TYPE timestamp", ""),
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
        migrations.CreateModel(
            name="Order",
            fields=[("id", models.BigAutoField(primary_key=True)), ("total", models.IntegerField())],
        ),
        migrations.AlterField("order", "total", models.BigIntegerField()),
        migrations.RunSQL("ALTER TABLE shop_order ALTER total TYPE numeric", migrations.RunSQL.noop),
    ]
`,
      },
      {
        title: 'A field class of another package: its type is not known',
        files: `
# file: shop/migrations/0001_initial.py
import ledger.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[("id", models.BigAutoField(primary_key=True)), ("total", ledger.fields.AmountField())],
        ),
    ]
# file: shop/migrations/0002_order_total.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AlterField("order", "total", models.BigIntegerField()),
    ]
`,
      },
      {
        title: 'The project runs on SQLite',
        settings: 'database = "sqlite"',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[("id", models.BigAutoField(primary_key=True)), ("total", models.IntegerField())],
        ),
    ]
# file: shop/migrations/0002_order_total.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AlterField("order", "total", models.BigIntegerField()),
    ]
`,
      },
      {
        title: 'Alembic: only the limit of a text goes, and the type is named as it is',
        files: `
# file: migrations/versions/9c2f5a1b7e44_files.py
"""Files"""
import sqlalchemy as sa
from alembic import op

revision = "9c2f5a1b7e44"
down_revision = None


def upgrade():
    op.create_table(
        "files",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
    )


def downgrade():
    op.drop_table("files")
# file: migrations/versions/5b0f6f6ad3b1_long_paths.py
"""Long paths"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.alter_column("files", "path", existing_type=sa.String(length=200), type_=sa.Text(), existing_nullable=False)
    op.alter_column("files", "size", type_=sa.BigInteger(), server_default="0")
    op.alter_column("uploads", "path", existing_type=sa.String(length=200), type_=sa.String(length=400))


def downgrade():
    raise NotImplementedError("The paths may be long by now.")
`,
      },
    ],
  },
};

function workOf(change: AlterColumn, migration: Migration, context: RuleContext): LongWork | undefined {
  if (!isInUse(change.table, change, migration, context)) return undefined;
  const effects = context.effects(change);
  return findBlockingWork(effects, 'type') ?? findBlockingWork(effects, 'collation');
}

function messageOf(change: AlterColumn, work: LongWork, tables: string, context: RuleContext): string {
  const { column } = change;
  const lock = 'under a lock that blocks reads and writes';
  if (work.reason === 'collation')
    return `Changing the collation of "${column}" builds its indexes on ${tables} anew ${lock}.`;
  if (work.kind === 'index') return `Changing the type of "${column}" builds its indexes on ${tables} anew ${lock}.`;
  if (work.kind === 'scan') return `Changing the type of "${column}" checks all rows of ${tables} again ${lock}.`;
  const before = columnBefore(change.table, column, change, context) ?? change.was;
  const types =
    before === undefined || before.type.name === 'unknown'
      ? ''
      : ` from ${typeText(before.type)} to ${typeText(change.to.type)}`;
  if (
    work.kind === 'rewrite' &&
    change.zoneIsUnknown &&
    before &&
    !computes(change) &&
    isByZone(before.type, change.to.type)
  )
    return `Unless the session is in UTC, changing "${column}"${types} rewrites all of ${tables}, indexes included, ${lock}, and takes its values for times in the zone of the session.`;
  return `Changing "${column}"${types} rewrites all of ${tables}, indexes included, ${lock}.`;
}
