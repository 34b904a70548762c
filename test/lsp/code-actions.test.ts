import assert from 'node:assert/strict';
import type { CodeAction, TextDocumentEdit, TextEdit, WorkspaceEdit } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { indexMigration, shop } from '../support/shop.ts';
import { type Editor, startEditor, stopEditors, vscodeCapabilities } from './editor.ts';

const dropFile = 'shop/migrations/0003_drop_placed_at.py';
const dropMigration = `from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0002_order_placed_at")]

    operations = [
        migrations.RemoveField(model_name="order", name="placed_at"),
    ]
`;

const requiredFile = 'shop/migrations/0003_order_number.py';
const requiredMigration = `from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0002_order_placed_at")]

    operations = [
        migrations.AddField(model_name="order", name="number", field=models.IntegerField()),
    ]
`;

const nestedMigration = `from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0002_order_placed_at")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.AddIndex("order", models.Index(fields=["id"], name="order_id"))],
        ),
    ]
`;

describe('code actions', () => {
  afterEach(stopEditors);

  it('offer the fixes, only the first of them preferred, then to accept the finding', async () => {
    const editor = await startEditor(shop);
    await editor.open(indexMigration);
    const actions = await editor.actions(indexMigration, 'AddIndex');
    assert.deepEqual(
      actions.map(({ title, kind, isPreferred }) => [title, kind, isPreferred ?? false]),
      [
        ['Build the index concurrently', 'quickfix', true],
        ['Ignore blocking-index here', 'quickfix', false],
        ['Ignore blocking-index in this file', 'quickfix', false],
      ],
    );
    assert.equal(actions[0]?.diagnostics?.[0]?.code, 'blocking-index');
  });

  it('explain a rule where the client has a command for it', async () => {
    const editor = await startEditor(shop, { initializationOptions: { openRulePageCommand: 'stepwise.openRulePage' } });
    await editor.open(indexMigration);
    const explain = (await editor.actions(indexMigration, 'AddIndex')).at(-1);
    assert.equal(explain?.title, 'Explain blocking-index');
    assert.deepEqual(explain?.command?.arguments, ['blocking-index']);
  });

  it('are there only for what the selection touches', async () => {
    const editor = await startEditor(shop);
    await editor.open(indexMigration);
    assert.deepEqual(await editor.actions(indexMigration, 'dependencies'), []);
  });

  it('fix a file, and the finding is gone', async () => {
    const editor = await startEditor(shop);
    await editor.open(indexMigration);
    await apply(editor, await action(editor, indexMigration, 'AddIndex', 'Build the index concurrently'));
    assert.match(editor.textOf(indexMigration), /AddIndexConcurrently\(/);
    assert.match(editor.textOf(indexMigration), /atomic = False/);
    assert.deepEqual(await editor.problems(indexMigration), []);
  });

  it('carry the version of the document that they are for', async () => {
    const editor = await startEditor(shop);
    await editor.open(indexMigration);
    await editor.type(indexMigration, 'dependencies = [', ' ');
    const { edit } = await action(editor, indexMigration, 'AddIndex', 'Build the index concurrently');
    const versions = edit?.documentChanges?.map((change) =>
      'textDocument' in change ? change.textDocument.version : 0,
    );
    assert.deepEqual(versions, [2]);
  });

  it('write new files', async () => {
    const editor = await startEditor(shop);
    await editor.open(requiredFile, requiredMigration);
    const fix = await action(editor, requiredFile, 'number', 'nullable');
    const created = fix.edit?.documentChanges?.flatMap((change) => ('kind' in change ? [change.kind] : []));
    assert.deepEqual(created, ['create']);
    assert.match(fix.title, / \(writes 1 new migration\)$/);
    await apply(editor, fix);
    assert.deepEqual(await editor.problems(requiredFile), []);
  });

  it('create files before they change others: where that fails, nothing is half done', async () => {
    const editor = await startEditor(shop);
    await editor.open(requiredFile, requiredMigration);
    const { edit } = await action(editor, requiredFile, 'number', 'nullable');
    const [first] = edit?.documentChanges ?? [];
    assert(first !== undefined && 'kind' in first && first.kind === 'create');
    assert.deepEqual(first.options, { overwrite: false, ignoreIfExists: false });
  });

  it('edit a file before they rename it', async () => {
    const dated = 'shop/migrations/0003_auto_20240311_1015.py';
    const editor = await startEditor(shop);
    await editor.open(dated, requiredMigration.replace('IntegerField()', 'IntegerField(null=True)'));
    const { edit } = await action(editor, dated, 'Migration(', 'Rename');
    const steps = edit?.documentChanges?.map((change) => ('kind' in change ? change : change.textDocument.uri));
    const renamed = steps?.at(-1);
    assert(typeof renamed === 'object' && renamed.kind === 'rename');
    assert.deepEqual([renamed.oldUri, steps?.length], [steps?.[0], 2]);
    assert.match(renamed.newUri, /\/0003_order_number\.py$/);
  });

  it('cannot be taken while something has the name of a file that they would create', async () => {
    const codeAction = { disabledSupport: true };
    const editor = await startEditor(shop, { capabilities: { ...vscodeCapabilities, textDocument: { codeAction } } });
    editor.project.write('shop/migrations/0004_fill_order_number.py/readme.txt', 'a folder');
    await editor.open(requiredFile, requiredMigration);
    const { disabled, edit } = await action(editor, requiredFile, 'number', 'nullable');
    assert.deepEqual([disabled?.reason, edit], ['0004_fill_order_number.py exists already.', undefined]);
  });

  it('leave out a fix that writes files where the client cannot create them', async () => {
    const workspace = { ...vscodeCapabilities.workspace, workspaceEdit: { documentChanges: false } };
    const editor = await startEditor(shop, { capabilities: { workspace } });
    await editor.open(requiredFile, requiredMigration);
    const titles = (await editor.actions(requiredFile, 'number')).map(({ title }) => title);
    assert.deepEqual(
      titles.filter((title) => title.includes('nullable')),
      [],
    );
    await editor.open(indexMigration);
    const { edit } = await action(editor, indexMigration, 'AddIndex', 'Build the index concurrently');
    assert.deepEqual(Object.keys(edit?.changes ?? {}), [editor.uriOf(indexMigration)]);
  });

  it('accept a finding where it stands', async () => {
    const editor = await startEditor(shop);
    await editor.open(indexMigration);
    await apply(editor, await action(editor, indexMigration, 'AddIndex', 'here'));
    assert.match(
      editor.textOf(indexMigration),
      /operations = \[\n {8}# stepwise: ignore\[blocking-index\]\n {8}migrations.AddIndex\(/,
    );
    assert.deepEqual(await editor.problems(indexMigration), []);
  });

  it('accept a finding in the whole file', async () => {
    const editor = await startEditor(shop);
    await editor.open(indexMigration);
    await apply(editor, await action(editor, indexMigration, 'AddIndex', 'in this file'));
    assert.match(editor.textOf(indexMigration), /^# stepwise: ignore-file\[blocking-index\]\nfrom django/);
    assert.deepEqual(await editor.problems(indexMigration), []);
  });

  it('fix all that is safe at once, when they are asked for', async () => {
    const editor = await startEditor(shop);
    await editor.open(indexMigration);
    const [fixAll] = await editor.actions(indexMigration, 'from', ['source.fixAll']);
    assert.equal(fixAll?.kind, 'source.fixAll.stepwise');
    assert.deepEqual(await editor.problems(indexMigration), [
      'warning blocking-index 7:8 Building this index blocks every write to "shop_order" until it is done.',
    ]);
    await apply(editor, fixAll);
    assert.deepEqual(await editor.problems(indexMigration), []);
    assert.deepEqual(await editor.actions(indexMigration, 'from', ['source.fixAll']), []);
  });

  it('say why there is no fix, where the client shows that', async () => {
    const codeAction = { disabledSupport: true };
    const capabilities = { ...vscodeCapabilities, textDocument: { ...vscodeCapabilities.textDocument, codeAction } };
    const editor = await startEditor(shop, { capabilities });
    await editor.open(requiredFile, nestedMigration);
    const { kind, disabled, edit } = await action(editor, requiredFile, 'AddIndex', 'Fix blocking-index');
    assert.deepEqual(
      [kind, disabled?.reason, edit],
      [
        'quickfix',
        'The operation stands inside SeparateDatabaseAndState, which would have to change with it.',
        undefined,
      ],
    );
    const plain = await startEditor(shop);
    await plain.open(requiredFile, nestedMigration);
    assert.deepEqual(
      (await plain.actions(requiredFile, 'AddIndex')).map(({ title }) => title),
      ['Ignore blocking-index here', 'Ignore blocking-index in this file'],
    );
  });

  it('never review a file by themselves', async () => {
    const editor = await startEditor(shop);
    await editor.open(dropFile, dropMigration);
    assert.equal((await editor.problems(dropFile)).length, 1);
    assert.deepEqual(await editor.actions(dropFile, 'from', ['source.fixAll.stepwise']), []);
  });

  it('offer the step of a later release on the migration that it completes', async () => {
    const editor = await startEditor(shop);
    await editor.open(dropFile, dropMigration);
    await apply(editor, await action(editor, dropFile, '"placed_at"),', 'state only'));
    assert.deepEqual(await editor.problems(dropFile), []);
    const offered = await editor.actions(dropFile, 'RemoveField', ['refactor']);
    assert.ok(offered.length > 0);
    assert.deepEqual([...new Set(offered.map(({ kind }) => kind))], ['refactor.rewrite']);
  });
});

async function action(editor: Editor, file: string, at: string, words: string): Promise<CodeAction> {
  const actions = await editor.actions(file, at);
  const found = actions.find(({ title }) => title.includes(words));
  assert.ok(found, `No action with “${words}” among ${JSON.stringify(actions.map(({ title }) => title))}`);
  return found;
}

/** Does what an editor does with an edit: types it into open documents and writes new files. */
async function apply(editor: Editor, chosen: CodeAction | undefined): Promise<void> {
  const edit: WorkspaceEdit = chosen?.edit ?? {};
  for (const change of edit.documentChanges ?? []) {
    if ('textDocument' in change) await applyToDocument(editor, change);
  }
}

async function applyToDocument(editor: Editor, { textDocument, edits }: TextDocumentEdit): Promise<void> {
  const { uri, version } = textDocument;
  const file = uri.replace(`${editor.uriOf('.').replace(/\/\.?$/, '')}/`, '');
  if (version === null) {
    editor.project.write(file, edited('', edits as TextEdit[]));
    await editor.watched([file, 1]);
    return;
  }
  await editor.replace(file, editor.textOf(file), edited(editor.textOf(file), edits as TextEdit[]));
}

function edited(text: string, edits: TextEdit[]): string {
  return TextDocument.applyEdits(TextDocument.create('', '', 0, text), edits);
}
