import { misnamedIn, misnamedText } from '../database/misnamed.ts';
import { meantName } from '../fixes/recipes/alembic/meant-name.ts';
import { type Change, changesOf } from '../schema/change.ts';
import type { Migration } from '../schema/migration.ts';
import { isDecisive, isKnownSince } from './known-since.ts';
import type { Problem, Rule, RuleContext } from './rule.ts';

export const invalidSql: Rule = {
  name: 'invalid-sql',
  level: 'critical',
  group: 'Fails when it runs',
  databases: ['postgresql'],
  summary:
    'PostgreSQL’s own parser rejects a statement, or PostgreSQL refuses it whatever the tables hold: a name that nothing has.',
  docs: {
    whatHappens:
      'The statement is read by the parser of PostgreSQL 18 itself, and the message is the one that PostgreSQL will answer with: a misspelled word, a missing comma, a quote that is never closed, an error in a `DO` block or in the body of a function. SQL that takes a migration back (`reverse_sql`) is read as well. Some statements pass the parser and are refused by what PostgreSQL knows of the table, or by its version: `DROP INDEX CONCURRENTLY` with `CASCADE` or of several indexes, concurrent builds on a partitioned table, `REFRESH … CONCURRENTLY … WITH NO DATA`, a table that is dropped while the foreign keys of others refer to it, a type that columns still have, what came with a later release. A column to which a revision gives no type makes no SQL at all: SQLAlchemy takes the type of a foreign key only from a column of the same `create_table`. A revision that names a table, a column, an index or a constraint which the earlier ones have not left there, or makes one again that is there, is told as well.',
    whyItHurts:
      'The migration fails every time it runs. A mistake in `reverse_sql` is found only when a deploy has gone wrong and is to be taken back.',
    whatToDo: {
      django:
        'Correct the statement where it is underlined. A `%` is doubled (`%%`) only where Django formats the SQL: in a statement that is given with parameters.',
      alembic: 'Correct the statement where it is underlined.',
    },
    whenItIsFine:
      'Only what is certain is reported: a statement of which a part is known only when the migration runs is passed over unless the mistake stands before that part. Whether a table, a column, an index or a constraint is there is judged in revisions of Alembic alone, where other revisions have created the table and all that they have done since can be followed; SQL for other databases is not judged. What cannot stand in a transaction is told by `concurrent-in-transaction`.',
  },
  sources: [
    { title: 'PostgreSQL 18: SQL Commands', url: 'https://www.postgresql.org/docs/18/sql-commands.html' },
    { title: 'Django: RunSQL', url: 'https://docs.djangoproject.com/en/5.2/ref/migration-operations/#runsql' },
  ],

  *check(migration, context) {
    for (const change of changesOf(migration.forward, 'InvalidSql', 'RunSql')) {
      if (!change.applies.database) continue;
      const judged = change.kind === 'InvalidSql' ? [change] : (change.backward ?? []);
      for (const { at, message } of changesOf(judged, 'InvalidSql')) {
        const what = change.kind === 'InvalidSql' ? 'this statement' : 'this way back';
        yield { at, message: `PostgreSQL rejects ${what}: ${message}.`, cause: change };
      }
    }
    for (const change of migration.forward) {
      const { refusal, refusesTransactions } = context.effects(change);
      // What may not stand in its transaction is told so first.
      if (refusal === undefined || (refusesTransactions && change.transaction !== undefined)) continue;
      const start = isUntyped(change) ? 'SQLAlchemy cannot write' : 'PostgreSQL refuses';
      yield { at: change.at, message: `${start} this statement: ${refusal}.`, cause: change };
    }
    // Django refuses by itself what its state does not know.
    if (migration.framework === 'alembic') yield* misnamedSteps(migration, context);
  },

  examples: {
    bad: [
      {
        title: 'What the parser takes and the database refuses',
        files: `
# file: shop/migrations/0002_sql.py
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    operations = [
        migrations.RunSQL("DROP INDEX CONCURRENTLY first_idx, second_idx", migrations.RunSQL.noop),
                                                              ~~~~~~~~~~ PostgreSQL refuses this statement: DROP INDEX CONCURRENTLY takes one index at a time.
        migrations.RunSQL("REFRESH MATERIALIZED VIEW CONCURRENTLY totals WITH NO DATA", migrations.RunSQL.noop),
                           ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ PostgreSQL refuses this statement: CONCURRENTLY and WITH NO DATA exclude each other.
        migrations.RunSQL("DROP INDEX CONCURRENTLY old_idx CASCADE", migrations.RunSQL.noop),
                           ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ PostgreSQL refuses this statement: DROP INDEX CONCURRENTLY does not take CASCADE.
        migrations.RunSQL("CREATE TABLE shop_event (id bigint) PARTITION BY RANGE (id)", "DROP TABLE shop_event"),
        migrations.RunSQL("CREATE INDEX CONCURRENTLY IF NOT EXISTS event_idx ON shop_event (id)", migrations.RunSQL.noop),
                           ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ PostgreSQL refuses this statement: the index of a partitioned table cannot be built concurrently.
        migrations.RunSQL("CREATE TABLE shop_event_rest PARTITION OF shop_event DEFAULT", "DROP TABLE shop_event_rest"),
        migrations.RunSQL("ALTER TABLE shop_event DETACH PARTITION shop_event_2020 CONCURRENTLY", migrations.RunSQL.noop),
                                                  ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ PostgreSQL refuses this statement: partitions cannot be detached concurrently where there is a DEFAULT partition.
    ]
`,
      },
      {
        title: 'Alembic: other things hold on to what is dropped',
        files: `
# file: migrations/versions/9c2f5a1b7e44_orders.py
"""Orders"""
import sqlalchemy as sa
from alembic import op

revision = "9c2f5a1b7e44"
down_revision = None


def upgrade():
    op.create_table("customers", sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True))
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("customer_id", sa.BigInteger(), sa.ForeignKey("customers.id")),
        sa.Column("state", sa.Enum("new", "paid", name="order_state")),
    )


def downgrade():
    op.drop_table("orders")
    op.drop_table("customers")
    op.execute("DROP TYPE order_state")
# file: migrations/versions/5b0f6f6ad3b1_no_orders.py
"""No orders"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.execute("DROP TYPE order_state")
                ~~~~~~~~~~~~~~~~~~~~~ PostgreSQL refuses this statement: the column "state" of "orders" is of the type "order_state".
    op.drop_table("customers")
    ~~~~~~~~~~~~~ PostgreSQL refuses this statement: "orders" refers to "customers" by a foreign key.
    op.drop_table("orders")


def downgrade():
    op.create_table("customers", sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True))
    op.create_table("orders", sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True))
`,
      },
      {
        title: 'Alembic: columns without a type',
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
        sa.Column("follows_id", sa.ForeignKey("orders.id")),
    )
    op.create_table(
    ~~~~~~~~~~~~~~~ SQLAlchemy cannot write this statement: the column "order_id" has no type, and that of a key is not taken from another table.
        "lines",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("order_id", sa.ForeignKey("orders.id")),
    )
    op.add_column("orders", sa.Column("note"))
    ~~~~~~~~~~~~~ SQLAlchemy cannot write this statement: the column "note" has no type.


def downgrade():
    op.drop_table("lines")
    op.drop_table("orders")
`,
      },
      {
        title: 'Newer than the database',
        settings: 'database-version = "17"',
        files: `
# file: shop/migrations/0002_sql.py
from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL("ALTER TABLE shop_order ADD CONSTRAINT nn NOT NULL total NOT VALID", migrations.RunSQL.noop),
                                                  ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ PostgreSQL refuses this statement: PostgreSQL 17 does not know it yet.
        migrations.RunSQL("CREATE TABLE shop_net (id bigint, net int GENERATED ALWAYS AS (id * 2) VIRTUAL)", "DROP TABLE shop_net"),
                           ~~~~~~~~~~~~~~~~~~~~~ PostgreSQL refuses this statement: PostgreSQL 17 does not know it yet.
        migrations.RunSQL("CREATE TABLE shop_log (id bigint, order_id bigint) PARTITION BY RANGE (id)", "DROP TABLE shop_log"),
        migrations.RunSQL("ALTER TABLE shop_log ADD CONSTRAINT log_order FOREIGN KEY (order_id) REFERENCES shop_order (id) NOT VALID", migrations.RunSQL.noop),
                                                ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ PostgreSQL refuses this statement: before PostgreSQL 18 a foreign key of a partitioned table cannot be NOT VALID.
    ]
`,
      },
      {
        title: 'A word is misspelled, a quote is never closed, a list ends with a comma',
        files: `
# file: shop/migrations/0002_sql.py
from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL("DELETE FORM shop_cart WHERE id < 10", migrations.RunSQL.noop),
                                  ~~~~ PostgreSQL rejects this statement: syntax error at or near "FORM".
        migrations.RunSQL(
            """
            UPDATE shop_order SET total = 0 WHERE total IS NULL;

            CREATE TABLE shop_note (
                id bigint PRIMARY KEY,
                note text,
            );
            ~ PostgreSQL rejects this statement: syntax error at or near ")".
            """,
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            [
                "INSERT INTO shop_color (name) VALUES ('red')",
                ("INSERT INTO shop_color (name) VALUES (%s, 'it's')", ["blue"]),
                                                                ~ PostgreSQL rejects this statement: syntax error at or near "s".
            ],
            migrations.RunSQL.noop,
        ),
    ]
`,
      },
      {
        title: 'In the way back, in a function, in a DO block, in what is known of a text',
        files: `
# file: shop/migrations/0002_sql.py
import os

from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL(
            "ALTER TABLE shop_order ALTER COLUMN total SET DEFAULT 0",
            reverse_sql="ALTER TABLE shop_order ALTER total DROP DEFALT",
                                                                 ~~~~~~ PostgreSQL rejects this way back: syntax error at or near "DEFALT".
        ),
        migrations.RunSQL(
            """
            DO $$
            BEGIN
                IF EXISTS (SELECT 1 FROM shop_order) THEN
                    UPDATE shop_order SET total = 0;
                ENDIF;
                ~~~~~ PostgreSQL rejects this statement: syntax error at or near "ENDIF".
            END
            $$
            """,
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            """
            DO $$
            ~~ PostgreSQL rejects this statement: missing "THEN" at end of SQL expression.
            BEGIN
                IF EXISTS (SELECT 1 FROM shop_order) THE
                    UPDATE shop_order SET total = 0;
                END IF;
            END
            $$
            """,
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(f"ALTER TABEL shop_order OWNER TO {os.environ['OWNER']}", migrations.RunSQL.noop),
                                  ~~~~~ PostgreSQL rejects this statement: syntax error at or near "TABEL".
    ]
`,
      },
      {
        title: 'Alembic: in a multi-line text, and in the body of a function',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_order_totals.py
"""Order totals"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"

UPDATE = """
    UPDATE orders
    SET total = 0,
    WHERE total IS NULL
    ~~~~~ PostgreSQL rejects this statement: syntax error at or near "WHERE".
"""


def upgrade():
    op.execute(UPDATE)
    op.execute(
        sa.text(
            """
            CREATE FUNCTION order_total() RETURNS trigger AS $$
            BEGIN
                NEW.total := NEW.price * NEW.quantity
                ~~~ PostgreSQL rejects this statement: syntax error at or near "NEW".
                RETURN NEW;
            END
            $$ LANGUAGE plpgsql
            """
        )
    )


def downgrade():
    op.execute("DROP FUNCTION order_total")
`,
      },
      {
        title: 'A name is misspelled',
        files: `
# file: alembic/versions/3f1a_users.py
"""users"""
from alembic import op
import sqlalchemy as sa

revision = "3f1a"
down_revision = None


def upgrade():
    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=True),
    )
    op.create_index("ix_users_email", "users", ["email"])


def downgrade():
    op.drop_table("users")
# file: alembic/versions/9c20_phone.py
"""phone"""
from alembic import op
import sqlalchemy as sa

revision = "9c20"
down_revision = "3f1a"


def upgrade():
    op.alter_column("users", "phnoe", existing_type=sa.String(length=20), server_default="")
    ~~~~~~~~~~~~~~~ This fails: "users" has no column "phnoe". Did you mean "phone"?


def downgrade():
    op.alter_column("users", "phone", existing_type=sa.String(length=20), server_default=None)
`,
        fixed: [
          {
            title: 'Write "phone" instead',
            files: `
# file: alembic/versions/9c20_phone.py
"""phone"""
from alembic import op
import sqlalchemy as sa

revision = "9c20"
down_revision = "3f1a"


def upgrade():
    op.alter_column("users", "phone", existing_type=sa.String(length=20), server_default="")


def downgrade():
    op.alter_column("users", "phone", existing_type=sa.String(length=20), server_default=None)
`,
          },
        ],
      },
      {
        title: 'Names that nothing has, names that are taken, names of before',
        files: `
# file: alembic/versions/3f1a_users.py
"""users"""
from alembic import op
import sqlalchemy as sa

revision = "3f1a"
down_revision = None


def upgrade():
    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=True),
    )
    op.create_index("ix_users_email", "users", ["email"])


def downgrade():
    op.drop_table("users")
# file: alembic/versions/9c20_members.py
"""members"""
from alembic import op
import sqlalchemy as sa

revision = "9c20"
down_revision = "3f1a"


def upgrade():
    op.drop_column("users", "town")
    ~~~~~~~~~~~~~~ This fails: "users" has no column "town".
    op.create_index("ix_users_email", "users", ["email"], unique=True)
    ~~~~~~~~~~~~~~~ This fails: "users" has an index "ix_users_email" already.
    op.drop_constraint("users_email_key", "users", type_="unique")
    ~~~~~~~~~~~~~~~~~~ This fails: "users" has no constraint "users_email_key".
    op.rename_table("users", "members")
    op.execute("ALTER TABLE users ADD COLUMN joined date")
                                  ~~~~~~~~~~~~~~~~~~~~~~ This fails: "users" is called "members" by then.


def downgrade():
    raise NotImplementedError("members stay members")
`,
      },
    ],
    good: [
      {
        title: 'What is there by then, or may be',
        files: `
# file: alembic/versions/3f1a_users.py
"""users"""
from alembic import op
import sqlalchemy as sa

revision = "3f1a"
down_revision = None


def upgrade():
    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("email", sa.String(length=254), nullable=False, unique=True),
    )


def downgrade():
    op.drop_table("users")
# file: alembic/versions/9c20_members.py
"""members"""
from contextlib import suppress

from alembic import op
import sqlalchemy as sa

revision = "9c20"
down_revision = "3f1a"


def upgrade():
    op.drop_constraint("users_email_key", "users", type_="unique")
    op.create_index("ix_users_email", "users", ["email"], unique=True, if_not_exists=True)
    op.execute("ALTER TABLE users DROP COLUMN IF EXISTS fone")
    op.execute("ALTER TABLE visitors DROP COLUMN fone")
    with suppress(Exception):
        op.drop_column("users", "town")
    try:
        op.drop_constraint("users_town_key", "users", type_="unique")
    except Exception:
        print("It was never there.")
    op.rename_table("users", "members")
    op.drop_column("members", "email")
    op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade():
    raise NotImplementedError("members stay members")
`,
      },
      {
        title: 'Parts that are known only when it runs, placeholders, percent signs, comments, dollar quotes',
        files: `
# file: shop/migrations/0002_sql.py
import os

from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL(f"ALTER TABLE shop_order {os.environ['CHANGE']}", migrations.RunSQL.noop),
        migrations.RunSQL(
            [("UPDATE shop_order SET rate = '5%%' WHERE name LIKE %s", ["a%"])],
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL("UPDATE shop_order SET rate = '5%' WHERE id % 2 = 0", migrations.RunSQL.noop),
        migrations.RunSQL("-- nothing to do; really", migrations.RunSQL.noop),
        migrations.RunSQL(
            r"""
            /* it's /* nested */ */
            CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $body$
            BEGIN
                NEW.note := E'it\\'s';
                RETURN NEW;
            END
            $body$;
            """,
            "DROP FUNCTION touch()",
        ),
    ]
`,
      },
      {
        title: 'Another database has another grammar',
        settings: 'database = "mysql"',
        files: `
# file: shop/migrations/0002_sql.py
from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL("ALTER TABLE \`shop_order\` ADD INDEX total_idx (total)", migrations.RunSQL.noop),
    ]
`,
      },
      {
        title: 'Names are not looked up',
        files: `
# file: shop/migrations/0002_sql.py
from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL("UPDATE no_such_table SET no_such_column = no_such_function(1) WHERE id = 1", ""),
    ]
`,
      },
      {
        title: 'Alembic: what held on to the table has let go of it',
        files: `
# file: migrations/versions/9c2f5a1b7e44_orders.py
"""Orders"""
import sqlalchemy as sa
from alembic import op

revision = "9c2f5a1b7e44"
down_revision = None


def upgrade():
    for name in ("customers", "shops", "regions", "towns"):
        op.create_table(name, sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True))
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("customer_id", sa.BigInteger(), sa.ForeignKey("customers.id")),
        sa.Column("shop_id", sa.BigInteger(), sa.ForeignKey("shops.id")),
        sa.Column("region_id", sa.BigInteger(), sa.ForeignKey("regions.id")),
        sa.Column("town_id", sa.BigInteger(), sa.ForeignKey("towns.id")),
    )


def downgrade():
    op.execute("DROP TABLE orders, customers, shops, regions, towns")
# file: migrations/versions/5b0f6f6ad3b1_no_customers.py
"""No customers"""
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.drop_constraint("orders_customer_id_fkey", "orders", type_="foreignkey")
    op.drop_table("customers")
    op.drop_column("orders", "shop_id")
    op.drop_table("shops")
    op.execute("ALTER TABLE orders DROP COLUMN region_id, ADD COLUMN region text")
    op.execute("DROP TABLE regions")
    op.drop_constraint("one_of_the_database", "orders", type_="foreignkey")
    op.drop_table("towns")


def downgrade():
    raise RuntimeError("The customers are gone.")
`,
      },
      {
        title: 'Alembic: values that are bound, and SQL for another database',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_order_totals.py
"""Order totals"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    bind = op.get_bind()
    bind.execute(sa.text("UPDATE orders SET total = :total WHERE total IS NULL AND code LIKE 'A%'"), {"total": 0})
    if bind.dialect.name == "mysql":
        op.execute("ALTER TABLE orders MODIFY total INT NOT NULL")


def downgrade():
    pass
`,
      },
    ],
  },
};

/** It builds a column without a type, which makes no SQL. */
function isUntyped(change: Change): boolean {
  if (change.kind === 'AddColumn') return change.column.untyped !== undefined;
  return change.kind === 'CreateTable' && change.columns.some(({ untyped }) => untyped !== undefined);
}

/** Steps that name what is not there, or make what is: one of several that fail for the same reason is enough. */
function* misnamedSteps(migration: Migration, context: RuleContext): Iterable<Problem> {
  const told = new Set<string>();
  for (const change of migration.forward) {
    if (!isDecisive(change, migration)) continue;
    const misnamed = misnamedIn(change, context.before(change), true);
    if (misnamed === undefined || told.has(misnamed.clause)) continue;
    if (!isKnownSince(misnamed, migration, context, change)) continue;
    told.add(misnamed.clause);
    const { meant } = misnamed;
    yield {
      at: change.at,
      message: `This fails: ${misnamedText(misnamed)}`,
      cause: change,
      ...(meant && { fixes: () => meantName(change, meant, migration) }),
    };
  }
}
