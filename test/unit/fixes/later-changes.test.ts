import assert from 'node:assert/strict';
import { blockingIndex } from '../../../server/src/rules/blocking-index.ts';
import { readFiles } from '../../support/memory-files.ts';
import { openTexts } from '../../support/rule-examples.ts';

const checked = 'migrations/versions/b2_index.py';

/** The titles of the fixes for an index on `orders.placed_at`, with more directives behind it. */
async function titlesBefore(...later: readonly string[]): Promise<readonly string[]> {
  const texts = readFiles(`
# file: migrations/versions/a1_orders.py
from alembic import op
import sqlalchemy as sa

revision = "a1"
down_revision = None


def upgrade():
    op.create_table("orders", sa.Column("placed_at", sa.DateTime()), sa.Column("note", sa.Text()))


def downgrade():
    op.drop_table("orders")
# file: ${checked}
from alembic import op
import sqlalchemy as sa

revision = "b2"
down_revision = "a1"


def upgrade():
    op.create_index("orders_placed_at", "orders", ["placed_at"])
    ${later.join('\n    ')}


def downgrade():
    pass
`);
  const [finding] = (await openTexts(texts, [blockingIndex])).check(checked);
  assert(finding !== undefined);
  return finding.fixes().map(({ title }) => title);
}

const apart = 'Build the index concurrently, in a revision of its own';

describe('what is moved behind the rest of its migration', () => {
  it('passes drops and renames of columns that it is not about', async () => {
    const later = ['op.drop_column("orders", "note")', 'op.add_column("orders", sa.Column("code", sa.Text()))'];
    assert.deepEqual(await titlesBefore(...later), [apart]);
  });

  it('does not pass what happens to its own column or table', async () => {
    assert.deepEqual(await titlesBefore('op.drop_column("orders", "placed_at")'), []);
    assert.deepEqual(await titlesBefore('op.alter_column("orders", "placed_at", new_column_name="at")'), []);
    assert.deepEqual(await titlesBefore('op.rename_table("orders", "purchases")'), []);
  });
});
