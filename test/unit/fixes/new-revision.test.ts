import assert from 'node:assert/strict';
import { isRefusal } from '../../../server/src/fixes/fix.ts';
import { validatingCheck } from '../../../server/src/rules/validating-check.ts';
import { applyFix, openExample } from '../../support/rule-examples.ts';

const CHECKED = 'db/versions/2024_05_17_0830-bbbb00001111_total.py';

const checked = `"""Total of orders

Revision ID: bbbb00001111
Revises: aaaa00001111
Create Date: 2024-05-17 08:30:12.345678

"""
from typing import Sequence, Union

from alembic import op

# revision identifiers, used by Alembic.
revision: str = 'bbbb00001111'
down_revision: Union[str, Sequence[str], None] = 'aaaa00001111'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    op.create_check_constraint('orders_total_check', 'orders', 'total >= 0')


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_constraint('orders_total_check', 'orders', type_='check')
`;

const child = (id: string, down: string): string => `revision = "${id}"
down_revision = ${down}


def upgrade():
    pass


def downgrade():
    pass
`;

/** The files after the fix that writes one revision behind the checked one. */
async function fixed(more: Readonly<Record<string, string>>, text = checked): Promise<ReadonlyMap<string, string>> {
  const parent = child('aaaa00001111', 'None');
  const texts = new Map([['db/versions/aaaa.py', parent], [CHECKED, text], ...Object.entries(more)]);
  const workspace = await openExample(texts, validatingCheck);
  const [fix] = workspace.check(CHECKED).flatMap((finding) => finding.fixes());
  if (fix === undefined || isRefusal(fix)) return new Map();
  return new Map([...applyFix(texts, fix)].filter(([file, after]) => texts.get(file) !== after));
}

function fileOf(files: ReadonlyMap<string, string>): string {
  return [...files.keys()].find((file) => file !== CHECKED && file.includes('validate')) ?? '';
}

function template(line: string): Readonly<Record<string, string>> {
  return { 'alembic.ini': `[alembic]\nscript_location = %(here)s/db\n${line}\n` };
}

describe('a new revision', () => {
  it('is written in the style of the one before it', async () => {
    const files = await fixed({});
    const written = files.get(fileOf(files)) ?? '';
    const id = /^revision: str = '([0-9a-f]{12})'$/m.exec(written)?.[1] ?? '';
    assert.equal(
      written.slice(written.indexOf('\n')),
      `

Runs after bbbb00001111, in the same deploy: new rows obey since then.

Revision ID: ${id}
Revises: bbbb00001111
Create Date: 2024-05-17 08:30:12.345678

"""

from typing import Sequence, Union

from alembic import op

# revision identifiers, used by Alembic.
revision: str = '${id}'
down_revision: Union[str, Sequence[str], None] = 'bbbb00001111'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    with op.get_context().autocommit_block():
        op.execute('ALTER TABLE orders VALIDATE CONSTRAINT orders_total_check')


def downgrade() -> None:
    """Downgrade schema."""
`,
    );
  });

  it('has no downgrade() where no revision of the project has one', async () => {
    const forward = (text: string): string => text.slice(0, text.indexOf('\n\ndef downgrade'));
    const files = await fixed(
      {
        'db/versions/aaaa.py': forward(child('aaaa00001111', 'None')),
        'db/versions/cccc.py': forward(child('cccc00001111', '"bbbb00001111"')),
      },
      forward(checked),
    );
    const written = files.get(fileOf(files)) ?? '';
    assert.match(written, /VALIDATE CONSTRAINT orders_total_check'\)\n$/);
    assert.doesNotMatch(written, /def downgrade/);
  });

  it('is given what the one before it is given', async () => {
    const given = checked
      .replace('from alembic import op\n', '')
      .replaceAll(/(up|down)grade\(\)/g, '$1grade(op, tables, tester=None)');
    const files = await fixed({}, given);
    const written = files.get(fileOf(files)) ?? '';
    assert.match(written, /^def upgrade\(op, tables, tester=None\) -> None:$/m);
    assert.doesNotMatch(written, /import op/);
  });

  it('is called by the file_template, with the date of the one before it', async () => {
    const dated = template(
      'file_template = %%(year)d_%%(month).2d_%%(day).2d_%%(hour).2d%%(minute).2d-%%(rev)s_%%(slug)s',
    );
    assert.match(
      fileOf(await fixed(dated)),
      /^db\/versions\/2024_05_17_0830-[0-9a-f]{12}_validate_orders_total_check\.py$/,
    );
    const epoch = template('file_template = %%(epoch)s_%%(rev)s_%%(slug)s\ntruncate_slug_length = 20');
    assert.match(fileOf(await fixed(epoch)), /^db\/versions\/1715934612_[0-9a-f]{12}_validate_orders_\.py$/);
  });

  it('takes the date from the name of the file where the docstring has none, and goes without one where there is none', async () => {
    const dated = template(
      'file_template = %%(year)d_%%(month).2d_%%(day).2d_%%(hour).2d%%(minute).2d-%%(rev)s_%%(slug)s',
    );
    const undatedText = checked.replace(/Create Date:.*\n/, '');
    assert.match(fileOf(await fixed(dated, undatedText)), /\/2024_05_17_0830-[0-9a-f]{12}_validate/);
    const seconds = template('file_template = r%%(second)d_%%(rev)s_%%(slug)s');
    assert.match(fileOf(await fixed(seconds, undatedText)), /\/[0-9a-f]{12}_validate_orders_total_check\.py$/);
  });

  it('comes before all that came after the one before it, however they name it', async () => {
    const files = await fixed({
      'db/versions/c.py': child('cccc00001111', '"bbbb00001111"'),
      'db/versions/d.py': child('dddd00001111', `('bbbb0000', "cccc00001111")`),
      'db/versions/e.py': `"""E\n\nRevises: bbbb00001111\n"""\n${child('eeee00001111', '["bbbb00001111"]')}`,
    });
    const id = /([0-9a-f]{12})_validate/.exec(fileOf(files))?.[1] ?? '';
    assert.match(files.get('db/versions/c.py') ?? '', new RegExp(`^down_revision = "${id}"$`, 'm'));
    assert.match(
      files.get('db/versions/d.py') ?? '',
      new RegExp(`^down_revision = \\('${id}', "cccc00001111"\\)$`, 'm'),
    );
    assert.match(files.get('db/versions/e.py') ?? '', new RegExp(`^Revises: ${id}$`, 'm'));
    assert.match(files.get('db/versions/e.py') ?? '', new RegExp(`^down_revision = \\["${id}"\\]$`, 'm'));
  });

  it('is not written where what comes after it says so in a way that cannot be changed', async () => {
    const later = `BEFORE = "bbbb" + "00001111"\n${child('cccc00001111', 'BEFORE')}`;
    assert.equal((await fixed({ 'db/versions/c.py': later })).size, 0);
  });

  it('takes no name and no id that is there', async () => {
    const first = fileOf(await fixed({}));
    const id = /([0-9a-f]{12})_validate/.exec(first)?.[1] ?? '';
    const taken = await fixed({ 'db/versions/other.py': child(id, '"aaaa00001111"') });
    assert.notEqual(fileOf(taken), first);
    assert.equal(fileOf(await fixed({ [first]: 'x = 1\n' })), first.replace('.py', '_2.py'));
  });

  it('needs no autocommit block where env.py gives each revision a transaction of its own', async () => {
    const env = 'from alembic import context\n\ncontext.configure(connection=c, transaction_per_migration=True)\n';
    const files = await fixed({ 'db/env.py': env });
    assert.match(
      files.get(fileOf(files)) ?? '',
      /"""Upgrade schema\."""\n {4}op\.execute\('ALTER TABLE orders VALIDATE CONSTRAINT orders_total_check'\)\n/,
    );
  });

  it('is not written where each of several databases has functions of its own', async () => {
    const engines = checked
      .replace('def upgrade()', 'def upgrade_one()')
      .replace('def downgrade()', 'def downgrade_one()');
    assert.equal((await fixed({}, engines)).size, 0);
  });
});
