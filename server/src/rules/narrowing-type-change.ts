import { typeChangeOf } from '../database/postgresql/type-change.ts';
import { canonicalType } from '../database/postgresql/type-name.ts';
import { type AlterColumn, changesOf } from '../schema/change.ts';
import { type Column, type ColumnType, typeText } from '../schema/column.ts';
import type { Migration } from '../schema/migration.ts';
import { findTable } from '../schema/schema.ts';
import { tableText } from '../schema/table-name.ts';
import { sameOrigin } from './blocking-work.ts';
import type { Problem, Rule, RuleContext } from './rule.ts';
import { columnBefore, hasHistory } from './tables-in-use.ts';

export const narrowingTypeChange: Rule = {
  name: 'narrowing-type-change',
  level: 'high',
  group: 'Data loss',
  summary: 'A column gets a shorter, smaller or stricter type: values that do not fit fail or are cut.',
  docs: {
    whatHappens:
      'Every value of the column is converted. One that is too long or out of range makes the `ALTER TABLE` fail; with an explicit cast (`USING code::varchar(10)`, which Django writes when the kind of type changes) texts are cut without a word, and digits behind the point or of a second are rounded away in any case.',
    whyItHurts:
      'It works where the data are tidy, and fails in the deploy on the one row that is not, after having blocked the table for all the rows before it. What was cut or rounded does not come back by migrating back.',
    whatToDo: {
      django:
        'Look first: `SELECT count(*) … WHERE char_length(code) > 10`. Correct the values in a data migration, keep new ones out by a check constraint (`AddConstraintNotValid`, then `ValidateConstraint`), and change the type when the check has been validated.',
      alembic:
        'Look for values that do not fit, correct them, keep new ones out by a check constraint that is added `NOT VALID` and validated after that, and change the type then.',
    },
    whenItIsFine:
      'A longer or larger type, a column of a table that the same migration creates, a length that a validated check constraint already guarantees, and a conversion that is written out (`USING left(code, 10)`) are not reported, and neither are types that are not known.',
  },
  sources: [
    { title: 'PostgreSQL 18: ALTER TABLE', url: 'https://www.postgresql.org/docs/18/sql-altertable.html' },
    { title: 'PostgreSQL 18: Character Types', url: 'https://www.postgresql.org/docs/18/datatype-character.html' },
  ],

  *check(migration, context) {
    if (context.target.database !== 'postgresql') return;
    const told = new Set<AlterColumn>();
    for (const change of changesOf(migration.forward, 'AlterColumn')) {
      const problem = told.has(change) ? undefined : problemOf(change, migration, context);
      if (problem === undefined) continue;
      // A key takes the columns that point to it along.
      for (const each of changesOf(sameOrigin(change, migration), 'AlterColumn')) {
        if (each.column !== change.column || each.table.name !== change.table.name) told.add(each);
      }
      yield problem;
    }
  },

  examples: {
    bad: [
      {
        title: 'Shorter, smaller, less precise',
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
                ("code", models.CharField(max_length=40)),
                ("note", models.TextField()),
                ("count", models.BigIntegerField()),
                ("price", models.DecimalField(max_digits=10, decimal_places=4)),
                ("placed", models.IntegerField()),
            ],
        ),
    ]
# file: shop/migrations/0002_smaller.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AlterField("order", "code", models.CharField(max_length=10)),
                                                                ~~~~~~~~~~~~~ "code" of "shop_order" goes from varchar(40) to varchar(10): a value that does not fit makes the migration fail.
        migrations.AlterField("order", "note", models.CharField(max_length=100)),
                                                                ~~~~~~~~~~~~~~ "note" of "shop_order" goes from text to varchar(100): a value that does not fit is cut or makes the migration fail.
        migrations.AlterField("order", "count", models.IntegerField()),
                                                ~~~~~~~~~~~~~~~~~~~ "count" of "shop_order" goes from bigint to integer: a value that does not fit makes the migration fail.
        migrations.AlterField("order", "price", models.DecimalField(max_digits=8, decimal_places=2)),
                                                                    ~~~~~~~~~~~~ "price" of "shop_order" goes from numeric(10, 4) to numeric(8, 2): a value that does not fit is rounded or makes the migration fail.
        migrations.AlterField("order", "placed", models.DateField()),
                                                 ~~~~~~~~~~~~~~~~ "placed" of "shop_order" cannot go from integer to date, no cast leads there: the migration fails.
    ]
`,
      },
      {
        title: 'In SQL',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL("CREATE TABLE shop_order (id bigint, code varchar(40), at timestamptz(6), seen text)", ""),
    ]
# file: shop/migrations/0002_smaller.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE shop_order
                ALTER COLUMN id TYPE integer,
                ~~~~~~~~~~~~~~~~~~~~~~~~~~~~ "id" of "shop_order" goes from bigint to integer: a value that does not fit makes the migration fail.
                ALTER COLUMN code SET DATA TYPE varchar(10) USING code::varchar(10);
                ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ "code" of "shop_order" goes from varchar(40) to varchar(10): a value that does not fit is cut.
            """,
            migrations.RunSQL.noop,
        ),
    ]
`,
      },
      {
        title: 'In SQL: without USING nothing is cut',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[("id", models.BigAutoField(primary_key=True)), ("note", models.TextField(null=True))],
        ),
    ]
# file: shop/migrations/0002_note.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL("ALTER TABLE shop_order ALTER COLUMN note TYPE varchar(5)", migrations.RunSQL.noop),
                                                  ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ "note" of "shop_order" goes from text to varchar(5): a value that does not fit makes the migration fail.
    ]
`,
      },
    ],
    good: [
      {
        title: 'Longer, larger, no limit',
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
                ("code", models.CharField(max_length=40)),
                ("count", models.IntegerField()),
                ("price", models.DecimalField(max_digits=10, decimal_places=2)),
            ],
        ),
    ]
# file: shop/migrations/0002_larger.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AlterField("order", "code", models.CharField(max_length=80)),
        migrations.AlterField("order", "code", models.TextField()),
        migrations.AlterField("order", "count", models.BigIntegerField()),
        migrations.AlterField("order", "price", models.DecimalField(max_digits=12, decimal_places=2)),
        migrations.AlterField("order", "price", models.DecimalField("price", max_digits=12, decimal_places=2)),
    ]
`,
      },
      {
        title: 'A validated check guarantees the length, and a conversion that is written out',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL("CREATE TABLE shop_order (id bigint, code varchar(40), name text)", ""),
        migrations.RunSQL("ALTER TABLE shop_order ADD CONSTRAINT short CHECK (char_length(code) <= 10)", ""),
    ]
# file: shop/migrations/0002_smaller.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL("ALTER TABLE shop_order ALTER COLUMN code TYPE varchar(10)", ""),
        migrations.RunSQL("ALTER TABLE shop_order ALTER COLUMN name TYPE varchar(10) USING left(name, 10)", ""),
        migrations.RunSQL("ALTER TABLE shop_line ALTER COLUMN name TYPE varchar(10)", ""),
    ]
`,
      },
    ],
  },
};

function problemOf(change: AlterColumn, migration: Migration, context: RuleContext): Problem | undefined {
  const { table, column, to, using } = change;
  if (!change.applies.database || !hasHistory(table, change, migration, context)) return undefined;
  const before = columnBefore(table, column, change, context);
  if (before === undefined || isConverted(change)) return undefined;
  const names = `"${column}" of ${tableText(table)}`;
  const types = `from ${typeText(before.type)} to ${typeText(to.type)}`;
  const problem = { at: change.facets.type ?? change.at, cause: change, covers: sameOrigin(change, migration) };
  switch (typeChangeOf(before.type, to.type)) {
    case 'impossible':
      if (using !== undefined) return undefined;
      return {
        ...problem,
        level: 'critical',
        message: `${names} cannot go ${types}, no cast leads there: the migration fails.`,
      };
    case 'rewrite-and-may-fail':
      if (isGuaranteed(change, context)) return undefined;
      return { ...problem, message: `${names} goes ${types}: a value that does not fit ${outcome(before, change)}.` };
    default:
      return undefined;
  }
}

/** Whether somebody has written how the values are converted, more than naming the new type. */
function isConverted({ using, column }: AlterColumn): boolean {
  if (using === undefined) return false;
  const name = column.replaceAll(/[.*+?^$()|[\]\\{}]/g, '\\$&');
  return !new RegExp(`^\\(?(?:CAST\\s*\\(\\s*)?"?${name}"?\\)?\\s*(?:::|AS\\b)`, 'i').test(using.trim());
}

const characters: ReadonlySet<string> = new Set(['varchar', 'char']);
const timesOfDay: ReadonlySet<string> = new Set([
  'time',
  'time with time zone',
  'timestamp',
  'timestamp with time zone',
  'interval',
]);
const fractions: ReadonlySet<string> = new Set(['numeric', 'real', 'double precision']);
const numbers: ReadonlySet<string> = new Set([...fractions, 'smallint', 'integer', 'bigint']);

/** What becomes of a value that does not fit. */
function outcome(before: Column, { to, using, origin }: AlterColumn): string {
  const fails = 'makes the migration fail';
  const [one, other] = [canonicalType(before.type), canonicalType(to.type)];
  if (characters.has(other.name)) {
    if (using !== undefined) return 'is cut';
    // Only an explicit cast cuts.
    return one.name === other.name || origin.sql !== undefined ? fails : `is cut or ${fails}`;
  }
  if (timesOfDay.has(one.name)) return one.name === other.name ? 'is rounded' : 'is cut';
  const isRounded =
    one.name === 'numeric' && other.name === 'numeric'
      ? (one.arguments[1] ?? Number.POSITIVE_INFINITY) > (other.arguments[1] ?? 0)
      : fractions.has(one.name) && numbers.has(other.name);
  return isRounded ? `is rounded or ${fails}` : fails;
}

/** Whether a validated check keeps everything out that is longer: `CHECK (char_length(code) <= 10)`. */
function isGuaranteed({ table, column, to }: AlterColumn, context: RuleContext): boolean {
  const limit = limitOf(to.type);
  if (limit === undefined) return false;
  const checks = [...(findTable(context.start, table)?.constraints.values() ?? [])].filter(
    ({ kind, validated, columns }) => kind === 'check' && validated && columns.join() === column,
  );
  return checks.some(({ condition }) => {
    const [, operator, length] = /length\s*\([^()]*\)\s*(<=?)\s*(\d+)\s*\)*$/i.exec(condition ?? '') ?? [];
    return length !== undefined && Number(length) - (operator === '<' ? 1 : 0) <= limit;
  });
}

function limitOf(type: ColumnType): number | undefined {
  const { name, arguments: args } = canonicalType(type);
  return characters.has(name) ? args[0] : undefined;
}
