import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { applyAction, findingOf, goneFrom, openFile, quickFix, workspaceUri } from './editor.ts';
import { restoreWorkspace } from './workspace.ts';

describe('quick fixes', () => {
  afterEach(restoreWorkspace);

  it('change the file: an index is built concurrently', async () => {
    const { document } = await openFile('catalog/migrations/0003_product_title_index.py');
    const finding = await findingOf(document, 'blocking-index');
    await applyAction(await quickFix(document, finding, /concurrently/));
    await goneFrom(document, 'blocking-index');
    assert.match(document.getText(), /^from django\.contrib\.postgres\.operations import AddIndexConcurrently$/m);
    assert.match(document.getText(), /^ {4}atomic = False$/m);
    assert.match(document.getText(), /^ {8}AddIndexConcurrently\($/m);
  });

  it('create files: a required column comes in several migrations', async () => {
    const { document } = await openFile('catalog/migrations/0006_product_shipping_details.py');
    const finding = await findingOf(document, 'not-null-without-default');
    const before = await migrationsOf('catalog');
    const action = await quickFix(document, finding, /nullable/i);
    await applyAction(action);
    await goneFrom(document, 'not-null-without-default');

    const created = (await migrationsOf('catalog')).filter((path) => !before.includes(path));
    assert(created.length >= 2, `created: ${created.join()}`);
    for (const path of created) {
      const text = (await vscode.workspace.openTextDocument(workspaceUri(path))).getText();
      assert.match(text, /class Migration\(migrations\.Migration\):/);
    }
    assert.match(document.getText(), /null=True/);
  });

  it('silence a finding with a comment, on the line or in the file', async () => {
    const { document } = await openFile('catalog/migrations/0003_product_title_index.py');
    const finding = await findingOf(document, 'blocking-index');
    await applyAction(await quickFix(document, finding, /line|operation/i));
    await goneFrom(document, 'blocking-index');
    assert.match(document.getText(), /# stepwise: ignore\[blocking-index\]/);
  });

  it('offer the page of the rule', async () => {
    const { document } = await openFile('catalog/migrations/0003_product_title_index.py');
    const finding = await findingOf(document, 'blocking-index');
    const action = await quickFix(document, finding, /page/i);
    assert.deepEqual(action.command?.arguments, ['blocking-index']);
    assert.equal(action.command?.command, 'stepwise.openRulePage');
  });
});

async function migrationsOf(app: string): Promise<readonly string[]> {
  const found = await vscode.workspace.findFiles(`${app}/migrations/*.py`);
  return found.map((uri) => vscode.workspace.asRelativePath(uri)).sort();
}
