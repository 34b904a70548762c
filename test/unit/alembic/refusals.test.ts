import assert from 'node:assert/strict';
import { rules } from '../../../server/src/rules/registry.ts';
import { openTexts } from '../../support/rule-examples.ts';
import { revisionText } from './check-revision.ts';

const first = revisionText(
  'aaaa',
  undefined,
  `
op.create_table(
    "users",
    sa.Column("id", sa.BigInteger(), primary_key=True),
    sa.Column("name", sa.String(40), nullable=False),
    sa.Column("age", sa.Integer()),
)
op.execute("CREATE TABLE events (id bigint, at timestamptz) PARTITION BY RANGE (at)")
`,
);
const index = 'op.create_index("users_name", "users", ["name"])';
const column = 'op.add_column("users", sa.Column("note", sa.Text()))';

/** Why there is no fix for what a rule says about the revision `bbbb`. */
async function refusalsOf(rule: string, text: string, others: Readonly<Record<string, string>> = {}) {
  const file = 'db/versions/b.py';
  const texts = { 'db/versions/a.py': first, [file]: text, ...others };
  const workspace = await openTexts(new Map(Object.entries(texts)), rules);
  const findings = workspace.check(file).filter((finding) => finding.rule.name === rule);
  assert(findings.length > 0, `${rule} says nothing`);
  assert.deepEqual(
    findings.flatMap((finding) => finding.fixes()),
    [],
  );
  return findings.flatMap((finding) => finding.refusals());
}

describe('why there is no fix for a revision', () => {
  it('the type that is there has other values', async () => {
    const table = (name: string, values: string): string =>
      `op.create_table("${name}", sa.Column("state", sa.Enum(${values}, name="order_state")))`;
    const orders = revisionText('aaaa', undefined, table('orders', '"new", "paid"'));
    const returns = revisionText('bbbb', 'aaaa', table('returns', '"a", "b"'));
    assert.deepEqual(await refusalsOf('enum-type-leak', returns, { 'db/versions/a.py': orders }), [
      '"order_state" has other values: give the new type a name of its own.',
    ]);
    const called = 'sa.Enum("a", "b", name="order_state").create(op.get_bind())';
    assert.deepEqual(
      await refusalsOf('enum-type-leak', revisionText('bbbb', 'aaaa', called), { 'db/versions/a.py': orders }),
      ['"order_state" has other values: give the new type a name of its own.'],
    );
  });

  it('what is dropped is not guessed', async () => {
    assert.deepEqual(await refusalsOf('invalid-sql', revisionText('bbbb', 'aaaa', 'op.drop_column("users", "nane")')), [
      'Which one was meant is for you to say: a wrong guess would be lost.',
    ]);
  });

  it('the directive stands in a loop', async () => {
    const upgrade = 'for name in ["name"]:\n    op.create_index("users_" + name, "users", [name])';
    assert.deepEqual(await refusalsOf('blocking-index', revisionText('bbbb', 'aaaa', upgrade)), [
      'The directive stands under a condition, in a loop or in another statement, which would have to change with it.',
    ]);
  });

  it('the directive stands under a condition', async () => {
    const upgrade = `if context.get_x_argument():\n    ${index}`;
    assert.deepEqual(await refusalsOf('blocking-index', revisionText('bbbb', 'aaaa', upgrade)), [
      'The directive stands under a condition, in a loop or in another statement, which would have to change with it.',
    ]);
  });

  it('the directive stands in a helper', async () => {
    const text = revisionText('bbbb', 'aaaa', 'build()').replace(
      'def upgrade',
      `def build():\n    ${index}\n\n\ndef upgrade`,
    );
    assert.deepEqual(await refusalsOf('blocking-index', text), [
      'The directive stands in a function that `upgrade()` calls, and others may call that as well.',
    ]);
  });

  it('a later directive deals with the index', async () => {
    const upgrade = `${column}\n${index}\nop.rename_table("users", "people")`;
    assert.deepEqual(await refusalsOf('blocking-index', revisionText('bbbb', 'aaaa', upgrade)), [
      'A later step of this migration deals with the same table, or may: this one cannot move behind it.',
    ]);
  });

  it('the table is partitioned', async () => {
    const upgrade = 'op.create_index("events_at", "events", ["at"])';
    assert.deepEqual(await refusalsOf('blocking-index', revisionText('bbbb', 'aaaa', upgrade)), [
      'PostgreSQL refuses the safe form: the index of a partitioned table cannot be built concurrently.',
    ]);
  });

  it('the way back speaks of the index in another way', async () => {
    const downgrade = 'op.execute("DROP INDEX users_name")\nop.drop_column("users", "note")';
    const text = revisionText('bbbb', 'aaaa', `${column}\n${index}`, downgrade);
    assert.deepEqual(await refusalsOf('blocking-index', text), [
      'What the way back does cannot be told, and it would have to change too.',
    ]);
  });

  it('the next revision computes what it revises', async () => {
    const next = revisionText('cccc', 'bbbb', 'pass').replace('down_revision = "bbbb"', 'down_revision = "bb" + "bb"');
    const text = revisionText('bbbb', 'aaaa', `${column}\n${index}`, 'op.drop_column("users", "note")');
    assert.deepEqual(await refusalsOf('blocking-index', text, { 'db/versions/c.py': next }), [
      'A revision that comes after this one does not write out what it revises: no other can come between them.',
    ]);
  });

  it('each of several databases has functions of its own', async () => {
    const functions = ['upgrade', 'downgrade'].map(
      (name) =>
        `def ${name}_two():\n    pass\n\n\ndef ${name}(engine_name):\n    globals()[f"${name}_{engine_name}"]()\n\n\n`,
    );
    const text = `${revisionText('bbbb', 'aaaa', index)
      .replace('def upgrade():', 'def upgrade_one():')
      .replace('def downgrade():', 'def downgrade_one():')}\n\n${functions.join('')}`;
    assert.deepEqual(await refusalsOf('blocking-index', text), [
      'Each database has functions of its own in this revision: it is not taken apart.',
    ]);
  });

  it('the statement shares its string with others', async () => {
    const upgrade = 'op.execute("CREATE INDEX users_name ON users (name); CREATE INDEX users_age ON users (age)")';
    assert.deepEqual(await refusalsOf('blocking-index', revisionText('bbbb', 'aaaa', upgrade)), [
      'The statement, or what takes it back, cannot be told apart from the others.',
      'The statement, or what takes it back, cannot be told apart from the others.',
    ]);
  });

  it('the directive changes the type as well', async () => {
    const upgrade = 'op.alter_column("users", "age", type_=sa.BigInteger(), nullable=False)';
    assert.deepEqual(await refusalsOf('set-not-null', revisionText('bbbb', 'aaaa', upgrade)), [
      'The operation does more than this, which cannot be parted from it.',
    ]);
  });

  it('no single column tells the rows apart', async () => {
    const upgrade = 'op.add_column("events", sa.Column("kind", sa.Text(), nullable=False))';
    assert.deepEqual(await refusalsOf('not-null-without-default', revisionText('bbbb', 'aaaa', upgrade)), [
      'No single column is known to tell the rows of the table apart: they cannot be filled in slices.',
    ]);
  });

  it('the type of the column goes with it', async () => {
    const upgrade = 'op.drop_column("users", "name")\nop.execute("DROP TYPE mood")';
    assert.deepEqual(await refusalsOf('drop-column', revisionText('bbbb', 'aaaa', upgrade)), [
      'Something that comes later drops what the column needs, or puts another one in its place, or may: it cannot stay.',
    ]);
  });

  it('the next revision adds the column anew', async () => {
    const next = revisionText('cccc', 'bbbb', 'op.add_column("users", sa.Column("name", sa.Text()))');
    const text = revisionText('bbbb', 'aaaa', 'op.drop_column("users", "name")');
    assert.deepEqual(await refusalsOf('drop-column', text, { 'db/versions/c.py': next }), [
      'Something that comes later drops what the column needs, or puts another one in its place, or may: it cannot stay.',
    ]);
  });

  it('rows get a default where the column comes back', async () => {
    const downgrade = 'op.add_column("users", sa.Column("name", sa.String(40), nullable=False, server_default=""))';
    const text = revisionText('bbbb', 'aaaa', 'op.drop_column("users", "name")', downgrade);
    assert.deepEqual(await refusalsOf('drop-column', text), [
      'On the way back the column gets a default for all rows, which a column that has stayed would not get.',
    ]);
  });

  const cases: readonly (readonly [why: string, rule: string, upgrade: string, reason: RegExp, downgrade?: string])[] =
    [
      [
        'Python computes the default for each row',
        'not-null-without-default',
        'op.add_column("events", sa.Column("kind", sa.Text(), default=make_kind, nullable=False))',
        /What the column is filled with is found by Python, row by row/,
      ],
      [
        'SQL adds the column',
        'not-null-without-default',
        'op.execute("ALTER TABLE users ADD COLUMN kind text NOT NULL")',
        /The column is added by SQL/,
      ],
      [
        'dropping the default is part of more',
        'not-null-with-dropped-default',
        'op.add_column("users", sa.Column("kind", sa.Text(), server_default="", nullable=False))\nop.alter_column("users", "kind", server_default=None, comment="What it is")',
        /The operation does more than this/,
      ],
      [
        'a check reads several columns and has no name',
        'checked-column',
        'op.add_column("users", sa.Column("young", sa.Integer(), sa.CheckConstraint("young < age")))',
        /PostgreSQL makes up the name of a check that reads several columns/,
      ],
      [
        'the type of a column comes from its foreign key',
        'validating-foreign-key',
        'op.add_column("users", sa.Column("boss_id", sa.ForeignKey("users.id")))',
        /The column has no type of its own/,
      ],
      [
        'the foreign key of a column is a constant',
        'validating-foreign-key',
        'key = sa.ForeignKey("users.id")\nop.add_column("users", sa.Column("boss_id", sa.BigInteger(), key))',
        /does not write out what it is about/,
      ],
      [
        'the way back drops the index of a column in SQL',
        'blocking-index',
        'op.add_column("users", sa.Column("code", sa.Text(), index=True))',
        /What the way back does cannot be told/,
        'op.execute("DROP INDEX ix_users_code")\nop.drop_column("users", "code")',
      ],
      [
        'a volatile default is dropped again',
        'volatile-default',
        'op.add_column("users", sa.Column("code", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False))\nop.alter_column("users", "code", server_default=None)',
        /A later step of this migration deals with the same table/,
      ],
      [
        'the values of a volatile default are copied',
        'volatile-default',
        'op.add_column("users", sa.Column("code", sa.Uuid(), server_default=sa.text("gen_random_uuid()")))\nop.execute("UPDATE events SET id = 1 FROM users WHERE users.code IS NULL")',
        /A later step of this migration deals with the same table/,
      ],
      [
        'a foreign key needs the unique constraint',
        'blocking-unique',
        'op.create_unique_constraint("users_name", "users", ["name"])\nop.create_foreign_key("events_name", "users", "users", ["age"], ["name"])',
        /A later step of this migration deals with the same table/,
      ],
      [
        'an index reads a column, in an expression beside others, that goes later',
        'blocking-index',
        'op.create_index("users_lower", "users", [sa.text("lower(name)"), "age"])\nop.drop_column("users", "name")',
        /A later step of this migration deals with the same table/,
      ],
      [
        'rows in partitions would be filled',
        'volatile-default',
        'op.add_column("events", sa.Column("code", sa.Uuid(), server_default=sa.text("gen_random_uuid()")))',
        /The table is partitioned/,
      ],
      [
        'a key in SQL shares its statement',
        'blocking-unique',
        'op.execute("ALTER TABLE users ADD CONSTRAINT users_name UNIQUE (name), ADD COLUMN more text")',
        /The operation does more than this/,
      ],
      [
        'the values of an enum type are found elsewhere',
        'enum-type-leak',
        'op.add_column("users", sa.Column("state", sa.Enum(*load(), name="user_state")))',
        /The values of the type are not written out/,
      ],
      [
        'a column with a type to be made comes in a loop',
        'enum-type-leak',
        'for name in ["state"]:\n    op.add_column("users", sa.Column(name, sa.Enum("a", "b", name="user_state")))',
        /in a loop or in another statement/,
      ],
      [
        'the statement is not a directive',
        'set-not-null',
        'op.get_bind().execute(sa.text(f"ALTER TABLE users ALTER age SET NOT NULL {sys.argv}"))',
        /not written once, as plain text/,
      ],
    ];
  for (const [why, rule, upgrade, reason, downgrade] of cases) {
    it(why, async () => {
      const refusals = await refusalsOf(rule, revisionText('bbbb', 'aaaa', upgrade, downgrade));
      assert(
        refusals.some((each) => reason.test(each)),
        refusals.join('\n'),
      );
    });
  }

  it('a column that gets another type or name, with more than plain indexes on it', async () => {
    const create = `
op.create_table(
    "orders",
    sa.Column("id", sa.BigInteger(), primary_key=True),
    sa.Column("code", sa.String(40), unique=True),
    sa.Column("state", sa.String(40), server_default="new"),
    sa.Column("note", sa.Text()),
    sa.Column("total", sa.Integer()),
    sa.Column("parts", sa.Integer()),
)
op.create_index("notes", "orders", ["id"], postgresql_where=sa.text("note IS NOT NULL"))
op.create_table(
    "lines", sa.Column("order", sa.BigInteger(), primary_key=True), sa.Column("no", sa.Integer(), primary_key=True),
    sa.Column("total", sa.Integer()),
)
`;
    const others = { 'db/versions/a.py': revisionText('aaaa', undefined, create) };
    const of = (rule: string, forward: string, backward = 'pass') =>
      refusalsOf(rule, revisionText('bbbb', 'aaaa', forward, backward), others);
    const bigger = 'op.alter_column("orders", "total", type_=sa.BigInteger())';
    const depends = (name: string): string =>
      `A key, a constraint, a default, a computed column or a trigger depends on "${name}".`;
    const later = 'A later step of this migration deals with the same table, or may: this one cannot move behind it.';
    assert.deepEqual(await of('rename-column', 'op.alter_column("orders", "code", new_column_name="sku")'), [
      depends('code'),
    ]);
    assert.deepEqual(await of('rename-column', 'op.alter_column("orders", "state", new_column_name="status")'), [
      'The column has a default and may be NULL: while both columns are written, it could not be told which of the two is meant.',
    ]);
    assert.deepEqual(await of('rename-column', 'op.alter_column("orders", "note", new_column_name="remark")'), [
      'An index that covers the column, or might, is more than one of plain columns.',
    ]);
    assert.deepEqual(await of('rewriting-type-change', 'op.alter_column("lines", "total", type_=sa.BigInteger())'), [
      'No single column is known to tell the rows of the table apart: they cannot be filled in slices.',
    ]);
    assert.deepEqual(
      await of('set-not-null', 'op.alter_column("orders", "total", type_=sa.BigInteger(), nullable=False)'),
      ['The operation does more than this, which cannot be parted from it.'],
    );
    assert.deepEqual(await of('rewriting-type-change', `${bigger}\nop.create_index("totals", "orders", ["total"])`), [
      later,
    ]);
    assert.deepEqual(
      await of('rewriting-type-change', bigger, 'op.execute("ALTER TABLE orders ALTER total TYPE integer")'),
      ['What the way back does cannot be told, and it would have to change too.'],
    );
    assert.deepEqual(
      await of(
        'rewriting-type-change',
        'op.alter_column("orders", "parts", type_=sa.BigInteger(), postgresql_using="parts * 2")',
      ),
      ['Which values convert, and to what, depends on the session or cannot be told beforehand.'],
    );
  });
});
