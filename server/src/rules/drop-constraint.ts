import { type Change, changesOf, type DropConstraint, type DropIndex } from '../schema/change.ts';
import type { Migration } from '../schema/migration.ts';
import { type Constraint, findTable, type Table } from '../schema/schema.ts';
import { isSameTable, type TableName, tableText } from '../schema/table-name.ts';
import type { Rule, RuleContext } from './rule.ts';
import { hasHistory } from './tables-in-use.ts';

export const dropConstraint: Rule = {
  name: 'drop-constraint',
  level: 'low',
  group: 'Data loss',
  kinds: ['DropConstraint', 'DropIndex'],
  summary: 'A constraint goes: the database no longer refuses what it refused.',
  docs: {
    whatHappens:
      'A check, a unique or exclusion constraint or a foreign key is dropped, by SQL, by `RemoveConstraint`, or because a field is no longer `unique`, positive or a real foreign key. The rows that are there are not touched.',
    whyItHurts:
      'From then on duplicates, dangling references and values out of range get in without anybody noticing. Adding the constraint again later fails on the first of them, and migrating back is such an addition.',
    whatToDo: {
      django:
        'Make sure that nothing relies on it any more: code that expects `get()` to find one row, `get_or_create`, upserts that name it. Where it is to be replaced, add the new one first.',
      alembic: 'Make sure that nothing relies on it any more, and where it is to be replaced, add the new one first.',
    },
    whenItIsFine:
      'A constraint that the same migration adds again or replaces by another one on the same columns, one that goes with its column or table, and the check that proved a column to be `NOT NULL` before it became so are not reported.',
  },
  sources: [{ title: 'PostgreSQL 18: Constraints', url: 'https://www.postgresql.org/docs/18/ddl-constraints.html' }],

  *check(migration, context) {
    for (const change of changesOf(migration.forward, 'DropConstraint', 'DropIndex')) {
      const { table } = change;
      if (table === undefined || !change.applies.database || !hasHistory(table, change, migration, context)) continue;
      const dropped = droppedBy(change, context);
      if (dropped === undefined || isKept(dropped, change, migration, context)) continue;
      const lost = losses[dropped.kind].replaceAll('TABLE', () => `${tableText(table)}`);
      yield { at: change.at, message: `Without "${dropped.name}", ${lost}.`, cause: change };
    }
  },

  examples: {
    bad: [
      {
        title: 'By name, and because a field allows more',
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
                ("number", models.CharField(max_length=20, unique=True)),
                ("total", models.IntegerField()),
                ("customer", models.ForeignKey("shop.customer", on_delete=models.CASCADE)),
            ],
        ),
        migrations.AddConstraint(
            "order", models.CheckConstraint(condition=models.Q(total__gte=0), name="order_total_check")
        ),
    ]
# file: shop/migrations/0002_loosen.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RemoveConstraint("order", "order_total_check"),
                                             ~~~~~~~~~~~~~~~~~~~ Without "order_total_check", "shop_order" takes values that it refused.
        migrations.AlterField("order", "number", models.CharField(max_length=20)),
                                                 ~~~~~~~~~~~~~~~~ Without "shop_order_number_d6408b6d_uniq", "shop_order" takes duplicates.
        migrations.AlterField(
            "order",
            "customer",
            models.ForeignKey("shop.customer", on_delete=models.CASCADE, db_constraint=False),
                                                                         ~~~~~~~~~~~~~~~~~~~ Without "shop_order_customer_id_f638df20_fk_shop_customer_id", rows of "shop_order" may refer to rows that are not there.
        ),
    ]
`,
      },
      {
        title: 'In SQL, and one of which nothing is known',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE shop_order ADD CONSTRAINT order_number UNIQUE (number);
            ALTER TABLE shop_order ADD CONSTRAINT order_period EXCLUDE USING gist (period WITH &&);
            """,
            migrations.RunSQL.noop,
        ),
    ]
# file: shop/migrations/0002_loosen.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE shop_order DROP CONSTRAINT order_number, DROP CONSTRAINT IF EXISTS order_period;
                                   ~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Without "order_number", "shop_order" takes duplicates.
                                                                 ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Without "order_period", "shop_order" takes rows that exclude each other.
            ALTER TABLE shop_line DROP CONSTRAINT line_order;
                                  ~~~~~~~~~~~~~~~~~~~~~~~~~~ Without "line_order", "shop_line" takes rows that it refused.
            """,
            migrations.RunSQL.noop,
        ),
    ]
`,
      },
      {
        title: 'Alembic: a check, a unique constraint and a foreign key',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_looser_orders.py
"""Looser orders"""
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.drop_constraint("ck_orders_total", "orders", type_="check")
    ~~~~~~~~~~~~~~~~~~ Without "ck_orders_total", "orders" takes values that it refused.
    with op.batch_alter_table("orders") as batch_op:
        batch_op.drop_constraint("uq_orders_number", type_="unique")
        ~~~~~~~~~~~~~~~~~~~~~~~~ Without "uq_orders_number", "orders" takes duplicates.
    op.drop_constraint(op.f("fk_orders_customer_id_customers"), "orders", type_="foreignkey")
    ~~~~~~~~~~~~~~~~~~ Without "fk_orders_customer_id_customers", rows of "orders" may refer to rows that are not there.


def downgrade():
    op.create_foreign_key(op.f("fk_orders_customer_id_customers"), "orders", "customers", ["customer_id"], ["id"])
    op.create_unique_constraint("uq_orders_number", "orders", ["number"])
    op.create_check_constraint("ck_orders_total", "orders", "total >= 0")
`,
      },
    ],
    good: [
      {
        title: 'Replaced, added again without validation, or gone with its column',
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
                ("number", models.CharField(max_length=20, unique=True)),
                ("total", models.PositiveIntegerField()),
                ("customer", models.ForeignKey("shop.customer", on_delete=models.CASCADE)),
            ],
        ),
    ]
# file: shop/migrations/0002_replace.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE shop_order DROP CONSTRAINT shop_order_total_check;
            ALTER TABLE shop_order ADD CONSTRAINT total_range CHECK (total BETWEEN 0 AND 1000) NOT VALID;
            """,
            migrations.RunSQL.noop,
        ),
        migrations.RemoveField("order", "customer"),
        migrations.AlterField("order", "number", models.CharField(max_length=40, unique=True)),
    ]
`,
      },
      {
        title: 'The check has done its work: the column is NOT NULL now',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[("id", models.BigAutoField(primary_key=True)), ("total", models.IntegerField(null=True))],
        ),
        migrations.RunSQL("ALTER TABLE shop_order ADD CONSTRAINT total_set CHECK (total IS NOT NULL)", ""),
    ]
# file: shop/migrations/0002_order_total.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL("ALTER TABLE shop_order ALTER total SET NOT NULL, DROP CONSTRAINT total_set", ""),
    ]
`,
      },
      {
        title: 'An index that keeps nothing out',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations


class Migration(migrations.Migration):
    operations = [migrations.RunSQL("CREATE INDEX shop_order_placed ON shop_order (placed_at)", "")]
# file: shop/migrations/0002_index.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [migrations.RunSQL("DROP INDEX shop_order_placed", "")]
`,
      },
      {
        title: 'Alembic: exchanged for another one on the same columns',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_order_customer.py
"""Orders stay when their customer goes"""
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.drop_constraint("orders_customer_id_fkey", "orders", type_="foreignkey")
    op.create_foreign_key(
        "orders_customer_id_fkey",
        "orders",
        "customers",
        ["customer_id"],
        ["id"],
        ondelete="SET NULL",
        postgresql_not_valid=True,
    )


def downgrade():
    op.drop_constraint("orders_customer_id_fkey", "orders", type_="foreignkey")
    op.create_foreign_key("orders_customer_id_fkey", "orders", "customers", ["customer_id"], ["id"])
`,
      },
    ],
  },
};

/** What is lost with a constraint of a kind; a clause about TABLE. */
const losses: Readonly<Record<Dropped['kind'], string>> = {
  check: 'TABLE takes values that it refused',
  exclusion: 'TABLE takes rows that exclude each other',
  'foreign-key': 'rows of TABLE may refer to rows that are not there',
  'not-null': 'TABLE takes rows without a value',
  'primary-key': 'TABLE takes duplicates',
  unique: 'TABLE takes duplicates',
  unknown: 'TABLE takes rows that it refused',
};

interface Dropped {
  readonly name: string;
  readonly kind: Constraint['kind'] | 'unknown';
  readonly columns: readonly string[];
  readonly provesNotNull: string | undefined;
}

function droppedBy(change: DropConstraint | DropIndex, context: RuleContext): Dropped | undefined {
  const table = change.table && findTable(context.before(change), change.table);
  if (change.kind === 'DropIndex') {
    // A unique index keeps duplicates out as well as a constraint does; one that a constraint owns goes with that.
    const index = table?.indexes.get(change.index);
    if (index?.unique !== true || index.ownedBy !== undefined) return undefined;
    return { name: index.name, kind: 'unique', columns: index.columns, provesNotNull: undefined };
  }
  const { constraint: name, constraintKind, columns = [] } = change;
  const known = table?.constraints.get(name);
  const kind = known?.kind ?? constraintKind ?? 'unknown';
  return { name, kind, columns: known?.columns ?? columns, provesNotNull: known?.provesNotNull };
}

/** Whether what it kept is still kept when the migration has ended, or is about nothing that is still there. */
function isKept(
  dropped: Dropped,
  change: DropConstraint | DropIndex,
  migration: Migration,
  context: RuleContext,
): boolean {
  const { table: name } = change;
  if (name === undefined) return true;
  const names = namesOf(name, migration);
  const others = migration.forward.filter(
    (each) => 'table' in each && names.some((one) => each.table !== undefined && isSameTable(each.table, one)),
  );
  if (others.some((each) => isGoneWith(dropped, each) || isReplacedBy(dropped, each))) return true;
  const before = findTable(context.before(change), name);
  if (before !== undefined && isProven(dropped, before)) return true;
  const after = context.project.migration(migration.id)?.after;
  const table = after && findTable(after, name);
  return table !== undefined && (isProven(dropped, table) || isStillThere(dropped, table));
}

/** The table, and what this migration calls it. */
function namesOf(table: TableName, { forward }: Migration): readonly TableName[] {
  const names = [table];
  for (const change of changesOf(forward, 'RenameTable')) {
    if (names.some((name) => isSameTable(name, change.table))) names.push(change.to);
  }
  return names;
}

function isGoneWith({ columns }: Dropped, change: Change): boolean {
  return change.kind === 'DropTable' || (change.kind === 'DropColumn' && columns.includes(change.column));
}

/**
 * Another one of its kind on the same table, be it on other columns: renamed columns, wider keys, conditions that were
 * put in other words.
 */
function isReplacedBy({ kind }: Dropped, change: Change): boolean {
  if (change.kind === 'CreateIndex') return isUnique(kind) && change.index.unique;
  if (change.kind !== 'AddConstraint') return false;
  const added = change.constraint.kind;
  return kind === 'unknown' || added === kind || (isUnique(kind) && isUnique(added));
}

function isUnique(kind: Dropped['kind']): boolean {
  return kind === 'unique' || kind === 'primary-key';
}

/** Its column is NOT NULL by now. */
function isProven({ provesNotNull, kind, columns }: Dropped, { columns: known }: Table): boolean {
  const column = provesNotNull ?? (kind === 'not-null' ? columns[0] : undefined);
  return column !== undefined && known.get(column)?.nullable === false;
}

/** Another one keeps the same columns. */
function isStillThere({ kind, columns, name }: Dropped, table: Table): boolean {
  if (columns.length === 0) return false;
  const isSame = (other: readonly string[]): boolean =>
    other.length === columns.length && other.every((column) => columns.includes(column));
  const byConstraint = [...table.constraints.values()].some(
    (each) => (each.kind === kind || (isUnique(kind) && isUnique(each.kind))) && isSame(each.columns),
  );
  const byIndex = [...table.indexes.values()].some((each) => each.unique && each.name !== name && isSame(each.columns));
  return byConstraint || (isUnique(kind) && byIndex);
}
