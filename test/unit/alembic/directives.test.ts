import assert from 'node:assert/strict';
import { checkUpgrade, findingsIn, revisionText } from './check-revision.ts';

describe('the directives of Alembic', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    [
      'add_column: the default of the client is none',
      'op.add_column("users", sa.Column("points", sa.Integer(), default=0, nullable=False))',
      'AddColumn users.points integer not null @ op.add_column',
    ],
    [
      'add_column: defaults of the server in all their forms',
      `
op.add_column("users", sa.Column("a", sa.Boolean(), server_default=sa.false(), nullable=False))
op.add_column("users", sa.Column("b", sa.DateTime(timezone=True), server_default=sa.func.now()))
op.add_column("users", sa.Column("c", sa.Text(), server_default="it's"))
op.add_column("users", sa.Column("d", postgresql.UUID(), server_default=sa.text("gen_random_uuid()")))
op.add_column("users", sa.Column("e", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb")))
op.add_column("users", sa.Column("f", sa.Integer(), server_default=sa.text("my_function()")))
`,
      `AddColumn users.a boolean not null default false @ op.add_column
       AddColumn users.b timestamp with time zone null default stable now() @ op.add_column
       AddColumn users.c text null default 'it''s' @ op.add_column
       AddColumn users.d uuid null default volatile gen_random_uuid() @ op.add_column
       AddColumn users.e jsonb null default '{}'::jsonb @ op.add_column
       AddColumn users.f integer null default unknown my_function() @ op.add_column`,
    ],
    [
      'add_column: key, index and unique constraint are statements of their own',
      `
op.add_column("users", sa.Column("team_id", sa.Integer(), sa.ForeignKey("teams.id"), index=True))
op.add_column("users", sa.Column("email", sa.String(), unique=True))
`,
      `AddColumn users.team_id integer null @ op.add_column
       AddConstraint users: foreign-key ~users_team_id_fkey (team_id) references teams @ op.add_column
       CreateIndex users: index ix_users_team_id (team_id) @ op.add_column
       AddColumn users.email varchar null @ op.add_column
       AddConstraint users: unique ~users_email_key (email) @ op.add_column`,
    ],
    [
      'alter_column: what is not named stays as the schema has it',
      `
op.alter_column("users", "note", nullable=False)
op.alter_column("users", "name", type_=sa.String(80), existing_type=sa.String(40))
op.alter_column("users", "name", server_default=None)
op.alter_column("users", "name", new_column_name="full_name")
`,
      `AlterColumn users.note to note text not null @ op.alter_column
       AlterColumn users.name to name varchar(80) not null @ op.alter_column
       AlterColumn users.name to name varchar(80) not null @ op.alter_column
       RenameColumn users.name to full_name @ op.alter_column`,
    ],
    [
      'the members of an enum class; of another one nothing is guessed',
      `
class State(str, enum.Enum):
    NEW = "new"
    PAID = "paid"
    _ignore_ = []

    def label(self):
        return self.value

class Other(enum.Enum):
    for name in names:
        vars()[name] = name

sa.Enum(State).create(op.get_bind())
sa.Enum(Other, name="other").create(op.get_bind())
sa.Enum(State, name="values", values_callable=values).create(op.get_bind())
sa.Enum(elsewhere.State).create(op.get_bind())
`,
      `AlterEnum state create NEW, PAID @ sa.Enum(State).create
       AlterEnum other create @ sa.Enum(Other, name="other").create
       AlterEnum values create @ sa.Enum(State, name="values", values_callable=values).create`,
    ],
    [
      'comprehensions, with conditions and one in the other',
      `
[op.drop_column("users", name) for name in ("note", "name")]
_ = {kind: op.create_index(f"{kind}_{name}", "users", [name]) for kind in ["a", "b"] for name in ["id", kind] if name != "b"}
[op.drop_table(table) for table in sa.inspect(op.get_bind()).get_table_names() if table]
name = "id"
any(op.drop_index(name) for name in ["a_id"] if context.get_x_argument())
op.create_index("last", "users", [name])
`,
      `DropColumn users.note @ op.drop_column
       DropColumn users.name @ op.drop_column
       CreateIndex users: index a_id (id) @ op.create_index
       CreateIndex users: index a_a (a) @ op.create_index
       CreateIndex users: index b_id (id) @ op.create_index
       Opaque the table of drop_table is only known at run time [conditional] @ op.drop_table
       DropIndex users.a_id [conditional] @ op.drop_index
       CreateIndex users: index last (id) @ op.create_index`,
    ],
    [
      'the parts of a text',
      `
for statement in "DROP INDEX a; DROP INDEX b;".split(";"):
    if statement.strip():
        op.execute(statement)
for line in '''
DROP INDEX c
DROP INDEX d
'''.strip().splitlines():
    op.execute(line)
[op.drop_column("users", name) for name in "note name".split()]
`,
      `RunSql «DROP INDEX a» @ statement
       DropIndex a @ DROP INDEX a
       RunSql « DROP INDEX b» @ statement
       DropIndex b @ DROP INDEX b
       RunSql «DROP INDEX c» @ line
       DropIndex c @ DROP INDEX c
       RunSql «    DROP INDEX d» @ line
       DropIndex d @ DROP INDEX d
       DropColumn users.note @ op.drop_column
       DropColumn users.name @ op.drop_column`,
    ],
    [
      'one way or the other, in an expression',
      `
op.drop_index("a") if op.get_bind().dialect.name == "postgresql" else op.drop_index("b")
op.drop_index("c") if context.get_x_argument() else None
op.get_bind().dialect.name == "mysql" and op.drop_index("d")
context.get_x_argument() or op.drop_index("e")
`,
      `DropIndex a @ op.drop_index
       DropIndex c [conditional] @ op.drop_index
       DropIndex e [conditional] @ op.drop_index`,
    ],
    [
      'batch_alter_table',
      `
with op.batch_alter_table("users", schema=None) as batch_op:
    batch_op.add_column(sa.Column("points", sa.Integer()))
    batch_op.alter_column("note", nullable=False)
    batch_op.create_index(batch_op.f("ix_points"), ["points"], unique=True)
    batch_op.drop_column("name")
`,
      `AddColumn users.points integer null @ batch_op.add_column
       AlterColumn users.note to note text not null @ batch_op.alter_column
       CreateIndex users: unique index ix_points (points) @ batch_op.create_index
       DropColumn users.name @ batch_op.drop_column`,
    ],
    [
      'constraints',
      `
op.create_unique_constraint("uq_name", "users", ["name"])
op.create_check_constraint("named", "users", "name <> ''", postgresql_not_valid=True)
op.create_foreign_key("fk", "users", "teams", ["team_id"], ["id"], source_schema="a", initially="DEFERRED")
op.drop_constraint("uq_name", "users", type_="unique")
`,
      `AddConstraint users: unique uq_name (name) @ op.create_unique_constraint
       AddConstraint users: check named (name) name <> '' not valid @ op.create_check_constraint
       AddConstraint a.users: foreign-key fk (team_id) references teams @ op.create_foreign_key
       DropConstraint users.uq_name unique @ op.drop_constraint`,
    ],
    [
      'tables',
      `
op.rename_table("users", "people")
op.drop_table("people")
`,
      `RenameTable users to people @ op.rename_table
       DropTable people @ op.drop_table`,
    ],
    [
      'directives of plugins, said to be unknown',
      'op.create_entity(view)',
      'Opaque what create_entity does is not known @ op.create_entity',
    ],
  ];
  for (const [title, upgrade, expected] of cases) it(title, () => checkUpgrade({ upgrade }, expected));
});

describe('a revision', () => {
  it('is followed through helpers, loops over data and constants', () =>
    checkUpgrade(
      {
        module:
          'TABLES = ("users", "teams")\n\ndef touch(table, column="stamp"):\n    op.add_column(table, sa.Column(column, sa.Date()))',
        upgrade: 'for table in TABLES:\n    touch(table)',
      },
      `AddColumn users.stamp date null @ op.add_column
       AddColumn teams.stamp date null @ op.add_column`,
    ));

  it('sends SQL as text, through connections too, with placeholders', () =>
    checkUpgrade(
      {
        upgrade: `
op.execute("DELETE FROM users")
conn = op.get_bind()
conn.execute(sa.text("UPDATE users SET note = :note WHERE id = 1"), {"note": "x"})
op.execute(users.update().where(users.c.id == 1).values(note="x"))
op.execute(sa.delete(users))
conn.execute(sa.select(users.c.id).where(users.c.id > 1))
`,
        module: 'users = sa.table("users", sa.column("id"), sa.column("note"))',
      },
      `RunSql «DELETE FROM users» @ "DELETE FROM users"
       WriteRows delete users all @ DELETE FROM users
       RunSql «UPDATE users SET note = :note WHERE id = 1» @ "UPDATE users SET note = :note WHERE id = 1"
       WriteRows update users filtered note=constant @ UPDATE users SET note = :note WHERE id = 1
       WriteRows update users filtered note=constant @ users.update()
       WriteRows delete users all @ sa.delete(users)`,
    ));

  it('sends SQL with values that are bound to it', () =>
    checkUpgrade(
      {
        upgrade: `
op.execute(sa.text("UPDATE users SET note = :note WHERE id = :id").bindparams(note="x", id=1))
statement = sa.text("DELETE FROM users").params({"id": 1})
op.get_bind().execute(statement.execution_options(autocommit=True))
op.execute(sa.text("DELETE FROM users WHERE id IN :ids").bindparams(sa.bindparam("ids", [1], expanding=True)))
`,
      },
      `RunSql «UPDATE users SET note = :note WHERE id = :id» @ "UPDATE users SET note = :note WHERE id = :id"
       WriteRows update users filtered note=constant @ UPDATE users SET note = :note WHERE id = :id
       RunSql «DELETE FROM users» @ "DELETE FROM users"
       WriteRows delete users all @ DELETE FROM users
       RunSql «DELETE FROM users WHERE id IN :ids» @ "DELETE FROM users WHERE id IN :ids"
       WriteRows delete users filtered @ DELETE FROM users WHERE id IN :ids`,
    ));

  it('reads what old connections hand to the driver, and passes over queries', () =>
    checkUpgrade(
      {
        upgrade: `
conn = op.get_bind()
conn.execute("UPDATE users SET note=%s WHERE id=%s", "x", 1)
conn.exec_driver_sql("DELETE FROM users WHERE id = %(id)s", {"id": 1})
for row in conn.execute(users.select().where(users.c.id == 1).limit(1)):
    conn.execute(users.update().where(users.c.id == row.id).values(note="x"))
`,
        module: 'users = sa.table("users", sa.column("id"), sa.column("note"))',
      },
      `RunSql «UPDATE users SET note=%s WHERE id=%s» @ "UPDATE users SET note=%s WHERE id=%s"
       WriteRows update users filtered note=constant @ UPDATE users SET note=%s WHERE id=%s
       RunSql «DELETE FROM users WHERE id = %(id)s» @ "DELETE FROM users WHERE id = %(id)s"
       WriteRows delete users filtered @ DELETE FROM users WHERE id = %(id)s
       WriteRows update users filtered note=expression @ users.update()`,
    ));

  it('knows the database that a URL names', () =>
    checkUpgrade(
      {
        upgrade: `
url = str(op.get_bind().engine.url)
if url.startswith("mysql"):
    op.drop_column("users", "never")
elif url.startswith(("postgres", "cockroachdb")):
    op.drop_column("users", "note")
if "sqlite" in str(op.get_bind().engine.url):
    op.drop_column("users", "never")
if op.get_bind().engine.url.drivername.startswith("postgresql+asyncpg"):
    op.drop_column("users", "name")
`,
      },
      `DropColumn users.note @ op.drop_column
       DropColumn users.name [conditional] @ op.drop_column`,
    ));

  it('takes the operations that upgrade() is given', async () => {
    const first = revisionText('aaaa', undefined, 'op.create_table("users", sa.Column("id", sa.Integer()))');
    const text = revisionText('bbbb', 'aaaa', 'op.drop_table("users")')
      .replace('import context, op', 'import context')
      .replaceAll('grade():', 'grade(op, tables, tester=None):');
    const findings = await findingsIn(
      new Map([
        ['alembic/versions/a.py', first],
        ['alembic/versions/b.py', text],
      ]),
    );
    assert.match(findings.join('\n'), /drop-table: Dropping "users"/);
  });

  it('knows what stands behind a guard, a test or the other database', () =>
    checkUpgrade(
      {
        module: 'import os',
        upgrade: `
if op.get_bind().dialect.name == "sqlite":
    op.drop_table("never")
if context.is_offline_mode():
    raise RuntimeError
rows = unknown()
rows = rows or None
if rows:
    op.drop_column("users", "note")
if not os.environ.get("ALLOW_DESTRUCTIVE_MIGRATIONS"):
    raise RuntimeError
op.drop_table("users")
`,
      },
      `DropColumn users.note [conditional] @ op.drop_column
       DropTable users [guarded] @ op.drop_table`,
    ));

  it('is followed into loops over what only the database knows', () =>
    checkUpgrade(
      {
        upgrade: `
bind = op.get_bind()
for key in sa.inspect(bind).get_foreign_keys("users"):
    if key["referred_table"] == "teams":
        op.drop_constraint(key["name"], "users", type_="foreignkey")
        op.drop_column("users", "team_id")
op.drop_column("users", "note")
if bind.engine.name == "mysql":
    op.drop_column("users", "never")
op.drop_constraint(sa.inspect(bind).get_pk_constraint("users").get("name"), "users", type_="primary")
`,
      },
      `Opaque which constraint of "users" it drops is only known at run time [conditional] @ op.drop_constraint
       DropColumn users.team_id [conditional] @ op.drop_column
       DropColumn users.note @ op.drop_column
       DropConstraint users.users_pkey primary-key @ op.drop_constraint`,
    ));

  it('begins another transaction behind a commit of the connection', async () => {
    const write = 'connection = op.get_bind()\nconnection.execute(sa.text("DELETE FROM users WHERE id = 1"))';
    const alter = 'op.alter_column("users", "name", nullable=False)';
    const mixedIn = async (...statements: readonly string[]): Promise<boolean> => {
      const text = revisionText('aaaa', undefined, statements.join('\n'));
      const found = await findingsIn(new Map([['alembic/versions/aaaa_users.py', text]]));
      return found.some((finding) => finding.includes(' mixed-schema-and-data:'));
    };
    assert.equal(await mixedIn(write, alter), true);
    assert.equal(await mixedIn(write, 'connection.commit()', alter), false);
    assert.equal(await mixedIn(write, 'sa.orm.Session(bind=connection).commit()', alter), true);
  });

  it('leaves its transaction for an autocommit block', () =>
    checkUpgrade(
      {
        upgrade: `
with op.get_context().autocommit_block():
    op.create_index("ix", "users", ["name"], postgresql_concurrently=True, postgresql_where=sa.text("name <> ''"))
`,
      },
      'CreateIndex users: index ix (name) partial concurrently @ op.create_index',
    ));
});
