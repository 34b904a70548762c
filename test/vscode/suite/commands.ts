import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { eventually, findingOf, findingsWhere, goneFrom, openFile } from './editor.ts';
import { cancelling, messagesOf, picking, stepwise } from './extension.ts';
import { restoreWorkspace } from './workspace.ts';

describe('the commands', () => {
  afterEach(restoreWorkspace);

  it('are all there', async () => {
    const manifest = vscode.extensions.getExtension('stepwise.stepwise')?.packageJSON;
    const declared: readonly string[] = manifest.contributes.commands.map((one: { command: string }) => one.command);
    const known = await vscode.commands.getCommands(true);
    assert(declared.length > 0);
    assert.deepEqual(
      declared.filter((command) => !known.includes(command)),
      [],
    );
  });

  it('Check All Migrations finds what is in files that nobody opened, and sums up', async () => {
    const [summary, ...others] = await messagesOf('stepwise.checkAll');
    assert.deepEqual(others, []);
    const counts = /^Checked (\d+) migrations: (\d+) critical, (\d+) high, (\d+) medium, (\d+) low\.$/;
    const [, migrations, critical, high, medium, low] = counts.exec(summary?.message ?? '') ?? [];
    assert(migrations !== undefined, `The summary is: ${summary?.message}`);

    const files = await vscode.workspace.findFiles('**/migrations/0*.py');
    assert.equal(Number(migrations), files.length);
    const published = vscode.languages.getDiagnostics().flatMap(([, diagnostics]) => diagnostics);
    const count = (severity: vscode.DiagnosticSeverity) =>
      published.filter((one) => one.source === 'stepwise' && one.severity === severity).length;
    const { Error: error, Warning: warning, Information: information, Hint: hint } = vscode.DiagnosticSeverity;
    assert.deepEqual([critical, high, medium, low].map(Number), [error, warning, information, hint].map(count));
  });

  it('Check All Migrations can be cancelled, and then says nothing', async () => {
    let shown: readonly unknown[] | undefined;
    const wasCancellable = await cancelling(async () => {
      shown = await messagesOf('stepwise.checkAll');
    });
    assert.equal(wasCancellable, true);
    assert.deepEqual(shown, []);
  });

  it('Show Owed Steps lists what was left for a later release, and opens where the step is offered', async () => {
    const labels = await picking('stepwise.showOwedSteps', '"old_path"');
    assert.deepEqual(labels, [
      'The column "old_path" of "catalog_product" has left the state and is still in the database.',
      'The table "orders_cart" has left the state and is still in the database.',
    ]);
    const editor = vscode.window.activeTextEditor;
    assert(editor?.document.uri.path.endsWith('catalog/migrations/0005_drop_legacy_code.py') === true);
    const actions = await vscode.commands.executeCommand<readonly vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      editor.document.uri,
      editor.selection,
      vscode.CodeActionKind.RefactorRewrite.value,
    );
    assert(actions.some(({ title }) => title.startsWith('Write the migration that drops "old_path"')));
  });

  it('Open Rule Page opens the page of the finding at the cursor', async () => {
    const editor = await openFile('newsletter/migrations/0003_clean_up.py');
    const finding = await findingOf(editor.document, 'delete-all-rows');
    editor.selection = new vscode.Selection(finding.range.start, finding.range.start);
    await vscode.commands.executeCommand('stepwise.openRulePage');
    const page = await eventually(vscode.window.tabGroups.onDidChangeTabs, openPage, () => 'the page');
    assert.equal(page, 'stepwise-rule:/delete-all-rows.md');
    const { getText } = await vscode.workspace.openTextDocument(vscode.Uri.parse(page));
    assert.match(getText(), /delete-all-rows/);
  });

  it('the link of a finding leads to the same page', async () => {
    const { document } = await openFile('newsletter/migrations/0003_clean_up.py');
    await findingOf(document, 'delete-all-rows');
    const targets = vscode.languages
      .getDiagnostics(document.uri)
      .flatMap(({ code }) => (typeof code === 'object' ? [code.target.toString()] : []));
    assert(targets.includes('stepwise-rule:/delete-all-rows.md'), targets.join());
  });

  it('Fix All Safe Problems in File applies safe fixes, and says when there is none', async () => {
    const { document } = await openFile('catalog/migrations/0003_product_title_index.py');
    await findingOf(document, 'blocking-index');
    assert.deepEqual(await messagesOf('stepwise.fixAll'), []);
    await goneFrom(document, 'blocking-index');
    assert.match(document.getText(), /AddIndexConcurrently\(/);
    assert.match(document.getText(), /atomic = False/);
    const [shown] = await messagesOf('stepwise.fixAll');
    assert.equal(shown?.message, 'There is nothing in this file that can be fixed safely.');
  });

  it('Show SQL of This Migration opens it beside the migration, and follows the typing', async () => {
    const editor = await openFile('catalog/migrations/0003_product_title_index.py');
    await vscode.commands.executeCommand('stepwise.showSql');
    const shown = vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'stepwise-sql');
    assert(shown !== undefined);
    assert.equal(shown.languageId, 'sql');
    assert.match(shown.getText(), /^CREATE INDEX "catalog_product_title_idx" ON "catalog_product" \("title"\);$/m);
    assert.equal(vscode.window.activeTextEditor?.document, editor.document);
    const name = editor.document.getText().indexOf('catalog_product_title_idx');
    await editor.edit((edit) => edit.insert(editor.document.positionAt(name), 'new_'));
    const isRenamed = () =>
      shown.getText().includes('CREATE INDEX "new_catalog_product_title_idx"') ? true : undefined;
    await eventually(vscode.workspace.onDidChangeTextDocument, isRenamed, () => `the new name in ${shown.getText()}`);
  });

  it('Show SQL of This Migration says what to open where no migration is', async () => {
    await openFile('catalog/models.py');
    const [shown] = await messagesOf('stepwise.showSql');
    assert.equal(shown?.message, 'Open a migration to see the SQL that it becomes.');
  });

  it('Restart Server takes the findings away and brings them back', async () => {
    const { document } = await openFile('catalog/migrations/0003_product_title_index.py');
    const before = await findingOf(document, 'blocking-index');
    const cleared = whenCleared(document);
    await vscode.commands.executeCommand('stepwise.restart');
    await cleared;
    assert.deepEqual(await findingOf(document, 'blocking-index'), before);
  });

  it('a server that dies is started again by itself', async () => {
    const { document } = await openFile('catalog/migrations/0003_product_title_index.py');
    const before = await findingOf(document, 'blocking-index');
    const cleared = whenCleared(document);
    const client = stepwise().client as LanguageClient;
    const server = client.serverProcess;
    assert(server !== undefined);
    server.kill('SIGKILL');
    await cleared;
    assert.deepEqual(await findingOf(document, 'blocking-index'), before);
    assert.notEqual(client.serverProcess?.pid, server.pid);
  });

  it('Show Log shows the log', async () => {
    await vscode.commands.executeCommand('stepwise.showLog');
    const log = () => vscode.window.visibleTextEditors.find(({ document }) => document.uri.scheme === 'output');
    const editor = await eventually(vscode.window.onDidChangeVisibleTextEditors, log, () => 'the log');
    assert.match(editor.document.uri.path, /Stepwise/);
  });
});

function openPage(): string | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const isPreview = input instanceof vscode.TabInputCustom && input.viewType === 'vscode.markdown.preview.editor';
  return isPreview ? input.uri.toString() : undefined;
}

/** Begins to wait now, and ends when the findings of a document have been taken away. */
function whenCleared(document: vscode.TextDocument): Promise<unknown> {
  return findingsWhere(document, 'no findings', (findings) => findings.length === 0);
}
