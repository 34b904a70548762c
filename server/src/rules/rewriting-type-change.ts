import type { LongWork } from '../database/effects.ts';
import type { AlterColumn } from '../schema/change.ts';
import { changesOf } from '../schema/change.ts';
import { typeText } from '../schema/column.ts';
import type { Migration } from '../schema/migration.ts';
import { findBlockingWork, sameOrigin } from './blocking-work.ts';
import type { Rule, RuleContext } from './rule.ts';
import { listOfTables } from './table-list.ts';
import { columnBefore, isInUse } from './tables-in-use.ts';

export const rewritingTypeChange: Rule = {
  name: 'rewriting-type-change',
  level: 'high',
  group: 'Blocks a live table',
  summary: 'A column gets another type, and its table is written anew while nobody can use it.',
  docs: {
    whatHappens:
      'Where the values of the new type are stored in another way, `ALTER COLUMN … TYPE` writes every row and every index of the table anew under an `ACCESS EXCLUSIVE` lock: nobody reads or writes the table until it is done and the migration commits. From `integer` to `bigint` is such a change; when the column is a primary key, Django changes every foreign key that points to it, too. A new collation builds the indexes on the column anew, and a change that is free otherwise reads all rows where a check constraint names the column.',
    whyItHurts:
      'On a large table this takes from minutes to hours, and needs the disk space of the table once more. Every query on it waits.',
    whatToDo: {
      django:
        'Add a new column of the new type, write both from the application or by a trigger, fill it in batches, and switch over: the steps of several releases. Ask first whether a free change does as well: a longer `max_length`, no limit at all (`TextField`), more digits before the point of a `DecimalField`.',
      alembic:
        'Add a new column of the new type, write both from the application or by a trigger, fill it in batches, and switch over: the steps of several releases.',
    },
    whenItIsFine:
      'Changes that PostgreSQL makes in the catalog alone are not reported: a longer `varchar` or none of its limit, `varchar` to `text` and back without a limit, a larger precision of `numeric` with the same scale, `timestamp` to `timestamptz` and back for a session in UTC, as Django opens it. Neither are tables that the same migration creates, columns whose old type is not known, and databases other than PostgreSQL.',
  },
  sources: [
    { title: 'PostgreSQL 18: ALTER TABLE', url: 'https://www.postgresql.org/docs/18/sql-altertable.html' },
    {
      title: 'Django: AlterField',
      url: 'https://docs.djangoproject.com/en/5.2/ref/migration-operations/#alterfield',
    },
  ],

  *check(migration, context) {
    const told = new Set<AlterColumn>();
    for (const change of changesOf(migration.forward, 'AlterColumn')) {
      const work = workOf(change, migration, context);
      if (work === undefined || told.has(change)) continue;
      // A key takes the columns that point to it along.
      const together = [...changesOf(sameOrigin(change, migration), 'AlterColumn')].filter(
        (each) => workOf(each, migration, context)?.kind === work.kind,
      );
      for (const each of together) told.add(each);
      yield {
        at: change.facets.type ?? change.at,
        message: messageOf(change, work, listOfTables(together.map(({ table }) => table)), context),
        cause: change,
        covers: sameOrigin(change, migration),
      };
    }
  },

  examples: {
    bad: [
      {
        title: 'A larger number',
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
        migrations.AlterField("order", "total", models.BigIntegerField()),
                                                ~~~~~~~~~~~~~~~~~~~~~~ Changing "total" from integer to bigint rewrites all of "shop_order", indexes included, under a lock that blocks reads and writes.
    ]
`,
      },
      {
        title: 'A primary key takes along what points to it',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(name="Order", fields=[("id", models.AutoField(primary_key=True))]),
        migrations.CreateModel(
            name="Parcel",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("order", models.ForeignKey("shop.Order", models.CASCADE)),
            ],
        ),
    ]
# file: shop/migrations/0002_order_id.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AlterField("order", "id", models.BigAutoField(primary_key=True)),
                                             ~~~~~~~~~~~~~~~~~~~ Changing "id" from integer to bigint rewrites all of "shop_order" and "shop_parcel", indexes included, under a lock that blocks reads and writes.
    ]
`,
      },
      {
        title: 'A check on the column makes a free change read all rows',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[("id", models.BigAutoField(primary_key=True)), ("code", models.CharField(max_length=9))],
        ),
        migrations.RunSQL(
            "ALTER TABLE shop_order ADD CONSTRAINT code_given CHECK (code <> '')",
            "ALTER TABLE shop_order DROP CONSTRAINT code_given",
        ),
    ]
# file: shop/migrations/0002_order_code.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AlterField("order", "code", models.CharField(max_length=20)),
                                                                ~~~~~~~~~~~~~ Changing the type of "code" checks all rows of "shop_order" again under a lock that blocks reads and writes.
    ]
`,
      },
      {
        title: 'In SQL, beside changes that are free',
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
                ("code", models.CharField(max_length=9, db_index=True)),
                ("total", models.DecimalField(max_digits=8, decimal_places=2)),
                ("weight", models.IntegerField()),
            ],
        ),
    ]
# file: shop/migrations/0002_order_types.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE shop_order
                ALTER COLUMN code TYPE text,
                ALTER COLUMN total TYPE numeric(12, 2),
                ALTER COLUMN weight SET DATA TYPE numeric USING weight / 1000.0;
                ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Changing "weight" from integer to numeric rewrites all of "shop_order", indexes included, under a lock that blocks reads and writes.
            ALTER TABLE shop_order ALTER COLUMN code TYPE text COLLATE "C";
                                   ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Changing the collation of "code" builds its indexes on "shop_order" anew under a lock that blocks reads and writes.
            """,
            migrations.RunSQL.noop,
        ),
    ]
`,
      },
      {
        title: 'No row is written, but the index orders another type',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.RunSQL("CREATE TABLE shop_visit (id bigint PRIMARY KEY, seen timestamp)", ""),
        migrations.RunSQL("CREATE INDEX visit_seen_idx ON shop_visit (seen)", ""),
    ]
# file: shop/migrations/0002_visit_times.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL("ALTER TABLE shop_visit ALTER seen TYPE timestamptz", migrations.RunSQL.noop),
                                                  ~~~~~~~~~~~~~~~~~~~~~~~~~~~ Changing the type of "seen" builds its indexes on "shop_visit" anew under a lock that blocks reads and writes.
    ]
`,
      },
    ],
    good: [
      {
        title: 'Changes that only the catalog sees',
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
                ("code", models.CharField(max_length=9)),
                ("note", models.CharField(max_length=80)),
                ("total", models.DecimalField(max_digits=8, decimal_places=2)),
                ("weight", models.IntegerField()),
            ],
        ),
    ]
# file: shop/migrations/0002_order_types.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AlterField("order", "code", models.CharField(max_length=20)),
        migrations.AlterField("order", "note", models.TextField()),
        migrations.AlterField("order", "total", models.DecimalField(max_digits=12, decimal_places=2)),
        migrations.AlterField("order", "weight", models.IntegerField(help_text="in grams", default=0)),
        migrations.RunSQL("ALTER TABLE shop_order ALTER COLUMN code TYPE varchar(40)", migrations.RunSQL.noop),
    ]
`,
      },
      {
        title: 'Between the two kinds of timestamp, in a session in UTC as Django opens it',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.RunSQL("CREATE TABLE shop_visit (id bigint PRIMARY KEY, seen timestamp, left_at timestamptz)", ""),
    ]
# file: shop/migrations/0002_visit_times.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL("ALTER TABLE shop_visit ALTER seen TYPE timestamptz, ALTER left_at TYPE timestamp", ""),
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
        migrations.AlterField("order", "total", models.BigIntegerField()),
        migrations.RunSQL("ALTER TABLE shop_order ALTER total TYPE numeric", migrations.RunSQL.noop),
    ]
`,
      },
      {
        title: 'A field class of another package: its type is not known',
        files: `
# file: shop/migrations/0001_initial.py
import ledger.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[("id", models.BigAutoField(primary_key=True)), ("total", ledger.fields.AmountField())],
        ),
    ]
# file: shop/migrations/0002_order_total.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AlterField("order", "total", models.BigIntegerField()),
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
        migrations.AlterField("order", "total", models.BigIntegerField()),
    ]
`,
      },
    ],
  },
};

function workOf(change: AlterColumn, migration: Migration, context: RuleContext): LongWork | undefined {
  if (!isInUse(change.table, change, migration, context)) return undefined;
  const effects = context.effects(change);
  return findBlockingWork(effects, 'type') ?? findBlockingWork(effects, 'collation');
}

function messageOf(change: AlterColumn, work: LongWork, tables: string, context: RuleContext): string {
  const { column } = change;
  const lock = 'under a lock that blocks reads and writes';
  if (work.reason === 'collation')
    return `Changing the collation of "${column}" builds its indexes on ${tables} anew ${lock}.`;
  if (work.kind === 'index') return `Changing the type of "${column}" builds its indexes on ${tables} anew ${lock}.`;
  if (work.kind === 'scan') return `Changing the type of "${column}" checks all rows of ${tables} again ${lock}.`;
  const before = columnBefore(change.table, column, change, context);
  const types =
    before === undefined || before.type.name === 'unknown'
      ? ''
      : ` from ${typeText(before.type)} to ${typeText(change.to.type)}`;
  return `Changing "${column}"${types} rewrites all of ${tables}, indexes included, ${lock}.`;
}
