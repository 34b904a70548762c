import { constraintInSteps } from '../fixes/recipes/alembic/constraint-in-steps.ts';
import { checkInSteps } from '../fixes/recipes/check-in-steps.ts';
import { notValidSql } from '../fixes/recipes/not-valid-sql.ts';
import { isValidationOwed, owedValidation } from '../fixes/recipes/owed-constraints.ts';
import { changesOf } from '../schema/change.ts';
import { tableText } from '../schema/table-name.ts';
import { findBlockingWork } from './blocking-work.ts';
import type { Rule } from './rule.ts';
import { listOfTables } from './table-list.ts';
import { isInUse } from './tables-in-use.ts';

export const validatingCheck: Rule = {
  name: 'validating-check',
  level: 'high',
  group: 'Blocks a live table',
  databases: ['postgresql'],
  kinds: ['AlterDomain', 'AddConstraint'],
  summary: 'A check constraint is added, and every row is checked while nobody can use the table.',
  docs: {
    whatHappens:
      '`ADD CHECK` reads every row of the table and evaluates the condition, under an `ACCESS EXCLUSIVE` lock: nobody reads or writes the table until all rows are checked and the migration commits. A check on a domain reads every table that has a column of it, while writes to them wait. Django does so for `AddConstraint` with a `CheckConstraint`, and when a field becomes one that comes with a check, as `PositiveIntegerField` does.',
    whyItHurts:
      'On a large table this takes from seconds to minutes, and every query on the table waits. One row that does not satisfy the condition makes the migration fail.',
    whatToDo: {
      django:
        'Use `AddConstraintNotValid` from `django.contrib.postgres.operations`: new rows obey at once, and the rows that are there are not read. `ValidateConstraint` in the next migration reads them while the table is in use.',
      alembic:
        'Use `op.create_check_constraint(…, postgresql_not_valid=True)`, and `op.execute("ALTER TABLE … VALIDATE CONSTRAINT …")` in the next revision, inside `with op.get_context().autocommit_block():` unless env.py sets `transaction_per_migration`: all revisions of one `alembic upgrade` share a transaction otherwise, and its locks.',
    },
    whenItIsFine:
      'Tables that the same migration creates, constraints that are `NOT VALID`, and databases other than PostgreSQL are not reported.',
  },
  sources: [
    { title: 'PostgreSQL 18: ALTER TABLE', url: 'https://www.postgresql.org/docs/18/sql-altertable.html' },
    {
      title: 'Django: Adding constraints without enforcing validation',
      url: 'https://docs.djangoproject.com/en/5.2/ref/contrib/postgres/operations/#adding-constraints-without-enforcing-validation',
    },
  ],

  *check(migration, context) {
    for (const change of changesOf(migration.forward, 'AlterDomain')) {
      // VALIDATE reads the rows under the same lock: there is no better way to have them checked.
      if (change.action !== 'add-constraint' && change.action !== 'set-not-null') continue;
      const effects = context.effects(change);
      if (findBlockingWork(effects, 'check') === undefined) continue;
      const tables = effects.locks
        .map(({ table }) => table)
        .filter((table) => isInUse(table, change, migration, context));
      if (tables.length === 0) continue;
      yield {
        at: change.at,
        message: `Adding this check to the domain "${change.domain}" reads all of ${listOfTables(tables)} while writes wait, and fails if a row violates it.`,
        cause: change,
      };
    }
    for (const change of changesOf(migration.forward, 'AddConstraint')) {
      if (!isInUse(change.table, change, migration, context)) continue;
      if (findBlockingWork(context.effects(change), 'check') === undefined) continue;
      yield {
        at: change.at,
        message: `Adding this check reads all of ${tableText(change.table)} under a lock that blocks reads and writes, and fails if a row violates it.`,
        cause: change,
        fixes: () => [
          ...checkInSteps(change, migration, context),
          ...notValidSql(change, migration, context),
          ...constraintInSteps(change, migration, context),
        ],
      };
    }
  },

  *offers(migration, context) {
    for (const change of changesOf(migration.forward, 'AddConstraint')) {
      if (change.constraint.kind !== 'check' || !isValidationOwed(change, migration, context.project)) continue;
      yield {
        at: change.origin.span,
        owed: `"${change.constraint.name}" of ${tableText(change.table)} holds for new rows only: it is not validated yet.`,
        fix: () => owedValidation(change, migration, context),
      };
    }
  },

  examples: {
    bad: [
      {
        title: 'A check constraint on a table with rows',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[("id", models.BigAutoField(primary_key=True)), ("total", models.IntegerField())],
        ),
    ]
# file: shop/migrations/0002_order_total.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddConstraint(
        ~~~~~~~~~~~~~~~~~~~~~~~~ Adding this check reads all of "shop_order" under a lock that blocks reads and writes, and fails if a row violates it.
            model_name="order",
            constraint=models.CheckConstraint(condition=models.Q(total__gte=0), name="order_total_positive"),
        ),
    ]
`,
        fixed: [
          {
            title: 'Add the check for new rows only, and validate it in a migration of its own',
            files: `
# file: shop/migrations/0002_order_total.py
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        AddConstraintNotValid(
            model_name="order",
            constraint=models.CheckConstraint(condition=models.Q(total__gte=0), name="order_total_positive"),
        ),
    ]
# file: shop/migrations/0003_validate_order_total_positive.py
"""Checks the rows of "shop_order" that were there before "order_total_positive", while the table is in use.

Runs after 0002_order_total, in the same deploy. It fails if a row violates the check: mend that row and run it again.
"""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0002_order_total"),
    ]

    operations = [
        ValidateConstraint(model_name="order", name="order_total_positive"),
    ]
`,
          },
        ],
      },
      {
        title: 'A field becomes one that comes with a check',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[("id", models.BigAutoField(primary_key=True)), ("total", models.IntegerField())],
        ),
    ]
# file: shop/migrations/0002_order_total.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AlterField("order", "total", models.PositiveIntegerField()),
                                                ~~~~~~~~~~~~~~~~~~~~~~~~~~~ Adding this check reads all of "shop_order" under a lock that blocks reads and writes, and fails if a row violates it.
    ]
`,
      },
      {
        title: 'In SQL, in one of several statements',
        files: `
# file: shop/migrations/0002_checks.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE shop_order ADD COLUMN weight integer;
            ALTER TABLE shop_order ADD CONSTRAINT total_positive CHECK (total >= 0),
                                   ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Adding this check reads all of "shop_order" under a lock that blocks reads and writes, and fails if a row violates it.
                ADD CHECK (weight > 0) NOT VALID;
            """,
            migrations.RunSQL.noop,
        ),
    ]
`,
        fixed: [
          {
            title: 'Add the constraint NOT VALID, and validate it in the next migration',
            files: `
# file: shop/migrations/0002_checks.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE shop_order ADD COLUMN weight integer;
            ALTER TABLE shop_order ADD CONSTRAINT total_positive CHECK (total >= 0) NOT VALID,
                ADD CHECK (weight > 0) NOT VALID;
            """,
            migrations.RunSQL.noop,
        ),
    ]
# file: shop/migrations/0003_validate_total_positive.py
"""Proves "total_positive" for the rows of "shop_order" that were there before it, while the table is in use.

Runs after 0002_checks, in the same deploy: new rows obey since then.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0002_checks"),
    ]

    operations = [
        migrations.RunSQL(
            sql="ALTER TABLE shop_order VALIDATE CONSTRAINT total_positive",
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
`,
          },
        ],
      },
      {
        title: 'A check on a domain, for every table that uses it',
        files: `
# file: shop/migrations/0001_domain.py
from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.RunSQL("CREATE DOMAIN amount AS integer", "DROP DOMAIN amount"),
        migrations.RunSQL("CREATE TABLE shop_order (total amount)", "DROP TABLE shop_order"),
    ]
# file: shop/migrations/0002_domain.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_domain")]

    operations = [
        migrations.RunSQL(
            "ALTER DOMAIN amount ADD CONSTRAINT not_negative CHECK (value >= 0)",
             ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Adding this check to the domain "amount" reads all of "shop_order" while writes wait, and fails if a row violates it.
            "ALTER DOMAIN amount DROP CONSTRAINT not_negative",
        ),
    ]
`,
      },
      {
        title: 'Alembic: a check in a batch, with later revisions',
        files: `
# file: migrations/versions/1975ea83b712_orders.py
import sqlalchemy as sa
from alembic import op

revision = "1975ea83b712"
down_revision = None


def upgrade():
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("total", sa.Integer(), nullable=False),
    )


def downgrade():
    op.drop_table("orders")
# file: migrations/versions/be1027a6acf1_note_of_orders.py
"""Note of orders

Revision ID: be1027a6acf1
Revises: ae1027a6acf1
Create Date: 2025-05-19 09:00:00.000000

"""

import sqlalchemy as sa
from alembic import op

revision = "be1027a6acf1"
down_revision = "ae1027a6acf1"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("orders", sa.Column("note", sa.Text()))


def downgrade():
    op.drop_column("orders", "note")
# file: migrations/versions/ae1027a6acf1_total_of_orders.py
"""Total of orders

Revision ID: ae1027a6acf1
Revises: 1975ea83b712
Create Date: 2025-05-18 08:30:12.345678

"""

from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("orders") as batch_op:
        batch_op.create_check_constraint(
        ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Adding this check reads all of "orders" under a lock that blocks reads and writes, and fails if a row violates it.
            "orders_total_check",
            "total >= 0",
        )


def downgrade():
    with op.batch_alter_table("orders") as batch_op:
        batch_op.drop_constraint("orders_total_check", type_="check")
`,
        fixed: [
          {
            title: 'Add the check NOT VALID, and validate it in the next revision',
            files: `
# file: migrations/versions/1fa7617c4daf_validate_orders_total_check.py
"""Proves "orders_total_check" for the rows of "orders" that were there before it, while the table is in use.

Runs after ae1027a6acf1, in the same deploy: new rows obey since then.

Revision ID: 1fa7617c4daf
Revises: ae1027a6acf1
Create Date: 2025-05-18 08:30:12.345678

"""

from alembic import op

revision = "1fa7617c4daf"
down_revision = "ae1027a6acf1"
branch_labels = None
depends_on = None


def upgrade():
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE orders VALIDATE CONSTRAINT orders_total_check")


def downgrade():
    pass
# file: migrations/versions/ae1027a6acf1_total_of_orders.py
"""Total of orders

Revision ID: ae1027a6acf1
Revises: 1975ea83b712
Create Date: 2025-05-18 08:30:12.345678

"""

from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("orders") as batch_op:
        batch_op.create_check_constraint(
            "orders_total_check",
            "total >= 0",
            postgresql_not_valid=True,
        )


def downgrade():
    with op.batch_alter_table("orders") as batch_op:
        batch_op.drop_constraint("orders_total_check", type_="check")
# file: migrations/versions/be1027a6acf1_note_of_orders.py
"""Note of orders

Revision ID: be1027a6acf1
Revises: 1fa7617c4daf
Create Date: 2025-05-19 09:00:00.000000

"""

import sqlalchemy as sa
from alembic import op

revision = "be1027a6acf1"
down_revision = "1fa7617c4daf"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("orders", sa.Column("note", sa.Text()))


def downgrade():
    op.drop_column("orders", "note")
`,
          },
        ],
      },
      {
        title: 'Alembic: in SQL',
        files: `
# file: migrations/versions/1975ea83b712_orders.py
import sqlalchemy as sa
from alembic import op

revision = "1975ea83b712"
down_revision = None


def upgrade():
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("total", sa.Integer(), nullable=False),
    )


def downgrade():
    op.drop_table("orders")
# file: migrations/versions/ae1027a6acf1_total_of_orders.py
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    op.execute("ALTER TABLE orders ADD CONSTRAINT orders_total_check CHECK (total >= 0)")
                                   ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Adding this check reads all of "orders" under a lock that blocks reads and writes, and fails if a row violates it.


def downgrade():
    op.execute("ALTER TABLE orders DROP CONSTRAINT orders_total_check")
`,
        fixed: [
          {
            title: 'Add the constraint NOT VALID, and validate it in the next revision',
            files: `
# file: migrations/versions/1fa7617c4daf_validate_orders_total_check.py
"""Proves "orders_total_check" for the rows of "orders" that were there before it, while the table is in use.

Runs after ae1027a6acf1, in the same deploy: new rows obey since then.

Revision ID: 1fa7617c4daf
Revises: ae1027a6acf1

"""

from alembic import op

revision = "1fa7617c4daf"
down_revision = "ae1027a6acf1"


def upgrade():
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE orders VALIDATE CONSTRAINT orders_total_check")


def downgrade():
    pass
# file: migrations/versions/ae1027a6acf1_total_of_orders.py
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    op.execute("ALTER TABLE orders ADD CONSTRAINT orders_total_check CHECK (total >= 0) NOT VALID")


def downgrade():
    op.execute("ALTER TABLE orders DROP CONSTRAINT orders_total_check")
`,
          },
        ],
      },
    ],
    good: [
      {
        title: 'A check on a domain that is not validated yet',
        files: `
# file: shop/migrations/0001_domain.py
from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.RunSQL("CREATE DOMAIN amount AS integer", "DROP DOMAIN amount"),
        migrations.RunSQL("CREATE TABLE shop_order (total amount)", "DROP TABLE shop_order"),
    ]
# file: shop/migrations/0002_domain.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_domain")]

    operations = [
        migrations.RunSQL(
            "ALTER DOMAIN amount ADD CONSTRAINT not_negative CHECK (value >= 0) NOT VALID",
            "ALTER DOMAIN amount DROP CONSTRAINT not_negative",
        ),
    ]
`,
      },
      {
        title: 'Not validated now, validated in the next migration',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[("id", models.BigAutoField(primary_key=True)), ("total", models.IntegerField())],
        ),
    ]
# file: shop/migrations/0002_order_total.py
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        AddConstraintNotValid(
            model_name="order",
            constraint=models.CheckConstraint(condition=models.Q(total__gte=0), name="order_total_positive"),
        ),
        migrations.RunSQL(
            "ALTER TABLE shop_order ADD CONSTRAINT total_small CHECK (total < 1000000) NOT VALID",
            "ALTER TABLE shop_order DROP CONSTRAINT total_small",
        ),
    ]
# file: shop/migrations/0003_order_total.py
from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0002_order_total")]

    operations = [
        ValidateConstraint(model_name="order", name="order_total_positive"),
        migrations.RunSQL("ALTER TABLE shop_order VALIDATE CONSTRAINT total_small", migrations.RunSQL.noop),
    ]
`,
      },
      {
        title: 'The table is created by the same migration',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[("id", models.BigAutoField(primary_key=True)), ("total", models.IntegerField())],
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(condition=models.Q(total__gte=0), name="order_total_positive"),
        ),
    ]
`,
      },
      {
        title: 'The check was there before: only the validators change',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[("id", models.BigAutoField(primary_key=True)), ("total", models.PositiveIntegerField())],
        ),
    ]
# file: shop/migrations/0002_order_total.py
import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AlterField(
            "order",
            "total",
            models.PositiveIntegerField(validators=[django.core.validators.MinValueValidator(1)]),
        ),
    ]
`,
      },
      {
        title: 'The project runs on SQLite',
        settings: 'database = "sqlite"',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[("id", models.BigAutoField(primary_key=True)), ("total", models.IntegerField())],
        ),
    ]
# file: shop/migrations/0002_order_total.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(condition=models.Q(total__gte=0), name="order_total_positive"),
        ),
    ]
`,
      },
    ],
  },
};
