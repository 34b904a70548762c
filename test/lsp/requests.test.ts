import assert from 'node:assert/strict';
import { CancellationTokenSource, type Hover } from 'vscode-languageserver';
import type { CheckWorkspaceResult, RulesResult } from '../../server/src/lsp/protocol.ts';
import { rules } from '../../server/src/rules/registry.ts';
import { indexMigration, initial, shop } from '../support/shop.ts';
import { type Editor, startEditor, stopEditors } from './editor.ts';

describe('hover', () => {
  afterEach(stopEditors);

  it('tells the rule in short and what the operation does to the database', async () => {
    const editor = await startEditor(shop, { initializationOptions: { rulePagesUri: 'stepwise-rule:' } });
    await editor.open(indexMigration);
    const text = await hoverText(editor, indexMigration, 'AddIndex');
    assert.match(text, /^\[`blocking-index`\]\(stepwise-rule:\/blocking-index\.md\): An index is built while/);
    assert.match(text, /\*\*AddIndex\*\*\n\n```sql\n[^`]*```\n\n- Takes SHARE on "shop_order"/);
  });

  it('tells what an operation does although no rule speaks', async () => {
    const editor = await startEditor(shop);
    await editor.open('shop/migrations/0002_note.py', addsNote);
    const text = await hoverText(editor, 'shop/migrations/0002_note.py', 'AddField');
    assert.match(text, /^\*\*AddField\*\*\n\n```sql\n[^`]*```\n\n- Takes ACCESS EXCLUSIVE on "shop_order"/);
  });

  it('is silent elsewhere', async () => {
    const editor = await startEditor(shop);
    await editor.open(indexMigration);
    assert.equal(await hoverText(editor, indexMigration, 'dependencies'), '');
  });
});

describe('stepwise/checkWorkspace', () => {
  afterEach(stopEditors);

  it('checks every migration, also those that are not open, and sums up', async () => {
    const editor = await startEditor(shop);
    const result = await editor.request<CheckWorkspaceResult>('stepwise/checkWorkspace', {});
    assert.deepEqual(result, {
      summary: { critical: 0, high: 1, medium: 0, low: 0, files: 2, migrations: 2 },
      problems: [],
    });
    assert.deepEqual(await editor.problems(indexMigration), [
      'warning blocking-index 7:8 Building this index blocks every write to "shop_order" until it is done.',
    ]);
    assert.equal(editor.shown(initial), undefined);
  });

  it('tells at the settings what is said about the project as a whole, until they are changed', async () => {
    const editor = await startEditor(shop.replace(', "OPTIONS": {"options": "-c lock_timeout=5s"}', ''));
    const { summary } = await editor.request<CheckWorkspaceResult>('stepwise/checkWorkspace', {});
    assert.deepEqual(summary, { critical: 0, high: 1, medium: 0, low: 1, files: 2, migrations: 2 });
    const settings = 'config/settings.py';
    const [problem] = await editor.problems(settings);
    assert.match(problem ?? '', /^hint missing-lock-timeout 1:0 /);
    editor.project.write(
      settings,
      'DATABASES = {"default": {"ENGINE": "x.postgresql", "OPTIONS": "lock_timeout=1"}}\n',
    );
    await editor.watched([settings, 2]);
    while ((editor.shown(settings)?.diagnostics.length ?? 0) > 0) await new Promise((done) => setTimeout(done, 20));
  });

  it('lists what cannot be read, with the reason', async () => {
    const editor = await startEditor(shop);
    editor.project.write('shop/migrations/0003_latin.py', Buffer.from('# caf\xe9\n', 'latin1'));
    editor.project.write('pyproject.toml', '[tool.stepwise]\ndatabse = "mysql"\n');
    const { problems } = await editor.request<CheckWorkspaceResult>('stepwise/checkWorkspace', {});
    assert.deepEqual(problems, [
      {
        file: 'shop/migrations/0003_latin.py',
        message: 'This file cannot be read: it is not UTF-8: byte 0xE9 in line 1.',
      },
      {
        file: 'pyproject.toml',
        message: 'tool.stepwise.databse: there is no such option. Did you mean database?',
      },
    ]);
  });

  it('reports progress and can be cancelled', async () => {
    const editor = await startEditor(shop + manyMigrations(700));
    const kinds = new Set<string>();
    const source = new CancellationTokenSource();
    editor.connection.onNotification('$/progress', ({ value }: { readonly value: { readonly kind: string } }) => {
      kinds.add(value.kind);
      if (value.kind === 'begin') source.cancel();
    });
    const params = { workDoneToken: 'check' };
    await assert.rejects(editor.connection.sendRequest('stepwise/checkWorkspace', params, source.token), {
      code: -32800,
    });
    assert.deepEqual([...kinds], ['begin', 'report', 'end']);
  });

  it('lets keystrokes through', async () => {
    const editor = await startEditor(shop + manyMigrations(700));
    await editor.open(indexMigration);
    await editor.problems(indexMigration);
    const check = editor.request<CheckWorkspaceResult>('stepwise/checkWorkspace', {});
    let isDone = false;
    check.then(
      () => {
        isDone = true;
      },
      () => undefined,
    );
    await editor.replace(indexMigration, 'AddIndex', 'RemoveIndex');
    assert.deepEqual(await editor.problems(indexMigration), []);
    assert.equal(isDone, false);
    assert.equal((await check).summary.files, 702);
  });
});

describe('stepwise/rules', () => {
  afterEach(stopEditors);

  it('lists the rules', async () => {
    const editor = await startEditor(shop);
    const answer = await editor.request<RulesResult>('stepwise/rules', {});
    assert.deepEqual(
      answer.rules.map(({ name }) => name),
      rules.map(({ name }) => name),
    );
  });
});

const addsNote = `from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.AddField(model_name="order", name="note", field=models.TextField(null=True)),
    ]
`;

/** Another app with a long history. */
function manyMigrations(count: number): string {
  const files = ['# file: long/__init__.py\n', '# file: long/migrations/__init__.py\n'];
  for (let number = 1; number <= count; number++) {
    const fields = Array.from({ length: 20 }, (_, index) => `("field_${index}", models.TextField())`).join(', ');
    const parents = number === 1 ? '' : `("long", "${nameOf(number - 1)}")`;
    files.push(
      `# file: long/migrations/${nameOf(number)}.py\n`,
      'from django.db import migrations, models\n\n\n',
      'class Migration(migrations.Migration):\n',
      `    dependencies = [${parents}]\n`,
      `    operations = [migrations.CreateModel(name="Model${number}", fields=[${fields}])]\n`,
    );
  }
  return files.join('');
}

function nameOf(number: number): string {
  return `${String(number).padStart(4, '0')}_model`;
}

async function hoverText(editor: Editor, file: string, at: string): Promise<string> {
  const text = editor.textOf(file);
  const before = text.slice(0, text.indexOf(at)).split('\n');
  const position = { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
  const textDocument = { uri: editor.uriOf(file) };
  const hover = await editor.request<Hover | null>('textDocument/hover', { textDocument, position });
  return hover !== null && 'value' in Object(hover.contents) ? String(Object(hover.contents).value) : '';
}
