import { listed } from '../base/listed.ts';
import type { Span } from '../base/span.ts';
import { withoutCascade } from '../fixes/recipes/without-cascade.ts';
import { type ChangeOf, changesOf, type SqlOrigin } from '../schema/change.ts';
import type { Migration } from '../schema/migration.ts';
import { tableText } from '../schema/table-name.ts';
import { isStandIn } from '../sql/stand-in.ts';
import { tokensOf } from '../sql/token.ts';
import type { Rule, RuleContext } from './rule.ts';
import { hasHistory, isGuarded } from './tables-in-use.ts';

type Drop = ChangeOf<
  'DropColumn' | 'DropConstraint' | 'DropIndex' | 'DropObject' | 'DropSchema' | 'DropTable' | 'DropView' | 'Truncate'
>;

/** What is dropped with a word about what depends on it. */
const cascading = [
  'DropColumn',
  'DropConstraint',
  'DropIndex',
  'DropObject',
  'DropSchema',
  'DropTable',
  'DropView',
  'Truncate',
] as const;

export const dropCascade: Rule = {
  name: 'drop-cascade',
  level: 'high',
  group: 'Data loss',
  databases: ['postgresql', 'oracle'],
  kinds: cascading,
  summary: 'SQL says `CASCADE`, which also takes what depends on the thing that is dropped.',
  docs: {
    whatHappens:
      'Without `CASCADE` PostgreSQL refuses to drop what something else depends on, and lists it. With `CASCADE` it drops all of that too, and what depends on that: views, foreign keys of other tables, triggers, defaults, and columns whose type goes.',
    whyItHurts:
      'What goes is decided by what the database holds at that moment, not by what the migration says. A view that somebody made for a report on production, or the foreign key of a table that was added since, is gone without a word.',
    whatToDo: {
      django:
        'Leave `CASCADE` out, and drop what depends on it by name, in the order in which PostgreSQL asks for it. What is not known then stops the migration instead of disappearing.',
      alembic: 'Leave `CASCADE` out, and drop what depends on it by name.',
    },
    whenItIsFine:
      'What the same migration created, SQL for MySQL, MariaDB and SQLite, which take the word for nothing or not at all, a trigger (nothing depends on one), and the `CASCADE` that Django itself writes when it drops a table or a column are not reported.',
  },
  sources: [{ title: 'PostgreSQL 18: Dependency Tracking', url: 'https://www.postgresql.org/docs/18/ddl-depend.html' }],

  *check(migration, context) {
    for (const drops of byWord(migration, context)) {
      const [{ change, sql, word }] = drops;
      const names = [...new Set(drops.map((each) => nameText(each.change)))];
      yield {
        at: sql.placeOf(word) ?? change.at,
        message: `CASCADE also drops whatever depends on ${listed(names)}, known or not.`,
        cause: change,
        covers: drops.slice(1).map((each) => each.change),
        fixes: () => withoutCascade(change, word, migration),
      };
    }
  },

  examples: {
    bad: [
      {
        title: 'A table, several, a column, a view, a function, a type',
        files: `
# file: shop/migrations/0002_drop.py
from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL("DROP TABLE shop_coupon, shop_voucher CASCADE", migrations.RunSQL.noop),
                                                                ~~~~~~~ CASCADE also drops whatever depends on "shop_coupon" and "shop_voucher", known or not.
        migrations.RunSQL(
            """
            ALTER TABLE shop_line
                ADD CONSTRAINT line_order FOREIGN KEY (order_id) REFERENCES shop_order ON DELETE CASCADE NOT VALID,
                DROP COLUMN kind,
                DROP COLUMN price CASCADE;
                                  ~~~~~~~ CASCADE also drops whatever depends on "price", known or not.
            DROP VIEW IF EXISTS shop_report CASCADE;
                                            ~~~~~~~ CASCADE also drops whatever depends on "shop_report", known or not.
            """,
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            ["DROP FUNCTION touch() CASCADE", "DROP TYPE shop_state CASCADE"], migrations.RunSQL.noop
                                    ~~~~~~~ CASCADE also drops whatever depends on "touch", known or not.
                                                                    ~~~~~~~ CASCADE also drops whatever depends on "shop_state", known or not.
        ),
    ]
`,
      },
      {
        title: 'The word goes, the rest of the text stays as it is',
        files: `
# file: shop/migrations/0002_drop.py
from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL("DROP VIEW shop_report CASCADE;", migrations.RunSQL.noop),
                                                 ~~~~~~~ CASCADE also drops whatever depends on "shop_report", known or not.
    ]
`,
        fixed: [
          {
            title: 'Remove CASCADE: PostgreSQL then refuses the drop while something depends on it',
            files: `
# file: shop/migrations/0002_drop.py
from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL("DROP VIEW shop_report;", migrations.RunSQL.noop),
    ]
`,
          },
        ],
      },
      {
        title: 'A name, or a schema, that is only known when the migration runs',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Customer",
            fields=[("id", models.BigAutoField(primary_key=True)), ("name", models.TextField(null=True))],
        ),
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("customer", models.ForeignKey(to="shop.customer", on_delete=models.CASCADE)),
                ("note", models.TextField(null=True)),
            ],
        ),
    ]
# file: shop/migrations/0002_drop.py
from django.conf import settings
from django.db import migrations

SCHEMA = settings.SCHEMA
TABLE = settings.OLD_TABLE


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(f"DROP TABLE {SCHEMA}.shop_order CASCADE", migrations.RunSQL.noop),
                                                           ~~~~~~~ CASCADE also drops whatever depends on "shop_order", known or not.
        migrations.RunSQL(f"DROP TABLE {TABLE} CASCADE", migrations.RunSQL.noop),
                                               ~~~~~~~ CASCADE also drops whatever depends on something whose name is only known at run time, known or not.
        migrations.RunSQL(f"DROP VIEW {TABLE} CASCADE", migrations.RunSQL.noop),
                                              ~~~~~~~ CASCADE also drops whatever depends on something whose name is only known at run time, known or not.
    ]
`,
      },
      {
        title: 'Alembic: whatever depends on a table or on a type',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_without_carts.py
"""No carts"""
from alembic import op
from sqlalchemy import text

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.execute(
        """
        DROP TABLE cart CASCADE
                        ~~~~~~~ CASCADE also drops whatever depends on "cart", known or not.
        """
    )
    op.get_bind().execute(text("DROP TYPE cart_state CASCADE"))
                                                     ~~~~~~~ CASCADE also drops whatever depends on "cart_state", known or not.


def downgrade():
    raise NotImplementedError
`,
      },
    ],
    good: [
      {
        title: 'MySQL reads the word and does nothing about it',
        files: `
# file: shop/migrations/0002_drop.py
from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL("ALTER TABLE shop_line DROP COLUMN price CASCADE", migrations.RunSQL.noop),
    ]
`,
        settings: 'database = "mysql"',
      },
      {
        title: 'Without it, on tables of its own, in a foreign key, in a string, on the way back',
        files: `
# file: shop/migrations/0002_drop.py
from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL("DROP TABLE shop_coupon RESTRICT", migrations.RunSQL.noop),
        migrations.RunSQL(
            """
            CREATE TEMP TABLE scratch (id bigint);
            DROP TABLE scratch CASCADE;
            DROP TRIGGER touch ON shop_order CASCADE;
            COMMENT ON TABLE shop_order IS 'CASCADE';
            """,
            "DROP VIEW shop_report CASCADE",
        ),
        migrations.RunSQL(
            "ALTER TABLE shop_line DROP COLUMN kind, ADD FOREIGN KEY (order_id) REFERENCES shop_order ON DELETE CASCADE",
            migrations.RunSQL.noop,
        ),
    ]
`,
      },
      {
        title: 'Django drops a table',
        files: `
# file: shop/migrations/0002_delete_coupon.py
from django.db import migrations


class Migration(migrations.Migration):
    operations = [migrations.DeleteModel("Coupon")]
`,
      },
      {
        title: 'A table of its own in a schema that is only known when the migration runs',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Customer",
            fields=[("id", models.BigAutoField(primary_key=True)), ("name", models.TextField(null=True))],
        ),
        migrations.CreateModel(
            name="Order",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("customer", models.ForeignKey(to="shop.customer", on_delete=models.CASCADE)),
                ("note", models.TextField(null=True)),
            ],
        ),
    ]
# file: shop/migrations/0002_scratch.py
from django.conf import settings
from django.db import migrations

SCHEMA = settings.SCHEMA
TABLE = settings.OLD_TABLE


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(f"CREATE TABLE {SCHEMA}.scratch (id bigint, note text)", migrations.RunSQL.noop),
        migrations.RunSQL(f"ALTER TABLE {SCHEMA}.scratch DROP COLUMN note", migrations.RunSQL.noop),
        migrations.RunSQL(f"TRUNCATE {SCHEMA}.scratch", migrations.RunSQL.noop),
        migrations.RunSQL(f"DROP TABLE {SCHEMA}.scratch CASCADE", migrations.RunSQL.noop),
    ]
`,
      },
      {
        title: 'Alembic: a foreign key whose rows go with those they refer to',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_cart_item.py
"""Cart items go with their cart"""
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.drop_constraint("cart_item_cart_id_fkey", "cart_item", type_="foreignkey")
    op.create_foreign_key(
        "cart_item_cart_id_fkey", "cart_item", "cart", ["cart_id"], ["id"], ondelete="CASCADE", postgresql_not_valid=True
    )


def downgrade():
    op.drop_constraint("cart_item_cart_id_fkey", "cart_item", type_="foreignkey")
    op.create_foreign_key("cart_item_cart_id_fkey", "cart_item", "cart", ["cart_id"], ["id"])
`,
      },
    ],
  },
};

interface WrittenCascade {
  readonly change: Drop;
  readonly sql: SqlOrigin;
  readonly word: Span;
}

/** The drops with a `CASCADE` of somebody's own, those that share one word together. */
function byWord(migration: Migration, context: RuleContext): Iterable<readonly [WrittenCascade, ...WrittenCascade[]]> {
  const words = new Map<string, [WrittenCascade, ...WrittenCascade[]]>();
  for (const change of changesOf(migration.forward, ...cascading)) {
    const { sql, span } = change.origin;
    if (change.cascade !== true || sql === undefined || !change.applies.database) continue;
    const table = 'table' in change ? change.table : undefined;
    if (table !== undefined && !hasHistory(table, change, migration, context)) continue;
    if (isGuarded(change, migration)) continue;
    const word = cascadeOf(change, sql);
    if (word === undefined) continue;
    const key = `${span.start} ${sql.text} ${word.start}`;
    const known = words.get(key);
    if (known === undefined) words.set(key, [{ change, sql, word }]);
    else known.push({ change, sql, word });
  }
  return words.values();
}

/** The word that makes this action one that cascades: the first at or behind what is underlined. */
function cascadeOf({ at }: Drop, sql: SqlOrigin): Span | undefined {
  const tokens = tokensOf(sql.text, 'postgresql').filter(({ kind }) => kind !== 'comment');
  const textOf = ({ start, end }: Span): string => sql.text.slice(start, end).toUpperCase();
  const words = tokens.filter((token, index) => {
    const before = tokens[index - 1];
    const isOfKey = before !== undefined && /^(?:DELETE|UPDATE)$/.test(textOf(before));
    return token.kind === 'word' && textOf(token) === 'CASCADE' && !isOfKey;
  });
  const behind = words.find((word) => (sql.placeOf(word)?.start ?? at.start) >= at.start);
  return behind ?? words.at(-1);
}

function nameText(change: Drop): string {
  if ('column' in change) return isStandIn(change.column) ? unnamed : `"${change.column}"`;
  if ('constraint' in change) return `"${change.constraint}"`;
  if ('index' in change) return `"${change.index}"`;
  if ('schema' in change) return `"${change.schema}"`;
  if ('name' in change) return `"${change.name}"`;
  const relation = 'view' in change ? change.view : change.table;
  return relation.unknown === 'name' ? unnamed : tableText(relation);
}

const unnamed = 'something whose name is only known at run time';
