import assert from 'node:assert/strict';
import { setNotNull } from '../../../server/src/rules/set-not-null.ts';
import { applyFix, openExample } from '../../support/rule-examples.ts';
import { revisionText } from '../alembic/check-revision.ts';

const first = revisionText(
  'aaaa',
  undefined,
  'op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("age", sa.Integer()))',
);

/** The body of the \`downgrade()\` of the revision that sets NOT NULL, where the one before takes nothing back. */
async function wayBack(upgrade: string): Promise<string> {
  const file = 'alembic/versions/bbbb_now.py';
  const texts = new Map([
    ['alembic/versions/aaaa_users.py', first],
    [file, revisionText('bbbb', 'aaaa', upgrade)],
  ]);
  const [fix] = (await openExample(texts, setNotNull)).check(file).flatMap((finding) => finding.fixes());
  assert(fix !== undefined);
  const [written = ''] = [...applyFix(texts, fix)].flatMap(([path, text]) =>
    path.endsWith('not_null.py') ? [text] : [],
  );
  return (written.split('def downgrade():\n')[1] ?? '').replaceAll(/^ {4}/gm, '');
}

describe('the way back of NOT NULL in steps', () => {
  it('allows NULL again, without the check that stays where it is', async () => {
    assert.equal(
      await wayBack('op.alter_column("users", "age", existing_type=sa.Integer(), nullable=False)'),
      'op.alter_column("users", "age", existing_type=sa.Integer(), nullable=True)\n',
    );
  });

  it('does so in SQL', async () => {
    assert.equal(
      await wayBack('op.execute("ALTER TABLE users ALTER age SET NOT NULL")'),
      'op.execute("ALTER TABLE users ALTER age DROP NOT NULL")\n',
    );
  });
});
