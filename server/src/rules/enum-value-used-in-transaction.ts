import { enumValueFirst } from '../fixes/recipes/alembic/enum-value-first.ts';
import { type SplitReason, split } from '../fixes/recipes/split.ts';
import type { Apart } from '../fixes/split-points.ts';
import { type Change, changesOf } from '../schema/change.ts';
import type { Column } from '../schema/column.ts';
import type { Migration } from '../schema/migration.ts';
import { findTable } from '../schema/schema.ts';
import type { AlterEnum } from '../schema/sql-change.ts';
import { usesEnumValue } from './enum-value-use.ts';
import { sharedTransaction } from './revision-before.ts';
import type { Problem, Rule, RuleContext } from './rule.ts';

export const enumValueUsedInTransaction: Rule = {
  name: 'enum-value-used-in-transaction',
  level: 'critical',
  group: 'Fails when it runs',
  databases: ['postgresql'],
  summary: 'A new value of an enum type is used in the transaction that adds it.',
  docs: {
    whatHappens:
      'A value that `ALTER TYPE … ADD VALUE` adds can be used only when the transaction that added it has been committed: «unsafe use of new value». Updating a row to it, a default, a check or an index condition that names it are all uses, in directives as well as in SQL. Before PostgreSQL 12 the value cannot even be added inside a transaction, which `concurrent-in-transaction` tells. Django runs a migration in one, and PostgreSQL takes several statements in one string for one.',
    whyItHurts: 'The migration fails every time it runs, in the deploy as well as in a test.',
    whatToDo: {
      django:
        'Add the value in a migration of its own, and use it in the next one. Or set `atomic = False` and give each statement a string of its own.',
      alembic:
        'Add the value inside `with op.get_context().autocommit_block():`, and use it after that. A revision of its own helps only where `env.py` sets `transaction_per_migration=True`: else all revisions of one `alembic upgrade` share a transaction.',
    },
    whenItIsFine:
      'A value of a type that the same transaction creates can be used at once. The same text in a column of another type is no use of the value, as far as the columns of the table are known; a directive is told only where they are, and where its text can be read.',
  },
  sources: [
    { title: 'PostgreSQL 18: ALTER TYPE', url: 'https://www.postgresql.org/docs/18/sql-altertype.html#id-1.9.3.42.7' },
  ],

  *check(migration, context) {
    for (const added of freshValues(migration.forward)) {
      const later = migration.forward.slice(migration.forward.indexOf(added) + 1);
      const together = later.filter(({ transaction }) => transaction === added.transaction);
      for (const use of usesOf(added, together, context)) {
        yield {
          at: placeOfUse(use),
          message: `'${added.values[0]}' cannot be used before the transaction that adds it to "${added.type}" is committed: the migration fails.`,
          cause: use,
          related: [{ file: migration.file, span: added.at, message: 'It is added here.' }],
          fixes: () => [
            ...split(usesApart(migration, context), usedNext, migration, context),
            ...enumValueFirst(added, migration, context),
          ],
        };
      }
    }
    yield* usesInOneUpgrade(migration, context);
  },

  examples: {
    bad: [
      {
        title: 'Added and written to rows in one migration',
        files: `
# file: shop/migrations/0002_state.py
from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL("ALTER TYPE shop_state ADD VALUE IF NOT EXISTS 'returned'", migrations.RunSQL.noop),
        migrations.RunSQL("UPDATE shop_order SET state = 'returned' WHERE id < 10", migrations.RunSQL.noop),
                           ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ 'returned' cannot be used before the transaction that adds it to "shop_state" is committed: the migration fails.
    ]
`,
        fixed: [
          {
            title: 'Use it in the next migration',
            files: `
# file: shop/migrations/0002_state.py
from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL("ALTER TYPE shop_state ADD VALUE IF NOT EXISTS 'returned'", migrations.RunSQL.noop),
    ]
# file: shop/migrations/0003_shop_order_rows.py
"""Writes rows of "shop_order".

Runs after 0002_state, in the same deploy.
PostgreSQL lets a new value of an enum type be used when the transaction that adds it is committed.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0002_state"),
    ]

    operations = [
        migrations.RunSQL("UPDATE shop_order SET state = 'returned' WHERE id < 10", migrations.RunSQL.noop),
    ]
`,
          },
        ],
      },
      {
        title: 'A cast uses it, whatever the statement is about',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.RunSQL("CREATE TYPE mood AS ENUM ('ok'); CREATE TABLE shop_order (id bigint, note text)", ""),
    ]
# file: shop/migrations/0002_mood.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL("ALTER TYPE mood ADD VALUE 'happy'", migrations.RunSQL.noop),
        migrations.RunSQL("UPDATE shop_order SET note = 'happy'::mood::text WHERE id < 10", migrations.RunSQL.noop),
                           ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ 'happy' cannot be used before the transaction that adds it to "mood" is committed: the migration fails.
        migrations.RunSQL("SELECT CAST('happy' AS public.mood)", migrations.RunSQL.noop),
                           ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ 'happy' cannot be used before the transaction that adds it to "mood" is committed: the migration fails.
    ]
`,
      },
      {
        title: 'In one string, which is one transaction even without Django’s',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL(
            """
            CREATE TYPE shop_state AS ENUM ('new', 'paid');
            CREATE TABLE shop_order (id bigint PRIMARY KEY, state shop_state, note text);
            """,
            migrations.RunSQL.noop,
        ),
    ]
# file: shop/migrations/0002_state.py
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TYPE shop_state ADD VALUE 'returned' AFTER 'paid';
            ALTER TABLE shop_order ALTER COLUMN state SET DEFAULT 'returned';
                                   ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ 'returned' cannot be used before the transaction that adds it to "shop_state" is committed: the migration fails.
            UPDATE shop_order SET note = 'nothing' WHERE id < 10;
            """,
            migrations.RunSQL.noop,
        ),
    ]
`,
        fixed: [
          {
            title: 'Use it in the next migration',
            files: `
# file: shop/migrations/0002_state.py
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TYPE shop_state ADD VALUE 'returned' AFTER 'paid';
            """,
            migrations.RunSQL.noop,
        ),
    ]
# file: shop/migrations/0003_alter_shop_order_state.py
"""Changes "shop_order" and writes rows of "shop_order".

Runs after 0002_state, in the same deploy.
PostgreSQL lets a new value of an enum type be used when the transaction that adds it is committed.
"""

from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("shop", "0002_state"),
    ]

    operations = [
        migrations.RunSQL(
            sql="""
                ALTER TABLE shop_order ALTER COLUMN state SET DEFAULT 'returned';
                UPDATE shop_order SET note = 'nothing' WHERE id < 10;
            """,
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
`,
          },
        ],
      },
      {
        title: 'A data function writes it',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    """
                    CREATE TYPE shop_state AS ENUM ('new', 'paid');
                    CREATE TABLE shop_order (id bigint PRIMARY KEY, state shop_state);
                    """,
                    "DROP TABLE shop_order; DROP TYPE shop_state",
                ),
            ],
            state_operations=[
                migrations.CreateModel(
                    name="Order",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True)),
                        ("state", models.CharField(max_length=20, null=True)),
                    ],
                ),
            ],
        ),
    ]
# file: shop/migrations/0002_state.py
from django.db import migrations


def give_back(apps, schema_editor):
    apps.get_model("shop", "Order").objects.filter(id=1).update(state="returned")
    ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ 'returned' cannot be used before the transaction that adds it to "shop_state" is committed: the migration fails.


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL("ALTER TYPE shop_state ADD VALUE IF NOT EXISTS 'returned'", migrations.RunSQL.noop),
        migrations.RunPython(give_back, migrations.RunPython.noop),
    ]
`,
        fixed: [
          {
            title: 'Use it in the next migration',
            files: `
# file: shop/migrations/0002_state.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL("ALTER TYPE shop_state ADD VALUE IF NOT EXISTS 'returned'", migrations.RunSQL.noop),
    ]
# file: shop/migrations/0003_give_back.py
"""Writes rows of "shop_order".

Runs after 0002_state, in the same deploy.
PostgreSQL lets a new value of an enum type be used when the transaction that adds it is committed.
"""

from django.db import migrations


def give_back(apps, schema_editor):
    apps.get_model("shop", "Order").objects.filter(id=1).update(state="returned")


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0002_state"),
    ]

    operations = [
        migrations.RunPython(give_back, migrations.RunPython.noop),
    ]
`,
          },
        ],
      },
      {
        title: 'Alembic: added and written to rows in one revision',
        files: `
# file: migrations/versions/1975ea83b712_orders.py
import sqlalchemy as sa
from alembic import op

revision = "1975ea83b712"
down_revision = None


def upgrade():
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("state", sa.Enum("open", "sent", name="order_state")),
    )


def downgrade():
    op.drop_table("orders")
    op.execute("DROP TYPE order_state")
# file: migrations/versions/ae1027a6acf1_returned_orders.py
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    # Sellers asked for it.
    op.execute("ALTER TYPE order_state ADD VALUE 'returned'")
    op.execute("UPDATE orders SET state = 'returned' WHERE id < 2")
                ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ 'returned' cannot be used before the transaction that adds it to "order_state" is committed: the migration fails.


def downgrade():
    op.execute("UPDATE orders SET state = 'open' WHERE state = 'returned'")
`,
        fixed: [
          {
            title: "Add 'returned' in an autocommit block, before it is used",
            files: `
# file: migrations/versions/ae1027a6acf1_returned_orders.py
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    # Sellers asked for it.
    with op.get_context().autocommit_block():
        op.execute("ALTER TYPE order_state ADD VALUE IF NOT EXISTS 'returned'")
    op.execute("UPDATE orders SET state = 'returned' WHERE id < 2")


def downgrade():
    op.execute("UPDATE orders SET state = 'open' WHERE state = 'returned'")
`,
          },
        ],
      },
      {
        title: 'Alembic: used by the next revision, where env.py lets both share a transaction',
        files: `
# file: migrations/env.py
from alembic import context
from sqlalchemy import create_engine

engine = create_engine(context.config.get_main_option("sqlalchemy.url"))
with engine.connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
# file: migrations/versions/1975ea83b712_orders.py
import sqlalchemy as sa
from alembic import op

revision = "1975ea83b712"
down_revision = None


def upgrade():
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("state", sa.Enum("open", "sent", name="order_state")),
    )


def downgrade():
    op.drop_table("orders")
    op.execute("DROP TYPE order_state")
# file: migrations/versions/ae1027a6acf1_returned_orders.py
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    # Sellers asked for it.
    op.execute("ALTER TYPE order_state ADD VALUE 'returned'")


def downgrade():
    pass
# file: migrations/versions/c3d2b8a97e10_first_returns.py
from alembic import op

revision = "c3d2b8a97e10"
down_revision = "ae1027a6acf1"


def upgrade():
    op.execute("UPDATE orders SET state = 'returned' WHERE id < 2")
                ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ 'returned' cannot be used before the transaction that adds it to "order_state" is committed: an upgrade that runs ae1027a6acf1 as well fails.


def downgrade():
    op.execute("UPDATE orders SET state = 'open' WHERE state = 'returned'")
`,
        fixed: [
          {
            title: "Add 'returned' in an autocommit block, before it is used",
            files: `
# file: migrations/versions/ae1027a6acf1_returned_orders.py
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    # Sellers asked for it.
    with op.get_context().autocommit_block():
        op.execute("ALTER TYPE order_state ADD VALUE IF NOT EXISTS 'returned'")


def downgrade():
    pass
`,
          },
        ],
      },
      {
        title: 'Alembic: a default that a directive sets',
        files: `
# file: migrations/versions/1975ea83b712_orders.py
import sqlalchemy as sa
from alembic import op

revision = "1975ea83b712"
down_revision = None


def upgrade():
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("state", sa.Enum("open", "sent", name="order_state")),
        sa.Column("note", sa.Text()),
    )


def downgrade():
    op.drop_table("orders")
    op.execute("DROP TYPE order_state")
# file: migrations/versions/ae1027a6acf1_returned_orders.py
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    op.execute("ALTER TYPE order_state ADD VALUE 'returned'")
    op.alter_column("orders", "state", server_default="returned")
                                                      ~~~~~~~~~~ 'returned' cannot be used before the transaction that adds it to "order_state" is committed: the migration fails.


def downgrade():
    op.alter_column("orders", "state", server_default=None)
`,
        fixed: [
          {
            title: "Add 'returned' in an autocommit block, before it is used",
            files: `
# file: migrations/versions/ae1027a6acf1_returned_orders.py
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    with op.get_context().autocommit_block():
        op.execute("ALTER TYPE order_state ADD VALUE IF NOT EXISTS 'returned'")
    op.alter_column("orders", "state", server_default="returned")


def downgrade():
    op.alter_column("orders", "state", server_default=None)
`,
          },
        ],
      },
      {
        title: 'Alembic: in conditions, in a new column and in rows',
        files: `
# file: migrations/versions/1975ea83b712_orders.py
import sqlalchemy as sa
from alembic import op

revision = "1975ea83b712"
down_revision = None


def upgrade():
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("state", sa.Enum("open", "sent", name="order_state")),
        sa.Column("note", sa.Text()),
    )


def downgrade():
    op.drop_table("orders")
    op.execute("DROP TYPE order_state")
# file: migrations/versions/ae1027a6acf1_returned_orders.py
import sqlalchemy as sa
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"

state = sa.Enum("open", "sent", "returned", name="order_state")
orders = sa.table("orders", sa.column("id", sa.BigInteger()), sa.column("state", state))


def upgrade():
    op.execute("ALTER TYPE order_state ADD VALUE 'returned'")
    op.create_check_constraint("orders_kept", "orders", "id > 0 OR state NOT IN ('sent', 'returned')")
    ~~~~~~~~~~~~~~~~~~~~~~~~~~ 'returned' cannot be used before the transaction that adds it to "order_state" is committed: the migration fails.
    op.create_index("orders_back", "orders", ["id"], postgresql_where=sa.text("state = 'returned'"))
    ~~~~~~~~~~~~~~~ 'returned' cannot be used before the transaction that adds it to "order_state" is committed: the migration fails.
    op.add_column("orders", sa.Column("last", state, server_default="returned"))
    ~~~~~~~~~~~~~ 'returned' cannot be used before the transaction that adds it to "order_state" is committed: the migration fails.
    op.execute(orders.update().where(orders.c.id < 2).values(state="returned"))
               ~~~~~~~~~~~~~~~ 'returned' cannot be used before the transaction that adds it to "order_state" is committed: the migration fails.
    op.execute(orders.delete().where(orders.c.state == "returned"))
               ~~~~~~~~~~~~~~~ 'returned' cannot be used before the transaction that adds it to "order_state" is committed: the migration fails.
    op.bulk_insert(orders, [{"id": 1, "state": "returned"}])
    ~~~~~~~~~~~~~~ 'returned' cannot be used before the transaction that adds it to "order_state" is committed: the migration fails.


def downgrade():
    pass
`,
      },
      {
        title: 'Alembic: a default that the next revision sets in the same transaction',
        files: `
# file: migrations/env.py
from alembic import context
from sqlalchemy import create_engine

engine = create_engine(context.config.get_main_option("sqlalchemy.url"))
with engine.connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
# file: migrations/versions/1975ea83b712_orders.py
import sqlalchemy as sa
from alembic import op

revision = "1975ea83b712"
down_revision = None


def upgrade():
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("state", sa.Enum("open", "sent", name="order_state")),
        sa.Column("note", sa.Text()),
    )


def downgrade():
    op.drop_table("orders")
    op.execute("DROP TYPE order_state")
# file: migrations/versions/ae1027a6acf1_returned_orders.py
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    op.execute("ALTER TYPE order_state ADD VALUE 'returned'")


def downgrade():
    pass
# file: migrations/versions/c3d2b8a97e10_first_returns.py
from alembic import op

revision = "c3d2b8a97e10"
down_revision = "ae1027a6acf1"


def upgrade():
    op.alter_column("orders", "state", server_default="returned")
                                                      ~~~~~~~~~~ 'returned' cannot be used before the transaction that adds it to "order_state" is committed: an upgrade that runs ae1027a6acf1 as well fails.


def downgrade():
    op.alter_column("orders", "state", server_default=None)
`,
        fixed: [
          {
            title: "Add 'returned' in an autocommit block, before it is used",
            files: `
# file: migrations/versions/ae1027a6acf1_returned_orders.py
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    with op.get_context().autocommit_block():
        op.execute("ALTER TYPE order_state ADD VALUE IF NOT EXISTS 'returned'")


def downgrade():
    pass
`,
          },
        ],
      },
    ],
    good: [
      {
        title: 'Alembic: in a directive behind the autocommit block that adds it',
        files: `
# file: migrations/versions/1975ea83b712_orders.py
import sqlalchemy as sa
from alembic import op

revision = "1975ea83b712"
down_revision = None


def upgrade():
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("state", sa.Enum("open", "sent", name="order_state")),
        sa.Column("note", sa.Text()),
    )


def downgrade():
    op.drop_table("orders")
    op.execute("DROP TYPE order_state")
# file: migrations/versions/ae1027a6acf1_returned_orders.py
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    with op.get_context().autocommit_block():
        op.execute("ALTER TYPE order_state ADD VALUE IF NOT EXISTS 'returned'")
    op.alter_column("orders", "state", server_default="returned")


def downgrade():
    op.alter_column("orders", "state", server_default=None)
`,
      },
      {
        title: 'Alembic: the same word in a text, cast to a text, or in a default that is computed',
        files: `
# file: migrations/versions/1975ea83b712_orders.py
import sqlalchemy as sa
from alembic import op

revision = "1975ea83b712"
down_revision = None


def upgrade():
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("state", sa.Enum("open", "sent", name="order_state")),
        sa.Column("note", sa.Text()),
    )


def downgrade():
    op.drop_table("orders")
    op.execute("DROP TYPE order_state")
# file: migrations/versions/ae1027a6acf1_returned_orders.py
import sqlalchemy as sa
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    op.execute("ALTER TYPE order_state ADD VALUE 'returned'")
    op.alter_column("orders", "note", server_default="returned")
    op.create_index("orders_noted", "orders", ["id"], postgresql_where=sa.text("note = 'returned'"))
    op.create_check_constraint("orders_kept", "orders", "id > 0 OR state::text <> 'returned'")
    op.alter_column("orders", "state", server_default=sa.text("('returned'::text)::order_state"))


def downgrade():
    op.alter_column("orders", "state", server_default=None)
`,
      },
      {
        title: 'Alembic: the type is created in the same transaction',
        files: `
# file: migrations/versions/1975ea83b712_orders.py
import sqlalchemy as sa
from alembic import op

revision = "1975ea83b712"
down_revision = None


def upgrade():
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("state", sa.Enum("open", "sent", name="order_state")),
    )
    op.execute("ALTER TYPE order_state ADD VALUE 'returned'")
    op.alter_column("orders", "state", server_default="returned")


def downgrade():
    op.drop_table("orders")
    op.execute("DROP TYPE order_state")
`,
      },
      {
        title: 'Alembic: added in an autocommit block by the revision before',
        files: `
# file: migrations/env.py
from alembic import context
from sqlalchemy import create_engine

engine = create_engine(context.config.get_main_option("sqlalchemy.url"))
with engine.connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
# file: migrations/versions/1975ea83b712_orders.py
import sqlalchemy as sa
from alembic import op

revision = "1975ea83b712"
down_revision = None


def upgrade():
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("state", sa.Enum("open", "sent", name="order_state")),
    )


def downgrade():
    op.drop_table("orders")
    op.execute("DROP TYPE order_state")
# file: migrations/versions/ae1027a6acf1_returned_orders.py
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    # Sellers asked for it.
    with op.get_context().autocommit_block():
        op.execute("ALTER TYPE order_state ADD VALUE IF NOT EXISTS 'returned'")


def downgrade():
    pass
# file: migrations/versions/c3d2b8a97e10_first_returns.py
from alembic import op

revision = "c3d2b8a97e10"
down_revision = "ae1027a6acf1"


def upgrade():
    op.execute("UPDATE orders SET state = 'returned' WHERE id < 2")


def downgrade():
    op.execute("UPDATE orders SET state = 'open' WHERE state = 'returned'")
`,
      },
      {
        title: 'Alembic: each revision has a transaction of its own',
        files: `
# file: migrations/env.py
from alembic import context
from sqlalchemy import create_engine

engine = create_engine(context.config.get_main_option("sqlalchemy.url"))
with engine.connect() as connection:
    context.configure(connection=connection, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
# file: migrations/versions/1975ea83b712_orders.py
import sqlalchemy as sa
from alembic import op

revision = "1975ea83b712"
down_revision = None


def upgrade():
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("state", sa.Enum("open", "sent", name="order_state")),
    )


def downgrade():
    op.drop_table("orders")
    op.execute("DROP TYPE order_state")
# file: migrations/versions/ae1027a6acf1_returned_orders.py
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    # Sellers asked for it.
    op.execute("ALTER TYPE order_state ADD VALUE 'returned'")


def downgrade():
    pass
# file: migrations/versions/c3d2b8a97e10_first_returns.py
from alembic import op

revision = "c3d2b8a97e10"
down_revision = "ae1027a6acf1"


def upgrade():
    op.execute("UPDATE orders SET state = 'returned' WHERE id < 2")


def downgrade():
    op.execute("UPDATE orders SET state = 'open' WHERE state = 'returned'")
`,
      },
      {
        title: 'Used in the next migration, or outside a transaction',
        files: `
# file: shop/migrations/0002_state.py
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    operations = [
        migrations.RunSQL("ALTER TYPE shop_state ADD VALUE 'returned'", migrations.RunSQL.noop),
        migrations.RunSQL("UPDATE shop_order SET state = 'returned' WHERE id < 10", migrations.RunSQL.noop),
    ]
`,
      },
      {
        title: 'Only added, next to other values; a type of its own; the same word in a text',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Event",
            fields=[("id", models.BigAutoField(primary_key=True)), ("name", models.CharField(max_length=20))],
        ),
    ]
# file: shop/migrations/0002_state.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL("ALTER TYPE shop_state ADD VALUE 'returned'", migrations.RunSQL.noop),
        migrations.RunSQL("ALTER TYPE shop_state ADD VALUE 'lost' AFTER 'returned'", migrations.RunSQL.noop),
        migrations.RunSQL("INSERT INTO shop_event (name) VALUES ('returned')", migrations.RunSQL.noop),
        migrations.RunSQL(
            """
            CREATE TYPE shop_kind AS ENUM ('gift');
            ALTER TYPE shop_kind ADD VALUE 'sale';
            ALTER TABLE shop_order ADD COLUMN kind shop_kind DEFAULT 'sale';
            """,
            migrations.RunSQL.noop,
        ),
    ]
`,
      },
    ],
  },
};

const usedNext: SplitReason = {
  title: (count) => (count === 2 ? 'Use it in the next migration' : `Use it in the next migration (${count} in all)`),
  because: ['PostgreSQL lets a new value of an enum type be used when the transaction that adds it is committed.'],
};

/** It is milder than in one revision: somebody may have deployed the one before. */
function* usesInOneUpgrade(migration: Migration, context: RuleContext): Generator<Problem> {
  const together = sharedTransaction(migration, context);
  if (together === undefined) return;
  const { before, left, shared } = together;
  for (const added of freshValues(left)) {
    for (const use of usesOf(added, shared, context)) {
      yield {
        at: placeOfUse(use),
        message: `'${added.values[0]}' cannot be used before the transaction that adds it to "${added.type}" is committed: an upgrade that runs ${before.id} as well fails.`,
        level: 'high',
        cause: use,
        related: [{ file: before.file, span: added.at, message: 'It is added here.' }],
        fixes: () => enumValueFirst(added, before, context),
      };
    }
  }
}

/** All uses of all values that are added: one split has to part them. */
function usesApart(migration: Migration, context: RuleContext): readonly Apart[] {
  const { forward } = migration;
  return freshValues(forward).flatMap((added) => {
    const later = forward.slice(forward.indexOf(added) + 1);
    const together = later.filter(({ transaction }) => transaction === added.transaction);
    return usesOf(added, together, context).map((use) => ({ earlier: added, later: use }));
  });
}

/** The values that a transaction adds to types that were there before it. */
function freshValues(changes: readonly Change[]): readonly AlterEnum[] {
  return changesOf(changes, 'AlterEnum').filter(
    (change) =>
      change.action === 'add-value' &&
      change.transaction !== undefined &&
      change.applies.database &&
      !isCreatedTogether(change, changes),
  );
}

function isCreatedTogether({ type, transaction }: AlterEnum, changes: readonly Change[]): boolean {
  return changesOf(changes, 'AlterEnum').some(
    (each) => each.action === 'create' && each.type === type && each.transaction === transaction,
  );
}

/** The first change of each later statement, or of each call, of the transaction that uses the value. */
function usesOf(added: AlterEnum, together: readonly Change[], context: RuleContext): readonly Change[] {
  const [value = ''] = added.values;
  const statements = new Set<unknown>();
  return together.filter((change) => {
    const { sql, span } = change.origin;
    const statement = sql ?? span;
    if (statements.has(statement) || !isUse(change, added, value, context)) return false;
    statements.add(statement);
    return true;
  });
}

function isUse(change: Change, added: AlterEnum, value: string, context: RuleContext): boolean {
  const { sql } = change.origin;
  if (sql === undefined) return change.applies.database && usesEnumValue(change, added, context.before(change));
  if (!sql.strings.includes(value)) return false;
  return isCast(change, added, value) || !isAboutOtherTypes(change, added, context);
}

/** A directive changes other things as well: what tells of it is the default that it sets. */
function placeOfUse(use: Change): Change['at'] {
  const isSet = use.kind === 'AlterColumn' && use.origin.sql === undefined;
  return (isSet ? use.facets.default : undefined) ?? use.at;
}

/** Statements whose strings are names and notes, or that change the type itself. */
const notUsing: ReadonlySet<Change['kind']> = new Set([
  'AlterEnum',
  'InvalidSql',
  'OtherStatement',
  'RenameType',
  'RunSql',
  'SetTableOption',
  'SetTimeout',
]);

/** `'value'::type` is a use of the value in whatever statement it stands. */
function isCast({ kind, origin }: Change, { type }: AlterEnum, value: string): boolean {
  if (kind === 'AlterEnum' || kind === 'InvalidSql' || kind === 'RunSql') return false;
  const name = type.slice(type.lastIndexOf('.') + 1);
  return origin.sql?.castStrings.some((cast) => cast.value === value && cast.type === name) === true;
}

/** Whether it is known of what types the columns are that it writes or defines, and none is the enum. */
function isAboutOtherTypes(change: Change, { type }: AlterEnum, context: RuleContext): boolean {
  const isOther = (column: Column | undefined): boolean =>
    column !== undefined && column.type.name !== 'unknown' && column.type.name.toLowerCase() !== type.toLowerCase();
  if (notUsing.has(change.kind)) return true;
  if (change.kind === 'AddColumn') return isOther(change.column);
  if (change.kind === 'AlterColumn') return isOther(change.to);
  const table = 'table' in change && change.table ? findTable(context.before(change), change.table) : undefined;
  return table?.complete === true && [...table.columns.values()].every(isOther);
}
