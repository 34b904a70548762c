import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
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

const finding = `shop/migrations/0002_order_placed_at.py:8:9 high blocking-index
  Building this index blocks every write to "shop_order" until it is done.
  8 |         migrations.AddIndex(
    |         ~~~~~~~~~~~~~~~~~~~
  fix Build the index concurrently (safe)

`;

describe('stepwise check', () => {
  afterEach(disposeProjects);

  it('shows each finding with its line of source, and the sum on standard error', async () => {
    const { code, output, errors } = await stepwise(project().folder, 'check');
    assert.equal(output, finding);
    assert.equal(errors, '1 finding: 1 high. Checked 2 migrations.\n');
    assert.equal(code, 1);
  });

  it('reports what lies at the paths, and judges it by the whole project', async () => {
    const { folder } = project();
    const { code, output, errors } = await stepwise(folder, 'check', 'shop/migrations/0001_initial.py');
    assert.deepEqual([code, output, errors], [0, '', 'Nothing found. Checked 1 migration.\n']);
    assert.equal((await stepwise(folder, 'check', indexMigration)).output, finding);
  });

  it('is content with a project that has no migrations yet', async () => {
    const empty = [
      '# file: alembic.ini\n[alembic]\nscript_location = db\n# file: db/env.py\nfrom alembic import context\n',
      '# file: manage.py\n\n# file: shop/migrations/__init__.py\n',
    ];
    for (const files of empty) {
      const { folder } = project(files);
      assert.deepEqual(await stepwise(folder, 'check'), {
        code: 0,
        output: '',
        errors: '.: no migrations found.\nNothing found. Checked 0 migrations.\n',
      });
      const { summary } = JSON.parse((await stepwise(folder, 'check', '--format', 'json')).output);
      assert.equal(summary.migrations, 0);
      assert.equal((await stepwise(folder, 'fix')).code, 0);
    }
  });

  it('finds the project from a folder inside of it, and shows paths as seen from there', async () => {
    const { pathOf } = project();
    const { output } = await stepwise(pathOf('shop/migrations'), 'check');
    assert.match(output, /^0002_order_placed_at\.py:8:9 high/);
    assert.match((await stepwise(pathOf('config'), 'check', '../shop')).output, /^\.\.\/shop\/migrations\/0002/);
  });

  it('ends with 1 only for findings of the level that is asked for', async () => {
    const { folder } = project();
    assert.equal((await stepwise(folder, 'check', '--fail-on', 'critical')).code, 0);
    assert.equal((await stepwise(folder, 'check', '--fail-on', 'high')).code, 1);
    assert.equal((await stepwise(folder, 'check', '--fail-on', 'low')).code, 1);
  });

  it('ends with 1 for medium findings when it is strict', async () => {
    const { folder } = project(`${shop}# file: shop/migrations/0003_rename.py\n${renaming}`);
    const strict = await stepwise(folder, 'check', 'shop/migrations/0003_rename.py', '--strict');
    assert.match(strict.output, /medium rename-column/);
    assert.equal(strict.code, 1);
    assert.equal((await stepwise(folder, 'check', 'shop/migrations/0003_rename.py')).code, 0);
  });

  it('counts low findings and shows them when asked', async () => {
    const { folder, write, read } = project();
    write(indexMigration, `# stepwise: ignore-file[blocking-index, drop-table] small table\n${read(indexMigration)}`);
    const hidden = await stepwise(folder, 'check');
    assert.deepEqual(hidden, {
      code: 0,
      output: '',
      errors: 'Nothing found. Checked 2 migrations. 1 low not shown (--all shows everything).\n',
    });
    const all = await stepwise(folder, 'check', '--all');
    assert.match(all.output, /^shop\/migrations\/0002_order_placed_at\.py:1:41 low unused-suppression\n/);
  });

  it('has no colors in a pipe', async () => {
    const { output } = await stepwise(project().folder, 'check');
    assert.equal(output.includes('\u001B'), false);
  });

  it('follows the pyproject.toml of the project', async () => {
    const { folder, write } = project();
    write('pyproject.toml', '[tool.stepwise.rules]\nblocking-index = "medium"\n');
    assert.match((await stepwise(folder, 'check')).output, /medium blocking-index/);
    write('pyproject.toml', '[tool.stepwise]\nignore = ["shop/migrations/0002_*"]\n');
    assert.deepEqual(await stepwise(folder, 'check'), {
      code: 0,
      output: '',
      errors: 'Nothing found. Checked 1 migration.\n',
    });
  });
});

describe('stepwise check ends with 2, after it has checked the rest,', () => {
  afterEach(disposeProjects);

  it('when a setting cannot be used', async () => {
    const { folder, write } = project();
    write('pyproject.toml', '[tool.stepwise]\ndeploys = "rolling"\ndatabse = "mysql"\n');
    const { code, output, errors } = await stepwise(folder, 'check');
    assert.equal(output, finding);
    assert.match(
      errors,
      /^pyproject\.toml: line 3: tool\.stepwise\.databse: there is no such option\. Did you mean database\?$/m,
    );
    assert.equal(code, 2);
  });

  it('when pyproject.toml is no TOML', async () => {
    const { folder, write } = project();
    write('pyproject.toml', '[tool.stepwise\n');
    const { code, output, errors } = await stepwise(folder, 'check');
    assert.equal(output, finding);
    assert.match(errors, /^pyproject\.toml: line \d: This file is not valid TOML/m);
    assert.equal(code, 2);
  });

  it('when a migration is not UTF-8', async () => {
    const { folder, write } = project();
    write('shop/migrations/0003_latin.py', Buffer.from('# one\n# caf\xe9\n', 'latin1'));
    const { code, output, errors } = await stepwise(folder, 'check');
    assert.equal(output, finding);
    assert.match(errors, /^shop\/migrations\/0003_latin\.py: .*it is not UTF-8: byte 0xE9 in line 2\.$/m);
    assert.equal(code, 2);
  });

  it('when a migration is UTF-16', async () => {
    const { folder, write } = project();
    write('shop/migrations/0003_wide.py', Buffer.from('\uFEFFfrom django.db import migrations\n', 'utf16le'));
    const { code, errors } = await stepwise(folder, 'check');
    assert.match(errors, /^shop\/migrations\/0003_wide\.py: .*it is encoded in UTF-16, not UTF-8\.$/m);
    assert.equal(code, 2);
  });

  it('when a migration cannot be opened', async () => {
    const { folder, pathOf } = project();
    symlinkSync('nowhere.py', pathOf('shop/migrations/0003_gone.py'));
    symlinkSync('0004_circle.py', pathOf('shop/migrations/0004_circle.py'));
    const { code, output, errors } = await stepwise(folder, 'check');
    assert.equal(output, finding);
    assert.match(errors, /^shop\/migrations\/0003_gone\.py: .*it is a symbolic link that leads nowhere\.$/m);
    assert.match(errors, /^shop\/migrations\/0004_circle\.py: .*its symbolic links lead in a circle\.$/m);
    assert.equal(code, 2);
  });
});

describe('stepwise check survives', () => {
  afterEach(disposeProjects);

  it('a cycle: it is named, and the rest is checked', async () => {
    const { folder, write } = project();
    write('shop/migrations/0003_a.py', dependingOn('0004_b'));
    write('shop/migrations/0004_b.py', dependingOn('0003_a'));
    const { code, output } = await stepwise(folder, 'check');
    assert.ok(output.includes(finding), output);
    assert.match(output, /0003_a\.py:\d+:\d+ critical dependency-cycle\n.*0003_a.*0004_b/);
    assert.equal(code, 1);
  });

  it('a generated migration of a megabyte', async () => {
    const { folder, write } = project();
    const models = Array.from({ length: 500 }, (_, index) => generatedModel(index)).join('');
    const text = dependingOn('0002_order_placed_at', models);
    assert.ok(text.length > 1_000_000);
    write('shop/migrations/0003_generated.py', text);
    const started = performance.now();
    const { code, output, errors } = await stepwise(folder, 'check');
    assert.equal(output, finding);
    assert.equal(errors, '1 finding: 1 high. Checked 3 migrations.\n');
    assert.equal(code, 1);
    assert.ok(performance.now() - started < 20_000);
  });

  it('half-typed and empty files', async () => {
    const { folder, write, read } = project();
    write('shop/migrations/0003_empty.py', '');
    write('shop/migrations/0004_half.py', read(indexMigration).slice(0, -60));
    const { code, output, errors } = await stepwise(folder, 'check', indexMigration);
    assert.equal(output, finding);
    assert.equal(
      errors,
      [
        '1 finding: 1 high. Checked 1 migration.\n',
        'shop/migrations/0004_half.py: line 7: This is no valid Python, so what it belongs to could not be checked.\n',
      ].join(''),
    );
    assert.equal(code, 2);
  });

  it('folders that lead to themselves', async () => {
    const { folder, pathOf } = project();
    symlinkSync('..', pathOf('shop/migrations/up'));
    assert.equal((await stepwise(folder, 'check')).output, finding);
  });

  it('virtual environments and node_modules: it does not look into them', async () => {
    const { folder, write, read } = project();
    write('env/pyvenv.cfg', '');
    write('env/lib/shop2/migrations/0001_x.py', read(indexMigration));
    write('node_modules/x/migrations/0001_x.py', read(indexMigration));
    assert.equal((await stepwise(folder, 'check')).errors, '1 finding: 1 high. Checked 2 migrations.\n');
  });
});

describe('stepwise check says what to write instead of', () => {
  afterEach(disposeProjects);

  const cases: readonly (readonly [args: readonly string[], message: RegExp])[] = [
    [['check', 'nowhere'], /nowhere does not exist/],
    [['check', 'config'], /There are no migrations at .*config\. Name a migration, a folder of migrations/],
    [['check', '--formt', 'json'], /stepwise check has no option --formt\. Did you mean --format\?/],
    [['check', '--format', 'xml'], /--format xml: expected text or json/],
    [['check', '--fail-on', 'severe'], /--fail-on severe: expected one of critical, high, medium, low/],
    [['check', '--strict', '--fail-on', 'low'], /give one of them/],
    [['chek'], /There is no command chek\. Did you mean check\?/],
    [['shop'], /To check a file or folder: stepwise check shop/],
    [['explain'], /Name one rule/],
    [['explain', 'drop-tabel'], /There is no rule drop-tabel\. Did you mean drop-table\?/],
    [['fix', '--rule', 'drop-tabel'], /There is no rule drop-tabel\. Did you mean drop-table\?/],
    [['fix', '--diff', '--write'], /give one/],
    [['lsp', 'extra'], /stepwise lsp takes no arguments/],
  ];
  for (const [args, message] of cases) {
    it(args.join(' '), async () => {
      const { code, output, errors } = await stepwise(project().folder, ...args);
      assert.match(errors, message);
      assert.equal(output, '');
      assert.equal(code, 2);
    });
  }
});

const renaming = dependingOn(
  '0002_order_placed_at',
  'migrations.RenameField(model_name="order", old_name="placed_at", new_name="ordered_at")',
);

function dependingOn(parent: string, operations = ''): string {
  return `from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "${parent}")]
    operations = [${operations}]
`;
}

function generatedModel(index: number): string {
  const fields = Array.from(
    { length: 25 },
    (_, field) => `
                ("field_${field}", models.CharField(blank=True, default="", max_length=200)),`,
  );
  return `
        migrations.CreateModel(
            name="Generated${index}",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),${fields.join('')}
            ],
        ),`;
}
