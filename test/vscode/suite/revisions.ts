import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { applyAction, findingOf, findingsWhere, goneFrom, openFile, quickFix, workspaceUri } from './editor.ts';
import { restoreWorkspace } from './workspace.ts';

const INDEX = 'migrations/versions/c94d17ab3e58_book_title_index.py';

describe('a revision of Alembic', () => {
  afterEach(restoreWorkspace);

  it('has its findings underlined', async () => {
    const { document } = await openFile(INDEX);
    const finding = await findingOf(document, 'blocking-index');
    assert.equal(finding.message, 'Building this index blocks every write to "books" until it is done.');
    assert.equal(finding.underlined, 'op.create_index');
  });

  it('tells the SQL of the directive under the cursor', async () => {
    const { document } = await openFile(INDEX);
    const { range } = await findingOf(document, 'blocking-index');
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      range.start,
    );
    const texts = hovers.flatMap(({ contents }) =>
      contents.map((part) => (typeof part === 'string' ? part : part.value)),
    );
    assert.match(texts.join('\n'), /CREATE INDEX ix_books_title ON books \(title\);/);
  });

  it('is rewritten by a quick fix: an index is built concurrently', async () => {
    const { document } = await openFile(INDEX);
    const finding = await findingOf(document, 'blocking-index');
    await applyAction(await quickFix(document, finding, /^Build the index concurrently$/));
    await goneFrom(document, 'blocking-index');
    assert.match(document.getText(), /^ {4}with op\.get_context\(\)\.autocommit_block\(\):$/m);
    assert.match(document.getText(), /postgresql_concurrently=True/);
  });

  it('is followed by a new one that a quick fix writes, and the next one hangs behind that', async () => {
    const { document } = await openFile('migrations/versions/e20f9c84b7d5_publishers.py');
    const before = await revisions();
    const finding = await findingOf(document, 'validating-foreign-key');
    await applyAction(await quickFix(document, finding, /NOT VALID/));
    await goneFrom(document, 'validating-foreign-key');
    const [created, ...others] = (await revisions()).filter((path) => !before.includes(path));
    assert.ok(created !== undefined && others.length === 0, 'One revision comes.');
    const next = await vscode.workspace.openTextDocument(workspaceUri(created));
    assert.match(next.getText(), /^down_revision = "e20f9c84b7d5"$/m);
    assert.match(next.getText(), /VALIDATE CONSTRAINT/);
    const later = await vscode.workspace.openTextDocument(
      workspaceUri('migrations/versions/94b1a6d8c03e_validate_book_price.py'),
    );
    assert.doesNotMatch(later.getText(), /^down_revision = "e20f9c84b7d5"$/m);
    // The server has read them, too: nothing is wrong with what it wrote itself.
    await findingsWhere(next, 'nothing', (findings) => findings.length === 0);
  });
});

async function revisions(): Promise<readonly string[]> {
  const found = await vscode.workspace.findFiles('migrations/versions/*.py');
  return found.map((uri) => vscode.workspace.asRelativePath(uri)).sort();
}
