import { listed } from '../base/listed.ts';
import { lacksUsing, strandsDefault } from '../database/postgresql/cannot-run.ts';
import { enumChangeOf } from '../database/postgresql/enum-change.ts';
import { typeChangeOf } from '../database/postgresql/type-change.ts';
import { canonicalType } from '../database/postgresql/type-name.ts';
import { isConverted } from '../database/postgresql/written-conversion.ts';
import { secondColumnInRevisions } from '../fixes/recipes/alembic/second-column.ts';
import { secondColumn } from '../fixes/recipes/second-column.ts';
import { type AlterColumn, changesOf } from '../schema/change.ts';
import { changesOfOrigin } from '../schema/change-order.ts';
import { type Column, type ColumnType, typeText } from '../schema/column.ts';
import type { Migration } from '../schema/migration.ts';
import { findTable } from '../schema/schema.ts';
import { tableText } from '../schema/table-name.ts';
import { findBlockingWork } from './blocking-work.ts';
import type { Problem, Rule, RuleContext } from './rule.ts';
import { columnBefore, hasHistory } from './tables-in-use.ts';

export const narrowingTypeChange: Rule = {
  name: 'narrowing-type-change',
  level: 'high',
  group: 'Data loss',
  databases: ['postgresql'],
  kinds: ['AlterColumn'],
  summary: 'A column gets a shorter, smaller or stricter type: values that do not fit fail or are cut.',
  docs: {
    whatHappens:
      'Every value of the column is converted. One that is too long or out of range makes the `ALTER TABLE` fail; with an explicit cast (`USING code::varchar(10)`, which Django writes when the kind of type changes) texts are cut without a word, and digits behind the point or of a second are rounded away in any case.',
    whyItHurts:
      'It works where the data are tidy, and fails in the deploy on the one row that is not, after having blocked the table for all the rows before it. What was cut or rounded does not come back by migrating back.',
    whatToDo: {
      django:
        'Look first: `SELECT count(*) … WHERE char_length(code) > 10`. Correct the values in a data migration, and keep new ones out by a check constraint that is added `NOT VALID` and validated in the next migration. The change itself would still rewrite the table: add a column of the new type, keep it in step by a trigger, fill it in batches, and let the two swap their names. Or leave the column as it is: a check keeps long values out as well as the type does.',
      alembic:
        'Look for values that do not fit, correct them, and keep new ones out by a check constraint that is added `NOT VALID` and validated after that. The change itself would still rewrite the table: let a second column of the new type take the place of the old one.',
    },
    whenItIsFine:
      'A longer or larger type, a column of a table that the same migration creates, a length that a validated check constraint already guarantees, and a conversion that is written out (`USING left(code, 10)`) are not reported, and neither are types that are not known.',
  },
  sources: [
    { title: 'PostgreSQL 18: ALTER TABLE', url: 'https://www.postgresql.org/docs/18/sql-altertable.html' },
    { title: 'PostgreSQL 18: Character Types', url: 'https://www.postgresql.org/docs/18/datatype-character.html' },
  ],

  *check(migration, context) {
    const told = new Set<AlterColumn>();
    for (const change of changesOf(migration.forward, 'AlterColumn')) {
      const problem = told.has(change) ? undefined : problemOf(change, migration, context);
      if (problem === undefined) continue;
      // A key takes the columns that point to it along.
      for (const each of changesOf(changesOfOrigin(change, migration.forward), 'AlterColumn')) {
        if (each.column !== change.column || each.table.name !== change.table.name) told.add(each);
      }
      yield problem;
    }
  },

  examples: {
    bad: [
      {
        title: 'Shorter, smaller, less precise',
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
                ("code", models.CharField(max_length=40)),
                ("note", models.TextField()),
                ("count", models.BigIntegerField()),
                ("price", models.DecimalField(max_digits=10, decimal_places=4)),
                ("placed", models.IntegerField()),
            ],
        ),
    ]
# file: shop/migrations/0002_smaller.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AlterField("order", "code", models.CharField(max_length=10)),
                                                                ~~~~~~~~~~~~~ "code" of "shop_order" goes from varchar(40) to varchar(10): a value that does not fit makes the migration fail; the whole table is rewritten meanwhile, under a lock that blocks reads and writes.
        migrations.AlterField("order", "note", models.CharField(max_length=100)),
                                                                ~~~~~~~~~~~~~~ "note" of "shop_order" goes from text to varchar(100): a value that does not fit is cut or makes the migration fail; the whole table is rewritten meanwhile, under a lock that blocks reads and writes.
        migrations.AlterField("order", "count", models.IntegerField()),
                                                ~~~~~~~~~~~~~~~~~~~ "count" of "shop_order" goes from bigint to integer: a value that does not fit makes the migration fail; the whole table is rewritten meanwhile, under a lock that blocks reads and writes.
        migrations.AlterField("order", "price", models.DecimalField(max_digits=8, decimal_places=2)),
                                                                    ~~~~~~~~~~~~ "price" of "shop_order" goes from numeric(10, 4) to numeric(8, 2): a value that does not fit is rounded or makes the migration fail; the whole table is rewritten meanwhile, under a lock that blocks reads and writes.
        migrations.AlterField("order", "placed", models.DateField()),
                                                 ~~~~~~~~~~~~~~~~ "placed" of "shop_order" cannot go from integer to date, no cast leads there: the migration fails.
    ]
`,
      },
      {
        title: 'One column gets shorter',
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
                ("code", models.CharField(max_length=40, blank=True)),
            ],
        ),
    ]
# file: shop/migrations/0002_order_code.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AlterField("order", "code", models.CharField(max_length=10, blank=True)),
                                                                ~~~~~~~~~~~~~ "code" of "shop_order" goes from varchar(40) to varchar(10): a value that does not fit makes the migration fail; the whole table is rewritten meanwhile, under a lock that blocks reads and writes.
    ]
`,
        fixed: [
          {
            title: 'Fill a second column in batches and swap the two; drop the old one in a later release',
            files: `
# file: shop/migrations/0002_order_code.py
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            sql="ALTER TABLE shop_order ADD CONSTRAINT shop_order_code_fits CHECK (char_length(code) <= 10) NOT VALID",
            reverse_sql="ALTER TABLE shop_order DROP CONSTRAINT shop_order_code_fits",
        ),
        migrations.AddField(
            model_name="order",
            name="code_new",
            field=models.CharField(max_length=10, blank=True, null=True),
        ),
        migrations.RunSQL(
            sql="""
                CREATE FUNCTION shop_order_code_new() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    NEW.code_new := NEW.code;
                    RETURN NEW;
                END
                $$;
                CREATE TRIGGER shop_order_code_new BEFORE INSERT OR UPDATE ON shop_order
                    FOR EACH ROW EXECUTE FUNCTION shop_order_code_new();
            """,
            reverse_sql="""
                DROP TRIGGER shop_order_code_new ON shop_order;
                DROP FUNCTION shop_order_code_new();
            """,
        ),
        AddConstraintNotValid(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(code_new__isnull=False),
                name="shop_order_code_new_not_null",
            ),
        ),
    ]
# file: shop/migrations/0003_fill_order_code_new.py
"""Fills "code_new" of the rows of "shop_order" that were there before it, batch by batch.

Runs after 0002_order_code, in the same deploy. It may be interrupted and run again.
Where a value does not fit, it stops before anything is filled: correct those rows first.
"""

from django.db import migrations
from django.db.models import F


BATCH_SIZE = 1000


def fill_code_new(apps, schema_editor):
    Order = apps.get_model("shop", "Order")
    rows = Order.objects.using(schema_editor.connection.alias).order_by("pk")
    empty = rows.filter(code__isnull=False, code_new__isnull=True)
    while keys := list(empty.values_list("pk", flat=True)[:BATCH_SIZE]):
        # The trigger fills the new column of each row that is written.
        rows.filter(pk__in=keys).update(code=F("code"))
        empty = empty.filter(pk__gt=keys[-1])


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("shop", "0002_order_code"),
    ]

    operations = [
        migrations.RunSQL(
            sql="ALTER TABLE shop_order VALIDATE CONSTRAINT shop_order_code_fits",
            reverse_sql=migrations.RunSQL.noop,
        ),
        migrations.RunPython(fill_code_new, migrations.RunPython.noop),
    ]
# file: shop/migrations/0004_swap_order_code.py
"""Puts the filled column in the place of "code" of "shop_order".

Runs after fill_order_code_new, in the same deploy. The old column stays, as
"code_old", until a later release drops it; on the way back it gets what was written since.
"""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0003_fill_order_code_new"),
    ]

    operations = [
        ValidateConstraint(model_name="order", name="shop_order_code_new_not_null"),
        migrations.AlterField(
            model_name="order",
            name="code_new",
            field=models.CharField(max_length=10, blank=True),
        ),
        migrations.RemoveConstraint(model_name="order", name="shop_order_code_new_not_null"),
        migrations.RunSQL(
            sql="""
                DROP TRIGGER shop_order_code_new ON shop_order;
                DROP FUNCTION shop_order_code_new();
            """,
            reverse_sql="""
                CREATE FUNCTION shop_order_code_new() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    NEW.code_new := NEW.code;
                    RETURN NEW;
                END
                $$;
                CREATE TRIGGER shop_order_code_new BEFORE INSERT OR UPDATE ON shop_order
                    FOR EACH ROW EXECUTE FUNCTION shop_order_code_new();
            """,
        ),
        migrations.RenameField(
            model_name="order",
            old_name="code",
            new_name="code_old",
        ),
        migrations.RenameField(
            model_name="order",
            old_name="code_new",
            new_name="code",
        ),
        migrations.AlterField(
            model_name="order",
            name="code_old",
            field=models.CharField(max_length=40, blank=True, null=True),
        ),
        migrations.RunSQL(
            sql=migrations.RunSQL.noop,
            reverse_sql="UPDATE shop_order SET code_old = code WHERE code_old IS DISTINCT FROM code",
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField(model_name="order", name="code_old"),
                migrations.AlterField("order", "code", models.CharField(max_length=10, blank=True)),
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
# file: shop/migrations/0001_initial.py
from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL("CREATE TABLE shop_order (id bigint, code varchar(40), at timestamptz(6), seen text)", ""),
    ]
# file: shop/migrations/0002_smaller.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE shop_order
                ALTER COLUMN id TYPE integer,
                ~~~~~~~~~~~~~~~~~~~~~~~~~~~~ "id" of "shop_order" goes from bigint to integer: a value that does not fit makes the migration fail; the whole table is rewritten meanwhile, under a lock that blocks reads and writes.
                ALTER COLUMN code SET DATA TYPE varchar(10) USING code::varchar(10);
                ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ "code" of "shop_order" goes from varchar(40) to varchar(10): a value that does not fit is cut; the whole table is rewritten meanwhile, under a lock that blocks reads and writes.
            """,
            migrations.RunSQL.noop,
        ),
    ]
`,
      },
      {
        title: 'In SQL: without USING nothing is cut',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[("id", models.BigAutoField(primary_key=True)), ("note", models.TextField(null=True))],
        ),
    ]
# file: shop/migrations/0002_note.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL("ALTER TABLE shop_order ALTER COLUMN note TYPE varchar(5)", migrations.RunSQL.noop),
                                                  ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ "note" of "shop_order" goes from text to varchar(5): a value that does not fit makes the migration fail; the whole table is rewritten meanwhile, under a lock that blocks reads and writes.
    ]
`,
      },
      {
        title: 'Alembic: a shorter text and a smaller number',
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
    )


def downgrade():
    op.drop_table("files")
# file: migrations/versions/5b0f6f6ad3b1_short_paths.py
"""Short paths"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.alter_column("files", "path", existing_type=sa.String(length=200), type_=sa.String(length=40))
                                                                                ~~~~~~~~~~~~~~~~~~~~ "path" of "files" goes from varchar(200) to varchar(40): a value that does not fit makes the migration fail; the whole table is rewritten meanwhile, under a lock that blocks reads and writes.
    with op.batch_alter_table("uploads") as batch_op:
        batch_op.alter_column("size", existing_type=sa.BigInteger(), type_=sa.Integer())
                                                                           ~~~~~~~~~~~~ "size" of "uploads" goes from bigint to integer: a value that does not fit makes the migration fail; the whole table is rewritten meanwhile, under a lock that blocks reads and writes.


def downgrade():
    with op.batch_alter_table("uploads") as batch_op:
        batch_op.alter_column("size", existing_type=sa.Integer(), type_=sa.BigInteger())
    op.alter_column("files", "path", existing_type=sa.String(length=40), type_=sa.String(length=200))
`,
        fixed: [
          {
            title: 'Fill a second column in batches and swap the two; drop the old one in a later release',
            files: `
# file: migrations/versions/3d2825685ff9_fill_files_path_new.py
"""Fills "path_new" of the rows of "files" that were there before it, batch by batch.

Runs after 5b0f6f6ad3b1, in the same deploy. It may be interrupted and run again.
Where a value does not fit, it stops before anything is filled: correct those rows first.

Revision ID: 3d2825685ff9
Revises: 5b0f6f6ad3b1

"""

import sqlalchemy as sa
from alembic import op

revision = "3d2825685ff9"
down_revision = "5b0f6f6ad3b1"

BATCH_SIZE = 1000


def upgrade():
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE files VALIDATE CONSTRAINT files_path_fits")
    files = sa.table("files", sa.column("id"), sa.column("path"), sa.column("path_new"))
    with op.get_context().autocommit_block():
        connection = op.get_bind()
        empty = (
            sa.select(files.c.id)
            .where(files.c.path.is_not(None), files.c.path_new.is_(None))
            .order_by(files.c.id)
        )
        batch = empty
        while keys := connection.scalars(batch.limit(BATCH_SIZE)).all():
            # The trigger fills the new column of each row that is written.
            connection.execute(
                sa.update(files).where(files.c.id.in_(keys)).values(path=files.c.path)
            )
            batch = empty.where(files.c.id > keys[-1])


def downgrade():
    pass
# file: migrations/versions/5b0f6f6ad3b1_short_paths.py
"""Short paths"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.create_check_constraint(
        "files_path_fits", "files", "char_length(path) <= 40", postgresql_not_valid=True
    )
    op.add_column("files", sa.Column("path_new", sa.String(length=40), nullable=True))
    op.execute(
        """
        CREATE FUNCTION files_path_new() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            NEW.path_new := NEW.path;
            RETURN NEW;
        END
        $$
        """
    )
    op.execute(
        """
        CREATE TRIGGER files_path_new BEFORE INSERT OR UPDATE ON files
        FOR EACH ROW EXECUTE FUNCTION files_path_new()
        """
    )
    op.create_check_constraint(
        "files_path_new_not_null",
        "files",
        "path_new IS NOT NULL",
        postgresql_not_valid=True,
    )
    with op.batch_alter_table("uploads") as batch_op:
        batch_op.alter_column("size", existing_type=sa.BigInteger(), type_=sa.Integer())


def downgrade():
    with op.batch_alter_table("uploads") as batch_op:
        batch_op.alter_column("size", existing_type=sa.Integer(), type_=sa.BigInteger())
    op.drop_constraint("files_path_new_not_null", "files", type_="check")
    op.execute("DROP TRIGGER files_path_new ON files")
    op.execute("DROP FUNCTION files_path_new()")
    op.drop_column("files", "path_new")
    op.drop_constraint("files_path_fits", "files", type_="check")
# file: migrations/versions/7febc47e671e_swap_files_path.py
"""Puts the filled column in the place of "path" of "files".

Runs after 3d2825685ff9, in the same deploy. The old column stays, as
"path_old", until a later release drops it; on the way back it gets what was written since.

Revision ID: 7febc47e671e
Revises: 3d2825685ff9

"""

import sqlalchemy as sa
from alembic import op

revision = "7febc47e671e"
down_revision = "3d2825685ff9"


def upgrade():
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE files VALIDATE CONSTRAINT files_path_new_not_null")
    op.alter_column(
        "files", "path_new", existing_type=sa.String(length=40), nullable=False
    )
    op.drop_constraint("files_path_new_not_null", "files", type_="check")
    op.execute("DROP TRIGGER files_path_new ON files")
    op.execute("DROP FUNCTION files_path_new()")
    # stepwise: drop-column-later[files.path_old] nothing uses it, but for going back
    op.alter_column(
        "files",
        "path",
        existing_type=sa.String(length=200),
        nullable=True,
        new_column_name="path_old",
    )
    op.drop_constraint("files_path_fits", "files", type_="check")
    op.alter_column(
        "files", "path_new", existing_type=sa.String(length=40), new_column_name="path"
    )


def downgrade():
    op.alter_column(
        "files", "path", existing_type=sa.String(length=40), new_column_name="path_new"
    )
    op.alter_column(
        "files", "path_old", existing_type=sa.String(length=200), new_column_name="path"
    )
    op.execute("UPDATE files SET path = path_new WHERE path IS DISTINCT FROM path_new")
    op.alter_column(
        "files", "path", existing_type=sa.String(length=200), nullable=False
    )
    op.execute(
        """
        CREATE FUNCTION files_path_new() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            NEW.path_new := NEW.path;
            RETURN NEW;
        END
        $$
        """
    )
    op.execute(
        """
        CREATE TRIGGER files_path_new BEFORE INSERT OR UPDATE ON files
        FOR EACH ROW EXECUTE FUNCTION files_path_new()
        """
    )
    op.create_check_constraint(
        "files_path_new_not_null",
        "files",
        "path_new IS NOT NULL",
        postgresql_not_valid=True,
    )
    op.alter_column(
        "files", "path_new", existing_type=sa.String(length=40), nullable=True
    )
    op.create_check_constraint(
        "files_path_fits", "files", "char_length(path) <= 40", postgresql_not_valid=True
    )
`,
          },
        ],
      },
      {
        title: 'Alembic: no cast that PostgreSQL makes by itself',
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
        sa.Column("size", sa.String(length=20), nullable=False),
        sa.Column("public", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Text(), nullable=True),
        sa.Column("kind", sa.Enum("picture", "text", native_enum=False), nullable=False),
    )


def downgrade():
    op.drop_table("files")
# file: migrations/versions/5b0f6f6ad3b1_sizes.py
"""Sizes"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.alter_column("files", "size", existing_type=sa.String(length=20), type_=sa.Integer())
                                                                               ~~~~~~~~~~~~ "size" of "files" goes from varchar(20) to integer without a USING, and PostgreSQL makes this cast only where it is asked for: the migration fails.
    op.alter_column("files", "public", existing_type=sa.Integer(), type_=sa.Boolean())
                                                                         ~~~~~~~~~~~~ "public" of "files" goes from integer to boolean without a USING, and PostgreSQL makes this cast only where it is asked for: the migration fails.
    op.alter_column("files", "kind", type_=sa.Enum("text", native_enum=False))
                                           ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ "kind" of "files" goes from varchar(7) to varchar(4): a value that does not fit makes the migration fail; the whole table is rewritten meanwhile, under a lock that blocks reads and writes.
    op.alter_column("files", "pages", existing_type=sa.Text(), type_=sa.Integer(), postgresql_using="pages::integer")
                                                                     ~~~~~~~~~~~~ "pages" of "files" goes from text to integer: a value that does not fit makes the migration fail; the whole table is rewritten meanwhile, under a lock that blocks reads and writes.


def downgrade():
    op.alter_column("files", "pages", existing_type=sa.Integer(), type_=sa.Text())
    op.alter_column(
        "files",
        "public",
        existing_type=sa.Boolean(),
        type_=sa.Integer(),
        postgresql_using="public::integer",
    )
    op.alter_column("files", "size", existing_type=sa.Integer(), type_=sa.String(length=20))
`,
      },
      {
        title: 'Alembic: an enum with fewer values takes the place of another',
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
        sa.Column("state", sa.Enum("new", "paid", "lost", name="order_state"), nullable=False),
        sa.Column("last_state", sa.Enum("new", "paid", "lost", name="order_state"), server_default="new"),
    )


def downgrade():
    op.drop_table("orders")
    op.execute("DROP TYPE order_state")
# file: migrations/versions/5b0f6f6ad3b1_states.py
"""States"""
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.execute("ALTER TYPE order_state RENAME TO order_state_old")
    op.execute("CREATE TYPE order_state AS ENUM ('new', 'paid')")
    op.execute("ALTER TABLE orders ALTER COLUMN state TYPE order_state USING state::text::order_state")
                                   ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ "state" of "orders" goes from order_state_old to order_state, which has no place for 'lost': a row that holds this makes the migration fail; the whole table is rewritten meanwhile, under a lock that blocks reads and writes.
    op.execute("ALTER TABLE orders ALTER COLUMN last_state TYPE order_state USING last_state::text::order_state")
                                   ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ The default of "last_state" of "orders" cannot follow it from order_state_old to order_state, a cast that PostgreSQL does not make by itself: the migration fails.
    op.execute("DROP TYPE order_state_old")


def downgrade():
    op.execute("ALTER TYPE order_state RENAME TO order_state_new")
    op.execute("CREATE TYPE order_state AS ENUM ('new', 'paid', 'lost')")
    op.execute("ALTER TABLE orders ALTER COLUMN last_state TYPE order_state USING last_state::text::order_state")
    op.execute("ALTER TABLE orders ALTER COLUMN state TYPE order_state USING state::text::order_state")
    op.execute("DROP TYPE order_state_new")
`,
      },
    ],
    good: [
      {
        title: 'Alembic: every value of the enum has its place, and the default is taken off first',
        files: `
# file: migrations/versions/9c2f5a1b7e44_orders.py
"""Orders"""
import sqlalchemy as sa
from alembic import op

revision = "9c2f5a1b7e44"
down_revision = None


def upgrade():
    state = sa.Enum("new", "paid", name="order_state")
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("state", state, server_default="new", nullable=False),
        sa.Column("last_state", state),
    )


def downgrade():
    op.drop_table("orders")
    op.execute("DROP TYPE order_state")
# file: migrations/versions/5b0f6f6ad3b1_states.py
"""States"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.execute("ALTER TYPE order_state RENAME TO order_state_old")
    op.execute("CREATE TYPE order_state AS ENUM ('new', 'paid', 'lost')")
    op.execute("""
        ALTER TABLE orders
            ALTER COLUMN state DROP DEFAULT,
            ALTER COLUMN state TYPE order_state USING state::text::order_state,
            ALTER COLUMN state SET DEFAULT 'new'
    """)
    op.alter_column("orders", "last_state", type_=sa.String(length=10))
    op.execute("DROP TYPE order_state_old")


def downgrade():
    op.execute("ALTER TABLE orders ALTER COLUMN last_state TYPE order_state USING last_state::order_state")
`,
      },
      {
        title: 'Longer, larger, no limit',
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
                ("code", models.CharField(max_length=40)),
                ("count", models.IntegerField()),
                ("price", models.DecimalField(max_digits=10, decimal_places=2)),
            ],
        ),
    ]
# file: shop/migrations/0002_larger.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AlterField("order", "code", models.CharField(max_length=80)),
        migrations.AlterField("order", "code", models.TextField()),
        migrations.AlterField("order", "count", models.BigIntegerField()),
        migrations.AlterField("order", "price", models.DecimalField(max_digits=12, decimal_places=2)),
        migrations.AlterField("order", "price", models.DecimalField("price", max_digits=12, decimal_places=2)),
    ]
`,
      },
      {
        title: 'A validated check guarantees the length, and a conversion that is written out',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL("CREATE TABLE shop_order (id bigint, code varchar(40), name text)", ""),
        migrations.RunSQL("ALTER TABLE shop_order ADD CONSTRAINT short CHECK (char_length(code) <= 10)", ""),
    ]
# file: shop/migrations/0002_smaller.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL("ALTER TABLE shop_order ALTER COLUMN code TYPE varchar(10)", ""),
        migrations.RunSQL("ALTER TABLE shop_order ALTER COLUMN name TYPE varchar(10) USING left(name, 10)", ""),
        migrations.RunSQL("ALTER TABLE shop_line ALTER COLUMN name TYPE varchar(10)", ""),
    ]
`,
      },
      {
        title: 'Alembic: the values that are allowed have room in what is shorter',
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
        sa.Column("state", sa.Enum("new", "paid", native_enum=False)),
        sa.Column("size", sa.String(length=40)),
    )
    op.create_check_constraint("known_size", "orders", "size IN ('S', 'M', 'XL')")


def downgrade():
    op.drop_table("orders")
# file: migrations/versions/5b0f6f6ad3b1_shorter.py
"""Shorter"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.alter_column("orders", "state", type_=sa.String(length=10))
    op.alter_column("orders", "size", type_=sa.String(length=2))


def downgrade():
    op.alter_column("orders", "size", type_=sa.String(length=40))
`,
      },
      {
        title: 'Alembic: the values are converted on the way; the same type by another name',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_short_paths.py
"""Short paths"""
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.alter_column(
        "files",
        "path",
        existing_type=sa.String(length=200),
        type_=sa.String(length=40),
        postgresql_using="left(path, 40)",
    )
    op.alter_column("files", "size", existing_type=sa.BigInteger(), type_=postgresql.BIGINT())


def downgrade():
    op.alter_column("files", "path", existing_type=sa.String(length=40), type_=sa.String(length=200))
`,
      },
    ],
  },
};

function problemOf(change: AlterColumn, migration: Migration, context: RuleContext): Problem | undefined {
  const { table, column, to, using } = change;
  if (!change.applies.database || !hasHistory(table, change, migration, context)) return undefined;
  const before = columnBefore(table, column, change, context) ?? change.was;
  if (before === undefined || isConverted(change)) return undefined;
  const names = `"${column}" of ${tableText(table)}`;
  const types = `from ${typeText(before.type)} to ${typeText(to.type)}`;
  const problem = {
    at: change.facets.type ?? change.at,
    cause: change,
    covers: changesOfOrigin(change, migration.forward),
  };
  if (strandsDefault(before, change, context.before(change)) && !isDefaultDropped(change, migration))
    return {
      ...problem,
      level: 'critical',
      message: `The default of ${names} cannot follow it ${types}, a cast that PostgreSQL does not make by itself: the migration fails.`,
    };
  if (lacksUsing(before.type, change, context.before(change)))
    return {
      ...problem,
      level: 'critical',
      message: `${names} goes ${types} without a USING, and PostgreSQL makes this cast only where it is asked for: the migration fails.`,
      fixes: () => [
        ...secondColumn(change, migration, context),
        ...secondColumnInRevisions(change, migration, context),
      ],
    };
  const ofEnum = enumChangeOf(before.type, to.type, context.before(change));
  if (ofEnum?.lost !== undefined) {
    if (ofEnum.lost.length === 0) return undefined;
    const values = listed(ofEnum.lost.map((value) => `'${value}'`));
    const end = ofEnum.toEnum || using === undefined ? 'makes the migration fail' : 'is cut';
    return {
      ...problem,
      message: `${names} goes ${types}, which has no place for ${values}: a row that holds this ${end}${meanwhile(change, context)}.`,
    };
  }
  switch (typeChangeOf(before.type, to.type)) {
    case 'impossible':
      if (using !== undefined) return undefined;
      return {
        ...problem,
        level: 'critical',
        message: `${names} cannot go ${types}, no cast leads there: the migration fails.`,
      };
    case 'rewrite-and-may-fail':
      if (isGuaranteed(change, context)) return undefined;
      return {
        ...problem,
        message: `${names} goes ${types}: a value that does not fit ${outcome(before, change)}${meanwhile(change, context)}.`,
        fixes: () => [
          ...secondColumn(change, migration, context),
          ...secondColumnInRevisions(change, migration, context),
        ],
      };
    default:
      return undefined;
  }
}

/** Whether the same statement drops it: PostgreSQL does that first, wherever it stands. */
function isDefaultDropped({ column, origin }: AlterColumn, { forward }: Migration): boolean {
  return changesOf(forward, 'AlterColumn').some(
    (each) =>
      each.column === column &&
      each.facets.default !== undefined &&
      each.to.default === undefined &&
      origin.sql !== undefined &&
      each.origin.sql?.text === origin.sql.text,
  );
}

const characters: ReadonlySet<string> = new Set(['varchar', 'char']);
const timesOfDay: ReadonlySet<string> = new Set([
  'time',
  'time with time zone',
  'timestamp',
  'timestamp with time zone',
  'interval',
]);
const fractions: ReadonlySet<string> = new Set(['numeric', 'real', 'double precision']);
const numbers: ReadonlySet<string> = new Set([...fractions, 'smallint', 'integer', 'bigint']);

/** What becomes of a value that does not fit. */
function outcome(before: Column, { to, using, casts }: AlterColumn): string {
  const fails = 'makes the migration fail';
  const [one, other] = [canonicalType(before.type), canonicalType(to.type)];
  if (characters.has(other.name)) {
    if (using !== undefined) return 'is cut';
    // Only an explicit cast cuts.
    return one.name === other.name || casts !== true ? fails : `is cut or ${fails}`;
  }
  if (timesOfDay.has(one.name)) return one.name === other.name ? 'is rounded' : 'is cut';
  const isRounded =
    one.name === 'numeric' && other.name === 'numeric'
      ? (one.arguments[1] ?? Number.POSITIVE_INFINITY) > (other.arguments[1] ?? 0)
      : fractions.has(one.name) && numbers.has(other.name);
  return isRounded ? `is rounded or ${fails}` : fails;
}

/** What the conversion of the values takes besides. */
function meanwhile(change: AlterColumn, context: RuleContext): string {
  const isRewritten = findBlockingWork(context.effects(change), 'type')?.kind === 'rewrite';
  return isRewritten ? '; the whole table is rewritten meanwhile, under a lock that blocks reads and writes' : '';
}

/** Whether a validated check keeps everything out that is longer: `CHECK (char_length(code) <= 10)`, a list of values. */
function isGuaranteed({ table, column, to }: AlterColumn, context: RuleContext): boolean {
  const limit = limitOf(to.type);
  if (limit === undefined) return false;
  const checks = [...(findTable(context.start, table)?.constraints.values() ?? [])].filter(
    ({ kind, validated, columns }) => kind === 'check' && validated && columns.join() === column,
  );
  return checks.some(({ condition }) => {
    const longest = longestAllowed(condition ?? '');
    if (longest !== undefined) return longest <= limit;
    const [, operator, length] = /length\s*\([^()]*\)\s*(<=?)\s*(\d+)\s*\)*$/i.exec(condition ?? '') ?? [];
    return length !== undefined && Number(length) - (operator === '<' ? 1 : 0) <= limit;
  });
}

/** Of `code IN ('a', 'bb')`: 2. */
function longestAllowed(condition: string): number | undefined {
  const list = /^\(*"?\w+"?\s+IN\s*\(([^()]*)\)\s*\)*$/i.exec(condition.trim())?.[1];
  const texts = list?.match(/'(?:[^']|'')*'/g) ?? [];
  if (list === undefined || list.replaceAll(/'(?:[^']|'')*'/g, '').replaceAll(/[\s,]/g, '') !== '') return undefined;
  return Math.max(...texts.map((text) => [...text.slice(1, -1).replaceAll("''", "'")].length));
}

function limitOf(type: ColumnType): number | undefined {
  const { name, arguments: args } = canonicalType(type);
  return characters.has(name) ? args[0] : undefined;
}
