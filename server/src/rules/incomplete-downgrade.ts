import { listed } from '../base/listed.ts';
import { completedDowngrade, type Gap } from '../fixes/recipes/alembic/completed-downgrade.ts';
import type { Rule } from './rule.ts';
import { gapsIn, isUnclear } from './way-back-gaps.ts';

export const incompleteDowngrade: Rule = {
  name: 'incomplete-downgrade',
  level: 'medium',
  group: 'Cannot be rolled back',
  summary: '`downgrade()` leaves some of what `upgrade()` did in place.',
  docs: {
    whatHappens:
      'The schema after `alembic downgrade` is another one than before `alembic upgrade`: a column or an index is still there, a constraint has not come back, a column is still NOT NULL. Alembic does not compare, and counts the revision as taken back.',
    whyItHurts:
      'The release that is rolled back to meets a schema that it does not know. And `alembic upgrade` cannot be run again: what is left over is there already, and what has not come back cannot be dropped a second time.',
    whatToDo: {
      alembic:
        'Take back every operation of `upgrade()`, the last one first. What goes with a table or a column (its indexes, its constraints) need not be named when it is dropped, but has to be when it comes back.',
    },
    whenItIsFine:
      'Values of a column that was dropped cannot come back: that it comes back nullable is no gap. Nothing is said of a `downgrade()` with calls or SQL in it that cannot be followed, nor of changes that depend on a condition.',
  },
  sources: [
    {
      title: 'Alembic: Downgrading',
      url: 'https://alembic.sqlalchemy.org/en/latest/tutorial.html#downgrading',
    },
  ],

  *check(migration, context) {
    const back = migration.complete ? migration.backward?.() : undefined;
    if (back === undefined || isUnclear(back)) return;
    const trip = { start: context.start, after: back.before, back, before: context.before };
    for (const of of back.functions) {
      const { name, at, does, takesBack } = of;
      // Of one that does nothing, irreversible-downgrade tells.
      const gaps = does === 'something' ? gapsIn(takesBack, trip) : [];
      const [first] = gaps;
      if (first === undefined) continue;
      yield {
        at,
        message: `${name}() ${gapsText(gaps)}.`,
        cause: first.change,
        fixes: () => completedDowngrade(gaps, of, migration, context),
        related: gaps.map(({ change, clause }) => ({
          file: migration.file,
          span: change.at,
          message: `Of this, ${name}() ${clause}.`,
        })),
      };
    }
  },

  examples: {
    bad: [
      {
        title: 'A column stays, and so does a default',
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
        sa.Column("name", sa.String(length=80), nullable=True),
    )


def downgrade():
    op.drop_table("users")
# file: alembic/versions/9c20_phone.py
"""phone"""
from alembic import op
import sqlalchemy as sa

revision = "9c20"
down_revision = "3f1a"


def upgrade():
    op.add_column("users", sa.Column("phone", sa.String(length=20), nullable=True))
    op.add_column("users", sa.Column("fax", sa.String(length=20), nullable=True))
    op.alter_column("users", "name", existing_type=sa.String(length=80), server_default="")


def downgrade():
    ~~~~~~~~~ downgrade() leaves the column "phone" of "users" in place and leaves "name" of "users" with a default.
    op.drop_column("users", "fax")
`,
        fixed: [
          {
            title: 'Let downgrade() take back all of upgrade()',
            files: `
# file: alembic/versions/9c20_phone.py
"""phone"""
from alembic import op
import sqlalchemy as sa

revision = "9c20"
down_revision = "3f1a"


def upgrade():
    op.add_column("users", sa.Column("phone", sa.String(length=20), nullable=True))
    op.add_column("users", sa.Column("fax", sa.String(length=20), nullable=True))
    op.alter_column("users", "name", existing_type=sa.String(length=80), server_default="")


def downgrade():
    op.alter_column(
        "users",
        "name",
        existing_type=sa.String(length=80),
        server_default=None,
        existing_nullable=True,
    )
    op.drop_column("users", "fax")
    op.drop_column("users", "phone")
`,
          },
        ],
      },
      {
        title: 'What was dropped does not come back',
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
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="users_team_fk"),
    )
    op.create_index("ix_users_team_id", "users", ["team_id"])


def downgrade():
    op.drop_table("users")
    op.drop_table("teams")
# file: alembic/versions/9c20_no_teams.py
"""no teams"""
from alembic import op
import sqlalchemy as sa

revision = "9c20"
down_revision = "3f1a"


def upgrade():
    op.drop_constraint("users_team_fk", "users", type_="foreignkey")
    op.drop_column("users", "team_id")
    op.drop_table("teams")


def downgrade():
    ~~~~~~~~~ downgrade() does not bring back the foreign key "users_team_fk" of "users" and does not bring back the index "ix_users_team_id" of "users".
    op.create_table("teams", sa.Column("id", sa.Integer(), primary_key=True))
    op.add_column("users", sa.Column("team_id", sa.Integer(), nullable=True))
`,
        fixed: [
          {
            title: 'Let downgrade() take back all of upgrade()',
            files: `
# file: alembic/versions/9c20_no_teams.py
"""no teams"""
from alembic import op
import sqlalchemy as sa

revision = "9c20"
down_revision = "3f1a"


def upgrade():
    op.drop_constraint("users_team_fk", "users", type_="foreignkey")
    op.drop_column("users", "team_id")
    op.drop_table("teams")


def downgrade():
    op.create_table("teams", sa.Column("id", sa.Integer(), primary_key=True))
    op.add_column("users", sa.Column("team_id", sa.Integer(), nullable=True))
    op.create_index("ix_users_team_id", "users", ["team_id"], unique=False)
    op.create_foreign_key("users_team_fk", "users", "teams", ["team_id"], ["id"])
`,
          },
        ],
      },
      {
        title: 'SQL, and a name that stays',
        files: `
# file: alembic/versions/9c20_members.py
"""members"""
from alembic import op

revision = "9c20"
down_revision = None


def upgrade():
    op.rename_table("users", "members")
    op.execute("ALTER TABLE members ADD COLUMN joined date")


def downgrade():
    ~~~~~~~~~ downgrade() leaves the table "members" under its new name.
    op.execute("ALTER TABLE members DROP COLUMN joined")
`,
        fixed: [
          {
            title: 'Let downgrade() take back all of upgrade()',
            files: `
# file: alembic/versions/9c20_members.py
"""members"""
from alembic import op

revision = "9c20"
down_revision = None


def upgrade():
    op.rename_table("users", "members")
    op.execute("ALTER TABLE members ADD COLUMN joined date")


def downgrade():
    op.execute("ALTER TABLE members DROP COLUMN joined")
    op.rename_table("members", "users")
`,
          },
        ],
      },
      {
        title: 'A comment stays as it is',
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
        sa.Column("name", sa.Text(), comment="as it is shown"),
    )


def downgrade():
    op.drop_table("users")
# file: alembic/versions/9c20_words.py
"""words"""
from alembic import op
import sqlalchemy as sa

revision = "9c20"
down_revision = "3f1a"


def upgrade():
    op.alter_column(
        "users",
        "name",
        existing_type=sa.Text(),
        comment="as others see it",
        existing_comment="as it is shown",
    )
    op.create_table_comment("users", "Everybody who has ever signed in")


def downgrade():
    ~~~~~~~~~ downgrade() leaves "name" of "users" with another comment.
    op.drop_table_comment("users", existing_comment="Everybody who has ever signed in")
`,
        fixed: [
          {
            title: 'Let downgrade() take back all of upgrade()',
            files: `
# file: alembic/versions/9c20_words.py
"""words"""
from alembic import op
import sqlalchemy as sa

revision = "9c20"
down_revision = "3f1a"


def upgrade():
    op.alter_column(
        "users",
        "name",
        existing_type=sa.Text(),
        comment="as others see it",
        existing_comment="as it is shown",
    )
    op.create_table_comment("users", "Everybody who has ever signed in")


def downgrade():
    op.drop_table_comment("users", existing_comment="Everybody who has ever signed in")
    op.alter_column(
        "users",
        "name",
        existing_type=sa.Text(),
        comment="as it is shown",
        existing_comment="as others see it",
    )
`,
          },
        ],
      },
    ],
    good: [
      {
        title: 'The exact reverse; what goes with a table need not be named',
        files: `
# file: alembic/versions/9c20_teams.py
"""teams"""
from alembic import op
import sqlalchemy as sa

revision = "9c20"
down_revision = None


def upgrade():
    op.create_table("teams", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.Text()))
    op.create_index("ix_teams_name", "teams", ["name"])
    op.add_column("users", sa.Column("team_id", sa.Integer(), sa.ForeignKey("teams.id"), index=True))
    op.rename_table("users", "members")


def downgrade():
    op.rename_table("members", "users")
    op.drop_column("users", "team_id")
    op.drop_table("teams")
`,
      },
      {
        title: 'Its values cannot come back: the column comes back nullable',
        files: `
# file: alembic/versions/3f1a_users.py
"""users"""
from alembic import op
import sqlalchemy as sa

revision = "3f1a"
down_revision = None


def upgrade():
    op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.Text(), nullable=False))


def downgrade():
    op.drop_table("users")
# file: alembic/versions/9c20_no_name.py
"""no name"""
from alembic import op
import sqlalchemy as sa

revision = "9c20"
down_revision = "3f1a"


def upgrade():
    op.drop_column("users", "name")


def downgrade():
    op.add_column("users", sa.Column("name", sa.Text(), nullable=True))
`,
      },
      {
        title: 'What helpers do is not known here',
        files: `
# file: alembic/versions/9c20_phone.py
"""phone"""
from alembic import op
import sqlalchemy as sa

from app.migrations import drop_column_if_exists

revision = "9c20"
down_revision = None


def upgrade():
    op.add_column("users", sa.Column("phone", sa.String(length=20), nullable=True))


def downgrade():
    drop_column_if_exists("users", "phone")
`,
      },
    ],
  },
};

function gapsText(gaps: readonly Gap[]): string {
  const clauses = gaps.slice(0, 3).map(({ clause }) => clause);
  const more = gaps.length - clauses.length;
  const rest = more === 1 ? 'leaves one more change as it is' : `leaves ${more} more changes as they are`;
  return listed(more > 0 ? [...clauses, rest] : clauses);
}
