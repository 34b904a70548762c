import { keptServerDefault } from '../fixes/recipes/alembic/server-default.ts';
import { keptDefault } from '../fixes/recipes/kept-default.ts';
import type { AddColumn, AlterColumn, DropColumn } from '../schema/change.ts';
import { changesOf } from '../schema/change.ts';
import { placeOf } from '../schema/change-order.ts';
import type { Migration } from '../schema/migration.ts';
import { isSameTable, tableText } from '../schema/table-name.ts';
import type { Rule } from './rule.ts';
import { isInUse } from './tables-in-use.ts';

export const notNullWithDroppedDefault: Rule = {
  name: 'not-null-with-dropped-default',
  level: 'medium',
  group: 'Breaks the running release',
  kinds: ['AddColumn'],
  summary: 'A new NOT NULL column keeps no default in the database, so the running release cannot insert rows.',
  docs: {
    whatHappens:
      'Django gives a new column the default of its field only to fill the rows that are there, and drops it in the same step: new rows are to get their value from Python. The column stays `NOT NULL`. So it is for `default=`, for the empty text of `blank=True`, and for `auto_now` and `auto_now_add`.',
    whyItHurts:
      'The release that is running does not know the column. Until the new one has replaced it on every machine, each of its `INSERT`s into the table fails. Rolling the release back fails in the same way, for as long as the column is there.',
    whatToDo: {
      django:
        'Since Django 5.0 `db_default=` keeps the default in the database; with `default=` beside it nothing changes for Python. Before that, add the column with `null=True` and set it NOT NULL in a later release, or set the default with `RunSQL` in the same migration.',
      alembic:
        'Give the column a `server_default=`, and drop it in a later release, when every running one writes the column.',
    },
    whenItIsFine:
      'When the application is stopped to migrate (`deploys = "stopped"`) the finding is only a note. A column that may be NULL, a default that the same migration sets again, and a table that the same migration created, are not reported.',
  },
  sources: [
    { title: 'Django: AddField', url: 'https://docs.djangoproject.com/en/5.2/ref/migration-operations/#addfield' },
    {
      title: 'Django: Field.db_default',
      url: 'https://docs.djangoproject.com/en/5.2/ref/models/fields/#db-default',
    },
  ],

  *check(migration, context) {
    for (const change of changesOf(migration.forward, 'AddColumn')) {
      if (!change.applies.database || !isInUse(change.table, change, migration, context)) continue;
      const cause = findLoss(change, migration);
      if (cause === undefined) continue;
      yield {
        at: cause.at,
        message: `"${change.column.name}" is NOT NULL and keeps no default: every INSERT of the running release into ${tableText(change.table)}, which does not name the column, fails.`,
        ...(context.target.deploys === 'stopped' ? { level: 'low' as const } : {}),
        cause,
        fixes: () =>
          cause.kind === 'AlterColumn'
            ? keptServerDefault(cause, migration, context)
            : keptDefault(cause, migration, context),
      };
    }
  },

  examples: {
    bad: [
      {
        title: 'Values for the rows that are there, none for those to come',
        files: `
# file: shop/models.py
from django.db import models


class Order(models.Model):
    id = models.BigAutoField(primary_key=True)
    weight = models.IntegerField(default=0)
    note = models.TextField(blank=True)
    changed_at = models.DateTimeField(auto_now=True)
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(name="Order", fields=[("id", models.BigAutoField(primary_key=True))]),
    ]
# file: shop/migrations/0002_order_more.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="order",
            name="weight",
                 ~~~~~~~~ "weight" is NOT NULL and keeps no default: every INSERT of the running release into "shop_order", which does not name the column, fails.
            field=models.IntegerField(default=0),
        ),
        migrations.AddField("order", "note", models.TextField(blank=True)),
                                     ~~~~~~ "note" is NOT NULL and keeps no default: every INSERT of the running release into "shop_order", which does not name the column, fails.
        migrations.AddField("order", "changed_at", models.DateTimeField(auto_now=True)),
                                     ~~~~~~~~~~~~ "changed_at" is NOT NULL and keeps no default: every INSERT of the running release into "shop_order", which does not name the column, fails.
    ]
`,
        fixed: [
          {
            title: 'Keep the default in the database: db_default=0',
            files: `
# file: shop/migrations/0002_order_more.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="order",
            name="weight",
            field=models.IntegerField(default=0, db_default=0),
        ),
        migrations.AddField("order", "note", models.TextField(blank=True)),
        migrations.AddField("order", "changed_at", models.DateTimeField(auto_now=True)),
    ]
# file: shop/models.py
from django.db import models


class Order(models.Model):
    id = models.BigAutoField(primary_key=True)
    weight = models.IntegerField(default=0, db_default=0)
    note = models.TextField(blank=True)
    changed_at = models.DateTimeField(auto_now=True)
`,
          },
          {
            title: 'Keep the default in the database: db_default=""',
            files: `
# file: shop/migrations/0002_order_more.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="order",
            name="weight",
            field=models.IntegerField(default=0),
        ),
        migrations.AddField("order", "note", models.TextField(blank=True, db_default="")),
        migrations.AddField("order", "changed_at", models.DateTimeField(auto_now=True)),
    ]
# file: shop/models.py
from django.db import models


class Order(models.Model):
    id = models.BigAutoField(primary_key=True)
    weight = models.IntegerField(default=0)
    note = models.TextField(blank=True, db_default="")
    changed_at = models.DateTimeField(auto_now=True)
`,
          },
        ],
      },
      {
        title: 'In SQL: a default that does not stay',
        files: `
# file: shop/migrations/0002_order_state.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE shop_order ADD COLUMN state text NOT NULL DEFAULT 'new';
            ALTER TABLE shop_order ALTER COLUMN state DROP DEFAULT;
                                   ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ "state" is NOT NULL and keeps no default: every INSERT of the running release into "shop_order", which does not name the column, fails.
            """,
            "ALTER TABLE shop_order DROP COLUMN state",
        ),
    ]
`,
      },
      {
        title: 'Added, filled and set NOT NULL in one migration',
        files: `
# file: shop/migrations/0002_order_currency.py
from django.db import migrations, models


class Migration(migrations.Migration):
    operations = [
        migrations.AddField("order", "currency", models.CharField(max_length=3, null=True)),
        migrations.RunSQL("UPDATE shop_order SET currency = 'EUR'", migrations.RunSQL.noop),
        migrations.AlterField("order", "currency", models.CharField(max_length=3)),
                                                   ~~~~~~~~~~~~~~~~ "currency" is NOT NULL and keeps no default: every INSERT of the running release into "shop_order", which does not name the column, fails.
    ]
`,
      },
      {
        title: 'Alembic: the default of the column goes again, and so does NULL',
        files: `
# file: migrations/versions/9c2f5a1b7e44_project.py
"""Project"""
import sqlalchemy as sa
from alembic import op

revision = "9c2f5a1b7e44"
down_revision = None


def upgrade():
    op.create_table("projects", sa.Column("id", sa.BigInteger(), primary_key=True))


def downgrade():
    op.drop_table("projects")
# file: migrations/versions/5b0f6f6ad3b1_project_stars.py
"""Project.stars"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.add_column("projects", sa.Column("stars", sa.Integer(), nullable=False, server_default="0"))
    op.alter_column("projects", "stars", server_default=None)
    ~~~~~~~~~~~~~~~ "stars" is NOT NULL and keeps no default: every INSERT of the running release into "projects", which does not name the column, fails.
    op.add_column("projects", sa.Column("watchers", sa.Integer()))
    op.execute("UPDATE projects SET watchers = 0")
    op.alter_column("projects", "watchers", nullable=False)
    ~~~~~~~~~~~~~~~ "watchers" is NOT NULL and keeps no default: every INSERT of the running release into "projects", which does not name the column, fails.


def downgrade():
    op.drop_column("projects", "watchers")
    op.drop_column("projects", "stars")
`,
      },
      {
        title: 'Alembic: the default goes again in the same revision',
        files: `
# file: migrations/versions/1975ea83b712_orders.py
import sqlalchemy as sa
from alembic import op

revision = "1975ea83b712"
down_revision = None


def upgrade():
    op.create_table("orders", sa.Column("id", sa.BigInteger(), primary_key=True))


def downgrade():
    op.drop_table("orders")
# file: migrations/versions/ae1027a6acf1_state_of_orders.py
import sqlalchemy as sa
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    op.add_column("orders", sa.Column("state", sa.String(20), nullable=False, server_default="open"))
    op.alter_column("orders", "state", server_default=None)
    ~~~~~~~~~~~~~~~ "state" is NOT NULL and keeps no default: every INSERT of the running release into "orders", which does not name the column, fails.


def downgrade():
    op.drop_column("orders", "state")
`,
        fixed: [
          {
            title: 'Keep the default of "state" until a later release',
            files: `
# file: migrations/versions/ae1027a6acf1_state_of_orders.py
import sqlalchemy as sa
from alembic import op

revision = "ae1027a6acf1"
down_revision = "1975ea83b712"


def upgrade():
    op.add_column("orders", sa.Column("state", sa.String(20), nullable=False, server_default="open"))


def downgrade():
    op.drop_column("orders", "state")
`,
          },
        ],
      },
    ],
    good: [
      {
        title: 'The database keeps the default, or the column may be NULL',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(name="Order", fields=[("id", models.BigAutoField(primary_key=True))]),
    ]
# file: shop/migrations/0002_order_more.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField("order", "weight", models.IntegerField(default=0, db_default=0)),
        migrations.AddField("order", "note", models.TextField(null=True, default="")),
        migrations.RunSQL(
            "ALTER TABLE shop_order ADD COLUMN state text NOT NULL DEFAULT 'new'",
            "ALTER TABLE shop_order DROP COLUMN state",
        ),
    ]
`,
      },
      {
        title: 'The next operation puts the default back',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(name="Order", fields=[("id", models.BigAutoField(primary_key=True))]),
    ]
# file: shop/migrations/0002_order_weight.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField("order", "weight", models.IntegerField(default=0)),
        migrations.RunSQL(
            "ALTER TABLE shop_order ALTER COLUMN weight SET DEFAULT 0",
            "ALTER TABLE shop_order ALTER COLUMN weight DROP DEFAULT",
        ),
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
        migrations.CreateModel(name="Order", fields=[("id", models.BigAutoField(primary_key=True))]),
        migrations.AddField("order", "weight", models.IntegerField(default=0)),
    ]
`,
      },
      {
        title: 'Alembic: a trigger fills the column of every row that is inserted',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_project_normalized_name.py
"""Project.normalized_name"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.add_column("projects", sa.Column("normalized_name", sa.Text(), nullable=True))
    op.execute("UPDATE projects SET normalized_name = lower(name)")
    op.alter_column("projects", "normalized_name", nullable=False)
    op.execute(
        """
        CREATE FUNCTION fill_normalized_name() RETURNS TRIGGER AS $$
            BEGIN
                NEW.normalized_name := lower(NEW.name);
                RETURN NEW;
            END;
        $$ LANGUAGE plpgsql
        """
    )
    op.execute(
        """
        CREATE TRIGGER projects_normalized_name BEFORE INSERT OR UPDATE OF name ON projects
            FOR EACH ROW EXECUTE FUNCTION fill_normalized_name()
        """
    )


def downgrade():
    op.execute("DROP TRIGGER projects_normalized_name ON projects")
    op.execute("DROP FUNCTION fill_normalized_name")
    op.drop_column("projects", "normalized_name")
`,
      },
    ],
  },
};

/** The change by which a column that is new and NOT NULL ends up without the default that it was added with. */
function findLoss(added: AddColumn, migration: Migration): AddColumn | AlterColumn | undefined {
  const { column, transientDefault } = added;
  if (column.autoIncrement || column.generated !== undefined) return undefined;
  // Without a default it fails at once if the table has rows: that is told by another rule.
  if (!column.nullable && (column.default ?? transientDefault) === undefined) return undefined;
  const { forward } = migration;
  if (isFilledByTrigger(added, forward)) return undefined;
  const place = placeOf(added, forward);
  const altered = changesOf(forward, 'AlterColumn', 'DropColumn').filter(
    (each) =>
      each.column === column.name &&
      each.applies.database &&
      isSameTable(each.table, added.table) &&
      placeOf(each, forward) > place,
  );
  const lastFine = [added, ...altered].findLastIndex(takesRowsWithout);
  return [added, ...altered].slice(lastFine + 1).find((each) => each.kind !== 'DropColumn');
}

/** Whether a trigger that the migration creates gives every new row a value. */
function isFilledByTrigger({ table, column }: AddColumn, forward: Migration['forward']): boolean {
  const filling = changesOf(forward, 'OtherStatement').filter(({ fills }) => fills?.columns.includes(column.name));
  if (filling.length === 0) return false;
  return changesOf(forward, 'CreateTrigger').some(
    (trigger) =>
      isSameTable(trigger.table, table) && filling.some(({ fills }) => fills?.function === trigger.beforeInsert),
  );
}

/** Whether rows can be inserted after the change that do not name the column. */
function takesRowsWithout(change: AddColumn | AlterColumn | DropColumn): boolean {
  if (change.kind === 'DropColumn') return true;
  const { nullable, default: value } = change.kind === 'AddColumn' ? change.column : change.to;
  return nullable || value !== undefined;
}
