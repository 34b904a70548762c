import type { Span } from '../base/span.ts';
import type { Change } from '../schema/change.ts';
import { bytesOf, longestName } from '../sql/postgresql/names.ts';
import type { Rule } from './rule.ts';

export const identifierTooLong: Rule = {
  name: 'identifier-too-long',
  level: 'medium',
  group: 'Fails when it runs',
  databases: ['postgresql'],
  summary: 'A name is longer than PostgreSQL keeps: it is cut.',
  docs: {
    whatHappens:
      'PostgreSQL keeps 63 bytes of a name and cuts the rest off, with a notice that nobody sees. Letters beyond ASCII take two bytes and more. SQLAlchemy looks at the names of indexes and constraints before it sends them, and refuses one of more than 63 characters.',
    whyItHurts:
      'The thing is there under another name than the one that is written: code that looks it up in the catalog does not find it, and two names that begin alike collide. Django remembers the long name, so errors of a constraint are not recognized by theirs.',
    whatToDo: {
      django:
        'Give it a shorter name. Django shortens the names that it makes up itself, but not those that are written.',
      alembic:
        'Give it a shorter name, or let a naming convention make it: SQLAlchemy cuts those names itself, and what stands in `op.f()`, with a hash at the end.',
    },
    whenItIsFine:
      'Names of 63 bytes fit. Names that Django makes up are cut by Django, with a hash at the end, and not reported. Nor are those of a naming convention and in `op.f()`.',
  },
  sources: [
    {
      title: 'PostgreSQL 18: Identifiers and Key Words',
      url: 'https://www.postgresql.org/docs/18/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS',
    },
  ],

  *check(migration) {
    for (const change of migration.forward) {
      if (!change.applies.database) continue;
      for (const { name, at } of longNamesIn(change)) {
        yield isRefused(name, change)
          ? {
              at,
              message: `SQLAlchemy takes no name of more than ${longestName} characters: the migration fails at "${name}".`,
              level: 'critical',
              cause: change,
            }
          : { at, message: `PostgreSQL cuts this name to ${longestName} bytes: "${cut(name)}".`, cause: change };
      }
    }
  },

  examples: {
    bad: [
      {
        title: 'The name of a constraint, and of a table',
        files: `
# file: shop/migrations/0002_names.py
from django.db import migrations, models


class Migration(migrations.Migration):
    operations = [
        migrations.AddConstraint(
        ~~~~~~~~~~~~~~~~~~~~~~~~ PostgreSQL cuts this name to 63 bytes: "order_total_must_never_be_less_than_zero_whatever_the_customer_".
            "order",
            models.CheckConstraint(
                condition=models.Q(total__gte=0),
                name="order_total_must_never_be_less_than_zero_whatever_the_customer_says",
            ),
        ),
        migrations.AlterModelTable("cart", "shop_carts_that_were_abandoned_by_their_owners_before_they_were_paid"),
                                           ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ PostgreSQL cuts this name to 63 bytes: "shop_carts_that_were_abandoned_by_their_owners_before_they_were".
    ]
`,
      },
      {
        title: 'In SQL, where umlauts count twice',
        files: `
# file: shop/migrations/0002_names.py
from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.RunSQL(
            """
            CREATE INDEX CONCURRENTLY
                shop_order_index_on_customer_and_placed_at_for_the_monthly_report
                ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ PostgreSQL cuts this name to 63 bytes: "shop_order_index_on_customer_and_placed_at_for_the_monthly_repo".
                ON shop_order (customer_id, placed_at);
            """,
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL('ALTER TABLE shop_order ADD COLUMN "übergröße_ärmel_öffnung_übermaß_änderung_größer_süß_gemäß_maß" text', ""),
                                                             ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ PostgreSQL cuts this name to 63 bytes: "übergröße_ärmel_öffnung_übermaß_änderung_größer_süß".
    ]
`,
      },
      {
        title: 'Alembic: names that SQLAlchemy refuses, and one that PostgreSQL cuts',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_consents.py
"""Consents"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.create_table(
    ~~~~~~~~~~~~~~~ SQLAlchemy takes no name of more than 63 characters: the migration fails at "consents_user_id_and_terms_of_service_id_are_unique_together_key".
        "consents",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("terms_id", sa.BigInteger(), nullable=False),
        sa.UniqueConstraint("user_id", "terms_id", name="consents_user_id_and_terms_of_service_id_are_unique_together_key"),
    )
    op.create_index("consents_terms_id_for_all_who_have_agreed_to_the_terms_of_service_idx", "consents", ["terms_id"])
    ~~~~~~~~~~~~~~~ SQLAlchemy takes no name of more than 63 characters: the migration fails at "consents_terms_id_for_all_who_have_agreed_to_the_terms_of_service_idx".
    op.execute(
        "CREATE INDEX consents_user_id_for_all_who_have_agreed_to_the_terms_of_service_idx ON consents (user_id)"
                      ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ PostgreSQL cuts this name to 63 bytes: "consents_user_id_for_all_who_have_agreed_to_the_terms_of_servic".
    )


def downgrade():
    op.drop_table("consents")
`,
      },
    ],
    good: [
      {
        title: 'Names that fit, names that Django makes up, long strings',
        files: `
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="OrderThatWasAbandonedByItsOwnerBeforeItWasPaidAndShippedAnywhere",
            fields=[("id", models.BigAutoField(primary_key=True)), ("number", models.IntegerField(unique=True))],
        ),
        migrations.RunSQL("CREATE INDEX shop_order_index_on_customer_and_placed_at_for_the_monthly_rept ON t (a)", ""),
        migrations.RunSQL(
            "COMMENT ON TABLE shop_order IS 'What was ordered, by whom, and when it has to be there at the latest'", ""
        ),
    ]
`,
      },
      {
        title: 'Another database',
        settings: 'database = "sqlite"',
        files: `
# file: shop/migrations/0002_names.py
from django.db import migrations


class Migration(migrations.Migration):
    operations = [
        migrations.AlterModelTable("cart", "shop_carts_that_were_abandoned_by_their_owners_before_they_were_paid"),
    ]
`,
      },
      {
        title: 'Alembic: names that SQLAlchemy cuts itself, and one that just fits',
        files: `
# file: migrations/versions/5b0f6f6ad3b1_consents.py
"""Consents"""
import sqlalchemy as sa
from alembic import op

revision = "5b0f6f6ad3b1"
down_revision = "9c2f5a1b7e44"


def upgrade():
    op.create_index(
        op.f("ix_consents_user_id_for_all_who_have_agreed_to_the_terms_of_service"), "consents", ["user_id"]
    )
    op.execute("CREATE INDEX consents_user_id_for_all_who_have_agreed_to_the_terms_of_idx ON consents (user_id)")


def downgrade():
    op.drop_index(op.f("ix_consents_user_id_for_all_who_have_agreed_to_the_terms_of_service"), table_name="consents")
`,
      },
    ],
  },
};

interface LongName {
  readonly name: string;
  readonly at: Span;
}

function longNamesIn(change: Change): readonly LongName[] {
  const { sql } = change.origin;
  if (sql !== undefined) return sql.longNames;
  return namesGivenBy(change)
    .filter((name) => bytesOf(name) > longestName)
    .map((name) => ({ name, at: change.at }));
}

/** SQLAlchemy looks at the names of indexes and constraints, and counts characters; `op.f()` and conventions cut them. */
function isRefused(name: string, change: Change): boolean {
  if (change.origin.kind !== 'alembic-call' || name.length <= longestName) return false;
  if (change.kind !== 'CreateTable') return change.kind === 'AddConstraint' || change.kind === 'CreateIndex';
  return [...change.indexes, ...change.constraints].some((each) => each.name === name);
}

/** The names that an operation gives to something: what it only uses has been told where it was named. */
function namesGivenBy(change: Change): readonly string[] {
  switch (change.kind) {
    case 'AddColumn':
      return [change.column.name];
    case 'AddConstraint':
      return change.constraint.nameIsExact ? [change.constraint.name] : [];
    case 'CreateIndex':
      return change.index.nameIsExact ? [change.index.name] : [];
    case 'CreateTable':
      return [
        change.table.name,
        ...change.columns.map(({ name }) => name),
        ...[...change.indexes, ...change.constraints].filter((each) => each.nameIsExact).map(({ name }) => name),
      ];
    case 'RenameColumn':
    case 'RenameIndex':
      return [change.to];
    case 'RenameTable':
      return [change.to.name];
    default:
      return [];
  }
}

/** As PostgreSQL cuts it: at the end of the last character that fits. */
function cut(name: string): string {
  let kept = '';
  for (const character of name) {
    if (bytesOf(kept + character) > longestName) break;
    kept += character;
  }
  return kept;
}
