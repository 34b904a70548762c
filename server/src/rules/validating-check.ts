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
        'Use `op.create_check_constraint(…, postgresql_not_valid=True)`, and `op.execute("ALTER TABLE … VALIDATE CONSTRAINT …")` in the next revision.',
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
        fixes: () => [...checkInSteps(change, migration, context), ...notValidSql(change, migration, context)],
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
