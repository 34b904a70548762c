import type { DatabaseKind } from '../base/target.ts';
import { type SplitReason, split } from '../fixes/recipes/split.ts';
import type { Apart } from '../fixes/split-points.ts';
import type { Change } from '../schema/change.ts';
import type { Migration } from '../schema/migration.ts';
import { findColumn } from '../schema/schema.ts';
import type { Rule, RuleContext } from './rule.ts';
import { isInUse } from './tables-in-use.ts';

const settings = 'database = "mysql"';

export const mysqlPartialFailure: Rule = {
  name: 'mysql-partial-failure',
  level: 'medium',
  group: 'Cannot be rolled back',
  databases: ['mysql', 'mariadb', 'oracle'],
  summary: 'A step that may fail follows a change of the schema that the database cannot take back.',
  docs: {
    whatHappens:
      'MySQL, MariaDB and Oracle commit every change of the schema at once: `atomic = True` changes nothing about that. Where a later step of the migration fails, because of a row that stands in its way, a timeout or a deploy that is stopped, the changes before it stay, and Django does not record the migration as applied.',
    whyItHurts:
      'The migration can neither be run again, because its first step finds the column or the table that it wants to add, nor migrated back. Somebody has to find out how far it got, and take it back by hand, while the deploy waits.',
    whatToDo: {
      django:
        'Give each step that may fail a migration of its own: a unique, foreign key or check constraint, `NOT NULL`, another type of a column, a data migration. Django then knows which of them has run.',
      alembic: 'Give each step that may fail a revision of its own.',
    },
    whenItIsFine:
      'Steps that rows cannot make fail (a new column that may be `NULL`, an index that is not unique), initial migrations, steps on tables that the same migration creates, and databases that take changes of the schema back, as PostgreSQL and SQLite do, are not reported.',
  },
  sources: [
    {
      title: 'Django: Migrations on MySQL',
      url: 'https://docs.djangoproject.com/en/5.2/topics/migrations/#mysql',
    },
    {
      title: 'MySQL 8.4: Statements That Cause an Implicit Commit',
      url: 'https://dev.mysql.com/doc/refman/8.4/en/implicit-commit.html',
    },
  ],

  *check(migration, context) {
    const database = autocommitting[context.target.database];
    if (database === undefined || migration.initial) return;
    const [first, ...others] = risksOf(migration, context);
    if (first === undefined) return;
    const risky = first.later;
    const earlier = migration.forward.slice(0, migration.forward.indexOf(risky));
    yield {
      at: risky.at,
      message: `If this fails, ${keptText(earlier.filter((change) => isKept(change) && !isSameStep(change, risky)))}: ${database} takes no change of the schema back, and the migration cannot be run again.`,
      cause: risky,
      fixes: () => split([first, ...others], atTheBeginning(database), migration, context),
    };
  },

  examples: {
    bad: [
      {
        title: 'A constraint behind a new column',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("number", models.IntegerField(null=True)),
                ("total", models.IntegerField()),
            ],
        ),
    ]
# file: shop/migrations/0002_order_code.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField("order", "code", models.CharField(max_length=20, null=True)),
        migrations.AddConstraint("order", models.UniqueConstraint(fields=["number"], name="order_number")),
        ~~~~~~~~~~~~~~~~~~~~~~~~ If this fails, AddField before it stays: MySQL takes no change of the schema back, and the migration cannot be run again.
    ]
`,
        fixed: [
          {
            title: 'Split it into 2 migrations, so that a step that may fail is the first of its migration',
            files: `
# file: shop/migrations/0002_order_code.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField("order", "code", models.CharField(max_length=20, null=True)),
    ]
# file: shop/migrations/0003_order_number.py
"""Changes "shop_order".

Runs after 0002_order_code, in the same deploy.
MySQL takes no change of the schema back, so a step that may fail is the first of its migration:
nothing stays half done.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0002_order_code"),
    ]

    operations = [
        migrations.AddConstraint("order", models.UniqueConstraint(fields=["number"], name="order_number")),
    ]
`,
          },
        ],
        settings,
      },
      {
        title: 'A data migration behind two changes',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("number", models.IntegerField(null=True)),
                ("total", models.IntegerField()),
            ],
        ),
    ]
# file: shop/migrations/0002_order_paid.py
from django.db import migrations, models


def fill_paid(apps, schema_editor):
    Order = apps.get_model("shop", "Order")
    Order.objects.filter(amount=0).update(paid=True)


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField("order", "paid", models.BooleanField(null=True)),
        migrations.RenameField("order", "total", "amount"),
        migrations.RunPython(fill_paid, migrations.RunPython.noop),
                             ~~~~~~~~~ If this fails, the 2 steps before it stay: MySQL takes no change of the schema back, and the migration cannot be run again.
    ]
`,
        fixed: [
          {
            title: 'Split it into 2 migrations, so that a step that may fail is the first of its migration',
            files: `
# file: shop/migrations/0002_order_paid.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField("order", "paid", models.BooleanField(null=True)),
        migrations.RenameField("order", "total", "amount"),
    ]
# file: shop/migrations/0003_fill_paid.py
"""Writes rows of "shop_order".

Runs after 0002_order_paid, in the same deploy.
MySQL takes no change of the schema back, so a step that may fail is the first of its migration:
nothing stays half done.
"""

from django.db import migrations


def fill_paid(apps, schema_editor):
    Order = apps.get_model("shop", "Order")
    Order.objects.filter(amount=0).update(paid=True)


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0002_order_paid"),
    ]

    operations = [
        migrations.RunPython(fill_paid, migrations.RunPython.noop),
    ]
`,
          },
        ],
        settings,
      },
      {
        title: 'NOT NULL, on MariaDB',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("number", models.IntegerField(null=True)),
                ("total", models.IntegerField()),
            ],
        ),
    ]
# file: shop/migrations/0002_order_number.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddIndex("order", models.Index(fields=["total"], name="order_total")),
        migrations.AlterField("order", "number", models.IntegerField()),
                                                 ~~~~~~~~~~~~~~~~~~~ If this fails, AddIndex before it stays: MariaDB takes no change of the schema back, and the migration cannot be run again.
    ]
`,
        settings: 'database = "mariadb"',
      },
      {
        title: 'In SQL',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("number", models.IntegerField(null=True)),
                ("total", models.IntegerField()),
            ],
        ),
    ]
# file: shop/migrations/0002_order_sql.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            [
                "ALTER TABLE shop_order ADD COLUMN note text, ADD COLUMN place text",
                "ALTER TABLE shop_order ADD UNIQUE (number)",
                                        ~~~~~~~~~~~~~~~~~~~ If this fails, ALTER TABLE before it stays: MySQL takes no change of the schema back, and the migration cannot be run again.
            ],
            migrations.RunSQL.noop,
        ),
    ]
`,
        settings,
      },
      {
        title: 'Alembic: a column stays when the unique index behind it fails',
        settings: 'database = "mysql"',
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
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("code", sa.String(length=20), nullable=False),
    )


def downgrade():
    op.drop_table("orders")
# file: migrations/versions/5b0f6f6ad3b1_unique_codes.py
"""Unique codes"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.add_column("orders", sa.Column("placed_at", sa.DateTime()))
    op.create_unique_constraint("orders_code_key", "orders", ["code"])
    ~~~~~~~~~~~~~~~~~~~~~~~~~~~ If this fails, add_column before it stays: MySQL takes no change of the schema back, and the migration cannot be run again.


def downgrade():
    op.drop_constraint("orders_code_key", "orders", type_="unique")
    op.drop_column("orders", "placed_at")
`,
      },
    ],
    good: [
      {
        title: 'Steps that no row makes fail',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("number", models.IntegerField(null=True)),
                ("total", models.IntegerField()),
            ],
        ),
    ]
# file: shop/migrations/0002_order_columns.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField("order", "code", models.CharField(max_length=20, null=True)),
        migrations.AddField("order", "paid", models.BooleanField(default=False)),
        migrations.AddIndex("order", models.Index(fields=["total"], name="order_total")),
        migrations.RenameField("order", "total", "amount"),
    ]
`,
        settings,
      },
      {
        title: 'The step that may fail comes first',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("number", models.IntegerField(null=True)),
                ("total", models.IntegerField()),
            ],
        ),
    ]
# file: shop/migrations/0002_order_number.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddConstraint("order", models.UniqueConstraint(fields=["number"], name="order_number")),
        migrations.AddField("order", "code", models.CharField(max_length=20, null=True)),
    ]
`,
        settings,
      },
      {
        title: 'It is alone in its migration',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("number", models.IntegerField(null=True)),
                ("total", models.IntegerField()),
            ],
        ),
    ]
# file: shop/migrations/0002_order_number.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddConstraint("order", models.UniqueConstraint(fields=["number"], name="order_number")),
    ]
`,
        settings,
      },
      {
        title: 'One statement is made as a whole or not at all',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("number", models.IntegerField(null=True)),
                ("total", models.IntegerField()),
            ],
        ),
    ]
# file: shop/migrations/0002_order_sql.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE shop_order ADD COLUMN note text, ADD UNIQUE (number)",
            migrations.RunSQL.noop,
        ),
    ]
`,
        settings,
      },
      {
        title: 'A constraint on a table of the same migration',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("number", models.IntegerField(null=True)),
                ("total", models.IntegerField()),
            ],
        ),
    ]
# file: shop/migrations/0002_customer.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.CreateModel(name="Customer", fields=[("id", models.BigAutoField(primary_key=True)), ("code", models.IntegerField())]),
        migrations.AddConstraint("customer", models.UniqueConstraint(fields=["code"], name="customer_code")),
    ]
`,
        settings,
      },
      {
        title: 'PostgreSQL takes all of it back',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("number", models.IntegerField(null=True)),
                ("total", models.IntegerField()),
            ],
        ),
    ]
# file: shop/migrations/0002_order_code.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField("order", "code", models.CharField(max_length=20, null=True)),
        migrations.AddConstraint("order", models.UniqueConstraint(fields=["number"], name="order_number")),
    ]
`,
        settings: 'database = "postgresql"',
      },
      {
        title: 'SQLite takes all of it back',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("number", models.IntegerField(null=True)),
                ("total", models.IntegerField()),
            ],
        ),
    ]
# file: shop/migrations/0002_order_code.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField("order", "code", models.CharField(max_length=20, null=True)),
        migrations.AddConstraint("order", models.UniqueConstraint(fields=["number"], name="order_number")),
    ]
`,
        settings: 'database = "sqlite"',
      },
      {
        title: 'Alembic: steps that no row makes fail',
        settings: 'database = "mysql"',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_placed_at.py
"""orders.placed_at"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.add_column("orders", sa.Column("placed_at", sa.DateTime()))
    op.create_index("orders_placed_at_idx", "orders", ["placed_at"])


def downgrade():
    op.drop_index("orders_placed_at_idx", table_name="orders")
    op.drop_column("orders", "placed_at")
`,
      },
    ],
  },
};

const autocommitting: Readonly<Partial<Record<DatabaseKind, string>>> = {
  mysql: 'MySQL',
  mariadb: 'MariaDB',
  oracle: 'Oracle',
};

const kept: ReadonlySet<Change['kind']> = new Set([
  'AddColumn',
  'AddConstraint',
  'AlterColumn',
  'CreateIndex',
  'CreateTable',
  'CreateTrigger',
  'CreateView',
  'DropColumn',
  'DropConstraint',
  'DropIndex',
  'DropTable',
  'DropTrigger',
  'DropView',
  'RenameColumn',
  'RenameConstraint',
  'RenameIndex',
  'RenameTable',
  'Truncate',
]);

function atTheBeginning(database: string): SplitReason {
  return {
    title: (count) => `Split it into ${count} migrations, so that a step that may fail is the first of its migration`,
    because: [
      `${database} takes no change of the schema back, so a step that may fail is the first of its migration:`,
      'nothing stays half done.',
    ],
  };
}

/** Each step that may fail, and the last change before it that would stay. */
function risksOf(migration: Migration, context: RuleContext): readonly Apart[] {
  return migration.forward.flatMap((later, index) => {
    if (!mayFail(later, migration, context)) return [];
    const earlier = migration.forward
      .slice(0, index)
      .findLast((change) => isKept(change) && !isSameStep(change, later));
    return earlier === undefined ? [] : [{ earlier, later }];
  });
}

/** Whether it changes the schema, and is committed with that. What can be run twice does no harm. */
function isKept(change: Change): boolean {
  if (!change.applies.database || !kept.has(change.kind)) return false;
  return (
    !('ifNotExists' in change && change.ifNotExists === true) && !('ifExists' in change && change.ifExists === true)
  );
}

/** One operation, or one statement: an ALTER TABLE is made as a whole or not at all. */
function isSameStep(one: Change, other: Change): boolean {
  return one.origin.span.start === other.origin.span.start && one.origin.sql?.position === other.origin.sql?.position;
}

/** Whether what the tables hold may be in its way. */
function mayFail(change: Change, migration: Migration, context: RuleContext): boolean {
  if (!change.applies.database) return false;
  if (change.kind === 'RunCode') return !change.isNoop && !change.isGuard && change.writesExistingRows !== false;
  if (!('table' in change) || change.table === undefined || !isInUse(change.table, change, migration, context)) {
    return false;
  }
  switch (change.kind) {
    case 'AddConstraint':
      return true;
    case 'CreateIndex':
      return change.index.unique;
    case 'AddColumn':
      return context.effects(change).fails !== undefined;
    case 'AlterColumn': {
      const before = findColumn(context.before(change), change.table, change.column);
      const manner = context.effects(change).manner;
      return (before?.nullable === true && !change.to.nullable) || manner === 'copy';
    }
    case 'WriteRows':
      return change.operation !== 'insert';
    default:
      return false;
  }
}

function keptText(changes: readonly Change[]): string {
  const steps = changes.filter((change, index) => changes.findIndex((other) => isSameStep(change, other)) === index);
  const [only] = steps;
  return steps.length === 1 && only !== undefined
    ? `${only.origin.name} before it stays`
    : `the ${steps.length} steps before it stay`;
}
