import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { applyAction, findingOf, findingsWhere, goneFrom, openFile, quickFix, workspaceUri } from './editor.ts';
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
    const action = await quickFix(document, finding, /./);
    await applyAction(action);
    await goneFrom(document, 'not-null-without-default');

    const created = (await migrationsOf('catalog')).filter((path) => !before.includes(path));
    assert.deepEqual(created, ['catalog/migrations/0007_fill_product_weight_grams.py']);
    assert.match(document.getText(), /field=models\.IntegerField\(null=True\)/);
    const next = await vscode.workspace.openTextDocument(
      workspaceUri('catalog/migrations/0007_fill_product_weight_grams.py'),
    );
    assert.match(next.getText(), /\("catalog", "0006_product_shipping_details"\)/);
    // The server has read it, too: nothing is wrong with what it wrote itself.
    await findingsWhere(next, 'nothing', (findings) => findings.length === 0);
  });

  for (const [where, title] of [
    ['here', /^Ignore blocking-index here$/],
    ['in the file', /^Ignore blocking-index in this file$/],
  ] as const) {
    it(`silence a finding ${where} with a comment`, async () => {
      const { document } = await openFile('catalog/migrations/0003_product_title_index.py');
      const finding = await findingOf(document, 'blocking-index');
      await applyAction(await quickFix(document, finding, title));
      await goneFrom(document, 'blocking-index');
      assert.match(document.getText(), /# stepwise: ignore(-file)?\[blocking-index\]/);
    });
  }

  it('offer the page of the rule', async () => {
    const { document } = await openFile('catalog/migrations/0003_product_title_index.py');
    const finding = await findingOf(document, 'blocking-index');
    const action = await quickFix(document, finding, /^Explain blocking-index$/);
    assert.deepEqual(action.command?.arguments, ['blocking-index']);
    assert.equal(action.command?.command, 'stepwise.openRulePage');
  });
});

async function migrationsOf(app: string): Promise<readonly string[]> {
  const found = await vscode.workspace.findFiles(`${app}/migrations/*.py`);
  return found.map((uri) => vscode.workspace.asRelativePath(uri)).sort();
}
