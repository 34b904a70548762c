import type { Span } from '../base/span.ts';
import type { Change } from '../schema/change.ts';
import type { Rule } from './rule.ts';

export const opaqueOperation: Rule = {
  name: 'opaque-operation',
  level: 'low',
  group: 'Data migrations',
  summary: 'An operation cannot be checked: what it does is decided when it runs.',
  docs: {
    whatHappens:
      'An operation class that nobody knows, a data function that is not among the project’s files or hands rows to code that is not, SQL that is put together at run time: reading the migration does not tell what it will do.',
    whyItHurts:
      'No finding here means nothing. Whatever this operation locks, rewrites or deletes goes unnoticed, and the schema after it may be another one than what later migrations are judged by.',
    whatToDo: {
      django:
        'Write it so that it can be read: operations of Django’s own, literal SQL, data functions in the migration or in a module beside it. Where that is not possible, look at what it does by hand and say so in an `ignore` comment.',
      alembic: 'Use literal SQL and the operations of Alembic, or look at what it does by hand.',
    },
    whenItIsFine:
      'Helpers of the same project are followed, and so are partials, factories and loops over literal lists. A function that only connects a signal handler or sends a task is understood.',
  },
  sources: [
    {
      title: 'Django: Writing your own migration operation',
      url: 'https://docs.djangoproject.com/en/5.2/ref/migration-operations/#writing-your-own-migration-operation',
    },
  ],

  *check(migration) {
    for (const change of migration.forward) {
      const found = opaquePart(change);
      if (found !== undefined) yield { ...found, cause: change };
    }
  },

  examples: {
    bad: [
      {
        title: 'An operation of another package',
        files: `
# file: shop/migrations/0002_audit.py
from audit.operations import AddAuditLog
from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        AddAuditLog(model_name="order"),
        ~~~~~~~~~~~ This operation cannot be checked: what audit.operations.AddAuditLog does is not known.
    ]
`,
      },
      {
        title: 'Rows leave for code that is not at hand, SQL is made of pieces, the function is elsewhere',
        files: `
# file: shop/migrations/0002_names.py
from audit import log_creation, normalize, statement_for
from django.db import migrations


def normalize_names(apps, schema_editor):
    Order = apps.get_model("shop", "Order")
    normalize(Order.objects.all(), "name")
    ~~~~~~~~~ What this function does to rows cannot be told: it hands rows or models to "audit.normalize".


def vacuum(apps, schema_editor):
    table = apps.get_model("shop", "Order")._meta.db_table
    schema_editor.execute(statement_for(table))
    ~~~~~~~~~~~~~~~~~~~~~ What this function does to rows cannot be told: it puts SQL together at run time.


class Migration(migrations.Migration):
    operations = [
        migrations.RunPython(normalize_names, migrations.RunPython.noop),
        migrations.RunPython(vacuum, migrations.RunPython.noop),
        migrations.RunPython(log_creation, migrations.RunPython.noop),
                             ~~~~~~~~~~~~ What this function does to rows cannot be told: its function is not here.
    ]
`,
      },
      {
        title: 'A statement of a RunSQL is made at run time',
        files: `
# file: shop/migrations/0002_owner.py
import os

from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL(os.environ["OWNER_SQL"], migrations.RunSQL.noop),
                          ~~~~~~~~~~~~~~~~~~~~~~~ This SQL is put together at run time and cannot be checked.
        migrations.RunSQL("SELECT set_owner('shop_order')", migrations.RunSQL.noop),
                           ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ This SQL cannot be checked: it calls the function "set_owner", whose code is not looked into.
        migrations.RunSQL(
            """
            DO $$
            DECLARE name text;
            BEGIN
                FOR name IN SELECT relname FROM pg_class LOOP
                    EXECUTE name;
                            ~~~~ This SQL cannot be checked: it runs SQL that is put together when it runs.
                END LOOP;
            END
            $$
            """,
            migrations.RunSQL.noop,
        ),
    ]
`,
      },
      {
        title: 'Alembic: a directive of a plug-in, SQL that is made of pieces, and a table that is known at run time',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_audit.py
"""Audit"""
import sqlalchemy as sa
from alembic import op
from catalog.audit import audit_statements

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.create_audit_table("orders")
    ~~~~~~~~~~~~~~~~~~~~~ This operation cannot be checked: what create_audit_table does is not known.
    for statement in audit_statements("orders"):
        op.execute(statement)
                   ~~~~~~~~~ This SQL is put together at run time and cannot be checked.
    for table in sa.inspect(op.get_bind()).get_table_names():
        op.drop_column(table, "audited_at")
        ~~~~~~~~~~~~~~ This operation cannot be checked: the table of drop_column is only known at run time.


def downgrade():
    raise NotImplementedError
`,
      },
    ],
    good: [
      {
        title: 'SQL that is still being typed',
        files: `
# file: shop/migrations/0002_sql.py
from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL(),
        migrations.RunSQL("SELECT 1" +
    ]
`,
      },
      {
        title: 'A literal that is not closed yet',
        files: `
# file: shop/migrations/0002_sql.py
from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL("""
            UPDATE shop_order SET
    ]
`,
      },
      {
        title: 'Literal SQL, helpers of the project, loops over literals',
        files: `
# file: shop/migrations/_helpers.py
def make_upper(field):
    def upper(apps, schema_editor):
        for order in apps.get_model("shop", "Order").objects.filter(checked=False):
            setattr(order, field, getattr(order, field).upper())
            order.save()

    return upper
# file: shop/migrations/0002_names.py
from django.db import connection, migrations

from ._helpers import make_upper

TABLE = "shop_order"


def fill(apps, schema_editor):
    for name in ("Order", "Line"):
        apps.get_model("shop", name).objects.filter(total=None).update(total=0)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE shop_order SET total = 0 WHERE total IS NULL")
    table = apps.get_model("shop", "Order")._meta.db_table
    schema_editor.execute("DELETE FROM %s WHERE total = 0" % table)


class Migration(migrations.Migration):
    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(make_upper("name"), migrations.RunPython.noop),
        migrations.RunSQL("ANALYZE " + TABLE, migrations.RunSQL.noop),
    ]
`,
      },
      {
        title: 'Work that is only ordered here: a task, a handler for later',
        files: `
# file: shop/migrations/0002_totals.py
from django.apps import apps as registry
from django.db import migrations
from django.db.models.signals import post_migrate

from shop.tasks import compute_totals


def order_totals(apps, schema_editor):
    def on_migrations_complete(sender=None, **kwargs):
        compute_totals.delay()

    post_migrate.connect(on_migrations_complete, weak=False, sender=registry.get_app_config("shop"))


class Migration(migrations.Migration):
    operations = [migrations.RunPython(order_totals, migrations.RunPython.noop)]
`,
      },
      {
        title: 'Alembic: helpers, loops and constants of the revision, and questions to the database',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_audited_at.py
"""audited_at"""
import logging

import sqlalchemy as sa
from alembic import context, op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"

logger = logging.getLogger(__name__)
TABLES = {"orders": "placed_at", "payments": "paid_at"}


def add_audited_at(table, after):
    op.add_column(table, sa.Column("audited_at", sa.DateTime(timezone=True), comment=f"Not before {after}"))


def upgrade():
    logger.info("Upgrading %s", context.get_context().dialect.name)
    rows = op.get_bind().execute(sa.select(sa.func.count()).select_from(sa.table("orders"))).scalar()
    print(f"{rows} orders")
    for table, after in TABLES.items():
        add_audited_at(table, after)


def downgrade():
    for table in TABLES:
        op.drop_column(table, "audited_at")
`,
      },
    ],
  },
};

function opaquePart(change: Change): { readonly at: Span; readonly message: string } | undefined {
  switch (change.kind) {
    case 'Opaque':
      return {
        at: change.at,
        message: `This ${change.origin.sql ? 'SQL' : 'operation'} cannot be checked: ${change.reason}.`,
      };
    case 'RunCode': {
      if (change.understood) return undefined;
      const reason = change.outOfSight?.reason ?? 'its function is not here';
      const message = `What this function does to rows cannot be told: ${reason}.`;
      return { at: change.outOfSight?.at ?? change.at, message };
    }
    case 'RunSql':
      // Of a text of which a part is known, the statements follow as changes.
      if (change.isUnread !== true) return undefined;
      return { at: change.at, message: 'This SQL is put together at run time and cannot be checked.' };
    default:
      return undefined;
  }
}
