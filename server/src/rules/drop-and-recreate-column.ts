import { renameInsteadOfRecreate } from '../fixes/recipes/rename-instead-of-recreate.ts';
import type { AddColumn, DropColumn } from '../schema/change.ts';
import { changesOf } from '../schema/change.ts';
import type { Column } from '../schema/column.ts';
import { isSameType } from '../schema/column.ts';
import type { Migration } from '../schema/migration.ts';
import { isSameTable } from '../schema/table-name.ts';
import { isSameFamily } from '../schema/type-family.ts';
import { mayCarryValues } from './data-writes.ts';
import type { Rule } from './rule.ts';
import { isSimilarName } from './similar-names.ts';
import { columnBefore, isGuarded, isInUse } from './tables-in-use.ts';

export const dropAndRecreateColumn: Rule = {
  name: 'drop-and-recreate-column',
  level: 'critical',
  group: 'Data loss',
  kinds: ['DropColumn'],
  summary: 'A column is dropped and one like it is added: a rename or a change of type that loses every value.',
  docs: {
    whatHappens:
      'The database drops the old column with everything in it and adds an empty one. `makemigrations` writes this when its question «was … renamed to …?» is answered with no, and Alembic’s autogenerate always does.',
    whyItHurts:
      'What was meant as a rename or a change of type loses the value in every row. Migrating backwards brings the column back, empty.',
    whatToDo: {
      django: 'Use `RenameField` for another name and `AlterField` for another type: both keep the values.',
      alembic: 'Use `op.alter_column` with `new_column_name=` or `type_=`.',
    },
    whenItIsFine:
      'Where the migration copies the values from the old column to the new one in between, or where the two columns have neither name nor type in common, nothing is reported here (dropping a column still is).',
  },
  sources: [
    {
      title: 'Django: RenameField',
      url: 'https://docs.djangoproject.com/en/5.2/ref/migration-operations/#renamefield',
    },
    { title: 'PostgreSQL 18: ALTER TABLE', url: 'https://www.postgresql.org/docs/18/sql-altertable.html' },
  ],

  *check(migration, context) {
    const taken = new Set<AddColumn>();
    for (const dropped of changesOf(migration.forward, 'DropColumn')) {
      const before = columnBefore(dropped.table, dropped.column, dropped, context);
      if (!dropped.applies.database || before === undefined || before.bornIn === migration.id) continue;
      if (!isInUse(dropped.table, dropped, migration, context) || isGuarded(dropped, migration)) continue;
      const added = findReplacement(dropped, before, migration, taken);
      if (added === undefined) continue;
      taken.add(added);
      const { name } = dropped.table;
      const what =
        added.column.name === dropped.column
          ? `"${dropped.column}" of "${name}" is dropped and added again`
          : `"${dropped.column}" of "${name}" is dropped and "${added.column.name}" added in its place`;
      yield {
        at: dropped.at,
        message: `${what}: the value in every row is lost.`,
        related: [{ file: migration.file, span: added.at, message: 'Here it is added.' }],
        cause: dropped,
        covers: [added],
        fixes: () => renameInsteadOfRecreate(dropped, added, migration, context),
      };
    }
  },

  examples: {
    bad: [
      {
        title: 'A rename in disguise',
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
                ("payer_name", models.CharField(max_length=80)),
            ],
        ),
    ]
# file: shop/migrations/0002_payer.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RemoveField(
            model_name="order",
            name="payer_name",
                 ~~~~~~~~~~~~ "payer_name" of "shop_order" is dropped and "payer" added in its place: the value in every row is lost.
        ),
        migrations.AddField(
            model_name="order",
            name="payer",
            field=models.CharField(default="", max_length=80),
            preserve_default=False,
        ),
    ]
`,
        fixed: [
          {
            title: 'Rename "payer_name" to "payer" instead',
            files: `
# file: shop/migrations/0002_payer.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RenameField(
            model_name="order",
            old_name="payer_name",
            new_name="payer",
        ),
    ]
`,
          },
        ],
      },
      {
        title: 'A change of type in disguise',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Order",
            fields=[("id", models.BigAutoField(primary_key=True)), ("weight", models.IntegerField())],
        ),
    ]
# file: shop/migrations/0002_weight.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RemoveField("order", "weight"),
                                        ~~~~~~~~ "weight" of "shop_order" is dropped and added again: the value in every row is lost.
        migrations.AddField("order", "weight", models.DecimalField(default=0, max_digits=9, decimal_places=3)),
    ]
`,
        fixed: [
          {
            title: 'Change "weight" in place instead',
            files: `
# file: shop/migrations/0002_weight.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="order",
            name="weight",
            field=models.DecimalField(default=0, max_digits=9, decimal_places=3),
        ),
    ]
`,
          },
        ],
      },
      {
        title: 'Alembic: what autogenerate makes of a rename',
        files: `
# file: migrations/versions/9c2f5a1b7e44_invoice.py
"""Invoice"""
import sqlalchemy as sa
from alembic import op

revision = "9c2f5a1b7e44"
down_revision = None


def upgrade():
    op.create_table(
        "invoice",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("payer_name", sa.String(length=80)),
    )


def downgrade():
    op.drop_table("invoice")
# file: migrations/versions/5b0f6f6ad3b1_invoice_payer.py
"""Invoice.payer"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    # ### commands auto generated by Alembic - please adjust! ###
    op.add_column("invoice", sa.Column("payer", sa.String(length=80), nullable=True))
    op.drop_column("invoice", "payer_name")
    ~~~~~~~~~~~~~~ "payer_name" of "invoice" is dropped and "payer" added in its place: the value in every row is lost.
    # ### end Alembic commands ###


def downgrade():
    # ### commands auto generated by Alembic - please adjust! ###
    op.add_column("invoice", sa.Column("payer_name", sa.String(length=80), nullable=True))
    op.drop_column("invoice", "payer")
    # ### end Alembic commands ###
`,
      },
    ],
    good: [
      {
        title: 'The values are copied in between',
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
                ("payer_name", models.CharField(max_length=80)),
            ],
        ),
    ]
# file: shop/migrations/0002_payer.py
from django.db import migrations, models
from django.db.models import F


def copy(apps, schema_editor):
    apps.get_model("shop", "Order").objects.update(payer=F("payer_name"))


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField("order", "payer", models.CharField(default="", max_length=80)),
        migrations.RunPython(copy, migrations.RunPython.noop),
        migrations.RemoveField("order", "payer_name"),
    ]
`,
      },
      {
        title: 'Two columns that have nothing to do with each other',
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
                ("is_gift", models.BooleanField(default=False)),
            ],
        ),
    ]
# file: shop/migrations/0002_express.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RemoveField("order", "is_gift"),
        migrations.AddField("order", "express", models.BooleanField(default=False)),
    ]
`,
      },
      {
        title: 'Alembic: the values are copied in between, or the column is renamed',
        files: `
# file: migrations/versions/9c2f5a1b7e44_invoice.py
"""Invoice"""
import sqlalchemy as sa
from alembic import op

revision = "9c2f5a1b7e44"
down_revision = None


def upgrade():
    op.create_table(
        "invoice",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("payer_name", sa.String(length=80)),
        sa.Column("note_text", sa.Text()),
    )


def downgrade():
    op.drop_table("invoice")
# file: migrations/versions/5b0f6f6ad3b1_invoice_payer.py
"""Invoice.payer"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"

invoice = sa.table("invoice", sa.column("payer"), sa.column("payer_name"))


def upgrade():
    op.alter_column("invoice", "note_text", new_column_name="note")
    op.add_column("invoice", sa.Column("payer", sa.String(length=80)))
    op.execute(invoice.update().values(payer=invoice.c.payer_name))
    op.drop_column("invoice", "payer_name")


def downgrade():
    raise NotImplementedError
`,
      },
    ],
  },
};

/** The column that takes the place of the dropped one; the same name first, then the most alike. */
function findReplacement(
  dropped: DropColumn,
  before: Column,
  migration: Migration,
  taken: ReadonlySet<AddColumn>,
): AddColumn | undefined {
  const candidates = changesOf(migration.forward, 'AddColumn').filter(
    (added) =>
      added.applies.database &&
      !taken.has(added) &&
      isSameTable(added.table, dropped.table) &&
      !isCopied(dropped, added, migration),
  );
  const again = candidates.find(({ column }) => column.name === before.name);
  if (again) return isSameFamily(again.column.type, before.type) ? again : undefined;
  return candidates.find(
    ({ column }) => isSameType(column.type, before.type) && isSimilarName(column.name, before.name),
  );
}

/** Whether code runs while both columns are there: it may carry the values over. */
function isCopied(dropped: DropColumn, added: AddColumn, migration: Migration): boolean {
  const from = migration.forward.indexOf(added);
  const to = migration.forward.indexOf(dropped);
  return migration.forward.slice(from + 1, Math.max(to, from + 1)).some(mayCarryValues);
}
