import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { eventually, findingOf, findingsWhere, openFile } from './editor.ts';
import { messagesOf, stepwise } from './extension.ts';
import { restoreWorkspace } from './workspace.ts';

describe('an existing migration', () => {
  afterEach(restoreWorkspace);

  it('has its findings underlined, with a severity for each level and a link to the rule', async () => {
    const { document } = await openFile('catalog/migrations/0003_product_title_index.py');
    const finding = await findingOf(document, 'blocking-index');
    assert.equal(finding.message, 'Building this index blocks every write to "catalog_product" until it is done.');
    const [diagnostic] = vscode.languages.getDiagnostics(document.uri);
    assert.equal(diagnostic?.severity, vscode.DiagnosticSeverity.Warning);
  });

  it('is counted in the status bar, and only a migration is', async () => {
    const { document } = await openFile('catalog/migrations/0003_product_title_index.py');
    await findingOf(document, 'blocking-index');
    await statusText('$(warning) Stepwise: 1 high');
    await openFile('catalog/migrations/0004_product_price_index.py');
    await statusText('$(pass) Stepwise');
    await openFile('catalog/models.py');
    await statusText(undefined);
  });

  it('is left alone while checking is turned off', async () => {
    const { document } = await openFile('catalog/migrations/0003_product_title_index.py');
    await findingOf(document, 'blocking-index');
    const settings = vscode.workspace.getConfiguration('stepwise');
    await settings.update('enable', false, vscode.ConfigurationTarget.Global);
    try {
      await findingsWhere(document, 'nothing', (findings) => findings.length === 0);
      const [shown] = await messagesOf('stepwise.checkAll');
      assert.equal(shown?.message, 'Nothing was checked: the setting "stepwise.enable" is off.');
    } finally {
      await settings.update('enable', undefined, vscode.ConfigurationTarget.Global);
    }
    await findingOf(document, 'blocking-index');
  });

  it('explains the operation under the cursor', async () => {
    const { document } = await openFile('catalog/migrations/0003_product_title_index.py');
    const { range } = await findingOf(document, 'blocking-index');
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      range.start,
    );
    const texts = hovers.flatMap(({ contents }) =>
      contents.map((part) => (typeof part === 'string' ? part : part.value)),
    );
    const text = texts.join('\n');
    assert.match(text, /\[`blocking-index`\]\(command:stepwise\.openRulePage\?%5B%22blocking-index%22%5D\)/);
    assert.match(text, /SHARE on "catalog_product"/);
  });
});

/** The server tells the counts right after the diagnostics. */
async function statusText(wanted: string | undefined): Promise<void> {
  const isThere = () => (stepwise().statusText() === wanted ? true : undefined);
  await eventually(stepwise().onDidChangeStatus, isThere, () => `"${wanted}"; there is "${stepwise().statusText()}"`);
}
