import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { type DiskProject, writeDiskProject } from '../support/disk-project.ts';
import { owed, owing } from '../support/owed.ts';
import { shop } from '../support/shop.ts';
import { stepwise } from './stepwise.ts';

const schema = JSON.parse(readFileSync(join(import.meta.dirname, '../../docs/schema/owed.schema.json'), 'utf8'));
const projects: DiskProject[] = [];

function project(files: string): DiskProject {
  const written = writeDiskProject(files);
  projects.push(written);
  return written;
}

describe('stepwise owed', () => {
  afterEach(() => {
    for (const each of projects.splice(0)) each.dispose();
  });

  it('lists what was left for a later release, and what writes it', async () => {
    const { folder } = project(owing);
    const { code, output, errors } = await stepwise(folder, 'owed');
    const [first = '', ...others] = output.trimEnd().split('\n\n');
    assert.equal(
      first,
      [
        'shop/migrations/0002_leave.py:10:17',
        '  The column "note" of "shop_order" has left the state and is still in the database.',
        '  fix Write the migration that drops "note" of "shop_order" (in a later release) (writes 1 new migration)',
      ].join('\n'),
    );
    assert.equal(others.length, owed.length - 1);
    assert.deepEqual([code, errors], [0, '5 steps are owed.\n']);
  });

  it('writes them for programs, too', async () => {
    const { folder } = project(owing);
    const { code, output, errors } = await stepwise(
      folder,
      'owed',
      'shop/migrations/0003_constraints.py',
      '--format',
      'json',
    );
    const report = JSON.parse(output) as { readonly owed: readonly { rule: string; fixes: unknown }[] };
    const validate = new Ajv2020({ allErrors: true }).compile(schema);
    assert.ok(validate(report), JSON.stringify(validate.errors, undefined, 2));
    assert.deepEqual(
      report.owed.map(({ rule, fixes }) => ({ rule, fixes })),
      [
        step('set-not-null', 'Write the migration that drops "code_set"', '0005_drop_code_set'),
        step('validating-check', 'Write the migration that validates "total_positive"', '0005_validate_total_positive'),
        step(
          'validating-foreign-key',
          'Write the migration that validates "order_coupon_fk"',
          '0005_validate_order_coupon_fk',
        ),
      ],
    );
    assert.deepEqual([code, errors], [0, '']);
  });

  it('is taken by the title of what writes it', async () => {
    const { folder, read } = project(owing);
    const { code } = await stepwise(folder, 'fix', '--fix', 'drops "note"', '--write');
    assert.equal(code, 0);
    assert.match(
      read('shop/migrations/0005_drop_order_note.py'),
      /migrations\.RemoveField\(model_name="order", name="note"\)/,
    );
    assert.equal((await stepwise(folder, 'owed')).errors, '4 steps are owed.\n');
  });

  it('says so where nothing is owed, and where something cannot be read', async () => {
    const { folder, write } = project(shop);
    assert.deepEqual(await stepwise(folder, 'owed'), { code: 0, output: '', errors: 'Nothing is owed.\n' });
    write('shop/migrations/0003_latin.py', Buffer.from('# caf\xe9\n', 'latin1'));
    const { code, errors } = await stepwise(folder, 'owed');
    assert.equal(code, 2);
    assert.match(errors, /^Nothing is owed\.\nshop\/migrations\/0003_latin\.py: This file cannot be read/);
  });

  it('refuses a format that it does not know', async () => {
    const { code, errors } = await stepwise(import.meta.dirname, 'owed', '--format', 'xml');
    assert.equal(code, 2);
    assert.match(errors, /--format xml: expected text or json\./);
  });
});

function step(rule: string, title: string, name: string) {
  return { rule, fixes: [{ title, safety: 'review', creates: [`shop/migrations/${name}.py`] }] };
}
