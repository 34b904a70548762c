import { withoutTransactionControl } from '../fixes/recipes/without-transaction-control.ts';
import { changesOf } from '../schema/change.ts';
import type { TransactionControl } from '../schema/sql-change.ts';
import type { Problem, Rule } from './rule.ts';

export const transactionControl: Rule = {
  name: 'transaction-control',
  level: 'high',
  group: 'Fails when it runs',
  kinds: ['TransactionControl'],
  summary: 'SQL ends the transaction that the migration runs in.',
  docs: {
    whatHappens:
      'Django opens a transaction around each migration. A `COMMIT` or `ROLLBACK` in its SQL ends that transaction behind Django’s back; what comes after it runs in another one. A `BEGIN` changes nothing but prints a warning, and its `COMMIT` ends the transaction of the migration. Inside a `DO` block PostgreSQL refuses to end a transaction that was opened around it.',
    whyItHurts:
      'If a later step fails, what was committed before stays, the migration is not recorded as applied, and running it again begins with what is already there. A `ROLLBACK` throws the first half away, and the migration is recorded as if it had been done.',
    whatToDo: {
      django:
        'Leave the transaction to Django: take `BEGIN` and `COMMIT` out. Where steps really have to be committed one by one, set `atomic = False` on the Migration class.',
      alembic:
        'Leave the transaction to Alembic, or run the statements inside `with op.get_context().autocommit_block():`.',
    },
    whenItIsFine:
      'A migration with `atomic = False` has no transaction to end: `BEGIN` and `COMMIT` are its own there. Savepoints are part of a transaction and not reported.',
  },
  sources: [
    { title: 'PostgreSQL 18: COMMIT', url: 'https://www.postgresql.org/docs/18/sql-commit.html' },
    {
      title: 'Django: Non-atomic migrations',
      url: 'https://docs.djangoproject.com/en/5.2/howto/writing-migrations/#non-atomic-migrations',
    },
  ],

  *check(migration, context) {
    const changes = changesOf(migration.forward, 'TransactionControl').filter(isInside);
    for (const change of changes) {
      const problem = problemOf(change, changes.slice(changes.indexOf(change) + 1));
      const fixes = () => withoutTransactionControl(change, migration, context);
      if (problem !== undefined) yield { ...problem, fixes };
    }
  },

  examples: {
    bad: [
      {
        title: 'A script of one’s own is run as it is',
        files: `
# file: shop/migrations/0002_totals.py
from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL(
            """
            BEGIN;
            UPDATE shop_order SET total = price WHERE total IS NULL;
            COMMIT;
            ~~~~~~ COMMIT ends the transaction of this migration: what was done so far stays, whatever happens next.
            """,
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            ["DELETE FROM shop_cart WHERE id < 10", "ROLLBACK"],
                                                     ~~~~~~~~ ROLLBACK throws away what this migration has done so far, and ends its transaction.
            migrations.RunSQL.noop,
        ),
    ]
`,
        fixed: [
          {
            title: 'Remove BEGIN and COMMIT: the migration runs in a transaction of its own',
            files: `
# file: shop/migrations/0002_totals.py
from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL(
            """
            UPDATE shop_order SET total = price WHERE total IS NULL;
            """,
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            ["DELETE FROM shop_cart WHERE id < 10", "ROLLBACK"],
            migrations.RunSQL.noop,
        ),
    ]
`,
          },
        ],
      },
      {
        title: 'A transaction that is open already, and a block that must not end it',
        files: `
# file: shop/migrations/0002_totals.py
from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL(
            """
            DO $$
            BEGIN
                UPDATE shop_order SET total = price WHERE total IS NULL;
                COMMIT;
                ~~~~~~ COMMIT in a block is refused inside a transaction: the migration fails when it runs.
            END
            $$
            """,
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL("START TRANSACTION", migrations.RunSQL.noop),
                           ~~~~~~~~~~~~~~~~~ START TRANSACTION does nothing here: the migration already runs in a transaction.
    ]
`,
      },
      {
        title: 'Alembic: a script of one’s own is sent as it is',
        files: `
# file: migrations/versions/9c2f5a1b7e44_orders.py
"""Orders"""
import sqlalchemy as sa
from alembic import op

revision = "9c2f5a1b7e44"
down_revision = None


def upgrade():
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("total", sa.Integer()),
    )


def downgrade():
    op.drop_table("orders")
# file: migrations/versions/5b0f6f6ad3b1_orders_total.py
"""Totals"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.execute(
        sa.text(
            """
            BEGIN;
            UPDATE orders SET total = 0 WHERE total IS NULL;
            COMMIT;
            ~~~~~~ COMMIT ends the transaction of this migration: what was done so far stays, whatever happens next.
            """
        )
    )


def downgrade():
    pass
`,
        fixed: [
          {
            title: 'Remove BEGIN and COMMIT: Alembic has opened a transaction',
            files: `
# file: migrations/versions/5b0f6f6ad3b1_orders_total.py
"""Totals"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.execute(
        sa.text(
            """
            UPDATE orders SET total = 0 WHERE total IS NULL;
            """
        )
    )


def downgrade():
    pass
`,
          },
        ],
      },
    ],
    good: [
      {
        title: 'Without a transaction around it',
        files: `
# file: shop/migrations/0002_totals.py
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    operations = [
        migrations.RunSQL(
            """
            BEGIN;
            UPDATE shop_order SET total = price WHERE total IS NULL;
            COMMIT;
            """,
            migrations.RunSQL.noop,
        ),
    ]
`,
      },
      {
        title: 'Savepoints, the words in a body of PL/pgSQL, a procedure',
        files: `
# file: shop/migrations/0002_totals.py
from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL("SAVEPOINT a; UPDATE shop_order SET total = 0 WHERE id = 1; RELEASE SAVEPOINT a", ""),
        migrations.RunSQL(
            """
            CREATE PROCEDURE fill() LANGUAGE plpgsql AS $$
            BEGIN
                UPDATE shop_order SET total = price WHERE total IS NULL;
                COMMIT;
            END
            $$
            """,
            "DROP PROCEDURE fill",
        ),
    ]
`,
      },
    ],
  },
};

/** Whether it is about the transaction that was opened around the migration. */
function isInside({ applies, transaction, origin: { sql } }: TransactionControl): boolean {
  return applies.database && transaction !== undefined && sql?.implicitTransaction !== true;
}

const endings: ReadonlySet<TransactionControl['command']> = new Set(['commit', 'prepare', 'rollback']);

function problemOf(change: TransactionControl, later: readonly TransactionControl[]): Problem | undefined {
  const { at, command } = change;
  // What is certain to fail is worse than what is done by halves.
  const isRefused = change.origin.sql?.inBody === true && change.certainty === 'certain';
  const level = isRefused ? ({ level: 'critical' } as const) : {};
  if (endings.has(command)) return { at, message: endingText(change), cause: change, ...level };
  // Where its end is told, the beginning is told with it.
  if (command !== 'begin' || later.some((each) => endings.has(each.command))) return undefined;
  const word = /^START\b/i.test(change.origin.sql?.text ?? '') ? 'START TRANSACTION' : 'BEGIN';
  const message = `${word} does nothing here: the migration already runs in a transaction.`;
  return { at, message, cause: change, level: 'low' };
}

function endingText({ command, origin }: TransactionControl): string {
  const word = command === 'prepare' ? 'PREPARE TRANSACTION' : command.toUpperCase();
  if (origin.sql?.inBody === true) {
    return `${word} in a block is refused inside a transaction: the migration fails when it runs.`;
  }
  return command === 'rollback'
    ? 'ROLLBACK throws away what this migration has done so far, and ends its transaction.'
    : `${word} ends the transaction of this migration: what was done so far stays, whatever happens next.`;
}
