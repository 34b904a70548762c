import { boundParameters } from '../fixes/recipes/bound-parameters.ts';
import { type Change, changesOf, type RunCode, type RunSql } from '../schema/change.ts';
import type { Migration } from '../schema/migration.ts';
import { isStandIn } from '../sql/stand-in.ts';
import type { Rule } from './rule.ts';

export const sqlStringInterpolation: Rule = {
  name: 'sql-string-interpolation',
  level: 'high',
  group: 'Data migrations',
  kinds: ['RunSql', 'RunCode'],
  summary: 'A value that is known only at run time is put into SQL as text.',
  docs: {
    whatHappens:
      'An f-string, `%`, `.format` or `+` pastes the value into the statement as it is. A quote in it ends the string there; a name with a capital letter or a space is another name. What follows is read as SQL.',
    whyItHurts:
      'It works with the rows of a developer and fails in the deploy on the first customer called O’Brien. Whoever may write the value may write SQL that runs with the rights of the migration, which are usually those of the owner of the database.',
    whatToDo: {
      django:
        'Bind values as parameters: `cursor.execute("UPDATE … SET name = %s", [name])`, in `RunSQL` a pair of the statement and its list of parameters. Quote names with `schema_editor.quote_name(name)` or `psycopg.sql.Identifier`.',
      alembic:
        'Bind values as parameters: `op.get_bind().execute(sa.text("UPDATE … SET name = :name"), {"name": name})`.',
    },
    whenItIsFine:
      'Constants, loops over literal values, names of tables and columns taken from a model (`_meta.db_table`), names that go through `quote_name`, numbers that go through `int` or `%d`, and lists of placeholders are not reported. Settings and environment variables, which nobody but the operator writes, are reported as medium.',
  },
  sources: [
    {
      title: 'Django: Performing raw SQL queries',
      url: 'https://docs.djangoproject.com/en/5.2/topics/db/sql/#executing-custom-sql-directly',
    },
    {
      title: 'Psycopg: Passing parameters to SQL queries',
      url: 'https://www.psycopg.org/psycopg3/docs/basic/params.html',
    },
  ],

  *check(migration, context) {
    for (const change of changesOf(migration.forward, 'RunSql', 'RunCode')) {
      if (!change.applies.database) continue;
      for (const hole of change.holes ?? []) {
        if (hole.source !== 'operator' && hole.source !== 'run-time') continue;
        yield {
          at: hole.at,
          message: `What ${shortened(hole.written)} holds gets into this SQL as it is: a quote in it ends the string, and the rest is run.`,
          cause: change,
          covers: opaqueParts(change, migration),
          fixes: () => boundParameters(hole.at, migration, context),
          ...(hole.source === 'operator' ? { level: 'medium' } : {}),
        };
      }
    }
  },

  examples: {
    bad: [
      {
        title: 'Values of rows, in every way in which a text can be put together',
        files: `
# file: shop/migrations/0002_names.py
from django.db import migrations


def rename(apps, schema_editor):
    for order in apps.get_model("shop", "Order").objects.all():
        schema_editor.execute(f"UPDATE shop_line SET name = '{order.name}' WHERE id = 1")
                                                             ~~~~~~~~~~~~ What order.name holds gets into this SQL as it is: a quote in it ends the string, and the rest is run.
        schema_editor.execute("UPDATE shop_line SET name = '%s' WHERE id = 2" % order.name)
                                                            ~~ What order.name holds gets into this SQL as it is: a quote in it ends the string, and the rest is run.
        schema_editor.execute("UPDATE shop_line SET name = '{}' WHERE id = 3".format(order.name))
                                                            ~~ What order.name holds gets into this SQL as it is: a quote in it ends the string, and the rest is run.
        schema_editor.execute("UPDATE shop_line SET name = '" + order.name + "' WHERE id = 4")
                                                                ~~~~~~~~~~ What order.name holds gets into this SQL as it is: a quote in it ends the string, and the rest is run.


class Migration(migrations.Migration):
    operations = [migrations.RunPython(rename, migrations.RunPython.noop)]
`,
        fixed: [
          {
            title: 'Bind the value as a parameter',
            files: `
# file: shop/migrations/0002_names.py
from django.db import migrations


def rename(apps, schema_editor):
    for order in apps.get_model("shop", "Order").objects.all():
        schema_editor.execute("UPDATE shop_line SET name = %s WHERE id = 1", [order.name])
        schema_editor.execute("UPDATE shop_line SET name = '%s' WHERE id = 2" % order.name)
        schema_editor.execute("UPDATE shop_line SET name = '{}' WHERE id = 3".format(order.name))
        schema_editor.execute("UPDATE shop_line SET name = '" + order.name + "' WHERE id = 4")


class Migration(migrations.Migration):
    operations = [migrations.RunPython(rename, migrations.RunPython.noop)]
`,
          },
        ],
      },
      {
        title: 'Several values, filled in by format',
        files: `
# file: shop/migrations/0002_names.py
from django.db import migrations


def rename(apps, schema_editor):
    for order in apps.get_model("shop", "Order").objects.all():
        schema_editor.execute("UPDATE shop_line SET name = '{}' WHERE id = {}".format(order.name, order.line_id))
                                                            ~~ What order.name holds gets into this SQL as it is: a quote in it ends the string, and the rest is run.
                                                                           ~~ What order.line_id holds gets into this SQL as it is: a quote in it ends the string, and the rest is run.


class Migration(migrations.Migration):
    operations = [migrations.RunPython(rename, migrations.RunPython.noop)]
`,
        fixed: [
          {
            title: 'Bind the value as a parameter',
            files: `
# file: shop/migrations/0002_names.py
from django.db import migrations


def rename(apps, schema_editor):
    for order in apps.get_model("shop", "Order").objects.all():
        schema_editor.execute("UPDATE shop_line SET name = %s WHERE id = %s", [order.name, order.line_id])


class Migration(migrations.Migration):
    operations = [migrations.RunPython(rename, migrations.RunPython.noop)]
`,
          },
        ],
      },
      {
        title: 'A name that is something else in another function, in a loop or later on',
        files: `
# file: shop/migrations/0002_names.py
from django.db import migrations


def rename(apps, schema_editor):
    Order = apps.get_model("shop", "Order")
    name = Order.objects.first().name
    schema_editor.execute("UPDATE shop_line SET name = '%s' WHERE id = 2" % name)
                                                        ~~ What name holds gets into this SQL as it is: a quote in it ends the string, and the rest is run.
    key = int(name)
    schema_editor.execute(f"UPDATE shop_line SET name = '' WHERE id = {key}")
    key = Order.objects.first().number
    schema_editor.execute(f"UPDATE shop_line SET name = '' WHERE number = '{key}'")
                                                                           ~~~~~ What key holds gets into this SQL as it is: a quote in it ends the string, and the rest is run.
    names = []
    for order in Order.objects.all():
        names.append(f"'{order.name}'")
    schema_editor.execute("DELETE FROM shop_line WHERE name IN (" + ", ".join(names) + ")")
                                                                    ~~~~~~~~~~~~~~~~ What ", ".join(names) holds gets into this SQL as it is: a quote in it ends the string, and the rest is run.


def restore(apps, schema_editor):
    name = schema_editor.quote_name("name")
    schema_editor.execute(f"UPDATE shop_line SET {name} = ''")


class Migration(migrations.Migration):
    operations = [migrations.RunPython(rename, restore)]
`,
      },
      {
        title: 'From the environment and the settings',
        files: `
# file: shop/migrations/0002_owner.py
import os

from django.conf import settings
from django.db import migrations

OWNER = os.environ["OWNER"]


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL(f"ALTER TABLE shop_order OWNER TO {OWNER}", migrations.RunSQL.noop),
                                                            ~~~~~~~ What OWNER holds gets into this SQL as it is: a quote in it ends the string, and the rest is run.
        migrations.RunSQL("GRANT SELECT ON shop_order TO %s" % settings.REPORTER, migrations.RunSQL.noop),
                                                         ~~ What settings.REPORTER holds gets into this SQL as it is: a quote in it ends the string, and the rest is run.
    ]
`,
      },
      {
        title: 'Alembic: values of rows in an f-string and by %',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_slugs.py
"""Slugs"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    connection = op.get_bind()
    for row in connection.execute(sa.text("SELECT id, name FROM projects")):
        slug = row.name.lower()
        connection.execute(sa.text(f"UPDATE projects SET slug = '{slug}' WHERE id = {int(row.id)}"))
                                                                 ~~~~~~ What slug holds gets into this SQL as it is: a quote in it ends the string, and the rest is run.
        op.execute("UPDATE releases SET slug = '%s' WHERE project_id = 1" % slug)
                                                ~~ What row.name.lower() holds gets into this SQL as it is: a quote in it ends the string, and the rest is run.


def downgrade():
    pass
`,
      },
    ],
    good: [
      {
        title: 'Values that become numbers or quoted names on every way, through names and helpers',
        files: `
# file: shop/migrations/0002_names.py
from django.db import migrations


def clear(schema_editor, table, key):
    schema_editor.execute(f"UPDATE {table} SET name = '' WHERE id = {key}")


def rename(apps, schema_editor):
    Order = apps.get_model("shop", "Order")
    for row in Order.objects.all():
        key = row.number
        key = int(key) if key else 0
        clear(schema_editor, schema_editor.quote_name(row.name), key)
        clear(schema_editor, Order._meta.db_table, len(row.name))
    keys = ", ".join(str(int(order.number)) for order in Order.objects.all())
    schema_editor.execute(f"DELETE FROM shop_line WHERE id IN ({keys})")


class Migration(migrations.Migration):
    operations = [migrations.RunPython(rename, migrations.RunPython.noop)]
`,
      },
      {
        title: 'Parameters, constants, names of models, quoted names, numbers, lists of placeholders',
        files: `
# file: shop/migrations/0002_names.py
from django.db import connection, migrations

TABLE = "shop_order"


def rename(apps, schema_editor):
    table = apps.get_model("shop", "Order")._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, name FROM shop_line")
        for key, name in cursor.fetchall():
            cursor.execute("UPDATE shop_line SET name = %s WHERE id = %s", [name.upper(), key])
            cursor.execute(f"UPDATE {table} SET name = '' WHERE id = {int(key)}")
            cursor.execute("UPDATE shop_order SET name = '' WHERE id = %d" % key)
            cursor.execute(f"ALTER INDEX {schema_editor.quote_name(name)} RENAME TO shop_line_idx")
        keys = [1, 2, 3]
        marks = ", ".join(["%s"] * len(keys))
        cursor.execute(f"DELETE FROM shop_cart WHERE id IN ({marks})", keys)
    for column in ("name", "note"):
        schema_editor.execute(f"UPDATE {TABLE} SET {column} = '' WHERE {column} IS NULL")


class Migration(migrations.Migration):
    operations = [
        migrations.RunPython(rename, migrations.RunPython.noop),
        migrations.RunSQL(f"ANALYZE {TABLE}", migrations.RunSQL.noop),
        migrations.RunSQL([("UPDATE shop_order SET name = %s WHERE id = 1", ["O'Brien"])], migrations.RunSQL.noop),
    ]
`,
      },
      {
        title: 'Alembic: bound values, names of a literal list, and constants',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_slugs.py
"""Slugs"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"

STATE = "open"


def upgrade():
    connection = op.get_bind()
    for row in connection.execute(sa.text("SELECT id, name FROM projects")):
        connection.execute(
            sa.text("UPDATE projects SET slug = :slug WHERE id = :id"), {"slug": row.name.lower(), "id": row.id}
        )
    for table in ("projects", "releases"):
        op.execute(f"UPDATE {table} SET state = '{STATE}' WHERE state IS NULL")


def downgrade():
    pass
`,
      },
    ],
  },
};

const longest = 40;

function shortened(expression: string): string {
  const line = expression.replaceAll(/\s+/g, ' ');
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}

/** The statements of the same text that could not be read because of it. */
function opaqueParts({ origin: { call }, kind }: RunSql | RunCode, { forward }: Migration): readonly Change[] {
  return changesOf(forward, 'Opaque').filter(({ origin }) => {
    const isOfSame = kind === 'RunSql' ? origin.call === call : origin.sql !== undefined && origin.code !== undefined;
    return isOfSame && origin.sql !== undefined && isStandIn(origin.sql.text);
  });
}
