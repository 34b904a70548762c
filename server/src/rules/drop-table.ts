import { isTableDropOwed } from '../fixes/final-schema.ts';
import { owedDropInRevision } from '../fixes/recipes/alembic/owed-drop.ts';
import { guardedOperation } from '../fixes/recipes/guarded-operation.ts';
import { stateOnlyRemoval } from '../fixes/recipes/state-only-removal.ts';
import { changesOf } from '../schema/change.ts';
import { findTable } from '../schema/schema.ts';
import { tableText } from '../schema/table-name.ts';
import type { Rule } from './rule.ts';
import { hasHistory, isDroppedAfterDeploy, isGuarded } from './tables-in-use.ts';

export const dropTable: Rule = {
  name: 'drop-table',
  level: 'critical',
  group: 'Data loss',
  kinds: ['DropTable'],
  summary: 'A table is dropped with all its rows.',
  docs: {
    whatHappens:
      '`DROP TABLE` removes the table, its indexes and every row in it, in one instant and under a lock that blocks reads and writes. Nothing of it can be brought back by migrating backwards: that creates an empty table.',
    whyItHurts:
      'The rows are gone for good, and the release that is still running fails with «relation does not exist» on every query that names the table, until the new one has replaced it everywhere.',
    whatToDo: {
      django:
        'Take the model out of the state first and leave the table where it is: put the `DeleteModel` into the `state_operations` of a `SeparateDatabaseAndState`. Once no running code uses the table and its rows are archived or known to be worthless, drop it in a migration of a later release. Where the drop really has to happen now, put it behind an explicit environment flag.',
      alembic:
        'Remove the model from the code and keep the table; `# stepwise: drop-table-later[visit]` in `upgrade()` says that its drop is owed. Drop it in a revision of a later release, behind an explicit environment flag.',
    },
    whenItIsFine:
      'A table that the same migration created (a scratch table or a temporary one), a table that an earlier migration has already taken out of the state, and a drop behind an explicit guard are not reported. Nor is one that is marked to run when the release that used the model is gone: `safe = Safe.after_deploy()` of django-safemigrate.',
  },
  sources: [
    { title: 'PostgreSQL 18: DROP TABLE', url: 'https://www.postgresql.org/docs/18/sql-droptable.html' },
    {
      title: 'Django: SeparateDatabaseAndState',
      url: 'https://docs.djangoproject.com/en/5.2/ref/migration-operations/#separatedatabaseandstate',
    },
  ],

  *check(migration, context) {
    for (const change of changesOf(migration.forward, 'DropTable')) {
      if (!change.applies.database || !hasHistory(change.table, change, migration, context)) continue;
      if (isGuarded(change, migration) || isDroppedAfterDeploy('table', migration)) continue;
      const leftStateIn = findTable(context.before(change), change.table)?.leftStateIn;
      if (leftStateIn !== undefined && leftStateIn !== migration.id) continue;
      const isUnnamed = change.table.unknown === 'name';
      yield {
        at: change.at,
        message: `Dropping ${tableText(change.table)} deletes ${isUnnamed ? 'it' : 'the table'} with every row in it.`,
        cause: change,
        fixes: () => [...stateOnlyRemoval(change, migration, context), ...guardedOperation(change, migration, context)],
      };
    }
  },

  *offers(migration, context) {
    for (const change of changesOf(migration.forward, 'DropTable')) {
      if (!change.applies.state || change.applies.database) continue;
      if (!isTableDropOwed(change, migration, context.project)) continue;
      const left = migration.framework === 'alembic' ? 'was left to a later release' : 'has left the state';
      yield {
        at: change.origin.span,
        owed: `The table ${tableText(change.table)} ${left} and is still in the database.`,
        // What the table of a model looks like, to create it again on the way back, is for the author to say.
        fix: () => owedDropInRevision(change, migration, context),
      };
    }
  },

  examples: {
    bad: [
      {
        title: 'A model is deleted',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Coupon",
            fields=[("id", models.BigAutoField(primary_key=True)), ("code", models.CharField(max_length=20))],
        ),
    ]
# file: shop/migrations/0002_delete_coupon.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.DeleteModel(name="Coupon"),
                                    ~~~~~~~~ Dropping "shop_coupon" deletes the table with every row in it.
    ]
`,
        fixed: [
          {
            title: 'Remove "Coupon" from the state only; drop its table in a later release',
            files: `
# file: shop/migrations/0002_delete_coupon.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.DeleteModel(name="Coupon"),
            ],
        ),
    ]
`,
          },
          {
            title: 'Run this only where ALLOW_DESTRUCTIVE_MIGRATIONS is set',
            files: `
# file: shop/migrations/0002_delete_coupon.py
import os

from django.db import migrations


def require_destructive_migrations_allowed(apps, schema_editor):
    if os.environ.get("ALLOW_DESTRUCTIVE_MIGRATIONS") != "1":
        raise RuntimeError("This migration destroys data. Set ALLOW_DESTRUCTIVE_MIGRATIONS=1 to run it.")


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunPython(require_destructive_migrations_allowed, migrations.RunPython.noop),
        migrations.DeleteModel(name="Coupon"),
    ]
`,
          },
        ],
      },
      {
        title: 'A revision drops a table',
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
        sa.Column("code", sa.String(20), nullable=False),
    )


def downgrade():
    op.drop_table("coupon")
# file: alembic/versions/8c1d_without_coupons.py
import sqlalchemy as sa
from alembic import op

revision = "8c1d"
down_revision = "3f2a"


def upgrade():
    op.drop_table("coupon")
    ~~~~~~~~~~~~~ Dropping "coupon" deletes the table with every row in it.


def downgrade():
    op.create_table(
        "coupon",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("code", sa.String(20), nullable=False),
    )
`,
        fixed: [
          {
            title: 'Run this only where ALLOW_DESTRUCTIVE_MIGRATIONS is set',
            files: `
# file: alembic/versions/8c1d_without_coupons.py
import os

import sqlalchemy as sa
from alembic import op

revision = "8c1d"
down_revision = "3f2a"


def upgrade():
    if os.environ.get("ALLOW_DESTRUCTIVE_MIGRATIONS") != "1":
        raise RuntimeError("This migration destroys data. Set ALLOW_DESTRUCTIVE_MIGRATIONS=1 to run it.")
    op.drop_table("coupon")


def downgrade():
    op.create_table(
        "coupon",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("code", sa.String(20), nullable=False),
    )
`,
          },
        ],
      },
      {
        title: 'In SQL: several at once, with and without IF EXISTS, after a rename, beside a change of the state',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(name="Coupon", fields=[("id", models.BigAutoField(primary_key=True))]),
        migrations.CreateModel(name="Voucher", fields=[("id", models.BigAutoField(primary_key=True))]),
    ]
# file: shop/migrations/0002_drop.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL("DROP TABLE IF EXISTS legacy_cart, legacy_line CASCADE", migrations.RunSQL.noop),
                                                ~~~~~~~~~~~ Dropping "legacy_cart" deletes the table with every row in it.
                                                             ~~~~~~~~~~~ Dropping "legacy_line" deletes the table with every row in it.
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL("DROP TABLE shop_coupon", migrations.RunSQL.noop),
                                   ~~~~~~~~~~~~~~~~~~~~~~ Dropping "shop_coupon" deletes the table with every row in it.
            ],
            state_operations=[migrations.DeleteModel("Coupon")],
        ),
        migrations.RunSQL(
            """
            ALTER TABLE shop_voucher RENAME TO shop_voucher_old;
            DROP TABLE public.shop_voucher_old;
            ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Dropping "shop_voucher_old" deletes the table with every row in it.
            """,
            migrations.RunSQL.noop,
        ),
    ]
`,
      },
      {
        title: 'A many-to-many field is removed: its join table goes',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(name="Tag", fields=[("id", models.BigAutoField(primary_key=True))]),
        migrations.CreateModel(
            name="Product",
            fields=[("id", models.BigAutoField(primary_key=True)), ("tags", models.ManyToManyField(to="shop.tag"))],
        ),
    ]
# file: shop/migrations/0002_remove_product_tags.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RemoveField(model_name="product", name="tags"),
                                                          ~~~~~~ Dropping "shop_product_tags" deletes the table with every row in it.
    ]
`,
      },
      {
        title: 'A name, or a schema, that is only known when the migration runs',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Customer",
            fields=[("id", models.BigAutoField(primary_key=True)), ("name", models.TextField(null=True))],
        ),
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("customer", models.ForeignKey(to="shop.customer", on_delete=models.CASCADE)),
                ("note", models.TextField(null=True)),
            ],
        ),
    ]
# file: shop/migrations/0002_drop.py
from django.conf import settings
from django.db import migrations

SCHEMA = settings.SCHEMA
TABLE = settings.OLD_TABLE


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(f"DROP TABLE {SCHEMA}.shop_order", migrations.RunSQL.noop),
                            ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Dropping "shop_order" deletes the table with every row in it.
        migrations.RunSQL(f"DROP TABLE IF EXISTS {TABLE}", migrations.RunSQL.noop),
                            ~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Dropping a table whose name is only known at run time deletes it with every row in it.
    ]
`,
      },
      {
        title: 'Alembic: one table after the other, in a loop over their names',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_drop_sessions.py
"""Sessions live in Redis"""
from typing import Sequence, Union

from alembic import op

revision: str = "5b0f6f6ad3b1"
down_revision: Union[str, None] = "9c2f5a1b7e44"
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None

TABLES = ("session_event", "session")


def upgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
        ~~~~~~~~~~~~~ Dropping "session_event" deletes the table with every row in it.
        ~~~~~~~~~~~~~ Dropping "session" deletes the table with every row in it.
    op.execute("DROP TABLE IF EXISTS legacy_session")
                ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Dropping "legacy_session" deletes the table with every row in it.


def downgrade() -> None:
    raise NotImplementedError("The sessions are gone.")
`,
      },
    ],
    good: [
      {
        title: 'Marked to run when the release that used the model is gone',
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
from django_safemigrate import Safe


class Migration(migrations.Migration):
    safe = Safe.after_deploy()

    dependencies = [("shop", "0001_initial")]

    operations = [migrations.DeleteModel("Coupon")]
`,
      },
      {
        title: 'Only the state forgets the model',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(name="Coupon", fields=[("id", models.BigAutoField(primary_key=True))]),
    ]
# file: shop/migrations/0002_forget_coupon.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel(name="Coupon")]),
    ]
`,
      },
      {
        title: 'An unmanaged model has no table of ours',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Report",
            fields=[("id", models.BigAutoField(primary_key=True))],
            options={"managed": False},
        ),
    ]
# file: shop/migrations/0002_delete_report.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.DeleteModel(name="Report"),
    ]
`,
      },
      {
        title: 'SQL that drops its own scratch tables, a view, a foreign table, or what left the state before',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(name="Coupon", fields=[("id", models.BigAutoField(primary_key=True))]),
    ]
# file: shop/migrations/0002_remove_coupon.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("Coupon")]),
    ]
# file: shop/migrations/0003_drop_coupon.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0002_remove_coupon")]

    operations = [
        migrations.RunSQL("DROP TABLE shop_coupon", migrations.RunSQL.noop),
        migrations.RunSQL(
            """
            CREATE TEMP TABLE chosen AS SELECT id FROM shop_order;
            CREATE TABLE scratch (id bigint);
            INSERT INTO scratch SELECT id FROM chosen;
            DROP TABLE chosen;
            DROP TABLE scratch;
            DROP VIEW shop_report;
            DROP FOREIGN TABLE remote_order;
            """,
            migrations.RunSQL.noop,
        ),
    ]
`,
      },
      {
        title: 'The drop stands behind an environment flag',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(name="Coupon", fields=[("id", models.BigAutoField(primary_key=True))]),
    ]
# file: shop/migrations/0002_delete_coupon.py
import os

from django.db import migrations


def only_when_allowed(apps, schema_editor):
    if not os.environ.get("ALLOW_DESTRUCTIVE_MIGRATIONS"):
        raise RuntimeError("Coupons are still needed here.")


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunPython(only_when_allowed, migrations.RunPython.noop),
        migrations.DeleteModel(name="Coupon"),
    ]
`,
      },
      {
        title: 'The revision raises, or is refused in production, before it drops the table',
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
        sa.Column("code", sa.String(20), nullable=False),
    )


def downgrade():
    op.drop_table("coupon")
# file: alembic/versions/8c1d_without_coupons.py
import os

from alembic import context, op

revision = "8c1d"
down_revision = "3f2a"


def upgrade():
    environment = os.getenv("ENVIRONMENT", "development")
    if environment == "production":
        raise RuntimeError("Review this revision before it runs in production.")
    op.drop_table("coupon")


def downgrade():
    pass
`,
      },
      {
        title: 'A table of its own in a schema that is only known when the migration runs',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Customer",
            fields=[("id", models.BigAutoField(primary_key=True)), ("name", models.TextField(null=True))],
        ),
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("customer", models.ForeignKey(to="shop.customer", on_delete=models.CASCADE)),
                ("note", models.TextField(null=True)),
            ],
        ),
    ]
# file: shop/migrations/0002_scratch.py
from django.conf import settings
from django.db import migrations

SCHEMA = settings.SCHEMA
TABLE = settings.OLD_TABLE


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(f"CREATE TABLE {SCHEMA}.scratch (id bigint, note text)", migrations.RunSQL.noop),
        migrations.RunSQL(f"ALTER TABLE {SCHEMA}.scratch DROP COLUMN note", migrations.RunSQL.noop),
        migrations.RunSQL(f"TRUNCATE {SCHEMA}.scratch", migrations.RunSQL.noop),
        migrations.RunSQL(f"DROP TABLE {SCHEMA}.scratch CASCADE", migrations.RunSQL.noop),
    ]
`,
      },
      {
        title: 'Alembic: a scratch table of the revision itself',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_renumber.py
"""Number invoices by year"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.create_table("numbers", sa.Column("invoice_id", sa.BigInteger()), sa.Column("number", sa.Integer()))
    op.execute("INSERT INTO numbers SELECT id, row_number() OVER (ORDER BY id) FROM invoice")
    op.execute("UPDATE invoice SET number = numbers.number FROM numbers WHERE invoice_id = invoice.id")
    op.drop_table("numbers")


def downgrade():
    pass
`,
      },
    ],
  },
};
