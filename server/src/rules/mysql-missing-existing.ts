import { listed } from '../base/listed.ts';
import { constraintType } from '../fixes/recipes/alembic/constraint-type.ts';
import { existingArguments } from '../fixes/recipes/alembic/existing-arguments.ts';
import { type AlterColumn, changesOf } from '../schema/change.ts';
import type { Column } from '../schema/column.ts';
import { tableText } from '../schema/table-name.ts';
import type { Rule, RuleContext } from './rule.ts';
import { columnBefore } from './tables-in-use.ts';

const settings = 'database = "mysql"';

export const mysqlMissingExisting: Rule = {
  name: 'mysql-missing-existing',
  level: 'high',
  group: 'Data loss',
  databases: ['mysql', 'mariadb'],
  kinds: ['AlterColumn', 'DropConstraint'],
  summary: 'MySQL writes a column anew, without what the revision does not repeat.',
  docs: {
    whatHappens:
      'MySQL has no statement that changes the type, the name, the comment or NOT NULL of a column and leaves the rest alone: `op.alter_column` becomes `MODIFY` or `CHANGE`, which says all that the column is. Alembic does not look into the database. It writes what the directive changes and what it repeats in `existing_type`, `existing_nullable`, `existing_server_default`, `existing_comment` and `existing_autoincrement`, and nothing else. Nor does it know of a constraint what it is: MySQL drops foreign keys, unique constraints, checks and primary keys each in another way, and without `type_` Alembic refuses to.',
    whyItHurts:
      'What is not repeated is gone, without an error: the column takes NULL from then on, its default, its comment or its AUTO_INCREMENT is lost. It is noticed when inserts fail or rows without a value turn up. Where the type is missing Alembic refuses to go on, and MySQL has kept whatever was done before.',
    whatToDo: {
      alembic:
        'Repeat what the column is: `op.alter_column("orders", "number", type_=sa.String(40), existing_type=sa.String(20), existing_nullable=False, existing_server_default="")`. Autogenerate writes most of it; `existing_server_default` and `existing_comment` have to be looked after. A constraint is dropped with its type: `op.drop_constraint("orders_number_key", "orders", type_="unique")`.',
    },
    whenItIsFine:
      'A directive that changes the default alone (`ALTER … SET DEFAULT`), columns that had nothing to lose or that no revision in sight creates, and databases other than MySQL and MariaDB are not reported.',
  },
  sources: [
    {
      title: 'Alembic: Operation Reference, alter_column',
      url: 'https://alembic.sqlalchemy.org/en/latest/ops.html#alembic.operations.Operations.alter_column',
    },
    { title: 'MySQL 8.4: ALTER TABLE', url: 'https://dev.mysql.com/doc/refman/8.4/en/alter-table.html' },
  ],

  *check(migration, context) {
    for (const change of changesOf(migration.forward, 'AlterColumn')) {
      if (change.forgets === undefined || !change.applies.database) continue;
      const column = columnBefore(change.table, change.column, change, context);
      yield {
        at: change.at,
        message: messageOf(change, column, context),
        cause: change,
        fixes: () => existingArguments(change, column, migration, context),
      };
    }
    for (const change of changesOf(migration.forward, 'DropConstraint')) {
      if (change.kindUnsaid !== true || !change.applies.database) continue;
      yield {
        at: change.at,
        message: `${databaseName(context)} drops each kind of constraint in another way, and it is not said what "${change.constraint}" of ${tableText(change.table)} is: the revision fails.`,
        cause: change,
        fixes: () => constraintType(change, migration, context),
      };
    }
  },

  examples: {
    bad: [
      {
        title: 'The type changes, and NOT NULL and the default are not repeated',
        files: `
# file: alembic/versions/3f2a_orders.py
import sqlalchemy as sa
from alembic import op

revision = "3f2a"
down_revision = None


def upgrade():
    op.create_table(
        "orders",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("number", sa.String(20), nullable=False, server_default=""),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("note", sa.String(200), nullable=True),
    )


def downgrade():
    op.drop_table("orders")
# file: alembic/versions/8c1d_orders.py
import sqlalchemy as sa
from alembic import op

revision = "8c1d"
down_revision = "3f2a"


def upgrade():
    op.alter_column("orders", "number", type_=sa.String(40), existing_type=sa.String(20))
    ~~~~~~~~~~~~~~~ MySQL writes all of "number" of "orders" anew, and what is not repeated is lost: NOT NULL and the default ''.


def downgrade():
    pass
`,
        settings,
        fixed: [
          {
            title: 'Repeat what "number" is: existing_nullable, existing_server_default',
            files: `
# file: alembic/versions/8c1d_orders.py
import sqlalchemy as sa
from alembic import op

revision = "8c1d"
down_revision = "3f2a"


def upgrade():
    op.alter_column(
        "orders",
        "number",
        type_=sa.String(40),
        existing_type=sa.String(20),
        existing_nullable=False,
        existing_server_default="",
    )


def downgrade():
    pass
`,
          },
        ],
      },
      {
        title: 'A column gets another name',
        files: `
# file: alembic/versions/3f2a_orders.py
import sqlalchemy as sa
from alembic import op

revision = "3f2a"
down_revision = None


def upgrade():
    op.create_table(
        "orders",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("number", sa.String(20), nullable=False, server_default=""),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("note", sa.String(200), nullable=True),
    )


def downgrade():
    op.drop_table("orders")
# file: alembic/versions/8c1d_orders.py
import sqlalchemy as sa
from alembic import op

revision = "8c1d"
down_revision = "3f2a"


def upgrade():
    op.alter_column("orders", "state", new_column_name="status", existing_type=sa.String(20))
    ~~~~~~~~~~~~~~~ MySQL writes all of "state" of "orders" anew, and what is not repeated is lost: NOT NULL.


def downgrade():
    op.alter_column(
        "orders", "status", new_column_name="state", existing_type=sa.String(20), existing_nullable=False
    )
`,
        settings,
        fixed: [
          {
            title: 'Repeat what "state" is: existing_nullable',
            files: `
# file: alembic/versions/8c1d_orders.py
import sqlalchemy as sa
from alembic import op

revision = "8c1d"
down_revision = "3f2a"


def upgrade():
    op.alter_column(
        "orders",
        "state",
        new_column_name="status",
        existing_type=sa.String(20),
        existing_nullable=False,
    )


def downgrade():
    op.alter_column(
        "orders", "status", new_column_name="state", existing_type=sa.String(20), existing_nullable=False
    )
`,
          },
        ],
      },
      {
        title: 'Without the type Alembic refuses',
        files: `
# file: alembic/versions/3f2a_orders.py
import sqlalchemy as sa
from alembic import op

revision = "3f2a"
down_revision = None


def upgrade():
    op.create_table(
        "orders",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("number", sa.String(20), nullable=False, server_default=""),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("note", sa.String(200), nullable=True),
    )


def downgrade():
    op.drop_table("orders")
# file: alembic/versions/8c1d_orders.py
import sqlalchemy as sa
from alembic import op

revision = "8c1d"
down_revision = "3f2a"


def upgrade():
    op.alter_column("orders", "note", nullable=False)
    ~~~~~~~~~~~~~~~ MySQL writes all of "note" of "orders" anew, and its type is not said: the revision fails.


def downgrade():
    op.alter_column("orders", "note", existing_type=sa.String(200), nullable=True)
`,
        settings,
        fixed: [
          {
            title: 'Repeat what "note" is: existing_type',
            files: `
# file: alembic/versions/8c1d_orders.py
import sqlalchemy as sa
from alembic import op

revision = "8c1d"
down_revision = "3f2a"


def upgrade():
    op.alter_column("orders", "note", nullable=False, existing_type=sa.String(200))


def downgrade():
    op.alter_column("orders", "note", existing_type=sa.String(200), nullable=True)
`,
          },
        ],
      },
      {
        title: 'A constraint is dropped without its type',
        files: `
# file: alembic/versions/3f2a_orders.py
import sqlalchemy as sa
from alembic import op

revision = "3f2a"
down_revision = None


def upgrade():
    op.create_table(
        "orders",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("number", sa.String(20), nullable=False),
        sa.UniqueConstraint("number", name="one_number"),
    )


def downgrade():
    op.drop_table("orders")
# file: alembic/versions/8c1d_orders.py
from alembic import op

revision = "8c1d"
down_revision = "3f2a"


def upgrade():
    op.drop_constraint("one_number", "orders")
    ~~~~~~~~~~~~~~~~~~ MySQL drops each kind of constraint in another way, and it is not said what "one_number" of "orders" is: the revision fails.


def downgrade():
    op.create_unique_constraint("one_number", "orders", ["number"])
`,
        settings,
        fixed: [
          {
            title: 'Say that "one_number" is of the type unique',
            files: `
# file: alembic/versions/8c1d_orders.py
from alembic import op

revision = "8c1d"
down_revision = "3f2a"


def upgrade():
    op.drop_constraint("one_number", "orders", type_="unique")


def downgrade():
    op.create_unique_constraint("one_number", "orders", ["number"])
`,
          },
        ],
      },
      {
        title: 'AUTO_INCREMENT is not repeated',
        files: `
# file: alembic/versions/3f2a_orders.py
import sqlalchemy as sa
from alembic import op

revision = "3f2a"
down_revision = None


def upgrade():
    op.create_table("orders", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("total", sa.Integer()))


def downgrade():
    op.drop_table("orders")
# file: alembic/versions/8c1d_orders.py
import sqlalchemy as sa
from alembic import op

revision = "8c1d"
down_revision = "3f2a"


def upgrade():
    op.alter_column("orders", "id", type_=sa.BigInteger(), existing_type=sa.Integer(), existing_nullable=False)
    ~~~~~~~~~~~~~~~ MySQL writes all of "id" of "orders" anew, and what is not repeated is lost: AUTO_INCREMENT.


def downgrade():
    pass
`,
        settings,
        fixed: [
          {
            title: 'Repeat what "id" is: existing_autoincrement',
            files: `
# file: alembic/versions/8c1d_orders.py
import sqlalchemy as sa
from alembic import op

revision = "8c1d"
down_revision = "3f2a"


def upgrade():
    op.alter_column(
        "orders",
        "id",
        type_=sa.BigInteger(),
        existing_type=sa.Integer(),
        existing_nullable=False,
        existing_autoincrement=True,
    )


def downgrade():
    pass
`,
          },
        ],
      },
      {
        title: 'A comment is not repeated',
        files: `
# file: alembic/versions/3f2a_orders.py
import sqlalchemy as sa
from alembic import op

revision = "3f2a"
down_revision = None


def upgrade():
    op.create_table("orders", sa.Column("number", sa.String(20), nullable=False, comment="As it is printed"))


def downgrade():
    op.drop_table("orders")
# file: alembic/versions/8c1d_orders.py
import sqlalchemy as sa
from alembic import op

revision = "8c1d"
down_revision = "3f2a"


def upgrade():
    op.alter_column("orders", "number", type_=sa.String(40), existing_type=sa.String(20), existing_nullable=False)
    ~~~~~~~~~~~~~~~ MySQL writes all of "number" of "orders" anew, and what is not repeated is lost: its comment.


def downgrade():
    pass
`,
        settings,
        fixed: [
          {
            title: 'Repeat what "number" is: existing_comment',
            files: `
# file: alembic/versions/8c1d_orders.py
import sqlalchemy as sa
from alembic import op

revision = "8c1d"
down_revision = "3f2a"


def upgrade():
    op.alter_column(
        "orders",
        "number",
        type_=sa.String(40),
        existing_type=sa.String(20),
        existing_nullable=False,
        existing_comment="As it is printed",
    )


def downgrade():
    pass
`,
          },
        ],
      },
    ],
    good: [
      {
        title: 'A constraint is dropped with its type',
        settings,
        files: `
# file: alembic/versions/8c1d_orders.py
from alembic import op

revision = "8c1d"
down_revision = None


def upgrade():
    op.drop_constraint("one_number", "orders", "unique")
    op.drop_constraint("positive", "orders", type_=KIND)


def downgrade():
    op.create_unique_constraint("one_number", "orders", ["number"])
`,
      },
      {
        title: 'All of it is repeated',
        files: `
# file: alembic/versions/3f2a_orders.py
import sqlalchemy as sa
from alembic import op

revision = "3f2a"
down_revision = None


def upgrade():
    op.create_table(
        "orders",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("number", sa.String(20), nullable=False, server_default=""),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("note", sa.String(200), nullable=True),
    )


def downgrade():
    op.drop_table("orders")
# file: alembic/versions/8c1d_orders.py
import sqlalchemy as sa
from alembic import op

revision = "8c1d"
down_revision = "3f2a"


def upgrade():
    op.alter_column(
        "orders",
        "number",
        type_=sa.String(40),
        existing_type=sa.String(20),
        existing_nullable=False,
        existing_server_default="",
    )


def downgrade():
    op.alter_column(
        "orders",
        "number",
        type_=sa.String(20),
        existing_type=sa.String(40),
        existing_nullable=False,
        existing_server_default="",
    )
`,
        settings,
      },
      {
        title: 'Only the default changes',
        files: `
# file: alembic/versions/3f2a_orders.py
import sqlalchemy as sa
from alembic import op

revision = "3f2a"
down_revision = None


def upgrade():
    op.create_table(
        "orders",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("number", sa.String(20), nullable=False, server_default=""),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("note", sa.String(200), nullable=True),
    )


def downgrade():
    op.drop_table("orders")
# file: alembic/versions/8c1d_orders.py
import sqlalchemy as sa
from alembic import op

revision = "8c1d"
down_revision = "3f2a"


def upgrade():
    op.alter_column("orders", "state", server_default="new")


def downgrade():
    op.alter_column("orders", "state", server_default=None)
`,
        settings,
      },
      {
        title: 'A column with nothing to lose, and one that no revision in sight creates',
        files: `
# file: alembic/versions/3f2a_orders.py
import sqlalchemy as sa
from alembic import op

revision = "3f2a"
down_revision = None


def upgrade():
    op.create_table(
        "orders",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("number", sa.String(20), nullable=False, server_default=""),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("note", sa.String(200), nullable=True),
    )


def downgrade():
    op.drop_table("orders")
# file: alembic/versions/8c1d_orders.py
import sqlalchemy as sa
from alembic import op

revision = "8c1d"
down_revision = "3f2a"


def upgrade():
    op.alter_column("orders", "note", type_=sa.Text(), existing_type=sa.String(200))
    op.alter_column("customers", "note", type_=sa.Text())


def downgrade():
    op.alter_column("orders", "note", type_=sa.String(200), existing_type=sa.Text())
    op.alter_column("customers", "note", type_=sa.String(200))
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
    op.create_table(
        "orders",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("number", sa.String(20), nullable=False, server_default=""),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("note", sa.String(200), nullable=True),
    )


def downgrade():
    op.drop_table("orders")
# file: alembic/versions/8c1d_orders.py
import sqlalchemy as sa
from alembic import op

revision = "8c1d"
down_revision = "3f2a"


def upgrade():
    op.alter_column("orders", "state", new_column_name="status")


def downgrade():
    op.alter_column("orders", "status", new_column_name="state")
`,
      },
    ],
  },
};

const words: Readonly<Record<NonNullable<AlterColumn['forgets']>[number], string>> = {
  'auto-increment': 'AUTO_INCREMENT',
  comment: 'its comment',
  default: 'its default',
  'not-null': 'NOT NULL',
  type: 'its type',
};

function databaseName({ target }: RuleContext): string {
  return target.database === 'mariadb' ? 'MariaDB' : 'MySQL';
}

function messageOf(change: AlterColumn, known: Column | undefined, context: RuleContext): string {
  const { table, column, forgets = [] } = change;
  const start = `${databaseName(context)} writes all of "${column}" of ${tableText(table)} anew`;
  if (forgets.includes('type')) return `${start}, and its type is not said: the revision fails.`;
  const fallback = known?.default?.sql;
  const lost = forgets.map((each) =>
    each === 'default' && fallback !== undefined ? `the default ${fallback}` : words[each],
  );
  return `${start}, and what is not repeated is lost: ${listed(lost)}.`;
}
