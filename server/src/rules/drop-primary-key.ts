import {
  type AddConstraint,
  type ChangeOf,
  changesOf,
  type DropColumn,
  type DropConstraint,
} from '../schema/change.ts';
import type { Migration } from '../schema/migration.ts';
import { findTable } from '../schema/schema.ts';
import { isSameTable, tableKeyOf, tableText } from '../schema/table-name.ts';
import { kindByName } from '../sql/postgresql/names.ts';
import type { Rule, RuleContext } from './rule.ts';
import { hasHistory } from './tables-in-use.ts';

export const dropPrimaryKey: Rule = {
  name: 'drop-primary-key',
  level: 'high',
  group: 'Data loss',
  kinds: ['DropConstraint', 'DropColumn'],
  summary: 'The primary key of a table goes or is replaced.',
  docs: {
    whatHappens:
      'PostgreSQL drops the constraint and its index, under a lock that blocks reads and writes. Foreign keys that refer to the key stand in the way; with `CASCADE` they go too. Logical replication tells rows apart by the primary key: without one, every `UPDATE` and `DELETE` on a published table fails.',
    whyItHurts:
      'Duplicates get in until a new key is there, and adding one reads the whole table under the same lock and fails on the first duplicate. Subscribers of the table stop. Django finds, saves and deletes rows by the key that it was told of.',
    whatToDo: {
      django:
        'Keep the key. Where it really has to be another one, build a unique index on the new columns with `CONCURRENTLY` first, and exchange the two in one short statement: `ALTER TABLE … DROP CONSTRAINT …, ADD CONSTRAINT … PRIMARY KEY USING INDEX …`. Foreign keys that refer to the old key are moved before that.',
      alembic:
        'Keep the key, or build a unique index on the new columns with `CONCURRENTLY` first and exchange the two in one statement.',
    },
    whenItIsFine:
      'A key that is exchanged for one on the same columns in one transaction, which is how its index is built anew, and a table that the same migration created or drops are not reported.',
  },
  sources: [
    { title: 'PostgreSQL 18: ALTER TABLE', url: 'https://www.postgresql.org/docs/18/sql-altertable.html' },
    {
      title: 'PostgreSQL 18: Publication',
      url: 'https://www.postgresql.org/docs/18/logical-replication-publication.html',
    },
  ],

  *check(migration, context) {
    const told = new Set<string>();
    for (const change of changesOf(migration.forward, 'DropConstraint', 'DropColumn')) {
      const { table, at } = change;
      if (!change.applies.database || !hasHistory(table, change, migration, context)) continue;
      const columns = keyDroppedBy(change, context);
      if (columns === undefined || isDroppedLater(change, migration)) continue;
      const replacement = replacementOf(change, migration);
      if (replacement !== undefined && isSameKey(replacement, change, columns, context)) continue;
      // The column of a key goes after the key.
      if (told.has(tableKeyOf(table))) continue;
      told.add(tableKeyOf(table));
      const message =
        replacement === undefined
          ? `Without its primary key ${tableText(table)} takes duplicates${replicated(context)}.`
          : `The primary key of ${tableText(table)} is replaced: foreign keys to the old one stand in the way or go.`;
      yield { at, message, cause: change, covers: replacement === undefined ? [] : [replacement] };
    }
  },

  examples: {
    bad: [
      {
        title: 'The key goes, with its column, or for another one',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[("id", models.BigAutoField(primary_key=True)), ("number", models.BigIntegerField())],
        ),
        migrations.CreateModel(name="Line", fields=[("id", models.BigAutoField(primary_key=True))]),
    ]
# file: shop/migrations/0002_key.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE shop_order DROP CONSTRAINT shop_order_pkey, ADD PRIMARY KEY (number);
                                   ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ The primary key of "shop_order" is replaced: foreign keys to the old one stand in the way or go.
            ALTER TABLE shop_log DROP CONSTRAINT IF EXISTS shop_log_pkey CASCADE;
                                 ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Without its primary key "shop_log" takes duplicates, and logical replication refuses to update or delete its rows.
            """,
            migrations.RunSQL.noop,
        ),
        migrations.RemoveField("line", "id"),
                                       ~~~~ Without its primary key "shop_line" takes duplicates, and logical replication refuses to update or delete its rows.
    ]
`,
      },
      {
        title: 'Alembic: another key, whose old name only the database knows',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_binding_key.py
"""Bindings by port and host"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    inspector = sa.inspect(op.get_bind())
    op.drop_constraint(inspector.get_pk_constraint("binding")["name"], "binding", type_="primary")
    ~~~~~~~~~~~~~~~~~~ The primary key of "binding" is replaced: foreign keys to the old one stand in the way or go.
    op.create_primary_key(op.f("pk_binding"), "binding", ["port_id", "host"])


def downgrade():
    op.drop_constraint(op.f("pk_binding"), "binding", type_="primary")
    op.create_primary_key(op.f("pk_binding"), "binding", ["port_id"])
`,
      },
    ],
    good: [
      {
        title: 'The index of the key is built anew, and the two are exchanged',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(name="Order", fields=[("id", models.BigAutoField(primary_key=True))]),
    ]
# file: shop/migrations/0002_key.py
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL("CREATE UNIQUE INDEX CONCURRENTLY shop_order_new ON shop_order (id)", ""),
        migrations.RunSQL(
            """
            ALTER TABLE shop_order
                DROP CONSTRAINT shop_order_pkey,
                ADD CONSTRAINT shop_order_pkey PRIMARY KEY USING INDEX shop_order_new;
            """,
            migrations.RunSQL.noop,
        ),
    ]
`,
      },
      {
        title: 'Another constraint, and a table that goes',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[("id", models.BigAutoField(primary_key=True)), ("number", models.IntegerField(unique=True))],
        ),
    ]
# file: shop/migrations/0002_key.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AlterField("order", "number", models.IntegerField()),
        migrations.RunSQL("ALTER TABLE shop_legacy DROP CONSTRAINT shop_legacy_pkey; DROP TABLE shop_legacy", ""),
    ]
`,
      },
      {
        title: 'Alembic: the key of a table that goes',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_without_bindings.py
"""No bindings"""
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.drop_constraint("binding_pkey", "binding", type_="primary")
    op.drop_table("binding")


def downgrade():
    raise NotImplementedError
`,
      },
    ],
  },
};

/** What a replica needs the key for, where that is known. */
function replicated({ target }: RuleContext): string {
  switch (target.database) {
    case 'postgresql':
      return ', and logical replication refuses to update or delete its rows';
    case 'mysql':
    case 'mariadb':
      return ', and a replica reads the whole table for each row that is updated or deleted';
    default:
      return '';
  }
}

/** The columns of the key that the change drops; undefined for one that drops no key. */
function keyDroppedBy(change: DropConstraint | DropColumn, context: RuleContext): readonly string[] | undefined {
  const table = findTable(context.before(change), change.table);
  const key = [...(table?.columns.values() ?? [])].filter(({ primaryKey }) => primaryKey).map(({ name }) => name);
  if (change.kind === 'DropColumn') return key.includes(change.column) ? key : undefined;
  const known = table?.constraints.get(change.constraint);
  const kind = known?.kind ?? change.constraintKind ?? kindByName(change.constraint, change.table);
  return kind === 'primary-key' ? (known?.columns ?? key) : undefined;
}

function isDroppedLater({ table }: DropConstraint | DropColumn, { forward }: Migration): boolean {
  return changesOf(forward, 'DropTable').some((drop) => isSameTable(drop.table, table));
}

function replacementOf(
  { table }: DropConstraint | DropColumn,
  { forward }: Migration,
): ChangeOf<'AddConstraint' | 'AddColumn'> | undefined {
  for (const each of changesOf(forward, 'AddConstraint', 'AddColumn')) {
    const isKey = each.kind === 'AddColumn' ? each.column.primaryKey : each.constraint.kind === 'primary-key';
    if (isKey && isSameTable(each.table, table)) return each;
  }
  return undefined;
}

function isSameKey(
  replacement: ChangeOf<'AddConstraint' | 'AddColumn'>,
  dropped: DropConstraint | DropColumn,
  columns: readonly string[],
  context: RuleContext,
): boolean {
  if (replacement.kind === 'AddColumn' || dropped.kind === 'DropColumn') return false;
  const isOneStatement = replacement.origin.sql !== undefined && replacement.origin.sql === dropped.origin.sql;
  const isOneTransaction = dropped.transaction !== undefined && replacement.transaction === dropped.transaction;
  const names = columnsOf(replacement, context);
  const isSame = names.length === columns.length && names.every((name) => columns.includes(name));
  return isSame && (isOneStatement || isOneTransaction);
}

function columnsOf(change: AddConstraint, context: RuleContext): readonly string[] {
  const { constraint, usingIndex, table } = change;
  if (usingIndex === undefined || constraint.columns.length > 0) return constraint.columns;
  return findTable(context.before(change), table)?.indexes.get(usingIndex)?.columns ?? [];
}
