import { listed } from '../base/listed.ts';
import { isRefusal } from '../fixes/fix.ts';
import { validatedInAutocommitBlock } from '../fixes/recipes/alembic/validated-apart.ts';
import { validatedInNextRevision } from '../fixes/recipes/alembic/validated-next.ts';
import { type SplitReason, split } from '../fixes/recipes/split.ts';
import { validateLater } from '../fixes/recipes/validate-later.ts';
import { type Change, type ChangeOf, changesOf } from '../schema/change.ts';
import type { Migration } from '../schema/migration.ts';
import { isSameTable, tableText } from '../schema/table-name.ts';
import { sharedTransaction } from './revision-before.ts';
import type { Problem, Rule, RuleContext } from './rule.ts';
import { isInUse } from './tables-in-use.ts';

type NotValid = ChangeOf<'AddConstraint'>;
type Validation = ChangeOf<'ValidateConstraint'>;

export const validateInSameTransaction: Rule = {
  name: 'validate-in-same-transaction',
  level: 'high',
  group: 'Blocks a live table',
  databases: ['postgresql'],
  kinds: ['ValidateConstraint'],
  summary: 'A constraint is added without a check of the rows and validated in the same transaction.',
  docs: {
    whatHappens:
      'Adding a constraint as `NOT VALID` needs a strong lock for an instant, because no row is looked at; `VALIDATE CONSTRAINT` reads every row under a weak one. But a transaction keeps the locks that it has taken until it commits. When both run in one transaction, the rows are read while the strong lock of the first step is still held.',
    whyItHurts:
      'The two steps then block as long as the single one that they replace: reads and writes for a check, writes to both tables for a foreign key.',
    whatToDo: {
      django:
        'Leave `AddConstraintNotValid` where it is and put `ValidateConstraint` into the next migration: each migration is a transaction of its own. The same holds for `ADD CONSTRAINT … NOT VALID` and `VALIDATE CONSTRAINT` in `RunSQL`. Where a migration has `atomic = False`, two strings are enough.',
      alembic:
        'Put the two into two revisions. All revisions of one `alembic upgrade` share a transaction unless `env.py` sets `transaction_per_migration=True`: without it, validate inside `with op.get_context().autocommit_block():`.',
    },
    whenItIsFine:
      'In two migrations, or in two strings of a migration with `atomic = False`, nothing is reported; nor on a table that the same migration creates. In two revisions that follow each other it is told one level milder, and only where `env.py` gives one transaction to all: whoever deploys the first one long before the second is not affected.',
  },
  sources: [
    {
      title: 'PostgreSQL 18: ALTER TABLE, notes',
      url: 'https://www.postgresql.org/docs/18/sql-altertable.html#SQL-ALTERTABLE-NOTES',
    },
    {
      title: 'Django: Adding constraints without enforcing validation',
      url: 'https://docs.djangoproject.com/en/5.2/ref/contrib/postgres/operations/#adding-constraints-without-enforcing-validation',
    },
  ],

  *check(migration, context) {
    for (const change of changesOf(migration.forward, 'ValidateConstraint')) {
      if (!change.applies.database || change.transaction === undefined) continue;
      if (!isInUse(change.table, change, migration, context)) continue;
      const { transaction } = change;
      const earlier = migration.forward.slice(0, migration.forward.indexOf(change));
      const added = addedBefore(
        change,
        earlier.filter((each) => each.transaction === transaction),
      );
      if (added !== undefined) yield inOneMigration(change, added, migration, context);
      else yield* inOneUpgrade(change, migration, context);
    }
  },

  examples: {
    bad: [
      {
        title: 'A check, in one atomic migration',
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
from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        AddConstraintNotValid(
            "order",
            models.CheckConstraint(condition=models.Q(total__gte=0), name="order_total_positive"),
        ),
        ValidateConstraint("order", "order_total_positive"),
        ~~~~~~~~~~~~~~~~~~ Validating "order_total_positive" here reads every row while the transaction still holds the lock of adding it: reads and writes of "shop_order" wait.
    ]
`,
      },
      {
        title: 'A foreign key, in SQL; a string of several statements is one transaction, whatever the migration says',
        files: `
# file: shop/migrations/0002_order_customer.py
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE shop_order ADD CONSTRAINT order_customer_fk
                FOREIGN KEY (customer_id) REFERENCES shop_customer (id) NOT VALID;
            ALTER TABLE shop_order VALIDATE CONSTRAINT order_customer_fk;
                                   ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Validating "order_customer_fk" here reads every row while the transaction still holds the lock of adding it: writes to "shop_order" and "shop_customer" wait.
            """,
            "ALTER TABLE shop_order DROP CONSTRAINT order_customer_fk",
        ),
    ]
`,
        fixed: [
          {
            title: 'Validate it in the next migration',
            files: `
# file: shop/migrations/0002_order_customer.py
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE shop_order ADD CONSTRAINT order_customer_fk
                FOREIGN KEY (customer_id) REFERENCES shop_customer (id) NOT VALID;
            """,
            "ALTER TABLE shop_order DROP CONSTRAINT order_customer_fk",
        ),
    ]
# file: shop/migrations/0003_validate_order_customer_fk.py
"""Proves "order_customer_fk" for the rows of "shop_order" that were there before it, while the table is in use.

Runs after 0002_order_customer, in the same deploy: new rows obey since then.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0002_order_customer"),
    ]

    operations = [
        migrations.RunSQL(
            sql="ALTER TABLE shop_order VALIDATE CONSTRAINT order_customer_fk",
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
`,
          },
        ],
      },
      {
        title: 'Alembic: a check, added and validated in one revision',
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
    op.create_check_constraint("orders_total_check", "orders", "total >= 0", postgresql_not_valid=True)
    # No order is negative.
    op.execute("ALTER TABLE orders VALIDATE CONSTRAINT orders_total_check")
                                   ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Validating "orders_total_check" here reads every row while the transaction still holds the lock of adding it: reads and writes of "orders" wait.


def downgrade():
    op.drop_constraint("orders_total_check", "orders", type_="check")
`,
        fixed: [
          {
            title: 'Validate it in the next revision',
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
    # No order is negative.
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE orders VALIDATE CONSTRAINT orders_total_check")


def downgrade():
    pass
# file: migrations/versions/ae1027a6acf1_total_of_orders.py
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    op.create_check_constraint("orders_total_check", "orders", "total >= 0", postgresql_not_valid=True)


def downgrade():
    op.drop_constraint("orders_total_check", "orders", type_="check")
`,
          },
        ],
      },
      {
        title: 'Alembic: validated by the next revision, where env.py lets both share a transaction',
        files: `
# file: migrations/env.py
from alembic import context
from sqlalchemy import create_engine

engine = create_engine(context.config.get_main_option("sqlalchemy.url"))
with engine.connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
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
    op.create_check_constraint("orders_total_check", "orders", "total >= 0", postgresql_not_valid=True)


def downgrade():
    op.drop_constraint("orders_total_check", "orders", type_="check")
# file: migrations/versions/c3d2b8a97e10_valid_total.py
from alembic import op

revision = "c3d2b8a97e10"
down_revision = "ae1027a6acf1"


def upgrade():
    # No order is negative.
    op.execute("ALTER TABLE orders VALIDATE CONSTRAINT orders_total_check")
                                   ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Validating "orders_total_check" here reads every row while the lock of adding it is still held, where one upgrade runs ae1027a6acf1 as well: reads and writes of "orders" wait.


def downgrade():
    pass
`,
        fixed: [
          {
            title: 'Validate it in an autocommit block, which commits first',
            files: `
# file: migrations/versions/c3d2b8a97e10_valid_total.py
from alembic import op

revision = "c3d2b8a97e10"
down_revision = "ae1027a6acf1"


def upgrade():
    # No order is negative.
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE orders VALIDATE CONSTRAINT orders_total_check")


def downgrade():
    pass
`,
          },
        ],
      },
    ],
    good: [
      {
        title: 'Alembic: in the next revision, with a transaction of its own',
        files: `
# file: migrations/env.py
from alembic import context
from sqlalchemy import create_engine

engine = create_engine(context.config.get_main_option("sqlalchemy.url"))
with engine.connect() as connection:
    context.configure(connection=connection, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
# file: migrations/versions/ae1027a6acf1_total_of_orders.py
from alembic import op

revision = "ae1027a6acf1"
down_revision = None


def upgrade():
    op.create_check_constraint("orders_total_check", "orders", "total >= 0", postgresql_not_valid=True)


def downgrade():
    op.drop_constraint("orders_total_check", "orders", type_="check")
# file: migrations/versions/c3d2b8a97e10_valid_total.py
from alembic import op

revision = "c3d2b8a97e10"
down_revision = "ae1027a6acf1"


def upgrade():
    op.execute("ALTER TABLE orders VALIDATE CONSTRAINT orders_total_check")


def downgrade():
    pass
`,
      },
      {
        title: 'Validated by the next migration',
        files: `
# file: shop/migrations/0002_order_total.py
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        AddConstraintNotValid(
            "order",
            models.CheckConstraint(condition=models.Q(total__gte=0), name="order_total_positive"),
        ),
    ]
# file: shop/migrations/0003_order_total_valid.py
from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0002_order_total")]

    operations = [
        ValidateConstraint("order", "order_total_positive"),
    ]
`,
      },
      {
        title: 'Two strings outside of a transaction: each statement commits by itself',
        files: `
# file: shop/migrations/0002_order_customer.py
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            [
                "ALTER TABLE shop_order ADD CONSTRAINT order_total_positive CHECK (total >= 0) NOT VALID",
                "ALTER TABLE shop_order VALIDATE CONSTRAINT order_total_positive",
            ],
            "ALTER TABLE shop_order DROP CONSTRAINT order_total_positive",
        ),
    ]
`,
      },
    ],
  },
};

/** Where the constraint came in without a check of the rows, in the transaction of the validation. */
function inOneMigration(change: Validation, added: NotValid, migration: Migration, context: RuleContext): Problem {
  return {
    at: change.at,
    message: `Validating "${change.constraint}" here reads every row while the transaction still holds the lock of adding it: ${waiting(added, context)} wait.`,
    cause: change,
    related: [{ file: migration.file, span: added.at, message: 'The lock is taken here.' }],
    fixes: () => {
      const moved = [
        ...validateLater(change, migration, context),
        ...validatedInNextRevision(change, migration, context),
      ];
      if (!moved.every(isRefusal)) return moved;
      return [...moved, ...split([{ earlier: added, later: change }], validatedNext, migration, context)];
    },
  };
}

/** It is milder than in one revision: somebody may have deployed the one before. */
function* inOneUpgrade(change: Validation, migration: Migration, context: RuleContext): Generator<Problem> {
  const together = sharedTransaction(migration, context);
  if (together?.shared.includes(change) !== true) return;
  const added = addedBefore(change, together.left);
  if (added === undefined) return;
  const { file, id } = together.before;
  yield {
    at: change.at,
    message: `Validating "${change.constraint}" here reads every row while the lock of adding it is still held, where one upgrade runs ${id} as well: ${waiting(added, context)} wait.`,
    level: 'medium',
    cause: change,
    related: [{ file, span: added.at, message: 'The lock is taken here.' }],
    fixes: () => validatedInAutocommitBlock(change, migration, context),
  };
}

function addedBefore(validation: Validation, earlier: readonly Change[]): NotValid | undefined {
  const isIt = (change: Change): change is NotValid =>
    change.kind === 'AddConstraint' &&
    change.applies.database &&
    !change.constraint.validated &&
    change.constraint.name === validation.constraint &&
    isSameTable(change.table, validation.table);
  return earlier.findLast(isIt);
}

/** What waits for the locks that adding the constraint took: `writes to "shop_order" and "shop_customer"`. */
function waiting(added: NotValid, context: RuleContext): string {
  const { locks } = context.effects(added);
  const exclusive = locks.filter(({ mode }) => mode === 'ACCESS EXCLUSIVE');
  const names = listed((exclusive.length > 0 ? exclusive : locks).map(({ table }) => tableText(table)));
  return exclusive.length > 0 ? `reads and writes of ${names}` : `writes to ${names}`;
}

const validatedNext: SplitReason = {
  title: () => 'Validate it, and do what follows, in the next migration',
  because: ['The lock of adding the constraint is gone by then: the rows are read while the table is in use.'],
};
