import type { MigrationGraph, Project } from '../project/project.ts';
import { frameworkNames } from '../schema/migration.ts';
import type { MigrationId } from '../schema/migration-id.ts';
import { placeOfMigration } from './place-of-migration.ts';
import type { RelatedPlace, Rule } from './rule.ts';

export const dependencyCycle: Rule = {
  name: 'dependency-cycle',
  level: 'critical',
  group: 'History',
  summary: 'Migrations wait for each other.',
  docs: {
    whatHappens:
      'A migration depends on another one that, directly or through others, depends on it. Mostly two apps point at each other: each got a foreign key to the other, and both were written into migrations that also create what the other one needs.',
    whyItHurts:
      '`manage.py migrate` stops with `CircularDependencyError` before it runs anything, for every app: there is no order in which these migrations could run.',
    whatToDo: {
      django:
        'Split one of them: leave what the other app waits for in the earlier migration, and move what waits for the other app into a new migration behind both.',
      alembic:
        'Read `down_revision` and `depends_on` of the revisions that are named, and give the one that was written first the parent that it had: its history in version control tells. No revision may come before itself, not even by way of `depends_on`.',
    },
    whenItIsFine: 'Never: Django refuses such a history.',
  },
  sources: [
    {
      title: 'Django: Dependencies',
      url: 'https://docs.djangoproject.com/en/5.2/topics/migrations/#dependencies',
    },
  ],

  *check(migration, { project }) {
    const cycle = project.graph.cycleThrough(migration.id);
    const [, next] = cycle ?? [];
    if (cycle === undefined || next === undefined || !closes(migration.id, cycle, project.graph)) return;
    yield {
      // No place of its own where another migration's run_before is to blame.
      at: migration.parents.find(({ id }) => id === next)?.at ?? migration.at,
      message: `These migrations wait for each other: ${cycle.join(' → ')}. ${frameworkNames[migration.framework]} refuses to migrate.`,
      related: placesOf(cycle.slice(1, -1), project),
    };
  },

  examples: {
    bad: [
      {
        title: 'Two apps wait for each other',
        files: `
# file: pricing/migrations/0001_initial.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = []
    operations = []
# file: pricing/migrations/0002_price_list_supplier.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("pricing", "0001_initial"), ("suppliers", "0002_supplier_discount")]
    operations = []
# file: suppliers/migrations/0001_initial.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = []
    operations = []
# file: suppliers/migrations/0002_supplier_discount.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("suppliers", "0001_initial"),
        ("pricing", "0002_price_list_supplier"),
        ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ These migrations wait for each other: suppliers.0002_supplier_discount → pricing.0002_price_list_supplier → suppliers.0002_supplier_discount. Django refuses to migrate.
    ]
    operations = []
`,
      },
      {
        title: 'An early migration depends on a late one',
        files: `
# file: pricing/migrations/0002_rounding.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("pricing", "0001_initial")]
    operations = []
# file: pricing/migrations/0003_currency.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("pricing", "0002_rounding")]
    operations = []
# file: pricing/migrations/0001_initial.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("pricing", "0003_currency")]
                    ~~~~~~~~~~~~~~~~~~~~~~~~~~~~ These migrations wait for each other: pricing.0001_initial → pricing.0003_currency → pricing.0002_rounding → pricing.0001_initial. Django refuses to migrate.
    operations = []
`,
      },
      {
        title: 'A migration depends on itself',
        files: `
# file: pricing/migrations/0001_initial.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("pricing", "0001_initial")]
                    ~~~~~~~~~~~~~~~~~~~~~~~~~~~ These migrations wait for each other: pricing.0001_initial → pricing.0001_initial. Django refuses to migrate.
    operations = []
`,
      },
      {
        title: 'Alembic: two revisions that revise each other',
        files: `
# file: migrations/versions/9c2f5a1b7e44_orders.py
"""Orders"""
import sqlalchemy as sa
from alembic import op

revision = "9c2f5a1b7e44"
down_revision = "5b0f6f6ad3b1"


def upgrade():
    op.create_table("orders", sa.Column("id", sa.BigInteger(), primary_key=True))


def downgrade():
    op.drop_table("orders")
# file: migrations/versions/5b0f6f6ad3b1_payments.py
"""Payments"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"
                ~~~~~~~~~~~~~~ These migrations wait for each other: 5b0f6f6ad3b1 → 9c2f5a1b7e44 → 5b0f6f6ad3b1. Alembic refuses to migrate.


def upgrade():
    op.create_table("payments", sa.Column("id", sa.BigInteger(), primary_key=True))


def downgrade():
    op.drop_table("payments")
`,
      },
    ],
    good: [
      {
        title: 'What waits for the other app stands in a migration of its own',
        files: `
# file: pricing/migrations/0001_initial.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = []
    operations = []
# file: suppliers/migrations/0001_initial.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("pricing", "0001_initial")]
    operations = []
# file: pricing/migrations/0002_price_list_supplier.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("pricing", "0001_initial"), ("suppliers", "0001_initial")]
    operations = []
`,
      },
      {
        title: 'The order is the right one: the mistake is in the early migration',
        files: `
# file: pricing/migrations/0001_initial.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("pricing", "0002_rounding")]
    operations = []
# file: pricing/migrations/0002_rounding.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("pricing", "0001_initial")]
    operations = []
`,
      },
      {
        title: 'Alembic: two branches that are merged',
        files: `
# file: migrations/versions/9c2f5a1b7e44_orders.py
"""Orders"""
import sqlalchemy as sa
from alembic import op

revision = "9c2f5a1b7e44"
down_revision = None


def upgrade():
    op.create_table("orders", sa.Column("id", sa.BigInteger(), primary_key=True))


def downgrade():
    op.drop_table("orders")
# file: migrations/versions/5b0f6f6ad3b1_payments.py
"""Payments"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.create_table("payments", sa.Column("id", sa.BigInteger(), primary_key=True))


def downgrade():
    op.drop_table("payments")
# file: migrations/versions/e7d3c0a94f12_refunds.py
"""Refunds"""
import sqlalchemy as sa
from alembic import op

revision = "e7d3c0a94f12"
down_revision = "9c2f5a1b7e44"
depends_on = "5b0f6f6ad3b1"


def upgrade():
    op.create_table("refunds", sa.Column("id", sa.BigInteger(), primary_key=True))


def downgrade():
    op.drop_table("refunds")
# file: migrations/versions/1a2b3c4d5e6f_merge.py
"""Merge"""
revision = "1a2b3c4d5e6f"
down_revision = ("5b0f6f6ad3b1", "e7d3c0a94f12")


def upgrade():
    pass


def downgrade():
    pass
`,
      },
    ],
  },
};

/**
 * Whether the step from a migration into its cycle is the odd one, so that each mistake is said where it was made: a step
 * to a later migration of the same app, and where a cycle has none, every step to another app.
 */
function closes(id: MigrationId, cycle: readonly MigrationId[], graph: MigrationGraph): boolean {
  const steps = cycle.slice(0, -1).map((from, index) => ({ from, to: cycle[index + 1] ?? from }));
  const staysInApp = ({ from, to }: { readonly from: MigrationId; readonly to: MigrationId }): boolean =>
    graph.groupOf(from) === graph.groupOf(to);
  const backward = steps.filter((step) => staysInApp(step) && step.to >= step.from);
  const odd = backward.length > 0 ? backward : steps.filter((step) => !staysInApp(step));
  return odd.some(({ from }) => from === id);
}

function placesOf(ids: readonly MigrationId[], project: Project): readonly RelatedPlace[] {
  return ids.flatMap((id) => {
    const place = placeOfMigration(id, project);
    return place ? [{ ...place, message: `${id} is in the cycle.` }] : [];
  });
}
