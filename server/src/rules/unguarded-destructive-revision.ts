import { guardedRevision } from '../fixes/recipes/alembic/guarded-revision.ts';
import type { Change } from '../schema/change.ts';
import type { Migration } from '../schema/migration.ts';
import { type TableName, tableText } from '../schema/table-name.ts';
import type { Rule, RuleContext } from './rule.ts';
import { hasHistory, isGuarded } from './tables-in-use.ts';

const settings = 'rules.drop-table = "off"\nrules.drop-column = "off"';

export const unguardedDestructiveRevision: Rule = {
  name: 'unguarded-destructive-revision',
  level: 'high',
  group: 'History',
  summary: 'A revision destroys data without the guard that others of the project have.',
  docs: {
    whatHappens:
      'Revisions of this project that destroy data ask for leave first: they raise unless an environment variable such as `ALLOW_DESTRUCTIVE_MIGRATIONS` is set, or refuse to run in production. This one drops a table or a column or empties a table, and asks nobody.',
    whyItHurts:
      'Where there is such a guard people rely on it: a deploy that runs `alembic upgrade head` is taken to be harmless. This revision goes through with the next one of them, and what it deletes does not come back.',
    whatToDo: {
      alembic: 'Put the same guard at the top of `upgrade()`, or leave the data where it is until a later release.',
    },
    whenItIsFine:
      'It speaks only in projects where some revision has such a guard, and only where none of the rules about what is lost (`drop-table`, `drop-column`, `truncate-table`, `delete-all-rows` and others) speaks of the same change: it is for projects that have switched them off because the guard is their rule. Tables that the revision itself creates are not reported.',
  },
  sources: [
    {
      title: 'Alembic: Tutorial',
      url: 'https://alembic.sqlalchemy.org/en/latest/tutorial.html#create-a-migration-script',
    },
  ],

  *check(migration, context) {
    if (migration.framework !== 'alembic') return;
    const destroyed = migration.forward.flatMap((change) => {
      const what = destroyedBy(change, migration, context);
      return what === undefined ? [] : [{ change, what }];
    });
    if (destroyed.length === 0 || !context.project.hasGuards) return;
    for (const { change, what } of destroyed) {
      yield {
        at: change.at,
        message: `Other revisions ask for leave before they destroy data: this one ${what} at once.`,
        cause: change,
        fixes: () => guardedRevision(change, migration, context),
      };
    }
  },

  examples: {
    bad: [
      {
        title: 'Another revision asks for leave, this one does not',
        files: `
# file: alembic/versions/3f2a_coupons.py
import sqlalchemy as sa
from alembic import op

revision = "3f2a"
down_revision = None


def upgrade():
    op.create_table(
        "coupon",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("code", sa.String(20), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
    )


def downgrade():
    op.drop_table("coupon")
# file: alembic/versions/5e11_without_notes.py
import os

import sqlalchemy as sa
from alembic import op

revision = "5e11"
down_revision = "3f2a"


def upgrade():
    if os.getenv("ENVIRONMENT") == "production":
        raise RuntimeError("Notes are lost: not in production.")
    op.drop_column("coupon", "note")


def downgrade():
    op.add_column("coupon", sa.Column("note", sa.Text(), nullable=True))
# file: alembic/versions/8c1d_without_codes.py
import sqlalchemy as sa
from alembic import op

revision = "8c1d"
down_revision = "5e11"


def upgrade():
    op.drop_column("coupon", "code")
    ~~~~~~~~~~~~~~ Other revisions ask for leave before they destroy data: this one drops "code" of "coupon" at once.


def downgrade():
    op.add_column("coupon", sa.Column("code", sa.String(20), nullable=True))
`,
        settings,
        fixed: [
          {
            title: 'Run this only where ALLOW_DESTRUCTIVE_MIGRATIONS is set',
            files: `
# file: alembic/versions/8c1d_without_codes.py
import os

import sqlalchemy as sa
from alembic import op

revision = "8c1d"
down_revision = "5e11"


def upgrade():
    if os.environ.get("ALLOW_DESTRUCTIVE_MIGRATIONS") != "1":
        raise RuntimeError("This migration destroys data. Set ALLOW_DESTRUCTIVE_MIGRATIONS=1 to run it.")
    op.drop_column("coupon", "code")


def downgrade():
    op.add_column("coupon", sa.Column("code", sa.String(20), nullable=True))
`,
          },
        ],
      },
    ],
    good: [
      {
        title: 'It asks as well, by an argument of the command',
        files: `
# file: alembic/versions/3f2a_coupons.py
import sqlalchemy as sa
from alembic import op

revision = "3f2a"
down_revision = None


def upgrade():
    op.create_table(
        "coupon",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("code", sa.String(20), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
    )


def downgrade():
    op.drop_table("coupon")
# file: alembic/versions/5e11_without_notes.py
import os

import sqlalchemy as sa
from alembic import op

revision = "5e11"
down_revision = "3f2a"


def upgrade():
    if os.getenv("ENVIRONMENT") == "production":
        raise RuntimeError("Notes are lost: not in production.")
    op.drop_column("coupon", "note")


def downgrade():
    op.add_column("coupon", sa.Column("note", sa.Text(), nullable=True))
# file: alembic/versions/8c1d_without_codes.py
import sqlalchemy as sa
from alembic import context, op

revision = "8c1d"
down_revision = "5e11"


def upgrade():
    if context.get_x_argument(as_dictionary=True).get("destroy") != "yes":
        raise RuntimeError("Codes are lost: run it with -x destroy=yes.")
    op.drop_column("coupon", "code")


def downgrade():
    op.add_column("coupon", sa.Column("code", sa.String(20), nullable=True))
`,
        settings,
      },
      {
        title: 'No revision of the project asks',
        files: `
# file: alembic/versions/3f2a_coupons.py
import sqlalchemy as sa
from alembic import op

revision = "3f2a"
down_revision = None


def upgrade():
    op.create_table(
        "coupon",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("code", sa.String(20), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
    )


def downgrade():
    op.drop_table("coupon")
# file: alembic/versions/5e11_without_notes.py
import sqlalchemy as sa
from alembic import op

revision = "5e11"
down_revision = "3f2a"


def upgrade():
    op.drop_column("coupon", "note")


def downgrade():
    op.add_column("coupon", sa.Column("note", sa.Text(), nullable=True))
# file: alembic/versions/8c1d_without_codes.py
import sqlalchemy as sa
from alembic import op

revision = "8c1d"
down_revision = "5e11"


def upgrade():
    op.drop_column("coupon", "code")


def downgrade():
    op.add_column("coupon", sa.Column("code", sa.String(20), nullable=True))
`,
        settings,
      },
      {
        title: 'It loses nothing but its own',
        files: `
# file: alembic/versions/3f2a_coupons.py
import sqlalchemy as sa
from alembic import op

revision = "3f2a"
down_revision = None


def upgrade():
    op.create_table(
        "coupon",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("code", sa.String(20), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
    )


def downgrade():
    op.drop_table("coupon")
# file: alembic/versions/5e11_without_notes.py
import os

import sqlalchemy as sa
from alembic import op

revision = "5e11"
down_revision = "3f2a"


def upgrade():
    if os.getenv("ENVIRONMENT") == "production":
        raise RuntimeError("Notes are lost: not in production.")
    op.drop_column("coupon", "note")


def downgrade():
    op.add_column("coupon", sa.Column("note", sa.Text(), nullable=True))
# file: alembic/versions/8c1d_without_codes.py
import sqlalchemy as sa
from alembic import op

revision = "8c1d"
down_revision = "5e11"


def upgrade():
    op.create_table("scratch", sa.Column("id", sa.BigInteger(), primary_key=True))
    op.drop_table("scratch")


def downgrade():
    op.add_column("coupon", sa.Column("code", sa.String(20), nullable=True))
`,
        settings,
      },
    ],
  },
};

function destroyedBy(change: Change, migration: Migration, context: RuleContext): string | undefined {
  if (!change.applies.database || isGuarded(change, migration)) return undefined;
  const isLive = (table: TableName): boolean => hasHistory(table, change, migration, context);
  switch (change.kind) {
    case 'DropTable':
      return isLive(change.table) ? `drops ${tableText(change.table)}` : undefined;
    case 'DropColumn':
      return isLive(change.table) ? `drops "${change.column}" of ${tableText(change.table)}` : undefined;
    case 'Truncate':
      return isLive(change.table) ? `empties ${tableText(change.table)}` : undefined;
    case 'WriteRows': {
      const { operation, rows, table } = change;
      if (operation !== 'delete' || rows !== 'all' || table === undefined || !isLive(table)) return undefined;
      return `empties ${tableText(table)}`;
    }
    case 'DropDatabase':
    case 'DropSchema':
      return 'drops all that is in a schema';
    default:
      return undefined;
  }
}
