import assert from 'node:assert/strict';
import { chmodSync, existsSync } from 'node:fs';
import { type DiskProject, writeDiskProject } from '../support/disk-project.ts';
import { shop } from '../support/shop.ts';
import { stepwise, stepwiseWithoutRights } from './stepwise.ts';

const file = 'shop/migrations/0003_order_number.py';
const next = 'shop/migrations/0004_fill_order_number.py';
const migration = `# file: ${file}
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0002_order_placed_at")]

    operations = [
        migrations.AddField(model_name="order", name="number", field=models.IntegerField()),
    ]
`;
const fixing = ['fix', '--rule', 'not-null-without-default', '--review', '--write'];

const nested = `# file: ${file}
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0002_order_placed_at")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.AddIndex("order", models.Index(fields=["id"], name="order_id")),
            ],
        ),
    ]
`;

describe('stepwise, where no fix can be right', () => {
  const reason = 'The operation stands inside SeparateDatabaseAndState, which would have to change with it.';
  let project: DiskProject;
  before(() => {
    project = writeDiskProject(shop + nested);
  });
  after(() => project.dispose());

  it('fix says why', async () => {
    const { code, output, errors } = await stepwise(project.folder, 'fix', file, '--review');
    assert.equal(errors, `${file}: blocking-index: no fix. ${reason}\nNothing was fixed.\n`);
    assert.deepEqual([code, output], [0, '']);
  });

  it('fix says nothing about rules that were not asked for', async () => {
    const { errors } = await stepwise(project.folder, 'fix', file, '--review', '--rule', 'drop-table');
    assert.equal(errors, 'Nothing to fix.\n');
  });

  it('check says why below the finding', async () => {
    const { output } = await stepwise(project.folder, 'check', file);
    assert.ok(output.includes(`\n  no fix: ${reason}\n`), output);
  });
});

describe('stepwise fix --write, where it cannot', () => {
  let project: DiskProject;
  beforeEach(() => {
    project = writeDiskProject(shop + migration);
  });
  afterEach(() => {
    chmodSync(project.pathOf('shop/migrations'), 0o755);
    project.dispose();
  });

  it('leaves everything as it is when something has the name of a file that it would create', async () => {
    const before = project.read(file);
    project.write(`${next}/readme.txt`, 'a folder');
    const { code, errors } = await stepwise(project.folder, ...fixing);
    assert.match(errors, /0004_fill_order_number\.py exists already\nNothing to fix\./);
    assert.equal(code, 2);
    assert.equal(project.read(file), before);
  });

  it('leaves everything as it is when the folder may not be written to', async () => {
    const before = project.read(file);
    chmodSync(project.folder, 0o755);
    chmodSync(project.pathOf(file), 0o666);
    chmodSync(project.pathOf('shop/migrations'), 0o555);
    const { code, errors } = await stepwiseWithoutRights(project.folder, ...fixing);
    assert.match(
      errors,
      /^stepwise: Nothing was changed: .*0004_fill_order_number\.py cannot be written, permission denied\.$/m,
    );
    assert.equal(code, 2);
    assert.equal(project.read(file), before);
    assert.equal(existsSync(project.pathOf(next)), false);
  });

  it('leaves everything as it is when a file may not be written to', async () => {
    const before = project.read(file);
    chmodSync(project.folder, 0o755);
    chmodSync(project.pathOf('shop/migrations'), 0o777);
    chmodSync(project.pathOf(file), 0o444);
    const { code, errors } = await stepwiseWithoutRights(project.folder, ...fixing);
    assert.match(
      errors,
      /^stepwise: Nothing was changed: .*0003_order_number\.py cannot be written, permission denied\.$/m,
    );
    assert.equal(code, 2);
    assert.equal(project.read(file), before);
    assert.equal(existsSync(project.pathOf(next)), false);
  });
});
