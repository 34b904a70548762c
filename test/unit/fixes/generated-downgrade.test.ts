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
async function checkBack(upgrade: string, expected: string, before = first): Promise<void> {
  const texts = new Map([
    ['alembic/versions/aaaa_users.py', before],
    [file, revisionText('bbbb', 'aaaa', upgrade)],
  ]);
  const [finding] = (await openExample(texts, irreversibleDowngrade)).check(file);
  const [fix] = (finding?.fixes() ?? []).filter((each) => 'edits' in each);
  const written = fix === undefined ? '' : (applyFix(texts, fix).get(file) ?? '');
  const body = written.split('def downgrade():\n')[1] ?? '';
  assert.equal(body.replaceAll(/^ {4}/gm, '').trim(), expected.trim());
}

/** Things that directives and SQL have built. */
const rooms = revisionText(
  'aaaa',
  undefined,
  `
op.execute("CREATE TABLE teams (id serial PRIMARY KEY, name text NOT NULL CHECK (name <> ''), boss int REFERENCES teams ON DELETE SET NULL, UNIQUE NULLS NOT DISTINCT (boss))")
op.create_table(
    "rooms",
    sa.Column("id", sa.Integer(), sa.Identity(always=True), primary_key=True),
    sa.Column("during", postgresql.TSRANGE(), comment="when"),
    sa.Column("no", sa.Integer(), nullable=False),
    sa.Column("name", sa.Text(), server_default="x"),
    postgresql.ExcludeConstraint(("during", "&&"), ("no", "="), name="rooms_excl", using="gist"),
    comment="all rooms",
)
op.create_index("ix_no", "rooms", [sa.text("no DESC")], postgresql_where=sa.text("no > 1"), postgresql_include=["name"])
op.execute("CREATE INDEX ix_words ON rooms USING gin (to_tsvector('english', name))")
op.execute("ALTER TABLE rooms ADD CONSTRAINT rooms_no_uq UNIQUE (no) INCLUDE (name)")
`,
);

describe('the downgrade that is written for a revision', () => {
  it('brings a table back with what directives and SQL have built on it', () =>
    checkBack(
      'op.drop_table("rooms")',
      `# The rows that it had are gone.
op.create_table(
    "rooms",
    sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False),
    sa.Column("during", postgresql.TSRANGE(), comment="when", nullable=True),
    sa.Column("no", sa.Integer(), nullable=False),
    sa.Column("name", sa.Text(), server_default="x", nullable=True),
    sa.PrimaryKeyConstraint("id"),
    postgresql.ExcludeConstraint(
        ("during", "&&"), ("no", "="), name="rooms_excl", using="gist"
    ),
    comment="all rooms",
)
op.execute(
    "ALTER TABLE rooms ADD CONSTRAINT rooms_no_uq UNIQUE (no) INCLUDE (name)"
)
op.create_index(
    "ix_no",
    "rooms",
    [sa.text("no DESC")],
    unique=False,
    postgresql_where=sa.text("no > 1"),
    postgresql_include=["name"],
)
op.execute(
    "CREATE INDEX ix_words ON rooms USING gin (to_tsvector('english', name))"
)`,
      rooms,
    ));

  it('brings keys back that SQL has made', () =>
    checkBack(
      `
op.drop_constraint("teams_boss_fkey", "teams")
op.drop_constraint("teams_boss_key", "teams")
op.drop_constraint("teams_pkey", "teams")
op.drop_constraint("rooms_excl", "rooms")
`,
      `op.create_exclude_constraint(
    "rooms_excl", "rooms", ("during", "&&"), ("no", "="), using="gist"
)
op.create_primary_key("teams_pkey", "teams", ["id"])
op.create_unique_constraint(
    "teams_boss_key", "teams", ["boss"], postgresql_nulls_not_distinct=True
)
op.create_foreign_key(
    "teams_boss_fkey", "teams", "teams", ["boss"], ["id"], ondelete="SET NULL"
)`,
      rooms,
    ));

  it('brings a column back that counts, with its key', async () => {
    await checkBack(
      'op.drop_column("teams", "id")',
      `# The values that it had are gone.
op.execute("ALTER TABLE teams ADD COLUMN id serial")
op.create_primary_key("teams_pkey", "teams", ["id"])`,
      rooms,
    );
    await checkBack(
      'op.drop_column("rooms", "id")',
      `# The values that it had are gone.
op.add_column(
    "rooms", sa.Column("id", sa.Integer(), sa.Identity(always=True), nullable=False)
)
op.create_primary_key("rooms_pkey", "rooms", ["id"])`,
      rooms,
    );
  });

  it('brings comments back', () =>
    checkBack(
      `
op.alter_column("rooms", "during", comment=None, existing_comment="when")
op.create_table_comment("rooms", "other")
op.create_table_comment("teams", "other")
op.execute("COMMENT ON COLUMN rooms.name IS 'how it is called'")
op.drop_index("ix_words")
`,
      `op.execute(
    "CREATE INDEX ix_words ON rooms USING gin (to_tsvector('english', name))"
)
op.alter_column(
    "rooms",
    "name",
    existing_type=sa.Text(),
    comment=None,
    existing_comment="how it is called",
)
op.drop_table_comment("teams", existing_comment="other")
op.create_table_comment("rooms", "all rooms", existing_comment="other")
op.alter_column(
    "rooms", "during", existing_type=postgresql.TSRANGE(), comment="when"
)`,
      rooms,
    ));

  it('makes functions, triggers and views as earlier revisions have made them', async () => {
    const made = revisionText(
      'aaaa',
      undefined,
      `
op.execute("CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$")
op.execute("CREATE TRIGGER orders_touch BEFORE UPDATE ON orders FOR EACH ROW EXECUTE PROCEDURE touch()")
op.execute("CREATE VIEW names AS SELECT name FROM orders")
`,
    );
    const replaced =
      'CREATE OR REPLACE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN OLD; END $$';
    await checkBack(
      `op.execute("${replaced}")`,
      `op.execute(
    "${replaced.replace('OLD', 'NEW')}"
)`,
      made,
    );
    await checkBack(
      'op.execute("DROP VIEW names")\nop.execute("DROP TRIGGER orders_touch ON orders")',
      `op.execute(
    "CREATE TRIGGER orders_touch BEFORE UPDATE ON orders FOR EACH ROW EXECUTE PROCEDURE touch()"
)
op.execute("CREATE VIEW names AS SELECT name FROM orders")`,
      made,
    );
    // Another function of the name, another table, and whatever goes with it.
    const other = 'CREATE OR REPLACE FUNCTION touch(a int) RETURNS int LANGUAGE sql AS $$ SELECT 1 $$';
    for (const sql of [other, 'DROP TRIGGER orders_touch ON carts', 'DROP VIEW names CASCADE']) {
      const shown = sql.length <= 60 ? sql : `${sql.slice(0, 57)}...`;
      const text = `raise RuntimeError("No way back is known for ${shown}.")`;
      const long = `raise RuntimeError(
    "No way back is known for ${shown}."
)`;
      const upgrade = `op.add_column("orders", sa.Column("x", sa.Text()))\nop.execute("${sql}")`;
      await checkBack(upgrade, text.length > 84 ? long : text, made);
    }
  });

  it('leaves alone what is there for a while only, and finds the name that a check gets', () =>
    checkBack(
      `
op.create_check_constraint(None, "teams", "name <> 'x'")
op.create_index("scratch", "teams", ["name"], if_not_exists=True)
while op.get_bind().execute(sa.text("SELECT 1")).scalar() > 0:
    op.execute("UPDATE teams SET boss = 3 WHERE boss IS NULL")
op.drop_index("scratch", "teams", if_exists=True)
`,
      `# The values that teams (boss) had before upgrade() are gone.
op.drop_constraint("teams_name_check1", "teams", type_="check")`,
      rooms,
    ));

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
    await checkBack('op.execute("ALTER TABLE teams DROP CONSTRAINT teams_pkey CASCADE")', '', rooms);
    await checkBack(
      'op.execute("DROP TABLE teams CASCADE")',
      '',
      rooms.replace(
        'op.create_index(',
        'op.create_foreign_key("f", "rooms", "teams", ["no"], ["id"])\nop.create_index(',
      ),
    );
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
