import assert from 'node:assert/strict';
import { notNullWithoutDefault } from '../../../server/src/rules/not-null-without-default.ts';
import { rules } from '../../../server/src/rules/registry.ts';
import { applyFix, openTexts } from '../../support/rule-examples.ts';
import { revisionText } from './check-revision.ts';

const table = 'op.create_table("users", sa.Column("id", sa.BigInteger(), primary_key=True))';
const column = 'op.add_column("users", sa.Column("kind", sa.String(9), nullable=False, default="new"))';

type Texts = ReadonlyMap<string, string>;

async function owedIn(texts: Texts) {
  const workspace = await openTexts(texts, rules);
  return workspace.migrationFiles().flatMap((file) => workspace.offers(file));
}

/** A column that the fix made nullable, with the revision that fills it. */
async function filled(): Promise<Texts> {
  const texts = new Map([
    ['db/versions/a.py', revisionText('aaaa', undefined, table)],
    ['db/versions/b.py', revisionText('bbbb', 'aaaa', column, 'op.drop_column("users", "kind")')],
  ]);
  const workspace = await openTexts(texts, [notNullWithoutDefault]);
  const fixes = workspace.check('db/versions/b.py').flatMap((finding) => finding.fixes());
  const fix = fixes.find(({ title }) => title.endsWith('later release'));
  assert(fix);
  return applyFix(texts, fix);
}

describe('owed steps of revisions', () => {
  it('NOT NULL of a column that was filled, until the revisions are written that are offered', async () => {
    const texts = await filled();
    const [step, ...others] = await owedIn(texts);
    assert.deepEqual(others, []);
    assert.deepEqual(
      [step?.file, step?.owed],
      ['db/versions/b.py', '"kind" of "users" was filled where it was NULL, and is still nullable.'],
    );
    const [fix] = step?.fixes() ?? [];
    assert(fix);
    assert.equal(fix.title, 'Write the revisions that set "kind" of "users" NOT NULL (in a later release)');
    const after = applyFix(texts, fix);
    assert.deepEqual(await owedIn(after), []);
    const workspace = await openTexts(after, rules);
    const schema = workspace.workspace.projectOf('db/versions/b.py');
    const last = schema.migration(schema.order.at(-1) ?? '');
    assert.equal(last?.after.tables.get('users')?.columns.get('kind')?.nullable, false);
    const told = [...after.keys()].filter((file) => !texts.has(file)).flatMap((file) => workspace.check(file));
    assert.deepEqual([...new Set(told.map(({ rule }) => rule.name))], ['missing-lock-timeout']);
  });

  it('not of a column that is nullable and was not filled, nor of one that is gone', async () => {
    const texts = await filled();
    const [fill = '', text = ''] = [...texts].find(([, each]) => each.includes('Fills "kind"')) ?? [];
    const dropped = revisionText('dddd', /^revision = "(\w+)"/m.exec(text)?.[1], 'op.drop_column("users", "kind")');
    assert.deepEqual(await owedIn(new Map([...texts, ['db/versions/d.py', dropped]])), []);
    const unfilled = new Map([...texts].filter(([file]) => file !== fill));
    assert.deepEqual(await owedIn(unfilled), []);
  });

  it('the drop of a column, with the index that it takes along, until a revision drops it', async () => {
    const create = `
op.create_table("users", sa.Column("id", sa.BigInteger(), primary_key=True), sa.Column("fax", sa.Text()), schema="crm")
op.create_index("users_fax", "users", ["fax"], schema="crm")
`;
    const texts = new Map([
      ['db/versions/a.py', revisionText('aaaa', undefined, create)],
      ['db/versions/b.py', revisionText('bbbb', 'aaaa', '# stepwise: drop-column-later[crm.users.fax]')],
    ]);
    const [step] = await owedIn(texts);
    assert.deepEqual(
      [step?.file, step?.owed],
      ['db/versions/b.py', 'The column "fax" of "crm.users" was left to a later release and is still in the database.'],
    );
    const [fix] = step?.fixes() ?? [];
    assert(fix);
    assert.equal(fix.title, 'Write the revision that drops "fax" of "crm.users" (in a later release)');
    const after = applyFix(texts, fix);
    assert.deepEqual(await owedIn(after), []);
    const [text = ''] = [...after].filter(([file]) => !texts.has(file)).map((each) => each[1]);
    assert.equal(
      text.slice(text.indexOf('def upgrade')),
      `def upgrade():
    op.drop_column("users", "fax", schema="crm")


def downgrade():
    # The values that it had are gone.
    op.add_column("users", sa.Column("fax", sa.Text(), nullable=True), schema="crm")
    op.create_index("users_fax", "users", ["fax"], unique=False, schema="crm")
`,
    );
  });

  it('the drop of a table, until a revision drops it', async () => {
    const texts = new Map([
      ['db/versions/a.py', revisionText('aaaa', undefined, table)],
      ['db/versions/b.py', revisionText('bbbb', 'aaaa', '# stepwise: drop-table-later[users]')],
    ]);
    const [step] = await owedIn(texts);
    assert.equal(step?.owed, 'The table "users" was left to a later release and is still in the database.');
    const [fix] = step?.fixes() ?? [];
    assert(fix);
    assert.equal(fix.title, 'Write the revision that drops the table "users" (in a later release)');
    const after = applyFix(texts, fix);
    assert.deepEqual(await owedIn(after), []);
    const [text = ''] = [...after].filter(([file]) => !texts.has(file)).map((each) => each[1]);
    assert.match(text, /def upgrade\(\):\n {4}op\.drop_table\("users"\)\n/);
    assert.match(
      text,
      /def downgrade\(\):\n {4}# The rows that it had are gone\.\n {4}op\.create_table\(\n {8}"users",\n/,
    );
  });

  it('not of a column that a comment of another function names, nor of one that is not there', async () => {
    const comments = ['# stepwise: drop-column-later[users.other]', '# stepwise: drop-column-later[id]'];
    const texts = new Map([
      ['db/versions/a.py', revisionText('aaaa', undefined, table)],
      [
        'db/versions/b.py',
        `# stepwise: drop-column-later[users.id]\n${revisionText('bbbb', 'aaaa', comments.join('\n'))}`,
      ],
    ]);
    assert.deepEqual(await owedIn(texts), []);
  });
});
