import assert from 'node:assert/strict';
import { irreversibleDowngrade } from '../../../server/src/rules/irreversible-downgrade.ts';
import { applyFix, openExample } from '../../support/rule-examples.ts';
import { revisionText } from '../alembic/check-revision.ts';

const file = 'alembic/versions/bbbb_now.py';

const first = revisionText(
  'aaaa',
  undefined,
  `
op.create_table(
    "users",
    sa.Column("id", sa.Integer(), primary_key=True),
    sa.Column("age", sa.String(3), nullable=True),
    sa.Column("mood", sa.Enum("good", "bad", name="mood"), server_default="good", nullable=False),
    sa.Column("team_id", sa.Integer(), nullable=True),
    sa.CheckConstraint("age <> ''", name="age_check"),
)
op.create_index("ix_mood", "users", ["mood"], postgresql_where=sa.text("age IS NOT NULL"))
`,
);

/** Text in, text out: the body of the \`downgrade()\` that is written for a revision behind one with a table. */
async function checkBack(upgrade: string, expected: string): Promise<void> {
  const texts = new Map([
    ['alembic/versions/aaaa_users.py', first],
    [file, revisionText('bbbb', 'aaaa', upgrade)],
  ]);
  const [finding] = (await openExample(texts, irreversibleDowngrade)).check(file);
  const [fix] = (finding?.fixes() ?? []).filter((each) => 'edits' in each);
  const written = fix === undefined ? '' : (applyFix(texts, fix).get(file) ?? '');
  const body = written.split('def downgrade():\n')[1] ?? '';
  assert.equal(body.replaceAll(/^ {4}/gm, '').trim(), expected.trim());
}

describe('the downgrade that is written for a revision', () => {
  it('says how to cast where PostgreSQL does not cast by itself', () =>
    checkBack(
      'op.alter_column("users", "age", type_=sa.Integer(), postgresql_using="age::integer")',
      `op.alter_column(
    "users",
    "age",
    existing_type=sa.Integer(),
    type_=sa.String(3),
    existing_nullable=True,
    postgresql_using="age::varchar(3)",
)`,
    ));

  it('brings a column back with the type that is there, its default and its index', () =>
    checkBack(
      'op.drop_column("users", "mood")',
      `# The values that it had are gone.
op.add_column(
    "users",
    sa.Column(
        "mood",
        postgresql.ENUM("good", "bad", name="mood", create_type=False),
        server_default="good",
        nullable=False,
    ),
)
op.create_index(
    "ix_mood",
    "users",
    ["mood"],
    unique=False,
    postgresql_where=sa.text("age IS NOT NULL"),
)`,
    ));

  it('follows the names that things have by now', () =>
    checkBack(
      `
op.rename_table("users", "members")
op.alter_column("members", "age", new_column_name="years")
op.drop_index("ix_mood", table_name="members")
`,
      `op.create_index(
    "ix_mood",
    "members",
    ["mood"],
    unique=False,
    postgresql_where=sa.text("age IS NOT NULL"),
)
op.alter_column("members", "years", new_column_name="age")
op.rename_table("members", "users")`,
    ));

  it('deletes rows that are told by their values, and leaves others with a word', () =>
    checkBack(
      `
op.add_column("users", sa.Column("code", sa.Text(), nullable=True))
op.execute("INSERT INTO users (id, code, created) VALUES (1, 'a', now()), (2, NULL, now())")
op.execute("INSERT INTO users SELECT * FROM others")
op.execute("UPDATE users SET code = 'x'")
`,
      `# The rows that upgrade() adds to users stay.
op.execute(
    "DELETE FROM users WHERE (id = 1 AND code = 'a') OR (id = 2 AND code IS NULL)"
)
op.drop_column("users", "code")`,
    ));

  it('brings a check back as it was written', () =>
    checkBack(
      'op.drop_constraint("age_check", "users", type_="check")',
      `op.create_check_constraint("age_check", "users", "age <> ''")`,
    ));

  it('says which values are gone, and goes on', () =>
    checkBack(
      `
op.add_column("users", sa.Column("code", sa.Text(), nullable=True))
op.execute("UPDATE users SET age = '1'")
`,
      `# The values that users (age) had before upgrade() are gone.
op.drop_column("users", "code")`,
    ));

  it('says which rows are gone, and goes on', () =>
    checkBack(
      `
op.add_column("users", sa.Column("code", sa.Text(), nullable=True))
op.execute("DELETE FROM users WHERE age IS NULL")
op.execute("TRUNCATE sessions")
`,
      `# The rows of sessions that upgrade() deleted are gone.
# The rows of users that upgrade() deleted are gone.
op.drop_column("users", "code")`,
    ));

  it('does nothing but raise where only its author knows the way back', async () => {
    const column = 'op.add_column("users", sa.Column("code", sa.Text(), nullable=True))';
    await checkBack(
      `${column}\nop.execute("DROP VIEW adults")\nop.drop_column("users", "age")`,
      'raise RuntimeError("No way back is known for DROP VIEW adults.")',
    );
    await checkBack(
      `op.execute("DROP VIEW adults")\n${column}\nop.execute(open("more.sql").read())`,
      `raise RuntimeError(
    "No way back is known for what upgrade() does by execute()."
    " No way back is known for DROP VIEW adults."
)`,
    );
  });

  it('takes statements of SQL back by statements', () =>
    checkBack(
      `
op.execute("CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'")
op.execute("ALTER TABLE users ADD COLUMN code text, ADD COLUMN note text")
`,
      `op.execute("ALTER TABLE users DROP COLUMN note, DROP COLUMN code")
op.execute("DROP FUNCTION touch()")`,
    ));

  it('is not written where a step depends on a condition, or on what nobody has told', async () => {
    await checkBack('if op.get_bind():\n    op.drop_column("users", "age")', '');
    await checkBack('op.drop_constraint("elsewhere", "users", type_="foreignkey")', '');
    await checkBack('op.drop_table("others")', '');
    const renamed = 'op.alter_column("users", "age", new_column_name="years")';
    await checkBack(`${renamed}\nop.drop_constraint("age_check", "users", type_="check")`, '');
  });

  it('names a constraint finally where a naming convention builds on names', async () => {
    const env = `from alembic import context
from sqlalchemy import MetaData

target_metadata = MetaData(naming_convention={"ck": "ck_%(table_name)s_%(constraint_name)s"})
context.configure(target_metadata=target_metadata)
context.run_migrations()
`;
    const upgrade =
      'op.create_check_constraint("old", "users", "age <> 1")\nop.create_index("ix_age", "users", ["age"])';
    const texts = new Map([
      ['alembic/env.py', env],
      ['alembic/versions/aaaa_users.py', first],
      [file, revisionText('bbbb', 'aaaa', upgrade)],
    ]);
    const [finding] = (await openExample(texts, irreversibleDowngrade)).check(file);
    const [fix] = (finding?.fixes() ?? []).filter((each) => 'edits' in each);
    const written = fix === undefined ? '' : (applyFix(texts, fix).get(file) ?? '');
    const body = written.split('def downgrade():\n')[1] ?? '';
    assert.deepEqual(body.trim().split(/\n\s*/), [
      'op.drop_index("ix_age", table_name="users")',
      'op.drop_constraint(op.f("ck_users_old"), "users", type_="check")',
    ]);
  });
});
