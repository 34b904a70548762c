import type { Effects } from '../database/effects.ts';
import { type ChangeOf, changesOf } from '../schema/change.ts';
import { tableText } from '../schema/table-name.ts';
import type { Rule } from './rule.ts';
import { isInUse } from './tables-in-use.ts';

type Upkeep = ChangeOf<'LockTable' | 'Maintenance'>;

export const tableMaintenance: Rule = {
  name: 'table-maintenance',
  level: 'high',
  group: 'Blocks a live table',
  databases: ['postgresql'],
  kinds: ['LockTable', 'Maintenance'],
  summary: 'A table is locked or written anew as a whole.',
  docs: {
    whatHappens:
      '`VACUUM FULL`, `CLUSTER`, `SET LOGGED`, `SET UNLOGGED`, `SET TABLESPACE` and `SET ACCESS METHOD` copy the whole table and build all its indexes under an `ACCESS EXCLUSIVE` lock. `LOCK TABLE` does nothing but hold a lock, `ACCESS EXCLUSIVE` where no mode is named, until the transaction ends.',
    whyItHurts:
      'Nobody can read or write the table until the copy is done, and the copy needs as much disk again as the table has. It is upkeep of one database, which a migration repeats on every other one.',
    whatToDo: {
      django:
        'Do it outside of migrations, in a maintenance window, or with a tool that copies beside the running table, such as `pg_repack`. Plain `VACUUM` and `ANALYZE` block nobody. Instead of `LOCK TABLE`, let `SELECT … FOR UPDATE` lock the rows that matter.',
      alembic: 'The same: upkeep is no schema change.',
    },
    whenItIsFine:
      'Plain `VACUUM` and `ANALYZE`, lock modes that let reads and writes go on, and tables that the same migration creates are not reported.',
  },
  sources: [
    { title: 'PostgreSQL 18: VACUUM', url: 'https://www.postgresql.org/docs/18/sql-vacuum.html' },
    { title: 'PostgreSQL 18: CLUSTER', url: 'https://www.postgresql.org/docs/18/sql-cluster.html' },
    { title: 'PostgreSQL 18: LOCK', url: 'https://www.postgresql.org/docs/18/sql-lock.html' },
    { title: 'PostgreSQL 18: ALTER TABLE', url: 'https://www.postgresql.org/docs/18/sql-altertable.html' },
  ],

  *check(migration, context) {
    for (const change of changesOf(migration.forward, 'LockTable', 'Maintenance')) {
      if (!change.applies.database) continue;
      if (change.table !== undefined && !isInUse(change.table, change, migration, context)) continue;
      const message = messageOf(change, context.effects(change));
      if (message !== undefined) yield { at: change.at, message, cause: change };
    }
  },

  examples: {
    bad: [
      {
        title: 'The table is written anew',
        files: `
# file: shop/migrations/0002_upkeep.py
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL("VACUUM FULL shop_order", migrations.RunSQL.noop),
                           ~~~~~~~~~~~~~~~~~~~~~~ VACUUM FULL writes "shop_order" anew: nobody can read or write it until it is done.
        migrations.RunSQL("VACUUM (FULL, ANALYZE)", migrations.RunSQL.noop),
                           ~~~~~~~~~~~~~~~~~~~~~~ VACUUM FULL writes every table of the database anew: nobody can read or write one until it is done.
        migrations.RunSQL("CLUSTER", migrations.RunSQL.noop),
                           ~~~~~~~ CLUSTER writes every table that was clustered before anew: nobody can read or write one until it is done.
        migrations.RunSQL("CLUSTER shop_order USING order_placed_at_idx", migrations.RunSQL.noop),
                           ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ CLUSTER writes "shop_order" anew: nobody can read or write it until it is done.
        migrations.RunSQL(
            """
            ALTER TABLE shop_event SET UNLOGGED;
                                   ~~~~~~~~~~~~ SET UNLOGGED writes "shop_event" anew: nobody can read or write it until it is done.
            ALTER TABLE shop_event SET LOGGED;
                                   ~~~~~~~~~~ SET LOGGED writes "shop_event" anew: nobody can read or write it until it is done.
            ALTER TABLE shop_event SET TABLESPACE slow;
                                   ~~~~~~~~~~~~~~~~~~~ SET TABLESPACE writes "shop_event" anew: nobody can read or write it until it is done.
            ALTER TABLE shop_event SET ACCESS METHOD columnar;
                                   ~~~~~~~~~~~~~~~~~~~~~~~~~~ SET ACCESS METHOD writes "shop_event" anew: nobody can read or write it until it is done.
            """,
            migrations.RunSQL.noop,
        ),
    ]
`,
      },
      {
        title: 'The table is locked',
        files: `
# file: shop/migrations/0002_number_orders.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            LOCK TABLE shop_order;
            ~~~~~~~~~~~~~~~~~~~~~ LOCK TABLE keeps reads and writes of "shop_order" waiting until the transaction ends.
            LOCK TABLE shop_line IN SHARE ROW EXCLUSIVE MODE;
            ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ LOCK TABLE keeps writes to "shop_line" waiting until the transaction ends.
            UPDATE shop_order SET number = 1 WHERE number IS NULL;
            """,
            migrations.RunSQL.noop,
        ),
    ]
`,
      },
      {
        title: 'Alembic: a lock by hand, and a table written anew',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_row_counts.py
"""Count rows"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.execute("LOCK TABLE packages IN EXCLUSIVE MODE")
                ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ LOCK TABLE keeps writes to "packages" waiting until the transaction ends.
    op.execute("INSERT INTO row_counts SELECT 'packages', count(*) FROM packages")
    with op.get_context().autocommit_block():
        op.execute(sa.text("VACUUM FULL packages"))
                            ~~~~~~~~~~~~~~~~~~~~ VACUUM FULL writes "packages" anew: nobody can read or write it until it is done.


def downgrade():
    pass
`,
      },
    ],
    good: [
      {
        title: 'What blocks nobody: VACUUM, ANALYZE, weak locks',
        files: `
# file: shop/migrations/0002_upkeep.py
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL("VACUUM ANALYZE shop_order", migrations.RunSQL.noop),
        migrations.RunSQL("VACUUM (FULL false) shop_order", migrations.RunSQL.noop),
        migrations.RunSQL("ANALYZE shop_order (placed_at)", migrations.RunSQL.noop),
        migrations.RunSQL(
            """
            LOCK TABLE shop_order IN SHARE UPDATE EXCLUSIVE MODE;
            ALTER TABLE shop_order CLUSTER ON order_placed_at_idx;
            """,
            migrations.RunSQL.noop,
        ),
    ]
`,
      },
      {
        title: 'A table of the same migration',
        files: `
# file: shop/migrations/0002_event.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            CREATE TABLE shop_event (id bigint PRIMARY KEY, at timestamptz);
            ALTER TABLE shop_event SET UNLOGGED;
            LOCK TABLE shop_event;
            """,
            "DROP TABLE shop_event",
        ),
    ]
`,
      },
      {
        title: 'Alembic: what runs beside the traffic',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_row_counts.py
"""Count rows"""
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    with op.get_context().autocommit_block():
        op.execute("VACUUM ANALYZE packages")


def downgrade():
    pass
`,
      },
    ],
  },
};

/** What is done in PostgreSQL's words; all others leave the table where it is. */
const rewriting: Readonly<Partial<Record<ChangeOf<'Maintenance'>['operation'], string>>> = {
  cluster: 'CLUSTER',
  'set-access-method': 'SET ACCESS METHOD',
  'set-logged': 'SET LOGGED',
  'set-tablespace': 'SET TABLESPACE',
  'set-unlogged': 'SET UNLOGGED',
  'vacuum-full': 'VACUUM FULL',
};

/** `undefined` for what lets others read and write. */
function messageOf(change: Upkeep, { blocks }: Effects): string | undefined {
  if (change.kind === 'LockTable') {
    if (blocks !== 'writes' && blocks !== 'reads and writes') return undefined;
    const waiting = blocks === 'writes' ? 'writes to' : 'reads and writes of';
    return `LOCK TABLE keeps ${waiting} ${tableText(change.table)} waiting until the transaction ends.`;
  }
  const words = rewriting[change.operation];
  if (words === undefined) return undefined;
  if (change.table !== undefined) {
    return `${words} writes ${tableText(change.table)} anew: nobody can read or write it until it is done.`;
  }
  const tables = change.operation === 'cluster' ? 'that was clustered before' : 'of the database';
  return `${words} writes every table ${tables} anew: nobody can read or write one until it is done.`;
}
