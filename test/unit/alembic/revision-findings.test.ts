import assert from 'node:assert/strict';
import { findingsIn, revisionText } from './check-revision.ts';

const tables = revisionText(
  'aaaa',
  undefined,
  `
op.create_table(
    "users",
    sa.Column("id", sa.BigInteger(), primary_key=True),
    sa.Column("name", sa.String(40)),
    sa.Column("age", sa.Integer()),
)
`,
  'op.drop_table("users")',
);

/** What is said about a revision after the one that creates \`users\`, but for what concerns the whole project. */
async function checkRevision(upgrade: string, downgrade: string, expected: readonly string[]): Promise<void> {
  const texts = new Map([
    ['db/versions/a.py', tables],
    ['db/versions/b.py', revisionText('bbbb', 'aaaa', upgrade, downgrade)],
  ]);
  const found = (await findingsIn(texts)).filter((each) => each.startsWith('db/versions/b.py'));
  const told = found.map((each) => each.replace('db/versions/b.py ', ''));
  assert.deepEqual(
    told.filter((each) => !each.startsWith('missing-lock-timeout')),
    expected,
  );
}

describe('what is said about a revision', () => {
  it('is content with a downgrade that raises where nobody knows what was there', async () => {
    await checkRevision('op.drop_index("old", "orders")', 'raise RuntimeError("Built by hand.")', [
      'blocking-index-drop: Dropping this index keeps reads and writes of "orders" waiting until the migration commits.',
    ]);
  });

  it('takes the schema that is searched for the one of tables without a schema', async () => {
    await checkRevision(
      'op.drop_column("users", "age", schema="public")',
      'op.add_column("users", sa.Column("age", sa.Integer()))\nop.execute("COMMENT ON COLUMN public.users.age IS NULL")',
      [
        'drop-column: Dropping "age" of "public.users" loses its value in every row, and the running release still uses it.',
      ],
    );
  });

  it('tells NOT NULL before a new type of the same directive', async () => {
    await checkRevision(
      'op.alter_column("users", "age", existing_type=sa.Integer(), type_=sa.BigInteger(), nullable=False)',
      'op.alter_column("users", "age", existing_type=sa.BigInteger(), type_=sa.Integer(), nullable=True)',
      [
        'set-not-null: Setting "age" NOT NULL reads all of "users" under a lock that blocks reads and writes, and fails if a row holds NULL.',
      ],
    );
  });
});
