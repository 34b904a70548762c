import { type ChangeOf, changesOf } from '../schema/change.ts';
import { tableText } from '../schema/table-name.ts';
import type { Rule } from './rule.ts';
import { isInUse } from './tables-in-use.ts';

export const disabledTriggers: Rule = {
  name: 'disabled-triggers',
  level: 'high',
  group: 'Blocks a live table',
  databases: ['postgresql'],
  kinds: ['SwitchTriggers'],
  summary: 'Triggers are switched off, and with them what keeps the rows right.',
  docs: {
    whatHappens:
      '`DISABLE TRIGGER ALL` and `session_replication_role = replica` switch off every trigger, those included by which PostgreSQL keeps foreign keys. `DISABLE TRIGGER USER` switches off all others: audit trails, search vectors, denormalized columns. On a table it needs a `SHARE ROW EXCLUSIVE` lock, so writes wait until the migration commits.',
    whyItHurts:
      'Rows written meanwhile are never looked at again: switching the triggers on does not check what happened while they were off. A foreign key may point to nothing from then on, and a later restore of a backup fails. Outside of a transaction the writes of everybody else go unchecked, too, and a migration that fails in between leaves the triggers off. Disabling all triggers needs superuser rights, which hosted databases do not give.',
    whatToDo: {
      django:
        'Write rows in an order that satisfies the foreign keys; Django creates them as `DEFERRABLE INITIALLY DEFERRED`, so the order within one transaction does not matter. Name the one trigger that is in the way: `DISABLE TRIGGER name`, and `ENABLE TRIGGER name` in the same transaction.',
      alembic: 'The same: `SET CONSTRAINTS ALL DEFERRED`, or one trigger by its name.',
    },
    whenItIsFine:
      'One trigger that is disabled by its name is not reported, nor are triggers of a table that the same migration creates.',
  },
  sources: [
    { title: 'PostgreSQL 18: ALTER TABLE', url: 'https://www.postgresql.org/docs/18/sql-altertable.html' },
    {
      title: 'PostgreSQL 18: session_replication_role',
      url: 'https://www.postgresql.org/docs/18/runtime-config-client.html#GUC-SESSION-REPLICATION-ROLE',
    },
  ],

  *check(migration, context) {
    for (const change of changesOf(migration.forward, 'SwitchTriggers')) {
      if (change.enabled || typeof change.triggers === 'object' || !change.applies.database) continue;
      if (change.table !== undefined && !isInUse(change.table, change, migration, context)) continue;
      yield { at: change.at, message: messageOf(change), cause: change };
    }
  },

  examples: {
    bad: [
      {
        title: 'The triggers of a table',
        files: `
# file: shop/migrations/0002_move_orders.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE shop_order DISABLE TRIGGER ALL;
                                   ~~~~~~~~~~~~~~~~~~~ No foreign key of "shop_order" is kept from here on: what is written while its triggers are off is never checked.
            ALTER TABLE shop_line DISABLE TRIGGER USER;
                                  ~~~~~~~~~~~~~~~~~~~~ No trigger of "shop_line" runs from here on: what they do for each row is missing from what is written meanwhile.
            UPDATE shop_order SET customer_id = 7 WHERE customer_id = 8;
            ALTER TABLE shop_line ENABLE TRIGGER USER;
            ALTER TABLE shop_order ENABLE TRIGGER ALL;
            """,
            migrations.RunSQL.noop,
        ),
    ]
`,
      },
      {
        title: 'All triggers, for the rest of the session',
        files: `
# file: shop/migrations/0002_move_orders.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL("SET session_replication_role = replica", "SET session_replication_role = DEFAULT"),
                           ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ No foreign key is kept and no trigger runs in this session from here on: what it writes is never checked.
    ]
`,
      },
      {
        title: 'Alembic: around a correction of rows',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_correct_totals.py
"""Correct the totals"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    connection = op.get_bind()
    connection.exec_driver_sql("SET session_replication_role = replica")
                                ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ No foreign key is kept and no trigger runs in this session from here on: what it writes is never checked.
    op.execute("ALTER TABLE orders DISABLE TRIGGER ALL")
                                   ~~~~~~~~~~~~~~~~~~~ No foreign key of "orders" is kept from here on: what is written while its triggers are off is never checked.
    op.execute("UPDATE orders SET total = 0 WHERE total < 0")
    op.execute("ALTER TABLE orders ENABLE TRIGGER ALL")


def downgrade():
    pass
`,
      },
    ],
    good: [
      {
        title: 'One trigger by its name; triggers that are switched on',
        files: `
# file: shop/migrations/0002_move_orders.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE shop_order DISABLE TRIGGER order_audit;
            UPDATE shop_order SET customer_id = 7 WHERE customer_id = 8;
            ALTER TABLE shop_order ENABLE TRIGGER order_audit;
            ALTER TABLE shop_line ENABLE TRIGGER ALL;
            """,
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL("SET session_replication_role = DEFAULT", migrations.RunSQL.noop),
    ]
`,
      },
      {
        title: 'Foreign keys wait for the end of the transaction',
        files: `
# file: shop/migrations/0002_move_orders.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            SET CONSTRAINTS ALL DEFERRED;
            UPDATE shop_order SET customer_id = 7 WHERE customer_id = 8;
            """,
            migrations.RunSQL.noop,
        ),
    ]
`,
      },
      {
        title: 'Alembic: one trigger, by its name',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_correct_totals.py
"""Correct the totals"""
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.execute("ALTER TABLE orders DISABLE TRIGGER orders_audit")
    op.execute("UPDATE orders SET total = 0 WHERE total < 0")
    op.execute("ALTER TABLE orders ENABLE TRIGGER orders_audit")


def downgrade():
    pass
`,
      },
    ],
  },
};

function messageOf({ table, triggers }: ChangeOf<'SwitchTriggers'>): string {
  if (table === undefined) {
    return 'No foreign key is kept and no trigger runs in this session from here on: what it writes is never checked.';
  }
  return triggers === 'all'
    ? `No foreign key of ${tableText(table)} is kept from here on: what is written while its triggers are off is never checked.`
    : `No trigger of ${tableText(table)} runs from here on: what they do for each row is missing from what is written meanwhile.`;
}
