import { generatedDowngrade } from '../fixes/recipes/alembic/generated-downgrade.ts';
import type { Project } from '../project/project.ts';
import type { Change } from '../schema/change.ts';
import { isSameType } from '../schema/column.ts';
import type { Migration, ReverseFunction } from '../schema/migration.ts';
import { isIrreversible } from '../schema/reversibility.ts';
import { findTable } from '../schema/schema.ts';
import type { Problem, Rule, RuleContext } from './rule.ts';
import { failuresOf } from './way-back-failures.ts';
import type { RoundTrip } from './way-back-gaps.ts';
import { gapsIn, isUnclear } from './way-back-gaps.ts';

export const irreversibleDowngrade: Rule = {
  name: 'irreversible-downgrade',
  level: 'high',
  group: 'Cannot be rolled back',
  summary: 'A revision changes the database and has no `downgrade()` that takes it back, or one that fails.',
  docs: {
    whatHappens:
      'Without `downgrade()`, or with one that raises, `alembic downgrade` stops at this revision, and nothing before it can be taken back either. With an empty one it goes on: the revision counts as taken back, while all that it did is still there. The next `alembic upgrade` then fails, because the table or column exists already. And one that was never tried may not run at all: it drops an index under another name, a table before those that refer to it, or adds a NOT NULL column for which no row has a value.',
    whyItHurts:
      'When a deploy goes wrong, rolling back is what is left, and it is then that it turns out not to work: mostly for a change that would have been easy to take back.',
    whatToDo: {
      alembic:
        'Write the exact reverse of `upgrade()`, the last operation first, with the columns, types and defaults as they were before. What cannot come back (rows that were deleted, values of a column that was dropped) is said in a comment, or in an exception where going on would be wrong.',
    },
    whenItIsFine:
      'A revision that only writes rows, or only adds a value to an enum, may leave them where they are: `pass` and an exception are both an answer there. So is an exception where rows were deleted or overwritten. Merges have nothing to take back. Where no revision of a project has a `downgrade()`, that is told at the newest ones only: such projects go forward alone. Of a `downgrade()` that names things no revision has created, or that leads to code which is not at hand, it is not known whether it runs.',
  },
  sources: [
    {
      title: 'Alembic: Downgrading',
      url: 'https://alembic.sqlalchemy.org/en/latest/tutorial.html#downgrading',
    },
  ],

  *check(migration, context) {
    const back = migration.backward?.();
    // While somebody types, `downgrade()` may be what cannot be read yet.
    if (back === undefined || migration.module.broken.length > 0) return;
    if (back.isMissing) {
      yield* withoutDowngrade(migration, context.project);
      return;
    }
    if (!migration.complete) return;
    const trip: RoundTrip = { start: context.start, after: back.before, back, before: context.before };
    for (const each of back.functions) {
      const problem = each.does === 'something' ? undefined : problemOf(each, trip, context);
      if (problem !== undefined) yield { ...problem, fixes: () => generatedDowngrade(each, migration, context) };
    }
    const [only, ...others] = back.functions;
    if (only?.does !== 'something' || others.length > 0) return;
    for (const problem of failuresOf(back, migration, context)) {
      yield { ...problem, fixes: () => generatedDowngrade(only, migration, context) };
    }
  },

  examples: {
    bad: [
      {
        title: 'Nothing is taken back',
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
    )
    op.create_index("ix_users_email", "users", ["email"], unique=True)


def downgrade():
    ~~~~~~~~~ downgrade() is empty: it leaves the table "users" in place.
    pass
`,
        fixed: [
          {
            title: 'Write downgrade(): the exact reverse of upgrade()',
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
    )
    op.create_index("ix_users_email", "users", ["email"], unique=True)


def downgrade():
    op.drop_index("ix_users_email", table_name="users")
    op.drop_table("users")
`,
          },
        ],
      },
      {
        title: 'It raises, although there is a way back',
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
        sa.Column("name", sa.Text(), nullable=True),
    )


def downgrade():
    op.drop_table("users")
# file: alembic/versions/9c20_full_name.py
"""full name"""
from alembic import op

revision = "9c20"
down_revision = "3f1a"


def upgrade():
    op.alter_column("users", "name", new_column_name="full_name")


def downgrade():
    ~~~~~~~~~ Rolling back stops here: downgrade() raises, although what upgrade() does can be taken back.
    raise NotImplementedError("No way back")
`,
        fixed: [
          {
            title: 'Write downgrade(): the exact reverse of upgrade()',
            files: `
# file: alembic/versions/9c20_full_name.py
"""full name"""
from alembic import op

revision = "9c20"
down_revision = "3f1a"


def upgrade():
    op.alter_column("users", "name", new_column_name="full_name")


def downgrade():
    op.alter_column("users", "full_name", new_column_name="name")
`,
          },
        ],
      },
      {
        title: 'There is no downgrade()',
        files: `
# file: alembic/versions/3f1a_users.py
"""users"""
from alembic import op
import sqlalchemy as sa

revision = "3f1a"
           ~~~~~~ Rolling back stops here: there is no downgrade().
down_revision = None


def upgrade():
    op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))
`,
        fixed: [
          {
            title: 'Write downgrade(): the exact reverse of upgrade()',
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
`,
          },
        ],
      },
      {
        title: 'Columns, constraints and tables come back as they were',
        files: `
# file: alembic/versions/3f1a_users.py
"""users"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = "3f1a"
down_revision = None


def upgrade():
    op.create_table(
        "teams",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name", name="teams_name_key"),
    )
    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("team_id", sa.Integer(), sa.ForeignKey("teams.id", name="users_team_fk", ondelete="CASCADE")),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("settings", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("points", sa.String(length=10), nullable=True),
    )
    op.create_index("ix_users_email", "users", [sa.text("lower(email)")], unique=True)


def downgrade():
    op.drop_table("users")
    op.drop_table("teams")
# file: alembic/versions/9c20_smaller.py
"""smaller"""
from alembic import op
import sqlalchemy as sa

revision = "9c20"
down_revision = "3f1a"


def upgrade():
    op.alter_column("users", "points", existing_type=sa.String(length=10), type_=sa.Text())
    op.drop_index("ix_users_email", table_name="users")
    op.drop_column("users", "email")
    op.drop_column("users", "settings")
    op.drop_constraint("users_team_fk", "users", type_="foreignkey")
    op.drop_table("teams")


def downgrade():
    ~~~~~~~~~ downgrade() is empty: it leaves "points" of "users" as text.
    pass
`,
        fixed: [
          {
            title: 'Write downgrade(): the reverse of upgrade(), with a word on what cannot come back',
            files: `
# file: alembic/versions/9c20_smaller.py
"""smaller"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = "9c20"
down_revision = "3f1a"


def upgrade():
    op.alter_column("users", "points", existing_type=sa.String(length=10), type_=sa.Text())
    op.drop_index("ix_users_email", table_name="users")
    op.drop_column("users", "email")
    op.drop_column("users", "settings")
    op.drop_constraint("users_team_fk", "users", type_="foreignkey")
    op.drop_table("teams")


def downgrade():
    # The rows that it had are gone.
    op.create_table(
        "teams",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name", name="teams_name_key"),
    )
    # Not validated: the rows of teams that rows here refer to are gone.
    op.create_foreign_key(
        "users_team_fk",
        "users",
        "teams",
        ["team_id"],
        ["id"],
        ondelete="CASCADE",
        postgresql_not_valid=True,
    )
    # The values that it had are gone.
    op.add_column(
        "users",
        sa.Column(
            "settings",
            postgresql.JSONB(),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
    )
    # The values that it had are gone: it takes NULL until they are filled in again.
    op.add_column("users", sa.Column("email", sa.String(length=254), nullable=True))
    op.create_index("ix_users_email", "users", [sa.text("lower(email)")], unique=True)
    op.alter_column(
        "users",
        "points",
        existing_type=sa.Text(),
        type_=sa.String(length=10),
        existing_nullable=True,
    )
`,
          },
        ],
      },
      {
        title: 'What runs in an autocommit block or in a batch is taken back there',
        files: `
# file: alembic/versions/3f1a_users.py
"""users"""
from alembic import op
import sqlalchemy as sa

revision = "3f1a"
down_revision = None


def upgrade():
    op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("email", sa.Text()))


def downgrade():
    op.drop_table("users")
# file: alembic/versions/9c20_status.py
"""status"""
from alembic import op
import sqlalchemy as sa

revision = "9c20"
down_revision = "3f1a"


def upgrade():
    sa.Enum("active", "closed", name="user_status").create(op.get_bind(), checkfirst=True)
    with op.batch_alter_table("users") as batch_op:
        batch_op.add_column(sa.Column("status", sa.Enum("active", "closed", name="user_status"), nullable=True))
        batch_op.create_check_constraint("users_email_check", "email <> ''")
    op.execute("INSERT INTO users (email, status) VALUES ('root@example.com', 'active')")
    with op.get_context().autocommit_block():
        op.create_index("ix_users_email", "users", ["email"], postgresql_concurrently=True)


def downgrade():
    ~~~~~~~~~ Rolling back stops here: downgrade() raises, although what upgrade() does can be taken back.
    raise NotImplementedError()
`,
        fixed: [
          {
            title: 'Write downgrade(): the exact reverse of upgrade()',
            files: `
# file: alembic/versions/9c20_status.py
"""status"""
from alembic import op
import sqlalchemy as sa

revision = "9c20"
down_revision = "3f1a"


def upgrade():
    sa.Enum("active", "closed", name="user_status").create(op.get_bind(), checkfirst=True)
    with op.batch_alter_table("users") as batch_op:
        batch_op.add_column(sa.Column("status", sa.Enum("active", "closed", name="user_status"), nullable=True))
        batch_op.create_check_constraint("users_email_check", "email <> ''")
    op.execute("INSERT INTO users (email, status) VALUES ('root@example.com', 'active')")
    with op.get_context().autocommit_block():
        op.create_index("ix_users_email", "users", ["email"], postgresql_concurrently=True)


def downgrade():
    with op.get_context().autocommit_block():
        op.drop_index(
            "ix_users_email",
            table_name="users",
            postgresql_concurrently=True,
            if_exists=True,
        )
    op.execute(
        "DELETE FROM users WHERE email = 'root@example.com' AND status = 'active'"
    )
    with op.batch_alter_table("users") as batch_op:
        batch_op.drop_constraint("users_email_check", type_="check")
        batch_op.drop_column("status")
    sa.Enum(name="user_status").drop(op.get_bind(), checkfirst=True)
`,
          },
        ],
      },
      {
        title: 'What cannot come back is said where it would',
        files: `
# file: alembic/versions/3f1a_carts.py
"""carts"""
from alembic import op
import sqlalchemy as sa

revision = "3f1a"
down_revision = None


def upgrade():
    op.create_table("carts", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("owner_id", sa.Integer()))


def downgrade():
    op.drop_table("carts")
# file: alembic/versions/9c20_owners.py
"""owners"""
from alembic import op
import sqlalchemy as sa

revision = "9c20"
down_revision = "3f1a"


def upgrade():
    op.execute("DELETE FROM carts WHERE owner_id IS NULL")
    op.alter_column("carts", "owner_id", existing_type=sa.Integer(), nullable=False)


def downgrade():
    ~~~~~~~~~ downgrade() is empty: it leaves "owner_id" of "carts" NOT NULL.
    pass
`,
        fixed: [
          {
            title: 'Write downgrade(): the reverse of upgrade(), with a word on what cannot come back',
            files: `
# file: alembic/versions/9c20_owners.py
"""owners"""
from alembic import op
import sqlalchemy as sa

revision = "9c20"
down_revision = "3f1a"


def upgrade():
    op.execute("DELETE FROM carts WHERE owner_id IS NULL")
    op.alter_column("carts", "owner_id", existing_type=sa.Integer(), nullable=False)


def downgrade():
    op.alter_column("carts", "owner_id", existing_type=sa.Integer(), nullable=True)
    # The rows of carts that upgrade() deleted are gone.
`,
          },
        ],
      },
      {
        title: 'Rows were overwritten, and the rest can be taken back',
        files: `
# file: alembic/versions/3f1a_customers.py
"""customers"""
from alembic import op
import sqlalchemy as sa

revision = "3f1a"
down_revision = None


def upgrade():
    op.create_table("customers", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("email", sa.Text()))


def downgrade():
    op.drop_table("customers")
# file: alembic/versions/9c20_emails.py
"""emails"""
from alembic import op
import sqlalchemy as sa

revision = "9c20"
down_revision = "3f1a"


def upgrade():
    op.add_column("customers", sa.Column("phone", sa.Text(), nullable=True))
    op.execute("UPDATE customers SET email = lower(email) WHERE id < 10")


def downgrade():
    ~~~~~~~~~ downgrade() is empty: it leaves the column "phone" of "customers" in place.
    pass
`,
        fixed: [
          {
            title: 'Write downgrade(): the reverse of upgrade(), with a word on what cannot come back',
            files: `
# file: alembic/versions/9c20_emails.py
"""emails"""
from alembic import op
import sqlalchemy as sa

revision = "9c20"
down_revision = "3f1a"


def upgrade():
    op.add_column("customers", sa.Column("phone", sa.Text(), nullable=True))
    op.execute("UPDATE customers SET email = lower(email) WHERE id < 10")


def downgrade():
    # The values that customers (email) had before upgrade() are gone.
    op.drop_column("customers", "phone")
`,
          },
        ],
      },
      {
        title: 'Nobody but its author can tell how the view was made',
        files: `
# file: alembic/versions/3f1a_visits.py
"""visits"""
from alembic import op
import sqlalchemy as sa

revision = "3f1a"
down_revision = None


def upgrade():
    op.create_table("visits", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade():
    op.drop_table("visits")
# file: alembic/versions/9c20_pages.py
"""pages"""
from alembic import op
import sqlalchemy as sa

revision = "9c20"
down_revision = "3f1a"


def upgrade():
    op.execute("DROP VIEW IF EXISTS daily_visits")
    op.add_column("visits", sa.Column("page", sa.Text(), nullable=True))


def downgrade():
    ~~~~~~~~~ downgrade() is empty: it leaves the column "page" of "visits" in place.
    pass
`,
        fixed: [
          {
            title: 'Let downgrade() raise: no way back is known for a part of upgrade()',
            files: `
# file: alembic/versions/9c20_pages.py
"""pages"""
from alembic import op
import sqlalchemy as sa

revision = "9c20"
down_revision = "3f1a"


def upgrade():
    op.execute("DROP VIEW IF EXISTS daily_visits")
    op.add_column("visits", sa.Column("page", sa.Text(), nullable=True))


def downgrade():
    raise RuntimeError("No way back is known for DROP VIEW IF EXISTS daily_visits.")
`,
          },
        ],
      },
      {
        title: 'SQL changes tables, and one of two databases has no way back',
        files: `
# file: alembic/versions/3f1a_accounts.py
"""accounts"""
from alembic import op
import sqlalchemy as sa

revision = "3f1a"
down_revision = None


def upgrade(engine_name):
    globals()[f"upgrade_{engine_name}"]()


def downgrade(engine_name):
    globals()[f"downgrade_{engine_name}"]()


def upgrade_accounts():
    op.execute("CREATE TABLE accounts (id integer PRIMARY KEY)")


def downgrade_accounts():
    ~~~~~~~~~~~~~~~~~~ downgrade_accounts() is empty: it leaves the table "accounts" in place.
    """Nothing to do."""


def upgrade_orders():
    op.execute("CREATE VIEW open_orders AS SELECT * FROM orders WHERE open")


def downgrade_orders():
    op.execute("DROP VIEW open_orders")
`,
      },
      {
        title: 'No row has a value for the column that comes back',
        files: `
# file: alembic/versions/3f1a_users.py
"""users"""
from alembic import op
import sqlalchemy as sa

revision = "3f1a"
down_revision = None


def upgrade():
    op.create_table("teams", sa.Column("id", sa.Integer(), primary_key=True))
    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
    )


def downgrade():
    op.drop_table("users")
    op.drop_table("teams")
# file: alembic/versions/9c20_no_email.py
"""no email"""
from alembic import op
import sqlalchemy as sa

revision = "9c20"
down_revision = "3f1a"


def upgrade():
    op.drop_column("users", "email")


def downgrade():
    op.add_column("users", sa.Column("email", sa.String(length=254), nullable=False))
    ~~~~~~~~~~~~~ Rolling back fails where "users" has rows: "email" is to be NOT NULL and has no default.
`,
        fixed: [
          {
            title: 'Write downgrade(): the reverse of upgrade(), with a word on what cannot come back',
            files: `
# file: alembic/versions/9c20_no_email.py
"""no email"""
from alembic import op
import sqlalchemy as sa

revision = "9c20"
down_revision = "3f1a"


def upgrade():
    op.drop_column("users", "email")


def downgrade():
    # The values that it had are gone: it takes NULL until they are filled in again.
    op.add_column("users", sa.Column("email", sa.String(length=254), nullable=True))
`,
          },
        ],
      },
      {
        title: 'An order that the database refuses',
        files: `
# file: alembic/versions/3f1a_users.py
"""users"""
from alembic import op
import sqlalchemy as sa

revision = "3f1a"
down_revision = None


def upgrade():
    op.create_table("teams", sa.Column("id", sa.Integer(), primary_key=True))
    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
    )


def downgrade():
    op.drop_table("users")
    op.drop_table("teams")
# file: alembic/versions/9c20_owners.py
"""owners"""
from alembic import op
import sqlalchemy as sa

revision = "9c20"
down_revision = "3f1a"


def upgrade():
    op.create_table("owners", sa.Column("id", sa.Integer(), primary_key=True))
    op.create_table(
        "pets",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["owner_id"], ["owners.id"], name="pets_owner_fk"),
    )


def downgrade():
    op.drop_table("owners")
    ~~~~~~~~~~~~~ Rolling back fails: "pets" refers to "owners" by a foreign key.
    op.drop_table("pets")
`,
        fixed: [
          {
            title: 'Write downgrade(): the exact reverse of upgrade()',
            files: `
# file: alembic/versions/9c20_owners.py
"""owners"""
from alembic import op
import sqlalchemy as sa

revision = "9c20"
down_revision = "3f1a"


def upgrade():
    op.create_table("owners", sa.Column("id", sa.Integer(), primary_key=True))
    op.create_table(
        "pets",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["owner_id"], ["owners.id"], name="pets_owner_fk"),
    )


def downgrade():
    op.drop_table("pets")
    op.drop_table("owners")
`,
          },
        ],
      },
      {
        title: 'A name that nothing has by then',
        files: `
# file: alembic/versions/3f1a_users.py
"""users"""
from alembic import op
import sqlalchemy as sa

revision = "3f1a"
down_revision = None


def upgrade():
    op.create_table("teams", sa.Column("id", sa.Integer(), primary_key=True))
    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
    )


def downgrade():
    op.drop_table("users")
    op.drop_table("teams")
# file: alembic/versions/9c20_team.py
"""team"""
from alembic import op
import sqlalchemy as sa

revision = "9c20"
down_revision = "3f1a"


def upgrade():
    op.create_index("ix_users_team_id", "users", ["team_id"])
    op.create_foreign_key("users_team_fk", "users", "teams", ["team_id"], ["id"])
    op.rename_table("users", "members")


def downgrade():
    op.drop_constraint("users_team_fk", "users", type_="foreignkey")
    ~~~~~~~~~~~~~~~~~~ Rolling back fails: "users" is called "members" by then.
    op.drop_index("ix_users_team_id", table_name="users")
    op.rename_table("members", "users")
`,
        fixed: [
          {
            title: 'Write downgrade(): the exact reverse of upgrade()',
            files: `
# file: alembic/versions/9c20_team.py
"""team"""
from alembic import op
import sqlalchemy as sa

revision = "9c20"
down_revision = "3f1a"


def upgrade():
    op.create_index("ix_users_team_id", "users", ["team_id"])
    op.create_foreign_key("users_team_fk", "users", "teams", ["team_id"], ["id"])
    op.rename_table("users", "members")


def downgrade():
    op.rename_table("members", "users")
    op.drop_constraint("users_team_fk", "users", type_="foreignkey")
    op.drop_index("ix_users_team_id", table_name="users")
`,
          },
        ],
      },
    ],
    good: [
      {
        title: 'The check of a table went with its column, and comes back with it',
        files: `
# file: alembic/versions/3f1a_items.py
"""items"""
from alembic import op
import sqlalchemy as sa

revision = "3f1a"
down_revision = None


def upgrade():
    op.create_table(
        "items",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("qty", sa.SmallInteger(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("qty > 0", name="ck_items_qty_positive"),
    )


def downgrade():
    op.drop_table("items")
# file: alembic/versions/9c20_no_qty.py
"""no quantity"""
from alembic import op
import sqlalchemy as sa

revision = "9c20"
down_revision = "3f1a"


def upgrade():
    op.drop_column("items", "qty")


def downgrade():
    op.add_column("items", sa.Column("qty", sa.SmallInteger(), server_default=sa.text("1"), nullable=False))
    op.create_check_constraint("ck_items_qty_positive", "items", "qty > 0")
`,
      },
      {
        title: 'The column comes back with a default, what refers is dropped first, and others come from elsewhere',
        files: `
# file: alembic/versions/3f1a_users.py
"""users"""
from alembic import op
import sqlalchemy as sa

revision = "3f1a"
down_revision = None


def upgrade():
    op.create_table("teams", sa.Column("id", sa.Integer(), primary_key=True))
    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
    )


def downgrade():
    op.drop_table("users")
    op.drop_table("teams")
# file: alembic/versions/9c20_no_email.py
"""no email"""
from alembic import op
import sqlalchemy as sa

revision = "9c20"
down_revision = "3f1a"


def upgrade():
    op.create_table("owners", sa.Column("id", sa.Integer(), primary_key=True))
    op.create_foreign_key("users_owner_fk", "users", "owners", ["team_id"], ["id"])
    op.drop_column("users", "email")
    op.drop_index("ix_visits_day", table_name="visits")


def downgrade():
    op.create_index("ix_visits_day", "visits", ["day"])
    op.add_column("users", sa.Column("email", sa.String(length=254), server_default="", nullable=False))
    op.drop_constraint("users_owner_fk", "users", type_="foreignkey")
    op.drop_table("owners")
`,
      },
      {
        title: 'The exact reverse',
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
`,
      },
      {
        title: 'A merge has nothing to take back',
        files: `
# file: alembic/versions/1a00_base.py
revision = "1a00"
down_revision = None


def upgrade():
    pass
# file: alembic/versions/2b00_left.py
revision = "2b00"
down_revision = "1a00"


def upgrade():
    pass
# file: alembic/versions/2c00_right.py
revision = "2c00"
down_revision = "1a00"


def upgrade():
    pass
# file: alembic/versions/3d00_merge.py
"""merge"""

revision = "3d00"
down_revision = ("2b00", "2c00")


def upgrade():
    pass


def downgrade():
    pass
`,
      },
      {
        title: 'Rows are written: what to do about them is for the author to say',
        files: `
# file: alembic/versions/3f1a_countries.py
"""countries"""
from alembic import op

revision = "3f1a"
down_revision = None


def upgrade():
    op.execute("SET LOCAL lock_timeout = '2s'")
    op.execute("INSERT INTO countries (code) VALUES ('AT') ON CONFLICT DO NOTHING")
    op.execute("UPDATE orders SET country = 'AT' WHERE country IS NULL")


def downgrade():
    pass
`,
      },
      {
        title: 'A value of an enum cannot be taken away',
        files: `
# file: alembic/versions/3f1a_status.py
"""suspended"""
from alembic import op

revision = "3f1a"
down_revision = None


def upgrade():
    op.execute("ALTER TYPE user_status ADD VALUE 'suspended'")


def downgrade():
    # Removing enum values is complex - consider migration strategy
    pass
`,
      },
      {
        title: 'Rows are gone, and the exception says so',
        files: `
# file: alembic/versions/3f1a_carts.py
"""carts"""
from alembic import op
import sqlalchemy as sa

revision = "3f1a"
down_revision = None


def upgrade():
    op.execute("DELETE FROM carts WHERE owner_id IS NULL")
    op.alter_column("carts", "owner_id", existing_type=sa.Integer(), nullable=False)


def downgrade():
    raise RuntimeError("The carts without an owner are deleted: restore them from a backup.")
`,
      },
    ],
  },
};

/** A project in which nothing is ever taken back is told so once: where it goes on. */
function* withoutDowngrade(migration: Migration, project: Project): Iterable<Problem> {
  const cause = migration.forward.find(isDeed);
  if (cause === undefined) return;
  const isHabit = project.goesForwardOnly;
  if (isHabit && project.graph.childrenOf(migration.id).length > 0) return;
  const message = isHabit
    ? 'No revision of this project has a downgrade(): none of them can be rolled back.'
    : 'Rolling back stops here: there is no downgrade().';
  yield { at: migration.at, message, cause, fixes: () => generatedDowngrade(undefined, migration, { project }) };
}

/** It leaves something behind in the database, rows included. */
function isDeed(change: Change): boolean {
  return change.kind === 'WriteRows' || change.kind === 'Opaque' || isLasting(change);
}

function problemOf(
  { name, at, does, takesBack }: ReverseFunction,
  trip: RoundTrip,
  context: RuleContext,
): Problem | undefined {
  const lasting = takesBack.filter((change) => isLasting(change) && !isUndone(change, trip, context));
  const cause = lasting.find(({ certainty }) => certainty === 'certain') ?? lasting[0];
  if (cause === undefined) return undefined;
  if (does === 'raises') {
    if (takesBack.some((change) => isIrreversible(change) || isOfUnknown(change, context))) return undefined;
    return {
      at,
      message: `Rolling back stops here: ${name}() raises, although what upgrade() does can be taken back.`,
      cause,
    };
  }
  const [gap] = isUnclear(trip.back) ? [] : gapsIn(takesBack, trip);
  const clause = gap?.clause ?? 'leaves what upgrade() did in place';
  return { at, message: `${name}() is empty: it ${clause}.`, cause };
}

/** What goes is nothing that an earlier revision has made: only its author knows how to make it again. */
function isOfUnknown(change: Change, { before }: RuleContext): boolean {
  if (change.kind !== 'DropIndex' && change.kind !== 'DropTable') return false;
  const table = change.table && findTable(before(change), change.table);
  if (change.kind === 'DropTable') return table?.bornIn === undefined;
  return table?.indexes.has(change.index) !== true && table?.constraints.has(change.index) !== true;
}

/** What a schema has in it afterwards, or no longer. */
function isLasting(change: Change): boolean {
  if (!change.applies.database) return false;
  switch (change.kind) {
    case 'AddColumn':
    case 'AddConstraint':
    case 'AlterColumn':
    case 'AlterDomain':
    case 'AttachPartition':
    case 'CreateIndex':
    case 'CreateTrigger':
    case 'CreateView':
    case 'DetachPartition':
    case 'DropColumn':
    case 'DropConstraint':
    case 'DropIndex':
    case 'DropObject':
    case 'DropSchema':
    case 'DropTable':
    case 'DropTrigger':
    case 'DropView':
    case 'RenameColumn':
    case 'RenameConstraint':
    case 'RenameIndex':
    case 'RenameSchema':
    case 'RenameTable':
    case 'RenameType':
      return true;
    case 'CreateTable':
      return change.temporary !== true;
    case 'AlterEnum':
      return change.action !== 'add-value';
    case 'OtherStatement':
      return /^CREATE (?!EXTENSION)/.test(change.statement);
    default:
      return false;
  }
}

/** What the migration does away with again itself, or what changes nothing. */
function isUndone(change: Change, { start, after }: RoundTrip, { before }: RuleContext): boolean {
  if (!('table' in change) || change.table === undefined) return false;
  if (change.kind === 'AlterColumn') {
    const known = findTable(before(change), change.table)?.columns.get(change.column);
    const { type, nullable, default: fallback } = change.to;
    return (
      known !== undefined &&
      isSameType(known.type, type) &&
      known.nullable === nullable &&
      known.default?.sql === fallback?.sql
    );
  }
  const isScratch = findTable(start, change.table) === undefined && findTable(after, change.table) === undefined;
  const isDropped = change.kind === 'DropTable' && findTable(before(change), change.table)?.bornIn === undefined;
  return isScratch && !isDropped && change.kind !== 'RenameTable';
}
