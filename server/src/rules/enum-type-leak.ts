import { enumColumnsOf } from '../fixes/alembic/enum-columns.ts';
import {
  hasOtherValues,
  isTypeDropped,
  takenType,
  typeCreatedFirst,
  typeDroppedInDowngrade,
} from '../fixes/recipes/alembic/enum-type.ts';
import { isNamedBefore } from '../fixes/sql/earlier-sql.ts';
import { type Change, type ChangeOf, changesOf } from '../schema/change.ts';
import type { Migration } from '../schema/migration.ts';
import { isUnknown } from '../schema/reversibility.ts';
import { type EnumType, findTable } from '../schema/schema.ts';
import type { Problem, Rule, RuleContext } from './rule.ts';
import { isUnclear } from './way-back-gaps.ts';

export const enumTypeLeak: Rule = {
  name: 'enum-type-leak',
  level: 'high',
  group: 'Fails when it runs',
  databases: ['postgresql'],
  summary: 'The type of an enum is created twice, not at all, or never dropped again.',
  docs: {
    whatHappens:
      'On PostgreSQL an enum is a type of its own. `op.create_table` creates the type of its columns, without looking whether it is there; `op.add_column` and `op.alter_column` do not create it; and `op.drop_table` does not drop it, as it knows nothing of the columns.',
    whyItHurts:
      'A column with a type that nothing has created fails with «type does not exist». A second table with the same type fails with «type already exists», where the revision runs some time after the one that created it: on a new database, where all revisions run at once, Alembic remembers what it has created, and nothing is noticed. And a type that stays behind when a revision is rolled back lets the next upgrade fail.',
    whatToDo: {
      alembic:
        'Create and drop the type with statements of their own: `sa.Enum("active", "closed", name="status").create(op.get_bind(), checkfirst=True)` before the column, `sa.Enum(name="status").drop(op.get_bind(), checkfirst=True)` at the end of `downgrade()`. In a table whose type is there already, write `postgresql.ENUM(…, name="status", create_type=False)`: with SQLAlchemy 2.0 only the class of the dialect heeds `create_type`. A type with other values needs a name of its own.',
    },
    whenItIsFine:
      'With `native_enum=False` there is no type. A type that earlier SQL may have created is not missed. Of a `downgrade()` that does nothing or raises, irreversible-downgrade tells.',
  },
  sources: [
    {
      title: 'SQLAlchemy: PostgreSQL ENUM types',
      url: 'https://docs.sqlalchemy.org/en/20/dialects/postgresql.html#sqlalchemy.dialects.postgresql.ENUM',
    },
    {
      title: 'Alembic issue 886: add_column does not create the enum',
      url: 'https://github.com/sqlalchemy/alembic/issues/886',
    },
  ],

  *check(migration, context) {
    if (migration.framework !== 'alembic') return;
    for (const change of changesOf(migration.forward, 'AlterEnum')) {
      if (change.action === 'create') yield* createdAgain(change, migration, context);
    }
    yield* neverCreated(migration, context);
    yield* neverDropped(migration, context);
  },

  examples: {
    bad: [
      {
        title: 'The table goes, and its type stays',
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
        sa.Column("status", sa.Enum("active", "closed", name="user_status"), nullable=True),
                            ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ downgrade() leaves the type "user_status" in place: the next upgrade fails, as it creates it again.
    )


def downgrade():
    op.drop_table("users")
`,
        fixed: [
          {
            title: 'Drop the type "user_status" at the end of downgrade()',
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
        sa.Column("status", sa.Enum("active", "closed", name="user_status"), nullable=True),
    )


def downgrade():
    op.drop_table("users")
    sa.Enum(name="user_status").drop(op.get_bind(), checkfirst=True)
`,
          },
        ],
      },
      {
        title: 'Nothing creates the type of a new column',
        files: `
# file: alembic/versions/3f1a_users.py
"""users"""
from alembic import op
import sqlalchemy as sa

revision = "3f1a"
down_revision = None


def upgrade():
    op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade():
    op.drop_table("users")
# file: alembic/versions/9c20_status.py
"""status"""
from alembic import op
import sqlalchemy as sa

revision = "9c20"
down_revision = "3f1a"


def upgrade():
    op.add_column("users", sa.Column("status", sa.Enum("active", "closed", name="user_status"), nullable=True))
                                               ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Adding this column fails: nothing creates the type "user_status".


def downgrade():
    op.drop_column("users", "status")
`,
        fixed: [
          {
            title: 'Create the type "user_status" first, and drop it in downgrade()',
            files: `
# file: alembic/versions/9c20_status.py
"""status"""
from alembic import op
import sqlalchemy as sa

revision = "9c20"
down_revision = "3f1a"


def upgrade():
    sa.Enum("active", "closed", name="user_status").create(
        op.get_bind(), checkfirst=True
    )
    op.add_column("users", sa.Column("status", sa.Enum("active", "closed", name="user_status"), nullable=True))


def downgrade():
    op.drop_column("users", "status")
    sa.Enum(name="user_status").drop(op.get_bind(), checkfirst=True)
`,
          },
        ],
      },
      {
        title: 'A second table creates the type again',
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
        sa.Column("status", sa.Enum("active", "closed", name="status"), nullable=True),
    )


def downgrade():
    op.drop_table("users")
    sa.Enum(name="status").drop(op.get_bind(), checkfirst=True)
# file: alembic/versions/9c20_teams.py
"""teams"""
from alembic import op
import sqlalchemy as sa

revision = "9c20"
down_revision = "3f1a"


def upgrade():
    op.create_table(
        "teams",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("status", sa.Enum("active", "closed", name="status"), nullable=True),
                            ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ The type "status" is created again, which fails: revision 3f1a has created it.
    )


def downgrade():
    op.drop_table("teams")
`,
        fixed: [
          {
            title: 'Use the type "status" that is there: create_type=False',
            files: `
# file: alembic/versions/9c20_teams.py
"""teams"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = "9c20"
down_revision = "3f1a"


def upgrade():
    op.create_table(
        "teams",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("status", postgresql.ENUM("active", "closed", name="status", create_type=False), nullable=True),
    )


def downgrade():
    op.drop_table("teams")
`,
          },
        ],
      },
      {
        title: 'A second type of the same name has other values',
        files: `
# file: alembic/versions/3f1a_orders.py
"""orders"""
from alembic import op
import sqlalchemy as sa

revision = "3f1a"
down_revision = None


def upgrade():
    op.create_table(
        "orders",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("state", sa.Enum("new", "paid", name="order_state"), nullable=True),
    )


def downgrade():
    op.drop_table("orders")
    sa.Enum(name="order_state").drop(op.get_bind(), checkfirst=True)
# file: alembic/versions/9c20_returns.py
"""returns"""
from alembic import op
import sqlalchemy as sa

revision = "9c20"
down_revision = "3f1a"


def upgrade():
    op.create_table(
        "returns",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("state", sa.Enum("sent", "received", name="order_state"), nullable=True),
                           ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ The type "order_state" is created again, which fails: revision 3f1a has created it with other values (new, paid).
    )


def downgrade():
    op.drop_table("returns")
`,
      },
    ],
    good: [
      {
        title: 'Created and dropped by statements of their own',
        files: `
# file: alembic/versions/3f1a_users.py
"""users"""
from alembic import op
import sqlalchemy as sa

revision = "3f1a"
down_revision = None


def upgrade():
    op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade():
    op.drop_table("users")
# file: alembic/versions/9c20_status.py
"""status"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = "9c20"
down_revision = "3f1a"


def upgrade():
    status = postgresql.ENUM("active", "closed", name="user_status", create_type=False)
    status.create(op.get_bind(), checkfirst=True)
    op.add_column("users", sa.Column("status", status, nullable=True))
    op.create_table("teams", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("status", status))


def downgrade():
    op.drop_table("teams")
    op.drop_column("users", "status")
    op.execute("DROP TYPE user_status")
`,
      },
      {
        title: 'SQL may have created it; a check is no type',
        files: `
# file: alembic/versions/3f1a_users.py
"""users"""
from alembic import op
import sqlalchemy as sa

revision = "3f1a"
down_revision = None


def upgrade():
    op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade():
    op.drop_table("users")
# file: alembic/versions/9c20_status.py
"""status"""
from alembic import op
import sqlalchemy as sa

revision = "9c20"
down_revision = "3f1a"


def upgrade():
    op.execute("CREATE TYPE user_status AS ENUM ('active', 'closed')")
    op.add_column("users", sa.Column("status", sa.Enum("active", "closed", name="user_status"), nullable=True))
    op.add_column("users", sa.Column("kind", sa.Enum("a", "b", name="user_kind", native_enum=False), nullable=True))


def downgrade():
    op.drop_column("users", "kind")
    op.drop_column("users", "status")
    op.execute("DROP TYPE user_status")
`,
      },
      {
        title: 'Two tables of one revision share the type that the first creates',
        files: `
# file: alembic/versions/3f1a_users.py
"""users"""
from alembic import op
import sqlalchemy as sa

revision = "3f1a"
down_revision = None


def upgrade():
    status = sa.Enum("active", "closed", name="status")
    op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("status", status))
    op.create_table("teams", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("status", status))


def downgrade():
    op.drop_table("teams")
    op.drop_table("users")
    sa.Enum(name="status").drop(op.get_bind())
`,
      },
      {
        title: 'Other databases have no types for enums',
        settings: 'database = "mysql"',
        files: `
# file: alembic/versions/3f1a_users.py
"""users"""
from alembic import op
import sqlalchemy as sa

revision = "3f1a"
down_revision = None


def upgrade():
    op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade():
    op.drop_table("users")
# file: alembic/versions/9c20_status.py
"""status"""
from alembic import op
import sqlalchemy as sa

revision = "9c20"
down_revision = "3f1a"


def upgrade():
    op.add_column("users", sa.Column("status", sa.Enum("active", "closed", name="user_status"), nullable=True))


def downgrade():
    op.drop_column("users", "status")
`,
      },
    ],
  },
};

function* createdAgain(change: ChangeOf<'AlterEnum'>, migration: Migration, context: RuleContext): Iterable<Problem> {
  const known = context.before(change).enumTypes?.get(change.type);
  if (known === undefined || change.ifNotExists || change.origin.sql !== undefined) return;
  const by =
    known.bornIn === migration.id ? 'this revision has created it before' : `revision ${known.bornIn} has created it`;
  yield {
    at: change.at,
    message: `The type "${change.type}" is created again, which fails: ${by}${otherValues(change, known)}.`,
    cause: change,
    fixes: () => takenType(change, known, migration, context),
  };
}

function otherValues({ values }: ChangeOf<'AlterEnum'>, known: EnumType): string {
  return hasOtherValues(values, known) ? ` with other values (${known.values.join(', ')})` : '';
}

/** Columns with a type that neither this revision nor an earlier one speaks of. */
function* neverCreated(migration: Migration, context: RuleContext): Iterable<Problem> {
  if (!migration.complete || migration.forward.some(isUnknown)) return;
  for (const column of enumColumnsOf(migration.forward)) {
    const { change, type, at } = column;
    const before = context.before(change);
    const table = findTable(before, change.table);
    // Of a table from elsewhere, the type may be from there too.
    if (table?.bornIn === undefined || before.enumTypes?.has(type) === true) continue;
    if (isTypeNamed(type, migration, context)) continue;
    const what = change.kind === 'AddColumn' ? 'Adding this column' : 'Giving the column this type';
    yield {
      at: at ?? change.at,
      message: `${what} fails: nothing creates the type "${type}".`,
      cause: change,
      fixes: () => typeCreatedFirst(column, migration, context),
    };
  }
}

/** By SQL of this revision, or anything before it. */
function isTypeNamed(type: string, migration: Migration, { project }: RuleContext): boolean {
  const own = type.slice(type.lastIndexOf('.') + 1);
  const isInSql = (change: Change): boolean =>
    change.origin.sql?.text.toLowerCase().includes(own.toLowerCase()) === true;
  return migration.forward.some(isInSql) || isNamedBefore(own, migration, project);
}

function* neverDropped(migration: Migration, context: RuleContext): Iterable<Problem> {
  const back = migration.complete ? migration.backward?.() : undefined;
  const after = context.project.migration(migration.id)?.after.enumTypes;
  if (back === undefined || isUnclear(back)) return;
  for (const of of back.functions) {
    if (of.does !== 'something') continue;
    for (const change of changesOf(of.takesBack, 'AlterEnum')) {
      const { type, action, certainty, ifNotExists } = change;
      if (action !== 'create' || certainty === 'conditional' || change.origin.sql !== undefined) continue;
      const isNew = context.start.enumTypes?.has(type) !== true && after?.has(type) === true;
      if (!isNew || back.after.enumTypes?.has(type) !== true || isTypeDropped(type, back.changes)) continue;
      yield {
        at: change.at,
        message: ifNotExists
          ? `${of.name}() leaves the type "${type}" in place.`
          : `${of.name}() leaves the type "${type}" in place: the next upgrade fails, as it creates it again.`,
        ...(ifNotExists ? { level: 'medium' } : {}),
        cause: change,
        fixes: () => typeDroppedInDowngrade(type, of, migration, context),
      };
    }
  }
}
