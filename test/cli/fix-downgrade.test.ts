import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeDiskProject } from '../support/disk-project.ts';
import { stepwise } from './stepwise.ts';

const file = 'migrations/versions/0002_channel.py';
const head = `"""channel"""
from alembic import op
import sqlalchemy as sa

revision = "0002"
down_revision = "0001"


`;
const drop = '    op.drop_column("orders", "channel")';
const add = '    op.add_column("orders", sa.Column("channel", sa.String(20), nullable=True))';
const mistyped = add.replace('"channel"', '"chanel"');
const index = '    op.create_index("ix_orders_channel", "orders", ["channel"])';
const left = '    # stepwise: drop-column-later[orders.channel] what runs now still uses it';
const leftIdle = `${left}\n    pass`;
const alter = (nullable: 'True' | 'False') =>
  `    op.alter_column("orders", "channel", existing_type=sa.String(20), nullable=${nullable})`;

interface Written {
  readonly nullable?: 'True' | 'False';
  readonly isIndexed?: boolean;
}

function before({ nullable = 'True', isIndexed = false }: Written): string {
  return `# file: alembic.ini
[alembic]
script_location = migrations
# file: migrations/versions/0001_orders.py
"""orders"""
from alembic import op
import sqlalchemy as sa

revision = "0001"
down_revision = None


def upgrade():
    op.create_table(
        "orders",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("channel", sa.String(20), nullable=${nullable}),
    )
${isIndexed ? index : ''}

def downgrade():
    op.drop_table("orders")
`;
}

function revision(upgrade: string, downgrade: string | undefined): string {
  const back = downgrade === undefined ? '' : `\n\ndef downgrade():\n${downgrade}\n`;
  return `def upgrade():\n${upgrade}\n${back}`;
}

/** What `fix` makes of a revision, and of what it has made of it. */
async function fixed(text: string, written: Written) {
  const project = writeDiskProject(`${before(written)}# file: ${file}\n${head}${text}`);
  try {
    const first = await stepwise(project.folder, 'fix', '--review', '--write');
    const result = readFileSync(join(project.folder, file), 'utf8');
    const second = await stepwise(project.folder, 'fix', '--review', '--write');
    assert.equal(readFileSync(join(project.folder, file), 'utf8'), result);
    assert.deepEqual([first.code, second.code], [0, 0], first.errors + second.errors);
    return { text: result.slice(result.indexOf('def upgrade')), errors: first.errors };
  } finally {
    project.dispose();
  }
}

describe('stepwise fix, where a dropped column is left and its downgrade is not what it should be', () => {
  const required = { nullable: 'False' } as const;
  const indexed = { isIndexed: true };

  for (const [name, written, downgrade, upgradeAfter, downgradeAfter] of [
    ['leaves an empty downgrade as it is', {}, '    pass', leftIdle, '    pass'],
    ['writes none where nothing is to be taken back', indexed, undefined, leftIdle, undefined],
    ['takes away an index that has stayed', indexed, `${add}\n${index}`, leftIdle, '    pass'],
    ['takes away an index alone', indexed, index, leftIdle, '    pass'],
    ['keeps what else is there', indexed, `${add}\n${index}\n    print("back")`, leftIdle, '    print("back")'],
    ['takes NULL away again in an empty one', required, '    pass', `${left}\n${alter('True')}`, alter('False')],
    ['takes NULL away again in a new one', required, undefined, `${left}\n${alter('True')}`, alter('False')],
  ] as const) {
    it(name, async () => {
      const { text } = await fixed(revision(drop, downgrade), written);
      assert.equal(text, revision(upgradeAfter, downgradeAfter));
    });
  }

  it('keeps an index in the downgrade that upgrade() drops itself', async () => {
    const text = `${revision(
      `    with op.get_context().autocommit_block():
        op.drop_index("ix_orders_channel", table_name="orders", postgresql_concurrently=True)
${drop}`,
      `${add}
    with op.get_context().autocommit_block():
        op.create_index("ix_orders_channel", "orders", ["channel"], postgresql_concurrently=True)`,
    )}`;
    const result = await fixed(text, indexed);
    assert.match(
      result.text,
      /def downgrade\(\):\n {4}with op.get_context\(\).autocommit_block\(\):\n {8}op.create_index\(/,
    );
  });

  it('leaves no column while downgrade() adds another one, and says why', async () => {
    const { text, errors } = await fixed(revision(drop, mistyped), required);
    const back = `${mistyped}
    # The values that it had are gone: it takes NULL until they are filled in again.
${add}`;
    assert.equal(text, revision(drop, back));
    assert.match(errors, /drop-column: no fix\. On the way back "chanel" is added, which upgrade\(\) does not drop/);
  });

  it('asks for leave to drop the column there where rows can be written without it', async () => {
    const { text } = await fixed(revision(drop, mistyped), indexed);
    assert.ok(text.includes(drop) && text.includes('ALLOW_DESTRUCTIVE_MIGRATIONS'), text);
    assert.ok(
      text.endsWith(`${mistyped}
    # The values that it had are gone.
${add}
    op.create_index("ix_orders_channel", "orders", ["channel"], unique=False)
`),
      text,
    );
  });
});
