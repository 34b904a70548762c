import type { Span } from '../base/span.ts';
import { madeOutOfSight, namedConstraint, noNameForIt } from '../fixes/recipes/alembic/named-constraint.ts';
import { type Change, changesOf, type DropConstraint } from '../schema/change.ts';
import type { Migration } from '../schema/migration.ts';
import { type Constraint, findTable, type Schema } from '../schema/schema.ts';
import { isSameTable, type TableName, tableText } from '../schema/table-name.ts';
import type { Problem, Rule, RuleContext } from './rule.ts';

export const unnamedConstraint: Rule = {
  name: 'unnamed-constraint',
  level: 'high',
  group: 'Fails when it runs',
  summary: 'A constraint is created or dropped without a name.',
  docs: {
    whatHappens:
      '`alembic revision --autogenerate` writes `None` for the name of a constraint that has none in the models: `op.create_foreign_key(None, …)` in `upgrade()`, `op.drop_constraint(None, …)` in `downgrade()`. The database makes up a name for the first. The second is refused: «Can’t emit DROP CONSTRAINT for constraint …; it has no name».',
    whyItHurts:
      'The revision works on the way up, and nobody notices before it has to be taken back: then `alembic downgrade` fails, and with it everything below. A naming convention that builds on `%(constraint_name)s`, and `batch_alter_table` on SQLite, refuse to create what has no name: there it is the upgrade that fails.',
    whatToDo: {
      alembic:
        'Write the name in both places. PostgreSQL calls an unnamed constraint after its table and columns: `orders_customer_id_fkey`, `orders_number_key`, `orders_total_check`. So that it does not happen again, give the metadata a naming convention (`MetaData(naming_convention={"fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s", …})`) and pass that metadata to `context.configure(target_metadata=…)`: Alembic then names what is created, though still not what is dropped.',
    },
    whenItIsFine:
      'A constraint that gets its name from the naming convention, and one that `downgrade()` drops under the name that the database gives it, or together with its column or table, are not reported.',
  },
  sources: [
    {
      title: 'Alembic: The Importance of Naming Constraints',
      url: 'https://alembic.sqlalchemy.org/en/latest/naming.html',
    },
    {
      title: 'SQLAlchemy: Configuring Constraint Naming Conventions',
      url: 'https://docs.sqlalchemy.org/en/20/core/constraints.html#configuring-constraint-naming-conventions',
    },
  ],

  *check(migration, context) {
    const back = migration.backward?.();
    if (back === undefined) return;
    const paired = new Set<Change>();
    for (const add of changesOf(migration.forward, 'AddConstraint')) {
      const { constraint, table } = add;
      const drops = changesOf(back.changes, 'DropConstraint').filter((drop) => isOf(drop, constraint, table));
      const isRefused = constraint.unnamed === 'refused';
      if (!isRefused && (constraint.unnamed !== 'named-by-database' || drops.length === 0)) continue;
      for (const drop of drops) paired.add(drop);
      yield {
        at: nameSpan(add),
        message: isRefused ? refusal(constraint, table, context) : onlyDatabaseKnows(constraint, table),
        cause: add,
        fixes: () => namedConstraint({ constraint, add, drops }, migration, context),
      };
    }
    yield* refusedInside(migration, context);
    const ofForward = { changes: migration.forward, before: context.before, outcome: 'the revision fails' };
    yield* refusedDrops(ofForward, migration, context);
    const ofBack = {
      changes: back.changes.filter((change) => !paired.has(change)),
      before: (change: Change) => back.steps[back.changes.indexOf(change)] ?? context.start,
      outcome: 'the downgrade fails',
    };
    yield* refusedDrops(ofBack, migration, context);
  },

  examples: {
    bad: [
      {
        title: 'As autogenerate writes it: the downgrade fails',
        files: `
# file: alembic/versions/3f2a_orders.py
import sqlalchemy as sa
from alembic import op

revision = "3f2a"
down_revision = None


def upgrade():
    op.create_table("customers", sa.Column("id", sa.BigInteger(), primary_key=True))
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=True),
    )


def downgrade():
    op.drop_table("orders")
    op.drop_table("customers")
# file: alembic/versions/8c1d_order_keys.py
from alembic import op

revision = "8c1d"
down_revision = "3f2a"


def upgrade():
    op.create_foreign_key(None, "orders", "customers", ["customer_id"], ["id"])
                          ~~~~ Only the database knows what this foreign key of "orders" is called: downgrade() drops it without a name, and fails.


def downgrade():
    op.drop_constraint(None, "orders", type_="foreignkey")
`,
        fixed: [
          {
            title: 'Name it "orders_customer_id_fkey"',
            files: `
# file: alembic/versions/8c1d_order_keys.py
from alembic import op

revision = "8c1d"
down_revision = "3f2a"


def upgrade():
    op.create_foreign_key("orders_customer_id_fkey", "orders", "customers", ["customer_id"], ["id"])


def downgrade():
    op.drop_constraint("orders_customer_id_fkey", "orders", type_="foreignkey")
`,
          },
        ],
      },
      {
        title: 'In batch mode',
        files: `
# file: alembic/versions/3f2a_orders.py
import sqlalchemy as sa
from alembic import op

revision = "3f2a"
down_revision = None


def upgrade():
    op.create_table("customers", sa.Column("id", sa.BigInteger(), primary_key=True))
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=True),
    )


def downgrade():
    op.drop_table("orders")
    op.drop_table("customers")
# file: alembic/versions/8c1d_order_keys.py
from alembic import op

revision = "8c1d"
down_revision = "3f2a"


def upgrade():
    with op.batch_alter_table("orders") as batch_op:
        batch_op.create_unique_constraint(None, ["number", "customer_id"])
                                          ~~~~ Only the database knows what this unique constraint of "orders" is called: downgrade() drops it without a name, and fails.


def downgrade():
    with op.batch_alter_table("orders") as batch_op:
        batch_op.drop_constraint(None, type_="unique")
`,
        fixed: [
          {
            title: 'Name it "orders_number_customer_id_key"',
            files: `
# file: alembic/versions/8c1d_order_keys.py
from alembic import op

revision = "8c1d"
down_revision = "3f2a"


def upgrade():
    with op.batch_alter_table("orders") as batch_op:
        batch_op.create_unique_constraint("orders_number_customer_id_key", ["number", "customer_id"])


def downgrade():
    with op.batch_alter_table("orders") as batch_op:
        batch_op.drop_constraint("orders_number_customer_id_key", type_="unique")
`,
          },
        ],
      },
      {
        title: 'A naming convention names what is created, not what is dropped',
        files: `
# file: alembic/env.py
from alembic import context
from sqlalchemy import MetaData, engine_from_config, pool

config = context.config
target_metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def run_migrations_online():
    section = config.get_section(config.config_ini_section, {})
    engine = engine_from_config(section, prefix="sqlalchemy.", poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=target_metadata)
        with context.begin_transaction():
            context.run_migrations()


run_migrations_online()
# file: alembic/versions/3f2a_orders.py
import sqlalchemy as sa
from alembic import op

revision = "3f2a"
down_revision = None


def upgrade():
    op.create_table("customers", sa.Column("id", sa.BigInteger(), primary_key=True))
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=True),
    )


def downgrade():
    op.drop_table("orders")
    op.drop_table("customers")
# file: alembic/versions/8c1d_order_keys.py
from alembic import op

revision = "8c1d"
down_revision = "3f2a"


def upgrade():
    op.create_foreign_key(None, "orders", "customers", ["customer_id"], ["id"])


def downgrade():
    op.drop_constraint(None, "orders", type_="foreignkey")
                       ~~~~ Alembic drops no constraint without a name: the downgrade fails.
`,
        fixed: [
          {
            title: 'Name it "fk_orders_customer_id_customers"',
            files: `
# file: alembic/versions/8c1d_order_keys.py
from alembic import op

revision = "8c1d"
down_revision = "3f2a"


def upgrade():
    op.create_foreign_key(None, "orders", "customers", ["customer_id"], ["id"])


def downgrade():
    op.drop_constraint(op.f("fk_orders_customer_id_customers"), "orders", type_="foreignkey")
`,
          },
        ],
      },
      {
        title: 'A naming convention that builds on the name',
        files: `
# file: alembic/env.py
from alembic import context
from sqlalchemy import MetaData, engine_from_config, pool

config = context.config
target_metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def run_migrations_online():
    section = config.get_section(config.config_ini_section, {})
    engine = engine_from_config(section, prefix="sqlalchemy.", poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=target_metadata)
        with context.begin_transaction():
            context.run_migrations()


run_migrations_online()
# file: alembic/versions/3f2a_orders.py
import sqlalchemy as sa
from alembic import op

revision = "3f2a"
down_revision = None


def upgrade():
    op.create_table("customers", sa.Column("id", sa.BigInteger(), primary_key=True))
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=True),
    )


def downgrade():
    op.drop_table("orders")
    op.drop_table("customers")
# file: alembic/versions/8c1d_order_keys.py
from alembic import op

revision = "8c1d"
down_revision = "3f2a"


def upgrade():
    op.create_check_constraint(None, "orders", "number <> ''")
                               ~~~~ The naming convention builds the name of a check constraint on one that is written, and this one of "orders" has none: the revision fails.


def downgrade():
    pass
`,
      },
      {
        title: 'On SQLite a table is copied with named constraints only',
        files: `
# file: alembic/versions/3f2a_orders.py
import sqlalchemy as sa
from alembic import op

revision = "3f2a"
down_revision = None


def upgrade():
    op.create_table("customers", sa.Column("id", sa.BigInteger(), primary_key=True))
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=True),
    )


def downgrade():
    op.drop_table("orders")
    op.drop_table("customers")
# file: alembic/versions/8c1d_order_keys.py
from alembic import op

revision = "8c1d"
down_revision = "3f2a"


def upgrade():
    with op.batch_alter_table("orders") as batch_op:
        batch_op.create_foreign_key(None, "customers", ["customer_id"], ["id"])
                                    ~~~~ This foreign key of "orders" has no name, and a table is not copied with such a one: the revision fails.


def downgrade():
    with op.batch_alter_table("orders") as batch_op:
        batch_op.drop_constraint(None, type_="foreignkey")
`,
        settings: 'database = "sqlite"',
        fixed: [
          {
            title: 'Name it "fk_orders_customer_id_customers"',
            files: `
# file: alembic/versions/8c1d_order_keys.py
from alembic import op

revision = "8c1d"
down_revision = "3f2a"


def upgrade():
    with op.batch_alter_table("orders") as batch_op:
        batch_op.create_foreign_key("fk_orders_customer_id_customers", "customers", ["customer_id"], ["id"])


def downgrade():
    with op.batch_alter_table("orders") as batch_op:
        batch_op.drop_constraint("fk_orders_customer_id_customers", type_="foreignkey")
`,
          },
        ],
      },
      {
        title: 'Dropped on the way up',
        files: `
# file: alembic/versions/3f2a_orders.py
import sqlalchemy as sa
from alembic import op

revision = "3f2a"
down_revision = None


def upgrade():
    op.create_table("customers", sa.Column("id", sa.BigInteger(), primary_key=True))
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=True),
    )


def downgrade():
    op.drop_table("orders")
    op.drop_table("customers")
# file: alembic/versions/8c1d_order_keys.py
from alembic import op

revision = "8c1d"
down_revision = "3f2a"


def upgrade():
    op.drop_constraint(None, "orders", type_="unique")
                       ~~~~ Alembic drops no constraint without a name: the revision fails.


def downgrade():
    op.create_unique_constraint("orders_number_key", "orders", ["number"])
`,
      },
    ],
    good: [
      {
        title: 'Named',
        files: `
# file: alembic/versions/3f2a_orders.py
import sqlalchemy as sa
from alembic import op

revision = "3f2a"
down_revision = None


def upgrade():
    op.create_table("customers", sa.Column("id", sa.BigInteger(), primary_key=True))
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=True),
    )


def downgrade():
    op.drop_table("orders")
    op.drop_table("customers")
# file: alembic/versions/8c1d_order_keys.py
from alembic import op

revision = "8c1d"
down_revision = "3f2a"


def upgrade():
    op.create_foreign_key("fk_customer", "orders", "customers", ["customer_id"], ["id"])


def downgrade():
    op.drop_constraint("fk_customer", "orders", type_="foreignkey")
`,
      },
      {
        title: 'Dropped under the name that PostgreSQL gives it',
        files: `
# file: alembic/versions/3f2a_orders.py
import sqlalchemy as sa
from alembic import op

revision = "3f2a"
down_revision = None


def upgrade():
    op.create_table("customers", sa.Column("id", sa.BigInteger(), primary_key=True))
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=True),
    )


def downgrade():
    op.drop_table("orders")
    op.drop_table("customers")
# file: alembic/versions/8c1d_order_keys.py
from alembic import op

revision = "8c1d"
down_revision = "3f2a"


def upgrade():
    op.create_foreign_key(None, "orders", "customers", ["customer_id"], ["id"])


def downgrade():
    op.drop_constraint("orders_customer_id_fkey", "orders", type_="foreignkey")
`,
      },
      {
        title: 'Named by the convention, on the way back too',
        files: `
# file: alembic/env.py
from alembic import context
from sqlalchemy import MetaData, engine_from_config, pool

config = context.config
target_metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def run_migrations_online():
    section = config.get_section(config.config_ini_section, {})
    engine = engine_from_config(section, prefix="sqlalchemy.", poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=target_metadata)
        with context.begin_transaction():
            context.run_migrations()


run_migrations_online()
# file: alembic/versions/3f2a_orders.py
import sqlalchemy as sa
from alembic import op

revision = "3f2a"
down_revision = None


def upgrade():
    op.create_table("customers", sa.Column("id", sa.BigInteger(), primary_key=True))
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=True),
    )


def downgrade():
    op.drop_table("orders")
    op.drop_table("customers")
# file: alembic/versions/8c1d_order_keys.py
from alembic import op

revision = "8c1d"
down_revision = "3f2a"


def upgrade():
    op.create_foreign_key(None, "orders", "customers", ["customer_id"], ["id"])


def downgrade():
    op.drop_constraint(op.f("fk_orders_customer_id_customers"), "orders", type_="foreignkey")
`,
      },
      {
        title: 'SQLAlchemy names indexes in any case, and a column takes its constraints with it',
        files: `
# file: alembic/versions/3f2a_orders.py
import sqlalchemy as sa
from alembic import op

revision = "3f2a"
down_revision = None


def upgrade():
    op.create_table("customers", sa.Column("id", sa.BigInteger(), primary_key=True))
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger(), primary_key=True),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=True),
    )


def downgrade():
    op.drop_table("orders")
    op.drop_table("customers")
# file: alembic/versions/8c1d_order_keys.py
import sqlalchemy as sa
from alembic import op

revision = "8c1d"
down_revision = "3f2a"


def upgrade():
    op.create_index(None, "orders", ["number"])
    op.add_column("orders", sa.Column("code", sa.Text(), unique=True))


def downgrade():
    op.drop_column("orders", "code")
    op.drop_index("ix_orders_number", "orders")
`,
      },
    ],
  },
};

const names: Readonly<Record<Constraint['kind'], string>> = {
  check: 'check constraint',
  exclusion: 'exclusion constraint',
  'foreign-key': 'foreign key',
  'not-null': 'NOT NULL',
  'primary-key': 'primary key',
  unique: 'unique constraint',
};

/** A drop of the constraint that does not name it. */
function isOf({ unnamed, constraint, table: on }: DropConstraint, { name }: Constraint, table: TableName): boolean {
  return unnamed === true && constraint === name && isSameTable(on, table);
}

/** `None`, where it is written; else the call. */
function nameSpan({ at, origin }: Change): Span {
  const written = origin.call?.arguments ?? [];
  const name = written.find((argument) => argument.name === 'constraint_name') ?? written[0];
  return name?.value.kind === 'constant' && name.value.value === null ? name.value.span : at;
}

function onlyDatabaseKnows({ kind }: Constraint, table: TableName): string {
  return `Only the database knows what this ${names[kind]} of ${tableText(table)} is called: downgrade() drops it without a name, and fails.`;
}

function refusal({ kind }: Constraint, table: TableName, { project }: RuleContext): string {
  const hasConvention = [...(project.environmentFile?.naming.patterns.keys() ?? [])].some((named) => named === kind);
  return hasConvention
    ? `The naming convention builds the name of a ${names[kind]} on one that is written, and this one of ${tableText(table)} has none: the revision fails.`
    : `This ${names[kind]} of ${tableText(table)} has no name, and a table is not copied with such a one: the revision fails.`;
}

/** Checks inside a table or a column. */
function* refusedInside(migration: Migration, context: RuleContext): Generator<Problem> {
  for (const change of changesOf(migration.forward, 'CreateTable', 'AddColumn')) {
    for (const constraint of change.constraints ?? []) {
      if (constraint.unnamed !== 'refused') continue;
      yield {
        at: change.at,
        message: refusal(constraint, change.table, context),
        cause: change,
        fixes: () => noNameForIt,
      };
    }
  }
}

interface Direction {
  readonly changes: readonly Change[];
  readonly before: (change: Change) => Schema;
  readonly outcome: string;
}

function* refusedDrops(
  { changes, before, outcome }: Direction,
  migration: Migration,
  { project }: RuleContext,
): Generator<Problem> {
  for (const change of changes) {
    const problem = {
      at: nameSpan(change),
      message: `Alembic drops no constraint without a name: ${outcome}.`,
      cause: change,
    };
    if (change.kind === 'Opaque' && change.dropsUnnamed) yield problem;
    if (change.kind !== 'DropConstraint' || change.unnamed !== true) continue;
    const constraint = findTable(before(change), change.table)?.constraints.get(change.constraint);
    const of = constraint && { constraint, add: undefined, drops: [change] };
    yield { ...problem, fixes: () => (of ? namedConstraint(of, migration, { project, before }) : madeOutOfSight) };
  }
}
