import assert from 'node:assert/strict';
import { setNotNull } from '../../../server/src/rules/set-not-null.ts';
import { applyFix, openExample } from '../../support/rule-examples.ts';
import { revisionText } from '../alembic/check-revision.ts';

const first = revisionText(
  'aaaa',
  undefined,
  'op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("age", sa.Integer()))',
);

/** The bodies of `downgrade()` in the revision that adds the check now, and in the one that sets NOT NULL. */
async function waysBack(upgrade: string, downgrade: string): Promise<readonly string[]> {
  const file = 'alembic/versions/bbbb_now.py';
  const texts = new Map([
    ['alembic/versions/aaaa_users.py', first],
    [file, revisionText('bbbb', 'aaaa', upgrade, downgrade)],
  ]);
  const [fix] = (await openExample(texts, setNotNull)).check(file).flatMap((finding) => finding.fixes());
  assert(fix !== undefined);
  const written = [...applyFix(texts, fix)].filter(([path]) => path === file || path.endsWith('not_null.py'));
  return written.map(([, text]) => (text.split('def downgrade():\n')[1] ?? '').replaceAll(/^ {4}/gm, ''));
}

const directive = 'op.alter_column("users", "age", existing_type=sa.Integer(), nullable=False)';
const addCheck =
  'op.create_check_constraint(\n    "users_age_not_null", "users", "age IS NOT NULL", postgresql_not_valid=True\n)\n';

describe('the way back of NOT NULL in steps, where the revision left it in place', () => {
  it('drops the check, which would be in the way of the next upgrade', async () => {
    assert.deepEqual(await waysBack(directive, 'pass'), [
      'op.drop_constraint("users_age_not_null", "users", type_="check")\n',
      `${addCheck}op.alter_column("users", "age", existing_type=sa.Integer(), nullable=True)\n`,
    ]);
  });

  it('does so in SQL, before all else', async () => {
    assert.deepEqual(await waysBack('op.execute("ALTER TABLE users ALTER age SET NOT NULL")', 'print("back")'), [
      'op.execute("ALTER TABLE users DROP CONSTRAINT users_age_not_null")\nprint("back")\n',
      'op.execute(\n    "ALTER TABLE users ADD CONSTRAINT users_age_not_null CHECK (age IS NOT NULL) NOT VALID"\n)\n' +
        'op.execute("ALTER TABLE users ALTER age DROP NOT NULL")\n',
    ]);
  });

  it('leaves the check to the column or the table that goes', async () => {
    const [now] = await waysBack(directive, 'op.drop_column("users", "age")');
    assert.equal(now, 'op.drop_column("users", "age")\n');
  });
});
