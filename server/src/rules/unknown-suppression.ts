import type { Fix } from '../fixes/fix.ts';
import type { Migration } from '../schema/migration.ts';
import type { Problem, Rule } from './rule.ts';
import type { SuppressedRule } from './suppression.ts';

export const unknownSuppression: Rule = {
  name: 'unknown-suppression',
  level: 'medium',
  group: 'Comments',
  summary: 'A comment suppresses a rule that does not exist.',
  docs: {
    whatHappens:
      'A comment that begins with `# stepwise:` has no effect, because it names no rule that exists or is not written as `# stepwise: ignore[rule]` or `# stepwise: ignore-file[rule]`. (`# stepwise: drop-column-later[invoice.fax]` in a revision suppresses nothing: it says what is owed.)',
    whyItHurts:
      'Its author believes that a finding was looked at and accepted. The finding is still reported, or a misspelled comment is passed on from migration to migration.',
    whatToDo: {
      django:
        'Name one or several rules, separated by commas, and say why after the brackets: `# stepwise: ignore[drop-table] never used`. The names stand in every finding; `stepwise rules` lists them.',
      alembic: 'Name one or several rules, separated by commas, and say why after the brackets.',
    },
    whenItIsFine: 'Never: such a comment does nothing.',
  },
  sources: [],

  *check(migration, { suppressions }) {
    for (const { kind, at, rules } of suppressions) {
      if (kind === 'unclear') yield { at, message: unclear };
      for (const rule of rules.filter(({ state }) => state === 'unknown')) yield problemOf(rule, migration);
    }
  },

  examples: {
    bad: [
      {
        title: 'A rule is misspelled',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        # stepwise: ignore[drop-tabel] never used
                           ~~~~~~~~~~ There is no rule drop-tabel, so nothing is suppressed. Did you mean drop-table?
        migrations.CreateModel(name="Tag", fields=[("id", models.BigAutoField(primary_key=True))]),
    ]
`,
        fixed: [
          {
            title: 'Change drop-tabel to drop-table',
            files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        # stepwise: ignore[drop-table] never used
        migrations.CreateModel(name="Tag", fields=[("id", models.BigAutoField(primary_key=True))]),
    ]
`,
          },
        ],
      },
      {
        title: 'The comment names no rule',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(name="Tag", fields=[("id", models.BigAutoField(primary_key=True))]),  # stepwise: ignore
                                                                                                     ~~~~~~~~~~~~~~~~~~ This comment suppresses nothing: it is not written as "# stepwise: ignore[rule]" or "# stepwise: ignore-file[rule]".
    ]
`,
      },
      {
        title: 'Alembic: a slip of the pen',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_users_without_fax.py
"""users without fax"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = None


def upgrade():
    # stepwise: ignore[drop-colum] archived on Monday
                       ~~~~~~~~~~ There is no rule drop-colum, so nothing is suppressed. Did you mean drop-column?
    op.drop_column("users", "fax")


def downgrade():
    op.add_column("users", sa.Column("fax", sa.Text()))
`,
        fixed: [
          {
            title: 'Change drop-colum to drop-column',
            files: `
# file: migrations/versions/5b0f6f6ad3b1_users_without_fax.py
"""users without fax"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = None


def upgrade():
    # stepwise: ignore[drop-column] archived on Monday
    op.drop_column("users", "fax")


def downgrade():
    op.add_column("users", sa.Column("fax", sa.Text()))
`,
          },
        ],
      },
    ],
    good: [
      {
        title: 'Another comment speaks about Stepwise, not to it',
        files: `
# file: shop/migrations/0001_initial.py
# Checked by stepwise: ignore what older linters say.
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(name="Tag", fields=[("id", models.BigAutoField(primary_key=True))]),
    ]
`,
      },
    ],
  },
};

const unclear =
  'This comment suppresses nothing: it is not written as "# stepwise: ignore[rule]" or "# stepwise: ignore-file[rule]".';

function problemOf({ name, at, nearest }: SuppressedRule, migration: Migration): Problem {
  const message = `There is no rule ${name}, so nothing is suppressed.`;
  if (nearest === undefined) return { at, message };
  return {
    at,
    message: `${message} Did you mean ${nearest}?`,
    fixes: () => [correction(name, nearest, { at, migration })],
  };
}

function correction(
  name: string,
  nearest: string,
  { at, migration }: { readonly at: SuppressedRule['at']; readonly migration: Migration },
): Fix {
  return {
    title: `Change ${name} to ${nearest}`,
    safety: 'review',
    edits: [{ kind: 'change', file: migration.file, edits: [{ span: at, newText: nearest }] }],
  };
}
