import type { TextEdit } from '../base/text-edit.ts';
import { removeComment, removeFromNameList } from '../fixes/edits/comments.ts';
import type { Fix } from '../fixes/fix.ts';
import type { Migration } from '../schema/migration.ts';
import type { Problem, Rule } from './rule.ts';
import type { Suppression } from './suppression.ts';

export const unusedSuppression: Rule = {
  name: 'unused-suppression',
  level: 'low',
  group: 'Comments',
  summary: 'A comment suppresses a rule that finds nothing there.',
  docs: {
    whatHappens:
      'A `# stepwise: ignore[rule]` or `# stepwise: ignore-file[rule]` names a rule that reports nothing in the place that the comment covers: the operation was changed, the comment stands in the wrong place, or it was never needed.',
    whyItHurts:
      'The comment says that a danger is known and accepted where there is none, and it will hide the next one that somebody writes in that place.',
    whatToDo: {
      django:
        'Remove the rule from the comment, or the comment altogether. A comment covers the operation or statement that it stands on, above or inside.',
      alembic: 'Remove the rule from the comment, or the comment altogether.',
    },
    whenItIsFine:
      'A suppression of a rule that is switched off is not reported, and none is while the file cannot be read as a whole.',
  },
  sources: [],

  *check(migration, { suppressions }) {
    for (const suppression of suppressions) yield* problemsOf(suppression, migration);
  },

  examples: {
    bad: [
      {
        title: 'The operation drops nothing',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        # stepwise: ignore[drop-table] the table is small
        ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ This comment suppresses nothing: drop-table reports nothing here.
        migrations.CreateModel(name="Tag", fields=[("id", models.BigAutoField(primary_key=True))]),
    ]
`,
        fixed: [
          {
            title: 'Remove the comment',
            files: `
# file: shop/migrations/0001_initial.py
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
      {
        title: 'One of two rules reports nothing',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(name="Coupon", fields=[("id", models.BigAutoField(primary_key=True))]),
    ]
# file: shop/migrations/0002_delete_coupon.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.DeleteModel(name="Coupon"),  # stepwise: ignore[drop-table, drop-column] never used
                                                                               ~~~~~~~~~~~ This comment suppresses nothing of drop-column: it reports nothing here.
    ]
`,
        fixed: [
          {
            title: 'Remove drop-column from the comment',
            files: `
# file: shop/migrations/0002_delete_coupon.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.DeleteModel(name="Coupon"),  # stepwise: ignore[drop-table] never used
    ]
`,
          },
        ],
      },
      {
        title: 'Alembic: the operation that it was about is gone',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_users_code.py
"""users.code"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = None


def upgrade():
    # stepwise: ignore[drop-column] archived on Monday
    ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ This comment suppresses nothing: drop-column reports nothing here.
    op.add_column("users", sa.Column("code", sa.String(length=8)))


def downgrade():
    op.drop_column("users", "code")
`,
        fixed: [
          {
            title: 'Remove the comment',
            files: `
# file: migrations/versions/5b0f6f6ad3b1_users_code.py
"""users.code"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = None


def upgrade():
    op.add_column("users", sa.Column("code", sa.String(length=8)))


def downgrade():
    op.drop_column("users", "code")
`,
          },
        ],
      },
    ],
    good: [
      {
        title: 'The suppression is needed',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(name="Coupon", fields=[("id", models.BigAutoField(primary_key=True))]),
    ]
# file: shop/migrations/0002_delete_coupon.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.DeleteModel(name="Coupon"),  # stepwise: ignore[drop-table] it was never used
    ]
`,
      },
      {
        title: 'Alembic: above the call, and behind it',
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
    op.drop_column("users", "telex")  # stepwise: ignore[drop-column] never used


def downgrade():
    op.add_column("users", sa.Column("telex", sa.Text()))
    op.add_column("users", sa.Column("fax", sa.Text()))
`,
      },
    ],
  },
};

function* problemsOf(suppression: Suppression, migration: Migration): Generator<Problem> {
  const unused = suppression.rules.filter(({ state }) => state === 'unused');
  const first = unused[0];
  if (first === undefined) return;
  if (unused.length === suppression.rules.length) {
    const names = unused.map(({ name }) => name).join(', ');
    yield {
      at: suppression.at,
      message: `This comment suppresses nothing: ${names} ${unused.length === 1 ? 'reports' : 'report'} nothing here.`,
      fixes: () => [removal('Remove the comment', migration, removeComment(migration.text, suppression.at))],
    };
    return;
  }
  for (const { name, at } of unused) {
    const title = `Remove ${name} from the comment`;
    yield {
      at,
      message: `This comment suppresses nothing of ${name}: it reports nothing here.`,
      fixes: () => [removal(title, migration, removeFromNameList(migration.text, at))],
    };
  }
}

function removal(title: string, { file }: Migration, edit: TextEdit): Fix {
  return { title, safety: 'safe', edits: [{ kind: 'change', file, edits: [edit] }] };
}
