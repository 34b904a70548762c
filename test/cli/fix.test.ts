import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { type DiskProject, writeDiskProject } from '../support/disk-project.ts';
import { indexMigration, shop } from '../support/shop.ts';
import { stepwise } from './stepwise.ts';

const projects: DiskProject[] = [];

function project(files = shop): DiskProject {
  const written = writeDiskProject(files);
  projects.push(written);
  return written;
}

function disposeProjects(): void {
  for (const each of projects.splice(0)) each.dispose();
}

const requiredFile = 'shop/migrations/0003_order_number.py';
const required = `# file: ${requiredFile}
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0002_order_placed_at")]

    operations = [
        migrations.AddField(model_name="order", name="number", field=models.IntegerField()),
    ]
`;

const dropFile = 'shop/migrations/0003_drop_placed_at.py';
const drop = `# file: ${dropFile}
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0002_order_placed_at")]

    operations = [
        migrations.RemoveField(model_name="order", name="placed_at"),
    ]
`;

const commented = `
    operations = [
        # stepwise: ignore[drop-table] nothing is dropped
        migrations.AddIndex(
            model_name="order",
            index=models.Index(fields=["placed_at"], name="shop_order_placed_idx"),
        ),
    ]
`;

describe('stepwise fix', () => {
  afterEach(disposeProjects);

  it('shows a patch and writes nothing', async () => {
    const { folder, read } = project();
    const before = read(indexMigration);
    const { code, output, errors } = await stepwise(folder, 'fix');
    assert.match(output, /^--- a\/shop\/migrations\/0002_order_placed_at\.py\n\+\+\+ b\/shop/);
    assert.match(output, /^-\s+migrations\.AddIndex\(\n\+\s+AddIndexConcurrently\($/m);
    assert.match(errors, /blocking-index: Build the index concurrently\n1 fix in 1 file\. Nothing was written/);
    assert.equal(read(indexMigration), before);
    assert.equal(code, 0);
  });

  it('shows the patch that leads to what it would write', async () => {
    const [shown, written] = [project(), project()];
    const { output } = await stepwise(shown.folder, 'fix', '--diff');
    execFileSync('git', ['apply', '-'], { cwd: shown.folder, input: output });
    await stepwise(written.folder, 'fix', '--write');
    assert.equal(shown.read(indexMigration), written.read(indexMigration));
  });

  it('writes what is safe, and then there is nothing left to fix', async () => {
    const { folder, read } = project();
    const { code, output, errors } = await stepwise(folder, 'fix', '--write');
    assert.equal(output, '');
    assert.match(errors, /1 fix in 1 file written\./);
    assert.match(read(indexMigration), /^ {4}atomic = False$/m);
    assert.equal(code, 0);
    assert.equal((await stepwise(folder, 'check')).code, 0);
    assert.match((await stepwise(folder, 'fix', '--write')).errors, /^Nothing to fix\. .*--review/);
  });

  it('leaves to the author what wants a look, until asked', async () => {
    const { folder, read, pathOf } = project(shop + required);
    const before = read(requiredFile);
    await stepwise(folder, 'fix', requiredFile, '--write');
    assert.equal(read(requiredFile), before);
    const { code, errors } = await stepwise(folder, 'fix', requiredFile, '--review', '--write');
    assert.notEqual(read(requiredFile), before);
    assert.match(errors, /not-null-without-default: .*nullable.*\n1 fix in 2 files written\./);
    assert.equal(code, 0);
    assert.equal((await stepwise(pathOf('shop'), 'check', '--fail-on', 'critical')).code, 0);
  });

  it('applies the fix whose title it is told, of the rule it is told', async () => {
    const { folder, read } = project(shop + drop);
    const words = ['--rule', 'drop-column', '--fix', 'STATE ONLY'];
    const { errors } = await stepwise(folder, 'fix', ...words, '--write');
    assert.match(errors, /^shop\/migrations\/0003_drop_placed_at\.py: drop-column: /);
    assert.match(read(dropFile), /SeparateDatabaseAndState/);
    assert.match(read(indexMigration), /migrations\.AddIndex\(/);
  });

  it('does not take the step of a later release together with what it completes', async () => {
    const rename = `# file: shop/migrations/0003_rename.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0002_order_placed_at")]
    operations = [migrations.RenameModel("Order", "Purchase")]
`;
    const { folder } = project(`${shop}${rename}`);
    const { errors } = await stepwise(folder, 'fix', '--review', '--rule', 'rename-table', '--fix', 'view');
    assert.match(errors, /^shop\/migrations\/0003_rename\.py: rename-table: [^\n]+\n1 fix in 1 file\./);
  });

  const dated = `# file: shop/migrations/0003_auto_20240311_1015.py
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0002_order_placed_at")]

    operations = [
        migrations.AddField("order", "note", models.TextField(null=True)),
        migrations.AddField("order", "color", models.TextField(null=True)),
    ]
`;

  it('renames a migration, and its patch does the same', async () => {
    const [shown, written] = [project(shop + dated), project(shop + dated)];
    const words = ['fix', '--review', '--rule', 'auto-named-migration'];
    const { output } = await stepwise(shown.folder, ...words);
    execFileSync('git', ['apply', '-'], { cwd: shown.folder, input: output });
    const { errors } = await stepwise(written.folder, ...words, '--write');
    assert.match(errors, /: Rename the migration to 0003_order_note_order_color\n/);
    for (const { read, pathOf } of [shown, written]) {
      assert.equal(existsSync(pathOf('shop/migrations/0003_auto_20240311_1015.py')), false);
      const replaces = /^ {4}replaces = \[\("shop", "0003_auto_20240311_1015"\)\]$/m;
      assert.match(read('shop/migrations/0003_order_note_order_color.py'), replaces);
    }
  });

  it('leaves a file alone that cannot be read in places', async () => {
    const { folder } = project(`${shop}${required.replace('models.IntegerField()),', 'models.IntegerField(')}`);
    const { output } = await stepwise(folder, 'fix', '--review', requiredFile);
    assert.doesNotMatch(output, /0003/);
  });

  it('mends settings, too', async () => {
    const settings = 'config/settings.py';
    const { folder, read, write } = project();
    write(settings, 'DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "shop"}}\n');
    const words = ['--rule', 'missing-lock-timeout', '--fix', 'on every connection'];
    const { code, errors } = await stepwise(folder, 'fix', ...words, '--write');
    assert.equal(code, 0, errors);
    assert.match(read(settings), /lock_timeout=5s/);
  });

  it('composes the fixes of one file', async () => {
    const { folder, write, read } = project();
    write(indexMigration, read(indexMigration).replace(/\n {4}operations[\s\S]*$/, commented));
    const { errors } = await stepwise(folder, 'fix', '--write');
    assert.match(errors, /2 fixes in 1 file written\./);
    assert.match(read(indexMigration), /AddIndexConcurrently\(/);
    assert.doesNotMatch(read(indexMigration), /stepwise:/);
  });

  it('keeps line breaks and the byte order mark', async () => {
    const { folder, write, read } = project();
    write(indexMigration, `\uFEFF${read(indexMigration).replaceAll('\n', '\r\n')}`);
    await stepwise(folder, 'fix', '--write');
    const text = read(indexMigration);
    assert.match(text, /^\uFEFF/);
    assert.match(text, /AddIndexConcurrently/);
    assert.doesNotMatch(text, /(?<!\r)\n/);
  });

  it('ends with 2 when something could not be read, after it has fixed the rest', async () => {
    const { folder, write, read } = project();
    write('shop/migrations/0003_latin.py', Buffer.from('# caf\xe9\n', 'latin1'));
    const { code, errors } = await stepwise(folder, 'fix', '--write');
    assert.match(errors, /0003_latin\.py: /);
    assert.match(read(indexMigration), /AddIndexConcurrently/);
    assert.equal(code, 2);
  });
});
