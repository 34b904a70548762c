import { tableFreeOfEvents } from '../database/postgresql/pending-events.ts';
import { split } from '../fixes/recipes/split.ts';
import { type Change, changesOf, type WriteRows } from '../schema/change.ts';
import type { Column } from '../schema/column.ts';
import type { Migration } from '../schema/migration.ts';
import { referringColumns } from '../schema/references.ts';
import { findTable, type Schema } from '../schema/schema.ts';
import { isSameTable, type TableKey, type TableName, tableKeyOf, tableText } from '../schema/table-name.ts';
import { namePattern } from './data-writes.ts';
import type { Rule, RuleContext } from './rule.ts';
import { schemaAndDataApart } from './schema-and-data.ts';

export const pendingTriggerEvents: Rule = {
  name: 'pending-trigger-events',
  level: 'critical',
  group: 'Fails when it runs',
  databases: ['postgresql'],
  kinds: ['WriteRows'],
  summary: 'Rows of a table are written, and the table is altered in the same transaction.',
  docs: {
    whatHappens:
      'Django’s foreign keys are checked when the transaction ends. Until then, PostgreSQL has an event pending for each row that was inserted, whose foreign key was changed, or that was deleted from a table that others refer to. It refuses to alter, index, truncate or drop a table with such events: «cannot ALTER TABLE because it has pending trigger events».',
    whyItHurts:
      'On an empty database nothing is written and the migration passes. In the deploy there are rows, and it fails every time.',
    whatToDo: {
      django:
        'Write the rows in a migration of their own, before or after the one that changes the schema: each commits by itself. Where both have to stay together, run `SET CONSTRAINTS ALL IMMEDIATE` between them, which has the rows checked at once.',
      alembic: 'Write the rows in a revision of their own, or run `SET CONSTRAINTS ALL IMMEDIATE` between the two.',
    },
    whenItIsFine:
      'Updates of columns that are no foreign keys leave nothing pending, and neither does anything on tables without deferred foreign keys. Renaming a table or a column, and what runs in another transaction (`atomic = False`), are not reported.',
  },
  sources: [
    { title: 'PostgreSQL 18: SET CONSTRAINTS', url: 'https://www.postgresql.org/docs/18/sql-set-constraints.html' },
    { title: 'Django: RunPython', url: 'https://docs.djangoproject.com/en/5.2/ref/migration-operations/#runpython' },
  ],

  *check(migration, context) {
    if (changesOf(migration.forward, 'WriteRows').length === 0) return;
    const transactions = new Map<string, Transaction>();
    const settled = settledByDjango(migration);
    const altered = new Set(migration.forward.map((change) => placeOf(change, tableFreeOfEvents(change))));
    const told = new Set<string>();
    for (const change of inOrderOfExecution(migration)) {
      if (change.transaction === undefined) continue;
      const transaction = transactions.get(change.transaction) ?? {
        events: new Map(),
        isReferredTo: new Map(),
        isImmediate: false,
      };
      transactions.set(change.transaction, transaction);
      settle(change, transaction, context);
      const table = tableFreeOfEvents(change);
      const event = table && eventOf(table, transaction);
      if (table !== undefined && event !== undefined && !told.has(placeOf(change, table))) {
        told.add(placeOf(change, table));
        yield {
          at: change.at,
          message: `${tableText(table)} cannot be changed in the transaction that has written to its rows, before their foreign keys are checked: the migration fails.`,
          cause: change,
          covers: [event.write],
          related: [{ file: migration.file, span: event.write.at, message: 'Here its rows are written.' }],
          ...(event.write.certainty === 'conditional' ? { level: 'high' } : {}),
          fixes: () =>
            split(
              [...schemaAndDataApart(migration, context), { earlier: event.write, later: change }],
              {
                title: (count) => `Write the rows and change the tables in ${count} migrations`,
                because: [
                  'In one transaction it would fail: PostgreSQL checks the foreign keys of the rows at its end, and alters',
                  'no table before that.',
                ],
              },
              migration,
              context,
            ),
        };
      }
      // Events of tables that nobody alters are in nobody's way.
      if (change.kind !== 'WriteRows' || !altered.has(placeOf(change, change.table))) continue;
      queue(change, transaction, settled, context);
    }
  },

  examples: {
    bad: [
      {
        title: 'Rows are inserted, or get another foreign key, before their table is altered',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(name="Customer", fields=[("id", models.BigAutoField(primary_key=True))]),
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("customer", models.ForeignKey("shop.customer", on_delete=models.CASCADE)),
                ("note", models.TextField(default="")),
            ],
        ),
    ]
# file: shop/migrations/0002_order.py
from django.db import migrations, models


def move(apps, schema_editor):
    apps.get_model("shop", "Order").objects.filter(customer=1).update(customer=2)
    apps.get_model("shop", "Customer").objects.filter(id=1).delete()


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunPython(move, migrations.RunPython.noop),
        migrations.AddField("order", "paid", models.BooleanField(null=True)),
                                     ~~~~~~ "shop_order" cannot be changed in the transaction that has written to its rows, before their foreign keys are checked: the migration fails.
        migrations.AddField("customer", "name", models.TextField(null=True)),
                                        ~~~~~~ "shop_customer" cannot be changed in the transaction that has written to its rows, before their foreign keys are checked: the migration fails.
    ]
`,
        fixed: [
          {
            title: 'Write the rows and change the tables in 2 migrations',
            files: `
# file: shop/migrations/0002_order.py
from django.db import migrations


def move(apps, schema_editor):
    apps.get_model("shop", "Order").objects.filter(customer=1).update(customer=2)
    apps.get_model("shop", "Customer").objects.filter(id=1).delete()


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunPython(move, migrations.RunPython.noop),
    ]
# file: shop/migrations/0003_order_paid_customer_name.py
"""Changes "shop_order" and "shop_customer".

Runs after 0002_order, in the same deploy.
In one transaction it would fail: PostgreSQL checks the foreign keys of the rows at its end, and alters
no table before that.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0002_order"),
    ]

    operations = [
        migrations.AddField("order", "paid", models.BooleanField(null=True)),
        migrations.AddField("customer", "name", models.TextField(null=True)),
    ]
`,
          },
        ],
      },
      {
        title: 'In SQL, in a migration and in a single string',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL(
            """
            CREATE TABLE shop_customer (id bigint PRIMARY KEY);
            CREATE TABLE shop_order (
                id bigint PRIMARY KEY,
                customer_id bigint REFERENCES shop_customer DEFERRABLE INITIALLY DEFERRED,
                note text
            );
            CREATE TABLE shop_line (id bigint PRIMARY KEY, order_id bigint);
            ALTER TABLE shop_line
                ADD CONSTRAINT line_order FOREIGN KEY (order_id) REFERENCES shop_order DEFERRABLE INITIALLY DEFERRED;
            """,
            migrations.RunSQL.noop,
        ),
    ]
# file: shop/migrations/0002_order.py
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            INSERT INTO shop_order (id, note) VALUES (1, 'first');
            CREATE INDEX shop_order_note ON shop_order (note);
            ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ "shop_order" cannot be changed in the transaction that has written to its rows, before their foreign keys are checked: the migration fails.
            UPDATE shop_line SET order_id = 1 WHERE id < 10;
            ALTER TABLE shop_line ALTER COLUMN order_id SET NOT NULL;
                                  ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ "shop_line" cannot be changed in the transaction that has written to its rows, before their foreign keys are checked: the migration fails.
            """,
            migrations.RunSQL.noop,
        ),
    ]
`,
        fixed: [
          {
            title: 'Write the rows and change the tables in 4 migrations',
            files: `
# file: shop/migrations/0002_order.py
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            INSERT INTO shop_order (id, note) VALUES (1, 'first');
            """,
            migrations.RunSQL.noop,
        ),
    ]
# file: shop/migrations/0003_shop_order_note.py
"""Changes "shop_order".

Runs after 0002_order, in the same deploy.
In one transaction it would fail: PostgreSQL checks the foreign keys of the rows at its end, and alters
no table before that.
"""

from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("shop", "0002_order"),
    ]

    operations = [
        migrations.RunSQL(
            sql="CREATE INDEX shop_order_note ON shop_order (note)",
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
# file: shop/migrations/0004_shop_line_rows.py
"""Writes rows of "shop_line".

Runs after 0003_shop_order_note, in the same deploy.
In one transaction it would fail: PostgreSQL checks the foreign keys of the rows at its end, and alters
no table before that.
"""

from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("shop", "0003_shop_order_note"),
    ]

    operations = [
        migrations.RunSQL(
            sql="UPDATE shop_line SET order_id = 1 WHERE id < 10",
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
# file: shop/migrations/0005_alter_shop_line_order_id.py
"""Changes "shop_line".

Runs after 0004_shop_line_rows, in the same deploy.
In one transaction it would fail: PostgreSQL checks the foreign keys of the rows at its end, and alters
no table before that.
"""

from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("shop", "0004_shop_line_rows"),
    ]

    operations = [
        migrations.RunSQL(
            sql="ALTER TABLE shop_line ALTER COLUMN order_id SET NOT NULL",
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
`,
          },
        ],
      },
      {
        title: 'Alembic: rows get their deferred key, and the table is altered',
        files: `
# file: migrations/versions/9c2f5a1b7e44_orders.py
"""Orders"""
import sqlalchemy as sa
from alembic import op

revision = "9c2f5a1b7e44"
down_revision = None


def upgrade():
    op.create_table("couriers", sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True))
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("courier_id", sa.BigInteger()),
        sa.ForeignKeyConstraint(
            ["courier_id"], ["couriers.id"], name="orders_courier_id_fkey", deferrable=True, initially="DEFERRED"
        ),
    )


def downgrade():
    op.drop_table("orders")
    op.drop_table("couriers")
# file: migrations/versions/5b0f6f6ad3b1_first_courier.py
"""Orders go to the first courier"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.execute("UPDATE orders SET courier_id = 1 WHERE courier_id IS NULL")
    op.add_column("orders", sa.Column("picked_up_at", sa.DateTime(timezone=True)))
    ~~~~~~~~~~~~~ "orders" cannot be changed in the transaction that has written to its rows, before their foreign keys are checked: the migration fails.


def downgrade():
    op.drop_column("orders", "picked_up_at")
`,
      },
    ],
    good: [
      {
        title: 'Other columns, no foreign keys, checked at once, renamed, another transaction',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(name="Customer", fields=[("id", models.BigAutoField(primary_key=True))]),
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("customer", models.ForeignKey("shop.customer", null=True, on_delete=models.CASCADE)),
                ("note", models.TextField(default="")),
            ],
        ),
        migrations.CreateModel(name="Color", fields=[("id", models.BigAutoField(primary_key=True))]),
    ]
# file: shop/migrations/0002_order.py
from django.db import migrations, models


def write(apps, schema_editor):
    Order = apps.get_model("shop", "Order")
    Order.objects.filter(note="x").update(note="")
    Order.objects.filter(customer=1).update(customer=None)
    Order.objects.filter(note="gone").delete()
    apps.get_model("shop", "Color").objects.create(id=1)


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunPython(write, migrations.RunPython.noop),
        migrations.AddField("order", "paid", models.BooleanField(null=True)),
        migrations.AddField("color", "name", models.TextField(null=True)),
        migrations.RunSQL("UPDATE shop_order SET customer_id = 2 WHERE id = 1", migrations.RunSQL.noop),
        migrations.RenameField("order", "note", "remark"),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AddField("order", "closed", models.BooleanField(null=True)),
    ]
`,
      },
      {
        title: 'Django has the rows of a new key checked at once, and of one that it drops',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(name="Customer", fields=[("id", models.BigAutoField(primary_key=True))]),
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("buyer", models.ForeignKey("shop.customer", null=True, on_delete=models.CASCADE)),
            ],
        ),
    ]
# file: shop/migrations/0002_order.py
from django.db import migrations, models


def fill(apps, schema_editor):
    apps.get_model("shop", "Order").objects.filter(payer=None).update(payer=1, buyer=2)


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField(
            "order", "payer", models.ForeignKey("shop.customer", null=True, on_delete=models.CASCADE, related_name="+")
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RemoveField("order", "buyer"),
    ]
`,
      },
      {
        title: 'Alembic: the keys are checked before the table is altered, or nothing is deferred',
        files: `
# file: migrations/versions/9c2f5a1b7e44_orders.py
"""Orders"""
import sqlalchemy as sa
from alembic import op

revision = "9c2f5a1b7e44"
down_revision = None


def upgrade():
    op.create_table("couriers", sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True))
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("courier_id", sa.BigInteger(), sa.ForeignKey("couriers.id", deferrable=True, initially="DEFERRED")),
    )
    op.create_table(
        "parcels",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("courier_id", sa.BigInteger(), sa.ForeignKey("couriers.id")),
    )


def downgrade():
    op.drop_table("parcels")
    op.drop_table("orders")
    op.drop_table("couriers")
# file: migrations/versions/5b0f6f6ad3b1_first_courier.py
"""Orders go to the first courier"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.execute("UPDATE orders SET courier_id = 1 WHERE courier_id IS NULL")
    op.execute("SET CONSTRAINTS ALL IMMEDIATE")
    op.add_column("orders", sa.Column("picked_up_at", sa.DateTime(timezone=True)))
    op.execute("UPDATE parcels SET courier_id = 1 WHERE courier_id IS NULL")
    op.add_column("parcels", sa.Column("picked_up_at", sa.DateTime(timezone=True)))


def downgrade():
    op.drop_column("parcels", "picked_up_at")
    op.drop_column("orders", "picked_up_at")
`,
      },
    ],
  },
};

interface Transaction {
  /** The first one of each foreign key. */
  readonly events: Map<string, PendingEvent>;
  /** What was found out about tables from which rows were deleted, as long as no foreign key is added. */
  readonly isReferredTo: Map<TableKey, boolean>;
  /** Constraints are checked as rows are written, for the rest of the transaction. */
  isImmediate: boolean;
}

interface PendingEvent {
  /** Whose rows were written. */
  readonly table: TableName;
  /** Of the foreign key that is going to be checked; undefined for those of other tables. */
  readonly column: string | undefined;
  readonly write: WriteRows;
}

/** Some indexes are built when the rest of the migration is done. */
function inOrderOfExecution({ forward }: Migration): readonly Change[] {
  const happens = forward.filter(({ applies }) => applies.database);
  const isLast = (change: Change): boolean => change.kind === 'CreateIndex' && change.sentLast === true;
  return [...happens.filter((change) => !isLast(change)), ...happens.filter(isLast)];
}

/** A table in a transaction. */
function placeOf({ transaction }: Change, table: TableName | undefined): string {
  return `${transaction} ${table && tableKeyOf(table)}`;
}

function eventOf(table: TableName, { events }: Transaction): PendingEvent | undefined {
  for (const event of events.values()) if (isSameTable(event.table, table)) return event;
  return undefined;
}

/** What has events checked before they are in the way, or throws them away. */
function settle(change: Change, transaction: Transaction, context: RuleContext): void {
  const drop = (isSettled: (event: PendingEvent) => boolean): void => {
    for (const [key, event] of transaction.events) if (isSettled(event)) transaction.events.delete(key);
  };
  switch (change.kind) {
    case 'SetConstraints': {
      const { constraints, when } = change;
      if (constraints === 'all') transaction.isImmediate = when === 'immediate';
      // Those that are named are taken for all: whose they are is not always known.
      if (when === 'immediate') drop(() => true);
      return;
    }
    case 'TransactionControl':
      if (change.command === 'commit' || change.command === 'rollback') drop(() => true);
      return;
    case 'DropConstraint': {
      const known = findTable(context.before(change), change.table)?.constraints.get(change.constraint);
      const columns = known?.columns ?? change.columns ?? [];
      if (change.checksFirst === true)
        drop(({ table, column = '' }) => isSameTable(table, change.table) && columns.includes(column));
      return;
    }
    case 'DropColumn':
      if (change.dropsKeyFirst === true)
        drop(({ table, column }) => isSameTable(table, change.table) && column === change.column);
      return;
    case 'AddColumn':
    case 'AddConstraint':
    case 'CreateTable':
      if (!isDjangos(change)) transaction.isReferredTo.clear();
      return;
    default:
      return;
  }
}

function isDjangos({ origin }: Change): boolean {
  return origin.kind === 'django-operation';
}

/** The events that a write leaves behind: of the table's own foreign keys, and of those that refer to it. */
function queue(write: WriteRows, transaction: Transaction, settled: SettledByDjango, context: RuleContext): void {
  const { table, operation, assignments } = write;
  if (table === undefined || transaction.isImmediate) return;
  const before = context.before(write);
  const add = (column: string | undefined): void => {
    const key = keyOf(table, column ?? '');
    if (!transaction.events.has(key)) transaction.events.set(key, { table, column, write });
  };
  if (operation === 'delete') {
    const known = transaction.isReferredTo.get(tableKeyOf(table)) ?? isReferredTo(table, before, settled);
    transaction.isReferredTo.set(tableKeyOf(table), known);
    if (known) add(undefined);
    return;
  }
  const isWritten = (column: string): boolean =>
    operation === 'insert' || (assignments.some((each) => each.column === column) && !setsNull(write, column));
  for (const column of keysOf(table, before, settled)) if (isWritten(column)) add(column);
}

/** The columns with deferred foreign keys of a table, as they are during the migration. */
function keysOf(name: TableName, before: Schema, settled: SettledByDjango): readonly string[] {
  const table = findTable(before, name);
  const columns = table === undefined ? [] : referringColumns(table);
  return columns.filter((column) => isDeferred(column, name, settled)).map((column) => column.name);
}

/** Whether foreign keys of other tables have events when a row is deleted from this one. */
function isReferredTo(name: TableName, before: Schema, settled: SettledByDjango): boolean {
  for (const table of before.tables.values()) {
    for (const column of referringColumns(table)) {
      const referenced = column.references?.table;
      if (referenced === undefined || !isSameTable(referenced, name)) continue;
      if (isDeferred(column, table.name, settled)) return true;
    }
  }
  return false;
}

function isDeferred({ name, references }: Column, table: TableName, settled: SettledByDjango): boolean {
  return references?.enforced === true && references.deferred === true && !settled.has(keyOf(table, name));
}

/**
 * The columns whose foreign keys have no events during the migration: Django has those that come with a new field
 * checked at once for the rest of the transaction, and adds those of a new model when the rest of the migration is done.
 */
type SettledByDjango = ReadonlySet<string>;

function settledByDjango({ forward }: Migration): SettledByDjango {
  const settled = new Set<string>();
  for (const change of changesOf(forward, 'AddColumn', 'CreateTable')) {
    if (!isDjangos(change)) continue;
    const columns = change.kind === 'AddColumn' ? [change.column] : change.columns;
    for (const { name } of columns) settled.add(keyOf(change.table, name));
  }
  return settled;
}

function keyOf(table: TableName, column: string): string {
  return `${tableKeyOf(table)} ${column}`;
}

/** `update(customer=None)`, `SET customer_id = NULL`: a key without a value has nothing to be checked. */
function setsNull({ code, origin: { sql } }: WriteRows, column: string): boolean {
  if (sql !== undefined) return new RegExp(`(?<!\\w)${namePattern(column)}\\s*=\\s*NULL\\b`, 'i').test(sql.text);
  return (code?.call.arguments ?? []).some(
    ({ name, value }) =>
      (name === column || `${name}_id` === column) && value.kind === 'constant' && value.value === null,
  );
}
