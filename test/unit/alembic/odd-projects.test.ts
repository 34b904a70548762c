import assert from 'node:assert/strict';
import { findingsIn, revisionText } from './check-revision.ts';

const table = 'op.create_table("users", sa.Column("id", sa.BigInteger(), primary_key=True))';
const off = '[tool.stepwise.rules]\nmissing-lock-timeout = "off"\nirreversible-downgrade = "off"\n';

/** The findings in a project with these files, quiet about timeouts and empty downgrades. */
function told(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  return findingsIn(new Map(Object.entries({ ...files, 'pyproject.toml': `[tool.stepwise]\n${off}` })));
}

const env = `from alembic import context

with connectable.connect() as connection:
    context.configure(connection=connection, target_metadata=None)
    with context.begin_transaction():
        context.run_migrations()
`;

describe('odd projects of Alembic', () => {
  it('two files with one id', async () => {
    const findings = await told({
      'db/versions/a.py': revisionText('aaaa', undefined, table),
      'db/versions/b.py': revisionText('aaaa', undefined, table),
    });
    assert.deepEqual(findings, [
      'db/versions/b.py duplicate-migration: a.py has the id aaaa as well: Alembic passes over it, and it is never run.',
    ]);
  });

  it('a half-typed directive', async () => {
    const whole = revisionText('bbbb', 'aaaa', 'op.drop_table("users")\nop.', 'pass');
    const findings = await told({
      'db/versions/a.py': revisionText('aaaa', undefined, table),
      'db/versions/b.py': whole,
    });
    assert.deepEqual(findings, [
      'db/versions/b.py drop-table: Dropping "users" deletes the table with every row in it.',
    ]);
  });

  it('a revision that is being typed has no downgrade yet', async () => {
    const whole = revisionText('aaaa', undefined, table);
    const typed = whole.slice(0, whole.indexOf('def downgrade'));
    const findings = (text: string) => findingsIn(new Map([['db/versions/a.py', text]]));
    assert.match((await findings(typed)).join(), /irreversible-downgrade/);
    assert.doesNotMatch(
      (await findings(`${typed}    op.add_column("users", sa.Column("note"`)).join(),
      /irreversible-downgrade/,
    );
  });

  it('a revision without downgrade', async () => {
    const text = revisionText('bbbb', 'aaaa', 'op.add_column("users", sa.Column("note", sa.Text()))');
    const findings = await findingsIn(
      new Map([
        ['db/versions/a.py', revisionText('aaaa', undefined, table, 'op.drop_table("users")')],
        ['db/versions/b.py', text.slice(0, text.indexOf('def downgrade'))],
      ]),
    );
    assert.deepEqual(findings, [
      'db/versions/b.py irreversible-downgrade: Rolling back stops here: there is no downgrade().',
      'db/versions/b.py missing-lock-timeout: No lock_timeout is set: as long as this waits for its lock, everything that comes later waits for "users" behind it.',
    ]);
  });

  it('several environments in one alembic.ini, each with a history of its own', async () => {
    const ini = `[alembic]
script_location = one

[reports]
script_location = two
version_locations = %(here)s/two/first:%(here)s/two/second
`;
    const findings = await told({
      'alembic.ini': ini,
      'one/env.py': env,
      'one/versions/a.py': revisionText('aaaa', undefined, table),
      'two/env.py': env,
      'two/first/a.py': revisionText('aaaa', undefined, table),
      'two/second/b.py': revisionText('bbbb', 'aaaa', 'op.drop_table("users")'),
    });
    assert.deepEqual(findings, [
      'two/second/b.py drop-table: Dropping "users" deletes the table with every row in it.',
    ]);
  });

  it('Flask-Migrate', async () => {
    const flask = env
      .replace('import context', 'import context\nfrom flask import current_app')
      .replace('target_metadata=None', "target_metadata=current_app.extensions['migrate'].db.metadata");
    const findings = await told({
      'migrations/alembic.ini': '[alembic]\n# template used to generate migration files\n\n[loggers]\nkeys = root\n',
      'migrations/env.py': flask,
      'migrations/versions/a_users.py': revisionText('aaaa', undefined, table),
      'migrations/versions/b_next.py': revisionText('bbbb', 'aaaa', 'op.drop_table("users")'),
      'app/extensions.py': 'db = None\n',
    });
    assert.deepEqual(findings, [
      'migrations/versions/b_next.py drop-table: Dropping "users" deletes the table with every row in it.',
    ]);
  });

  it('nested folders of versions, and files beside them that are no revisions', async () => {
    const findings = await told({
      'db/env.py': env,
      'db/versions/2024/a.py': revisionText('aaaa', undefined, table),
      'db/versions/2025/07/b.py': revisionText('bbbb', 'aaaa', 'op.drop_table("users")'),
      'db/versions/helpers.py': 'def nothing():\n    pass\n',
      'db/versions/__init__.py': '',
    });
    assert.deepEqual(findings, [
      'db/versions/2025/07/b.py drop-table: Dropping "users" deletes the table with every row in it.',
    ]);
  });

  it('a history for each database, in folders that nothing connects', async () => {
    const findings = await told({
      'src/app/db/alembic.ini': '[alembic]\nscript_location = app:db:_migrations\n',
      'src/app/db/_migrations/env.py': env,
      'src/app/db/_migrations/versions/postgresql/a.py': revisionText('aaaa', undefined, table),
      'src/app/db/_migrations/versions/postgresql/b.py': revisionText('bbbb', 'aaaa', 'op.execute("VACUUM users")'),
      'src/app/db/_migrations/versions/sqlite/a.py': revisionText('aaaa', undefined, table),
      'src/app/db/_migrations/versions/sqlite/b.py': revisionText(
        'bbbb',
        'aaaa',
        'op.execute("PRAGMA foreign_keys=OFF")\n    op.drop_column("users", "id")',
      ),
    });
    assert.deepEqual(findings, [
      'src/app/db/_migrations/versions/postgresql/b.py concurrent-in-transaction: VACUUM cannot run inside a transaction: the migration fails when it runs.',
      'src/app/db/_migrations/versions/sqlite/b.py drop-column: Dropping "id" of "users" loses its value in every row, and the running release still uses it.',
      'src/app/db/_migrations/versions/sqlite/b.py drop-primary-key: Without its primary key "users" takes duplicates.',
      'src/app/db/_migrations/versions/sqlite/b.py sqlite-needs-batch: SQLite drops no column that an index or a key is on: outside of batch_alter_table this fails.',
    ]);
  });

  it('subfolders are one history where alembic.ini says so', async () => {
    const files = {
      'db/env.py': env,
      'db/versions/one/a.py': revisionText('aaaa', undefined, table),
      'db/versions/two/a.py': revisionText('aaaa', undefined, table),
    };
    const ini = '[alembic]\nscript_location = db\nrecursive_version_locations = true\n';
    assert.deepEqual(await told(files), []);
    assert.deepEqual(await told({ ...files, 'alembic.ini': ini }), [
      'db/versions/two/a.py duplicate-migration: one/a.py has the id aaaa as well: Alembic passes over it, and it is never run.',
    ]);
  });

  it('revisions in a folder of any name, told by the names of the files', async () => {
    const findings = await told({
      'db/changes/0001_users.py': revisionText('aaaa', undefined, table),
      'db/changes/3f2a91bc77de_gone.py': revisionText('bbbb', 'aaaa', 'op.drop_table("users")'),
    });
    assert.deepEqual(findings, [
      'db/changes/3f2a91bc77de_gone.py drop-table: Dropping "users" deletes the table with every row in it.',
    ]);
  });

  it('an env.py that cannot be read, and none', async () => {
    const revisions = {
      'db/versions/a.py': revisionText('aaaa', undefined, table),
      'db/versions/b.py': revisionText(
        'bbbb',
        'aaaa',
        'op.create_unique_constraint(None, "users", ["id"])',
        'op.drop_constraint(None, "users", type_="unique")',
      ),
    };
    assert.deepEqual(
      await told({ ...revisions, 'db/env.py': 'from alembic import context\ncontext.configure(' }),
      await told(revisions),
    );
  });
});
