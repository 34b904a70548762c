import type { Change, ChangeOf } from '../schema/change.ts';
import { changesOf } from '../schema/change.ts';
import type { ColumnDefault } from '../schema/column.ts';
import type { Migration } from '../schema/migration.ts';
import { isSameTable, tableText } from '../schema/table-name.ts';
import type { Rule, RuleContext } from './rule.ts';
import { hasHistory } from './tables-in-use.ts';

export const uniqueWithSharedDefault: Rule = {
  name: 'unique-with-shared-default',
  level: 'critical',
  group: 'Fails when it runs',
  summary: 'A unique column is added with one and the same value for every row.',
  docs: {
    whatHappens:
      'A default gives all rows that are there one value: Django calls even `default=uuid.uuid4` a single time for the whole table. The second row repeats the first, and the unique constraint refuses it.',
    whyItHurts:
      'It works on an empty database and on one with a single row. In the deploy the migration fails, on the first table with two.',
    whatToDo: {
      django:
        'Add the field with `null=True` and `unique=False`, fill each row with a value of its own in a data migration, and make it unique after that. Django’s own how-to shows the three migrations.',
      alembic:
        'Add the column nullable, fill each row with a value of its own, and add the unique constraint after that.',
    },
    whenItIsFine:
      'A nullable column without a default, a default that the database computes for each row (`gen_random_uuid()`, an identity), a table that the same migration creates, and a column that is filled before it becomes unique are not reported.',
  },
  sources: [
    {
      title: 'Django: Migrations that add unique fields',
      url: 'https://docs.djangoproject.com/en/5.2/howto/writing-migrations/#migrations-that-add-unique-fields',
    },
    { title: 'PostgreSQL 18: ALTER TABLE', url: 'https://www.postgresql.org/docs/18/sql-altertable.html' },
  ],

  *check(migration, context) {
    for (const change of changesOf(migration.forward, 'AddColumn', 'AddConstraint', 'CreateIndex')) {
      const { table } = change;
      if (!change.applies.database || !hasHistory(table, change, migration, context)) continue;
      const columns = change.kind === 'AddColumn' ? addedUnique(change, context) : madeUnique(change, migration);
      if (columns.length === 0) continue;
      const names = columns.map((name) => `"${name}"`).join(', ');
      yield {
        at: change.at,
        message: `Every row gets the same ${names}, which has to be unique: this fails as soon as ${tableText(table)} has two rows.`,
        cause: change,
      };
    }
  },

  examples: {
    bad: [
      {
        title: 'A callable is called once, and so is a constant',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(name="Order", fields=[("id", models.BigAutoField(primary_key=True))]),
    ]
# file: shop/migrations/0002_order_token.py
import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField("order", "token", models.UUIDField(default=uuid.uuid4, unique=True)),
                                     ~~~~~~~ Every row gets the same "token", which has to be unique: this fails as soon as "shop_order" has two rows.
        migrations.AddField("order", "slug", models.SlugField(default="", unique=True)),
                                     ~~~~~~ Every row gets the same "slug", which has to be unique: this fails as soon as "shop_order" has two rows.
    ]
`,
      },
      {
        title: 'In SQL: with the column, and by a constraint or an index right after it',
        files: `
# file: shop/migrations/0002_order_token.py
from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL("ALTER TABLE shop_order ADD COLUMN code text DEFAULT '' UNIQUE", ""),
                                                  ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Every row gets the same "code", which has to be unique: this fails as soon as "shop_order" has two rows.
        migrations.RunSQL(
            """
            ALTER TABLE shop_order ADD COLUMN number integer NOT NULL DEFAULT 0;
            ALTER TABLE shop_order ADD CONSTRAINT order_number UNIQUE (number);
                                   ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ Every row gets the same "number", which has to be unique: this fails as soon as "shop_order" has two rows.
            """,
            migrations.RunSQL.noop,
        ),
    ]
`,
      },
    ],
    good: [
      {
        title: 'Nullable, filled, then unique; a value for each row; together with a column that tells rows apart',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(name="Order", fields=[("id", models.BigAutoField(primary_key=True))]),
    ]
# file: shop/migrations/0002_order_token.py
import uuid

from django.db import migrations, models


def fill(apps, schema_editor):
    for order in apps.get_model("shop", "Order").objects.iterator():
        order.token = uuid.uuid4()
        order.save(update_fields=["token"])


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField("order", "code", models.CharField(max_length=20, null=True, unique=True)),
        migrations.AddField("order", "token", models.UUIDField(default=uuid.uuid4)),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField("order", "token", models.UUIDField(default=uuid.uuid4, unique=True)),
        migrations.AddField("order", "position", models.IntegerField(default=0)),
        migrations.AddConstraint(
            "order", models.UniqueConstraint(fields=["id", "position"], name="order_id_position")
        ),
        migrations.RunSQL("ALTER TABLE shop_order ADD COLUMN key uuid DEFAULT gen_random_uuid() UNIQUE", ""),
    ]
`,
      },
      {
        title: 'A table that the same migration creates',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    operations = [
        migrations.CreateModel(name="Order", fields=[("id", models.BigAutoField(primary_key=True))]),
        migrations.AddField("order", "slug", models.SlugField(default="", unique=True)),
    ]
`,
      },
    ],
  },
};

function addedUnique(change: ChangeOf<'AddColumn'>, context: RuleContext): readonly string[] {
  const { column, transientDefault } = change;
  const isUnique = column.unique || column.primaryKey;
  if (!isUnique || !isShared(column.default, transientDefault)) return [];
  return context.effects(change).fails === undefined ? [] : [column.name];
}

/** A default of Python is computed once, whatever it is. */
function isShared(inDatabase: ColumnDefault | undefined, transient: ColumnDefault | undefined): boolean {
  const value = inDatabase ?? transient;
  if (value === undefined || value.sql?.toUpperCase() === 'NULL') return false;
  return inDatabase === undefined || value.kind === 'constant' || value.kind === 'stable';
}

/** The columns that become unique together, where this migration has given all of them one value for all rows. */
function madeUnique(change: ChangeOf<'AddConstraint' | 'CreateIndex'>, { forward }: Migration): readonly string[] {
  const columns = uniqueColumnsOf(change);
  const earlier = forward.slice(0, forward.indexOf(change));
  const areShared = columns.every((name) => {
    const added = earlier.findLastIndex((each) => isAddOf(each, change, name));
    return added >= 0 && !earlier.slice(added + 1).some((each) => mayFill(each, change));
  });
  return areShared ? columns : [];
}

function uniqueColumnsOf(change: ChangeOf<'AddConstraint' | 'CreateIndex'>): readonly string[] {
  if (change.kind === 'AddConstraint') return change.constraint.kind === 'unique' ? change.constraint.columns : [];
  const { unique, partial, expressions, columns } = change.index;
  return unique && !partial && !expressions ? columns : [];
}

function isAddOf(each: Change, { table }: ChangeOf<'AddConstraint' | 'CreateIndex'>, name: string): boolean {
  if (each.kind !== 'AddColumn' || each.column.name !== name || !isSameTable(each.table, table)) return false;
  // One that is unique from the start is told where it is added.
  return !each.column.unique && isShared(each.column.default, each.transientDefault);
}

/** Whether the rows may have got values of their own. */
function mayFill(each: Change, { table }: ChangeOf<'AddConstraint' | 'CreateIndex'>): boolean {
  if (each.kind === 'WriteRows') return each.table === undefined || isSameTable(each.table, table);
  return each.kind === 'RunCode' || each.kind === 'Opaque';
}
