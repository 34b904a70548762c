import type { Effects } from '../database/effects.ts';
import { uncheckedForeignKey } from '../fixes/recipes/unchecked-foreign-key.ts';
import type { Change, ChangeOf } from '../schema/change.ts';
import type { Migration } from '../schema/migration.ts';
import { isSameTable, type TableName } from '../schema/table-name.ts';
import type { Rule, RuleContext } from './rule.ts';
import { listOfTables } from './table-list.ts';
import { isInUse } from './tables-in-use.ts';

const settings = 'database = "mysql"\ndatabase-version = "8.4"';

export const mysqlTableCopy: Rule = {
  name: 'mysql-table-copy',
  level: 'high',
  group: 'Blocks a live table',
  databases: ['mysql', 'mariadb'],
  summary: 'MySQL or MariaDB copies the whole table for the change, and writes wait.',
  docs: {
    whatHappens:
      'InnoDB makes most changes of a table in an instant, or while the table is used. The others it makes by `ALGORITHM=COPY`: it creates a new table, copies every row into it and renames it, and all that time nobody can write to the table. That is so for another type of a column, for a foreign key (Django adds one with every `ForeignKey`), a check, a stored generated column, a default that is an expression, and for dropping the primary key. A text that gets longer is copied where its length takes a second byte: from 63 to 64 characters in `utf8mb4`. A default of a `TextField`, `BinaryField` or `JSONField` is an expression on MySQL. A `FULLTEXT` or `SPATIAL` index and an `AUTO_INCREMENT` column keep writes waiting as well.',
    whyItHurts:
      'On a large table this takes from minutes to hours. Every write to the table waits for it, the server runs out of connections, and each replica falls behind by as long again. It also needs the disk space of the table once more.',
    whatToDo: {
      django:
        'Add a nullable `ForeignKey` between `SET foreign_key_checks = 0` and `SET foreign_key_checks = 1`: every row holds `NULL`, so there is nothing to look up. Leave a constraint to the application (`db_constraint=False`), or add it with a tool that copies the table in the background (gh-ost, pt-online-schema-change) and tell Django by `SeparateDatabaseAndState`. To change a type, add a new column, fill it in batches and switch. In `RunSQL`, `ALGORITHM=INPLACE, LOCK=NONE` makes the server refuse rather than copy.',
      alembic:
        'Use `op.execute("ALTER TABLE …, ALGORITHM=INPLACE, LOCK=NONE")`, so that the server refuses rather than copies. Add a foreign key to a column that is `NULL` in every row between `SET foreign_key_checks = 0` and `SET foreign_key_checks = 1`. To change a type, add a new column, fill it in batches and switch.',
    },
    whenItIsFine:
      'Tables that the same migration creates, statements that ask for `LOCK=NONE`, columns that no migration in sight defines, and databases other than MySQL and MariaDB are not reported. What writes the table anew while it is used (`NULL` to `NOT NULL`, `OPTIMIZE TABLE`) is not either.',
  },
  sources: [
    {
      title: 'MySQL 8.4: Online DDL Operations',
      url: 'https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html',
    },
    {
      title: 'MariaDB: InnoDB Online DDL Overview',
      url: 'https://mariadb.com/docs/server/server-usage/storage-engines/innodb/innodb-online-ddl/innodb-online-ddl-overview',
    },
  ],

  *check(migration, context) {
    const found = migration.forward.flatMap((change) => findCopy(change, migration, context) ?? []);
    for (const [index, copy] of found.entries()) {
      if (found.findIndex((other) => isTogether(other, copy)) < index) continue;
      const others = found.filter((other) => isTogether(other, copy));
      yield {
        at: copy.change.at,
        message: messageOf(copy, others),
        cause: copy.change,
        covers: others.map(({ change }) => change),
        fixes: () => (copy.change.kind === 'AddColumn' ? uncheckedForeignKey(copy.change, migration, context) : []),
      };
    }
  },

  examples: {
    bad: [
      {
        title: 'A foreign key',
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
                ("total", models.IntegerField()),
                ("note", models.CharField(max_length=40)),
            ],
        ),
    ]
# file: shop/migrations/0002_order_customer.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="order",
            name="customer",
                 ~~~~~~~~~~ Adding "customer_id" with its foreign key copies all of "shop_order", and writes wait until it is done.
            field=models.ForeignKey("shop.customer", models.CASCADE, null=True),
        ),
    ]
`,
        fixed: [
          {
            title: 'Add the foreign key without looking up rows that are all NULL',
            files: `
# file: shop/migrations/0002_order_customer.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "SET foreign_key_checks = 0",
            reverse_sql=migrations.RunSQL.noop,
        ),
        migrations.AddField(
            model_name="order",
            name="customer",
            field=models.ForeignKey("shop.customer", models.CASCADE, null=True),
        ),
        migrations.RunSQL(
            "SET foreign_key_checks = 1",
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
`,
          },
        ],
        settings,
      },
      {
        title: 'Another type of a column',
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
                ("total", models.IntegerField()),
                ("note", models.CharField(max_length=40)),
            ],
        ),
    ]
# file: shop/migrations/0002_order_total.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="order",
            name="total",
            field=models.BigIntegerField(),
                  ~~~~~~~~~~~~~~~~~~~~~~ Changing "total" copies all of "shop_order", and writes wait until it is done.
        ),
    ]
`,
        settings,
      },
      {
        title: 'A text whose length takes another byte',
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
                ("total", models.IntegerField()),
                ("note", models.CharField(max_length=40)),
            ],
        ),
    ]
# file: shop/migrations/0002_order_note.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="order",
            name="note",
            field=models.CharField(max_length=80),
                                   ~~~~~~~~~~~~~ Changing "note" copies all of "shop_order", and writes wait until it is done.
        ),
    ]
`,
        settings,
      },
      {
        title: 'A long text with a default',
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
                ("total", models.IntegerField()),
                ("note", models.CharField(max_length=40)),
            ],
        ),
    ]
# file: shop/migrations/0002_order_remarks.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="order",
            name="remarks",
                 ~~~~~~~~~ Adding "remarks" with this default copies all of "shop_order", and writes wait until it is done.
            field=models.TextField(default=""),
        ),
    ]
`,
        settings,
      },
      {
        title: 'A check',
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
                ("total", models.IntegerField()),
                ("note", models.CharField(max_length=40)),
            ],
        ),
    ]
# file: shop/migrations/0002_order_total_positive.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddConstraint(
        ~~~~~~~~~~~~~~~~~~~~~~~~ Adding this check copies all of "shop_order", and writes wait until it is done.
            model_name="order",
            constraint=models.CheckConstraint(condition=models.Q(total__gt=0), name="total_positive"),
        ),
    ]
`,
        settings,
      },
      {
        title: 'In SQL, on MariaDB',
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
                ("total", models.IntegerField()),
                ("note", models.CharField(max_length=40)),
            ],
        ),
    ]
# file: shop/migrations/0002_order_sql.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            [
                "ALTER TABLE shop_order ADD FOREIGN KEY (total) REFERENCES shop_customer (id)",
                                        ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Adding this foreign key copies all of "shop_order", and writes wait until it is done.
                "ALTER TABLE shop_order MODIFY total bigint NOT NULL, ADD INDEX (note)",
                                        ~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Changing "total" copies all of "shop_order", and writes wait until it is done.
                "CREATE FULLTEXT INDEX order_note ON shop_order (note)",
                 ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Building this index keeps writes to "shop_order" waiting until it is done.
                "ALTER TABLE shop_order ADD COLUMN doubled int AS (total * 2) STORED",
                                        ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Computing and storing "doubled" copies all of "shop_order", and writes wait until it is done.
                "ALTER TABLE shop_order ADD COLUMN token char(36) DEFAULT (uuid())",
                                        ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Adding "token" with this default copies all of "shop_order", and writes wait until it is done.
                """
                ALTER TABLE shop_order
                    CONVERT TO CHARACTER SET utf8mb4
                    ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Changing the character set copies all of "shop_order", and writes wait until it is done.
                """,
                "ALTER TABLE shop_order DROP PRIMARY KEY",
                                        ~~~~~~~~~~~~~~~~ Dropping the primary key copies all of "shop_order", and writes wait until it is done.
                "ALTER TABLE shop_order ADD INDEX (total), LOCK=SHARED",
                                        ~~~~~~~~~~~~~~~~~ Building this index keeps writes to "shop_order" waiting until it is done.
            ],
            migrations.RunSQL.noop,
        ),
    ]
`,
        settings: 'database = "mariadb"',
      },
      {
        title: 'Alembic: another type, and a foreign key',
        settings: 'database = "mysql"',
        files: `
# file: migrations/versions/9c2f5a1b7e44_orders.py
"""Orders"""
import sqlalchemy as sa
from alembic import op

revision = "9c2f5a1b7e44"
down_revision = None


def upgrade():
    op.create_table("customers", sa.Column("id", sa.BigInteger(), primary_key=True))
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("customer_id", sa.BigInteger()),
        sa.Column("quantity", sa.SmallInteger(), nullable=False),
    )


def downgrade():
    op.drop_table("orders")
    op.drop_table("customers")
# file: migrations/versions/5b0f6f6ad3b1_more_orders.py
"""More orders"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.alter_column(
    ~~~~~~~~~~~~~~~ Changing "quantity" copies all of "orders", and writes wait until it is done.
        "orders", "quantity", existing_type=sa.SmallInteger(), type_=sa.Integer(), existing_nullable=False
    )
    op.create_foreign_key("orders_customer_id_fkey", "orders", "customers", ["customer_id"], ["id"])
    ~~~~~~~~~~~~~~~~~~~~~ Adding this foreign key copies all of "orders", and writes wait until it is done.


def downgrade():
    op.drop_constraint("orders_customer_id_fkey", "orders", type_="foreignkey")
    op.alter_column(
        "orders", "quantity", existing_type=sa.Integer(), type_=sa.SmallInteger(), existing_nullable=False
    )
`,
      },
    ],
    good: [
      {
        title: 'A column, an index and a longer text',
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
                ("total", models.IntegerField()),
                ("note", models.CharField(max_length=40)),
            ],
        ),
    ]
# file: shop/migrations/0002_order_columns.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField("order", "paid", models.BooleanField(default=False)),
        migrations.AddField("order", "code", models.CharField(max_length=20, unique=True, null=True)),
        migrations.AddIndex("order", models.Index(fields=["total"], name="order_total")),
        migrations.AlterField("order", "note", models.CharField(max_length=60)),
        migrations.AlterField("order", "total", models.IntegerField(null=True)),
        migrations.RenameField("order", "note", "remark"),
        migrations.RemoveField("order", "total"),
    ]
`,
        settings,
      },
      {
        title: 'A foreign key for which nothing is looked up',
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
                ("total", models.IntegerField()),
                ("note", models.CharField(max_length=40)),
            ],
        ),
    ]
# file: shop/migrations/0002_order_customer.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL("SET foreign_key_checks = 0", migrations.RunSQL.noop),
        migrations.AddField(
            model_name="order",
            name="customer",
            field=models.ForeignKey("shop.customer", models.CASCADE, null=True),
        ),
        migrations.RunSQL("SET foreign_key_checks = 1", migrations.RunSQL.noop),
    ]
`,
        settings,
      },
      {
        title: 'A foreign key that the application keeps',
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
                ("total", models.IntegerField()),
                ("note", models.CharField(max_length=40)),
            ],
        ),
    ]
# file: shop/migrations/0002_order_customer.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="order",
            name="customer",
            field=models.ForeignKey("shop.customer", models.CASCADE, null=True, db_constraint=False),
        ),
    ]
`,
        settings,
      },
      {
        title: 'The server refuses rather than copies',
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
                ("total", models.IntegerField()),
                ("note", models.CharField(max_length=40)),
            ],
        ),
    ]
# file: shop/migrations/0002_order_sql.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            [
                "ALTER TABLE shop_order ADD INDEX (total), ALGORITHM=INPLACE, LOCK=NONE",
                "ALTER TABLE shop_order ADD COLUMN paid bool NOT NULL DEFAULT false, ALGORITHM=INSTANT",
                "ALTER TABLE shop_order MODIFY total int(11) NOT NULL",
                "ALTER TABLE shop_order DROP PRIMARY KEY, ADD PRIMARY KEY (id, total)",
                "OPTIMIZE TABLE shop_order",
            ],
            migrations.RunSQL.noop,
        ),
    ]
`,
        settings,
      },
      {
        title: 'The table is created by the same migration',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    operations = [
        migrations.CreateModel(name="Customer", fields=[("id", models.BigAutoField(primary_key=True))]),
        migrations.CreateModel(name="Order", fields=[("id", models.BigAutoField(primary_key=True))]),
        migrations.AddField(
            model_name="order",
            name="customer",
            field=models.ForeignKey("shop.customer", models.CASCADE),
        ),
    ]
`,
        settings,
      },
      {
        title: 'The project runs on PostgreSQL',
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
                ("total", models.IntegerField()),
                ("note", models.CharField(max_length=40)),
            ],
        ),
    ]
# file: shop/migrations/0002_order_customer.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="order",
            name="customer",
            field=models.ForeignKey("shop.customer", models.CASCADE, null=True),
        ),
    ]
`,
        settings: 'database = "postgresql"',
      },
      {
        title: 'The project runs on SQLite',
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
                ("total", models.IntegerField()),
                ("note", models.CharField(max_length=40)),
            ],
        ),
    ]
# file: shop/migrations/0002_order_customer.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="order",
            name="customer",
            field=models.ForeignKey("shop.customer", models.CASCADE, null=True),
        ),
    ]
`,
        settings: 'database = "sqlite"',
      },
      {
        title: 'MariaDB makes two bytes of one where there is room',
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
                ("total", models.IntegerField()),
                ("note", models.CharField(max_length=40)),
            ],
        ),
    ]
# file: shop/migrations/0002_order_note.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="order",
            name="note",
            field=models.CharField(max_length=60),
        ),
        migrations.AddField("order", "remarks", models.TextField(default="")),
    ]
`,
        settings: 'database = "mariadb"',
      },
      {
        title: 'Alembic: a longer text, and a statement that the server refuses rather than copies',
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
# file: migrations/versions/5b0f6f6ad3b1_longer_codes.py
"""Longer codes"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.alter_column(
        "orders", "code", existing_type=sa.String(length=20), type_=sa.String(length=40), existing_nullable=False
    )
    op.execute("ALTER TABLE orders ADD INDEX orders_code_idx (code), ALGORITHM=INPLACE, LOCK=NONE")


def downgrade():
    raise NotImplementedError
`,
      },
    ],
  },
};

interface Copy {
  readonly change: Change;
  readonly table: TableName;
  readonly effects: Effects;
}

function findCopy(change: Change, migration: Migration, context: RuleContext): Copy | undefined {
  if (!('table' in change) || change.table === undefined) return undefined;
  const effects = context.effects(change);
  if (effects.manner === undefined || (effects.blocks !== 'writes' && effects.blocks !== 'reads and writes')) {
    return undefined;
  }
  if (!isInUse(change.table, change, migration, context) || isReplacedKey(change, migration)) return undefined;
  return { change, table: change.table, effects };
}

/** A primary key that goes and comes in one statement: the table is written anew, and used meanwhile. */
function isReplacedKey(change: Change, { forward }: Migration): boolean {
  if (change.kind !== 'DropConstraint' || change.constraintKind !== 'primary-key') return false;
  return forward.some(
    (other) =>
      other.kind === 'AddConstraint' &&
      other.constraint.kind === 'primary-key' &&
      other.origin.sql !== undefined &&
      other.origin.span.start === change.origin.span.start &&
      isSameTable(other.table, change.table),
  );
}

/** What one operation or statement does is told once. */
function isTogether(one: Copy, other: Copy): boolean {
  const [first, second] = [one.change.origin, other.change.origin];
  return (
    first.span.start === second.span.start && first.kind === second.kind && first.sql?.position === second.sql?.position
  );
}

function messageOf({ change, effects }: Copy, together: readonly Copy[]): string {
  const names = listOfTables(together.map(({ table }) => table));
  const isCopied = together.some((copy) => copy.effects.manner === 'copy');
  return isCopied
    ? `${subjectOf(change)} copies all of ${names}, and ${effects.blocks} wait until it is done.`
    : `${subjectOf(change)} keeps ${effects.blocks} ${effects.blocks === 'writes' ? 'to' : 'of'} ${names} waiting until it is done.`;
}

function subjectOf(change: Change): string {
  switch (change.kind) {
    case 'AddColumn':
      return addedColumn(change);
    case 'AlterColumn':
      return `Changing "${change.column}"`;
    case 'CreateIndex':
      return 'Building this index';
    case 'AddConstraint':
      return `Adding this ${change.constraint.kind === 'foreign-key' ? 'foreign key' : change.constraint.kind}`;
    case 'DropConstraint':
      return 'Dropping the primary key';
    case 'Maintenance':
      return change.operation === 'convert' ? 'Changing the character set' : 'This statement';
    default:
      return 'This statement';
  }
}

function addedColumn({ column }: ChangeOf<'AddColumn'>): string {
  const name = `"${column.name}"`;
  if (column.references?.enforced === true) return `Adding ${name} with its foreign key`;
  if (column.generated === 'stored') return `Computing and storing ${name}`;
  if (column.autoIncrement) return `Numbering the rows in ${name}`;
  if (column.check !== undefined) return `Adding ${name} with its check`;
  return `Adding ${name} with this default`;
}
