import { type Random, randomOf } from './random.ts';

/** A table as far as the next revision has to know it. */
interface TableState {
  readonly name: string;
  readonly columns: string[];
  readonly indexes: string[];
}

/** A step forward and the step that takes it back, in the notation of Python. */
interface Step {
  readonly up: string;
  readonly down: string;
}

type Writer = (random: Random, tables: TableState[], number: number) => Step;

/** Weights: how often each directive occurs in public revisions. */
const writers: readonly (readonly [number, Writer])[] = [
  [30, addColumn],
  [20, createIndex],
  [12, createTable],
  [10, dropColumn],
  [12, alterColumn],
  [6, createForeignKey],
  [4, createUnique],
  [8, executeSql],
  [3, concurrently],
  [3, inBatch],
];

const types = [
  'sa.Integer()',
  'sa.BigInteger()',
  'sa.String(length=120)',
  'sa.Text()',
  'sa.Boolean()',
  'sa.DateTime(timezone=True)',
  'sa.Numeric(precision=10, scale=2)',
  'postgresql.JSONB(astext_type=sa.Text())',
];

/** An Alembic project made up for measuring: its files by path, revisions in one line. */
export function generateRevisions(count: number): ReadonlyMap<string, string> {
  const random = randomOf(700);
  const tables: TableState[] = [];
  const files = new Map([
    ['alembic.ini', '[alembic]\nscript_location = app/migrations\nsqlalchemy.url = postgresql+psycopg:///shop\n'],
    ['app/__init__.py', ''],
    ['app/migrations/env.py', ENVIRONMENT],
  ]);
  let parent: string | undefined;
  for (let number = 0; number < count; number++) {
    const id = (0x10_0000_0000 + number * 7919 * 104_729).toString(16).slice(-12).padStart(12, '0');
    const steps = Array.from({ length: number === 0 ? 4 : stepsIn(random) }, (_, index) =>
      number === 0
        ? createTable(random, tables, index)
        : random.weighted(writers)(random, tables, number * 100 + index),
    );
    files.set(`app/migrations/versions/${id}_change_${number}.py`, revisionText(id, parent, number, steps));
    parent = id;
  }
  return files;
}

function stepsIn(random: Random): number {
  return random.weighted([
    [45, 1],
    [25, 2],
    [20, 3 + random.below(4)],
    [10, 8 + random.below(12)],
  ]);
}

function addColumn(random: Random, tables: TableState[], number: number): Step {
  const table = random.pick(tables);
  const column = `column_${number}`;
  table.columns.push(column);
  const fallback = random.chance(0.3) ? ', server_default=sa.text("0"), nullable=False' : ', nullable=True';
  return {
    up: `op.add_column("${table.name}", sa.Column("${column}", ${random.pick(types)}${fallback}))`,
    down: `op.drop_column("${table.name}", "${column}")`,
  };
}

function createIndex(random: Random, tables: TableState[], number: number): Step {
  const table = random.pick(tables);
  const name = `ix_${table.name}_${number}`;
  table.indexes.push(name);
  const columns = [...new Set([random.pick(table.columns), random.pick(table.columns)])];
  return {
    up: `op.create_index(op.f("${name}"), "${table.name}", [${columns.map((each) => `"${each}"`).join(', ')}], unique=False)`,
    down: `op.drop_index(op.f("${name}"), table_name="${table.name}")`,
  };
}

function createTable(random: Random, tables: TableState[], number: number): Step {
  const name = `table_${number}`;
  const columns = Array.from({ length: 3 + random.below(8) }, (_, index) => `field_${index}`);
  const other = tables.length > 0 ? random.pick(tables) : undefined;
  tables.push({ name, columns: [...columns], indexes: [] });
  const lines = [
    'sa.Column("id", sa.Integer(), nullable=False),',
    ...columns.map(
      (each) => `sa.Column("${each}", ${random.pick(types)}, nullable=${random.chance(0.5) ? 'True' : 'False'}),`,
    ),
    ...(other === undefined
      ? []
      : [
          'sa.Column("owner_id", sa.Integer(), nullable=True),',
          `sa.ForeignKeyConstraint(["owner_id"], ["${other.name}.id"]),`,
        ]),
    'sa.PrimaryKeyConstraint("id"),',
  ];
  return {
    up: `op.create_table(\n    "${name}",\n${lines.map((line) => `    ${line}`).join('\n')}\n)`,
    down: `op.drop_table("${name}")`,
  };
}

function dropColumn(random: Random, tables: TableState[], number: number): Step {
  const table = random.pick(tables);
  const column = table.columns.length > 2 ? table.columns.pop() : undefined;
  if (column === undefined) return addColumn(random, tables, number);
  return {
    up: `op.drop_column("${table.name}", "${column}")`,
    down: `op.add_column("${table.name}", sa.Column("${column}", sa.Text(), nullable=True))`,
  };
}

function alterColumn(random: Random, tables: TableState[]): Step {
  const table = random.pick(tables);
  const column = random.pick(table.columns);
  const isNull = random.chance(0.5);
  const change = (nullable: boolean) =>
    `op.alter_column("${table.name}", "${column}", existing_type=sa.Integer(), nullable=${nullable ? 'True' : 'False'})`;
  return { up: change(isNull), down: change(!isNull) };
}

function createForeignKey(random: Random, tables: TableState[], number: number): Step {
  const [table, other] = [random.pick(tables), random.pick(tables)];
  const name = `fk_${table.name}_${number}`;
  return {
    up: `op.create_foreign_key("${name}", "${table.name}", "${other.name}", ["${random.pick(table.columns)}"], ["id"])`,
    down: `op.drop_constraint("${name}", "${table.name}", type_="foreignkey")`,
  };
}

function createUnique(random: Random, tables: TableState[], number: number): Step {
  const table = random.pick(tables);
  const name = `uq_${table.name}_${number}`;
  return {
    up: `op.create_unique_constraint("${name}", "${table.name}", ["${random.pick(table.columns)}"])`,
    down: `op.drop_constraint("${name}", "${table.name}", type_="unique")`,
  };
}

function executeSql(random: Random, tables: TableState[]): Step {
  const table = random.pick(tables);
  const column = random.pick(table.columns);
  const statement = random.pick([
    `UPDATE ${table.name} SET ${column} = NULL WHERE id < 1000`,
    `DELETE FROM ${table.name} WHERE ${column} IS NULL`,
    `ALTER TABLE ${table.name} ALTER COLUMN ${column} SET STATISTICS 500`,
    `CREATE INDEX ix_${table.name}_${random.below(9999)} ON ${table.name} (${column})`,
  ]);
  return { up: `op.execute(\n    """\n    ${statement}\n    """\n)`, down: 'pass' };
}

function concurrently(random: Random, tables: TableState[], number: number): Step {
  const { up, down } = createIndex(random, tables, number);
  const block = (call: string) =>
    `with op.get_context().autocommit_block():\n    ${call.replace(/\)$/, ', postgresql_concurrently=True)')}`;
  return { up: block(up), down: block(down) };
}

function inBatch(random: Random, tables: TableState[], number: number): Step {
  const { up, down } = addColumn(random, tables, number);
  const block = (call: string) => {
    const [, table = '', rest = ''] = /^op\.\w+\("(\w+)", (.*)$/s.exec(call) ?? [];
    return `with op.batch_alter_table("${table}") as batch_op:\n    batch_op.${call.slice(3, call.indexOf('('))}(${rest}`;
  };
  return { up: block(up), down: block(down) };
}

function revisionText(id: string, parent: string | undefined, number: number, steps: readonly Step[]): string {
  const ups = steps.map(({ up }) => up).join('\n');
  const downs = steps
    .map(({ down }) => down)
    .reverse()
    .join('\n');
  return `"""change ${number}

Revision ID: ${id}
Revises: ${parent ?? ''}
Create Date: 2026-01-01 12:00:00

"""
from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

# revision identifiers, used by Alembic.
revision = "${id}"
down_revision = ${parent === undefined ? 'None' : `"${parent}"`}
branch_labels = None
depends_on = None


def upgrade():
${indented(ups)}


def downgrade():
${indented(downs)}
`;
}

function indented(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '    ');
}

const ENVIRONMENT = `from alembic import context
from sqlalchemy import create_engine

engine = create_engine(context.config.get_main_option("sqlalchemy.url"))
with engine.connect() as connection:
    context.configure(connection=connection, target_metadata=None, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
`;
