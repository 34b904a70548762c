import { inBatch } from '../fixes/recipes/alembic/in-batch.ts';
import type { CallExpression } from '../syntax/module.ts';
import type { Rule } from './rule.ts';

const settings = 'database = "sqlite"';

export const sqliteNeedsBatch: Rule = {
  name: 'sqlite-needs-batch',
  level: 'critical',
  group: 'Fails when it runs',
  databases: ['sqlite'],
  summary: 'A revision alters a table in a way that SQLite does not know.',
  docs: {
    whatHappens:
      'SQLite’s `ALTER TABLE` adds a column, renames one, drops one that nothing is built on, and renames the table. It changes no type, default or NOT NULL of a column, adds and drops no constraint, and adds no column with a default that is not a constant to a table with rows. Alembic sends the statement of other databases, which is a syntax error, or raises `NotImplementedError`.',
    whyItHurts:
      'The upgrade ends in the middle. What the revision has done before this stays: SQLite’s driver commits before most statements that alter a table, so it cannot be run again either.',
    whatToDo: {
      alembic:
        'Do it inside `with op.batch_alter_table("orders") as batch_op:`. On SQLite that makes a new table, copies the rows and renames it; elsewhere it sends the plain statements. All that is done to one table belongs in one block, so that it is copied once. Autogenerate writes such blocks with `render_as_batch=True` in `context.configure`.',
    },
    whenItIsFine:
      'Statements that SQLite knows, what stands in `batch_alter_table` (unless with `recreate="never"`) or in a branch for another database, and projects on other databases are not reported.',
  },
  sources: [
    {
      title: 'Alembic: Running “Batch” Migrations for SQLite and Other Databases',
      url: 'https://alembic.sqlalchemy.org/en/latest/batch.html',
    },
    { title: 'SQLite: ALTER TABLE', url: 'https://www.sqlite.org/lang_altertable.html' },
  ],

  *check(migration, context) {
    if (migration.framework !== 'alembic') return;
    // A column brings its constraints: one call, told once.
    const told = new Set<CallExpression>();
    for (const change of migration.forward) {
      const { origin, at } = change;
      if (!change.applies.database || (origin.call !== undefined && told.has(origin.call))) continue;
      const { refusal, fails } = context.effects(change);
      if (refusal === undefined) continue;
      if (origin.call !== undefined) told.add(origin.call);
      const outcome = fails === 'with rows' ? 'fails as soon as the table has rows' : 'fails';
      yield {
        at,
        message: `${refusal}: outside of batch_alter_table this ${outcome}.`,
        cause: change,
        fixes: () => inBatch(change, migration, context),
      };
    }
  },

  examples: {
    bad: [
      {
        title: 'A column becomes NOT NULL: both ways need it',
        files: `
# file: alembic/versions/3f2a_orders.py
import sqlalchemy as sa
from alembic import op

revision = "3f2a"
down_revision = None


def upgrade():
    op.create_table("customers", sa.Column("id", sa.Integer(), primary_key=True))
    op.create_table(
        "orders",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("number", sa.String(20), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("customer_id", sa.Integer(), nullable=True),
    )
    op.create_index("ix_orders_number", "orders", ["number"])


def downgrade():
    op.drop_table("orders")
    op.drop_table("customers")
# file: alembic/versions/8c1d_orders.py
import sqlalchemy as sa
from alembic import op

revision = "8c1d"
down_revision = "3f2a"


def upgrade():
    op.alter_column("orders", "number", existing_type=sa.String(20), nullable=False)
    ~~~~~~~~~~~~~~~ SQLite alters no column that is there: outside of batch_alter_table this fails.


def downgrade():
    op.alter_column("orders", "number", existing_type=sa.String(20), nullable=True)
`,
        settings,
        fixed: [
          {
            title: 'Alter "orders" in batch_alter_table',
            files: `
# file: alembic/versions/8c1d_orders.py
import sqlalchemy as sa
from alembic import op

revision = "8c1d"
down_revision = "3f2a"


def upgrade():
    with op.batch_alter_table("orders") as batch_op:
        batch_op.alter_column("number", existing_type=sa.String(20), nullable=False)


def downgrade():
    with op.batch_alter_table("orders") as batch_op:
        batch_op.alter_column("number", existing_type=sa.String(20), nullable=True)
`,
          },
        ],
      },
      {
        title: 'Several changes of one table',
        files: `
# file: alembic/versions/3f2a_orders.py
import sqlalchemy as sa
from alembic import op

revision = "3f2a"
down_revision = None


def upgrade():
    op.create_table("customers", sa.Column("id", sa.Integer(), primary_key=True))
    op.create_table(
        "orders",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("number", sa.String(20), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("customer_id", sa.Integer(), nullable=True),
    )
    op.create_index("ix_orders_number", "orders", ["number"])


def downgrade():
    op.drop_table("orders")
    op.drop_table("customers")
# file: alembic/versions/8c1d_orders.py
import sqlalchemy as sa
from alembic import op

revision = "8c1d"
down_revision = "3f2a"


def upgrade():
    # Orders belong to customers.
    op.create_foreign_key("fk_orders_customer", "orders", "customers", ["customer_id"], ["id"])
    ~~~~~~~~~~~~~~~~~~~~~ SQLite adds no constraint to a table that is there: outside of batch_alter_table this fails.
    # Two orders never share a number.
    op.create_unique_constraint(op.f("uq_orders_number"), "orders", ["number"])  # within a shop
    ~~~~~~~~~~~~~~~~~~~~~~~~~~~ SQLite adds no constraint to a table that is there: outside of batch_alter_table this fails.
    op.drop_column("orders", "note")


def downgrade():
    op.add_column("orders", sa.Column("note", sa.Text(), nullable=True))
    op.drop_constraint(op.f("uq_orders_number"), "orders", type_="unique")
    op.drop_constraint("fk_orders_customer", "orders", type_="foreignkey")
`,
        settings,
        fixed: [
          {
            title: 'Alter "orders" in batch_alter_table',
            files: `
# file: alembic/versions/8c1d_orders.py
import sqlalchemy as sa
from alembic import op

revision = "8c1d"
down_revision = "3f2a"


def upgrade():
    # Orders belong to customers.
    with op.batch_alter_table("orders") as batch_op:
        batch_op.create_foreign_key("fk_orders_customer", "customers", ["customer_id"], ["id"])
        # Two orders never share a number.
        batch_op.create_unique_constraint(batch_op.f("uq_orders_number"), ["number"])  # within a shop
        batch_op.drop_column("note")


def downgrade():
    with op.batch_alter_table("orders") as batch_op:
        batch_op.add_column(sa.Column("note", sa.Text(), nullable=True))
        batch_op.drop_constraint(batch_op.f("uq_orders_number"), type_="unique")
        batch_op.drop_constraint("fk_orders_customer", type_="foreignkey")
`,
          },
        ],
      },
      {
        title: 'A new column with a clock as its default, one with a key, one in an index that goes',
        files: `
# file: alembic/versions/3f2a_orders.py
import sqlalchemy as sa
from alembic import op

revision = "3f2a"
down_revision = None


def upgrade():
    op.create_table("customers", sa.Column("id", sa.Integer(), primary_key=True))
    op.create_table(
        "orders",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("number", sa.String(20), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("customer_id", sa.Integer(), nullable=True),
    )
    op.create_index("ix_orders_number", "orders", ["number"])


def downgrade():
    op.drop_table("orders")
    op.drop_table("customers")
# file: alembic/versions/8c1d_orders.py
import sqlalchemy as sa
from alembic import op

revision = "8c1d"
down_revision = "3f2a"


def upgrade():
    op.add_column("orders", sa.Column("placed_at", sa.DateTime(), server_default=sa.func.now()))
    ~~~~~~~~~~~~~ SQLite adds no column with a default that is not constant: outside of batch_alter_table this fails as soon as the table has rows.
    op.add_column("orders", sa.Column("payer_id", sa.Integer(), sa.ForeignKey("customers.id"), unique=True))
    ~~~~~~~~~~~~~ SQLite adds no constraint to a table that is there: outside of batch_alter_table this fails.
    op.drop_column("orders", "number")
    ~~~~~~~~~~~~~~ SQLite drops no column that an index or a key is on: outside of batch_alter_table this fails.


def downgrade():
    pass
`,
        settings,
      },
    ],
    good: [
      {
        title: 'In batch_alter_table',
        files: `
# file: alembic/versions/3f2a_orders.py
import sqlalchemy as sa
from alembic import op

revision = "3f2a"
down_revision = None


def upgrade():
    op.create_table("customers", sa.Column("id", sa.Integer(), primary_key=True))
    op.create_table(
        "orders",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("number", sa.String(20), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("customer_id", sa.Integer(), nullable=True),
    )
    op.create_index("ix_orders_number", "orders", ["number"])


def downgrade():
    op.drop_table("orders")
    op.drop_table("customers")
# file: alembic/versions/8c1d_orders.py
import sqlalchemy as sa
from alembic import op

revision = "8c1d"
down_revision = "3f2a"


def upgrade():
    with op.batch_alter_table("orders") as batch_op:
        batch_op.alter_column("number", existing_type=sa.String(20), nullable=False)
        batch_op.create_unique_constraint("uq_orders_number", ["number"])


def downgrade():
    pass
`,
        settings,
      },
      {
        title: 'What SQLite does by itself',
        files: `
# file: alembic/versions/3f2a_orders.py
import sqlalchemy as sa
from alembic import op

revision = "3f2a"
down_revision = None


def upgrade():
    op.create_table("customers", sa.Column("id", sa.Integer(), primary_key=True))
    op.create_table(
        "orders",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("number", sa.String(20), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("customer_id", sa.Integer(), nullable=True),
    )
    op.create_index("ix_orders_number", "orders", ["number"])


def downgrade():
    op.drop_table("orders")
    op.drop_table("customers")
# file: alembic/versions/8c1d_orders.py
import sqlalchemy as sa
from alembic import op

revision = "8c1d"
down_revision = "3f2a"


def upgrade():
    op.add_column("orders", sa.Column("code", sa.Text(), server_default="none"))
    op.alter_column("orders", "note", new_column_name="remark")
    op.drop_column("orders", "remark")
    op.create_index("ix_orders_code", "orders", ["code"], unique=True)
    op.rename_table("orders", "purchases")


def downgrade():
    pass
`,
        settings,
      },
      {
        title: 'In a branch for another database',
        files: `
# file: alembic/versions/3f2a_orders.py
import sqlalchemy as sa
from alembic import op

revision = "3f2a"
down_revision = None


def upgrade():
    op.create_table("customers", sa.Column("id", sa.Integer(), primary_key=True))
    op.create_table(
        "orders",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("number", sa.String(20), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("customer_id", sa.Integer(), nullable=True),
    )
    op.create_index("ix_orders_number", "orders", ["number"])


def downgrade():
    op.drop_table("orders")
    op.drop_table("customers")
# file: alembic/versions/8c1d_orders.py
import sqlalchemy as sa
from alembic import op

revision = "8c1d"
down_revision = "3f2a"


def upgrade():
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("orders", "number", existing_type=sa.String(20), nullable=False)


def downgrade():
    pass
`,
        settings,
      },
      {
        title: 'Another database',
        files: `
# file: alembic/versions/3f2a_orders.py
import sqlalchemy as sa
from alembic import op

revision = "3f2a"
down_revision = None


def upgrade():
    op.create_table("customers", sa.Column("id", sa.Integer(), primary_key=True))
    op.create_table(
        "orders",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("number", sa.String(20), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("customer_id", sa.Integer(), nullable=True),
    )
    op.create_index("ix_orders_number", "orders", ["number"])


def downgrade():
    op.drop_table("orders")
    op.drop_table("customers")
# file: alembic/versions/8c1d_orders.py
import sqlalchemy as sa
from alembic import op

revision = "8c1d"
down_revision = "3f2a"


def upgrade():
    op.alter_column("orders", "number", existing_type=sa.String(20), nullable=False)


def downgrade():
    pass
`,
      },
    ],
  },
};
