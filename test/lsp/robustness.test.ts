import assert from 'node:assert/strict';
import { rules } from '../../server/src/rules/registry.ts';
import type { Rule } from '../../server/src/rules/rule.ts';
import { ParserDiedError } from '../../server/src/syntax/parser.ts';
import { indexMigration, shop } from '../support/shop.ts';
import { type Editor, startEditor, stopEditors } from './editor.ts';

describe('the server', () => {
  afterEach(stopEditors);

  it('handles what arrives before its parser is loaded, in order', async () => {
    const editor = await startEditor(shop);
    await editor.open(indexMigration);
    await editor.replace(indexMigration, 'AddIndex', 'RemoveIndex');
    await editor.replace(indexMigration, 'RemoveIndex', 'AddIndex');
    const actions = await editor.actions(indexMigration, 'AddIndex');
    assert.equal(actions[0]?.title, 'Build the index concurrently');
    assert.equal((await editor.published(indexMigration)).version, 3);
  });

  it('loses only the findings of a rule that throws, and says so once', async () => {
    const editor = await startEditor(shop);
    await withBroken('blocking-index', new Error('Unexpected shape.'), async () => {
      await editor.open(indexMigration);
      await editor.type(indexMigration, 'dependencies = [', '   ');
      assert.deepEqual(await editor.problems(indexMigration), []);
    });
    const complaints = editor.log.filter((line) => line.includes('The rule blocking-index failed'));
    assert.equal(complaints.length, 1);
    assert.match(complaints[0] ?? '', /0002_order_placed_at\.py: Error: Unexpected shape\./);
    assert.equal(editor.died(), false);
  });

  it('ends when the parser has died, so that the client starts another one', async () => {
    const editor = await startEditor(shop);
    await withBroken('blocking-index', new ParserDiedError('Out of memory.'), async () => {
      await editor.open(indexMigration);
      await editor.request('stepwise/rules', {});
      await logged(editor, /Out of memory/);
    });
    assert.equal(editor.died(), true);
  });

  it('ends when the parser cannot be loaded', async () => {
    const loadParser = () => Promise.reject(new Error('no such file'));
    const editor = await startEditor(shop, { host: { loadParser } });
    await logged(editor, /could not be loaded/);
    assert.equal(editor.died(), true);
  });

  it('answers requests for documents that it does not know', async () => {
    const editor = await startEditor(shop);
    const textDocument = { uri: 'untitled:Untitled-1' };
    const start = { line: 0, character: 0 };
    const range = { start, end: start };
    const context = { diagnostics: [] };
    assert.deepEqual(await editor.request('textDocument/codeAction', { textDocument, range, context }), []);
    assert.equal(await editor.request('textDocument/hover', { textDocument, position: start }), null);
  });

  it('survives every prefix of a file', async () => {
    const editor = await startEditor(shop);
    const text = editor.project.read(indexMigration);
    await editor.open(indexMigration, '');
    for (let end = 1; end <= text.length; end++) {
      await editor.replace(indexMigration, editor.textOf(indexMigration), text.slice(0, end));
      // An answer to a later message: this text was checked, and not overtaken by the next one.
      await editor.request('stepwise/rules', {});
    }
    assert.equal((await editor.problems(indexMigration)).length, 1);
    assert.deepEqual(editor.log, []);
  });

  it('works for an editor that can do little', async () => {
    const editor = await startEditor(shop, { capabilities: {} });
    await editor.open(indexMigration);
    assert.equal((await editor.problems(indexMigration)).length, 1);
    const [fix] = await editor.actions(indexMigration, 'AddIndex');
    assert.deepEqual(Object.keys(fix?.edit ?? {}), ['changes']);
    // It watches no files: what it saves has changed, and a check of everything looks at the disk.
    editor.project.write(indexMigration, editor.project.read(indexMigration).replace('AddIndex', 'RemoveIndex'));
    await editor.close(indexMigration);
    const { summary } = await editor.request<{ readonly summary: object }>('stepwise/checkWorkspace', {});
    assert.deepEqual(summary, { critical: 0, high: 0, medium: 0, low: 0, files: 2, migrations: 2 });
  });

  it('checks documents that are on no disk, and misses none of those that it cannot see', async () => {
    const editor = await startEditor(shop, { folders: [] });
    const uri = 'vscode-vfs://github/acme/shop/migrations/0001_drop.py';
    await editor.open(uri, editor.project.read(indexMigration).replace('"0001_initial"', '"0000_none"'));
    assert.deepEqual(
      (await editor.problems(uri)).map((problem) => problem.split(' ')[1]),
      ['blocking-index'],
    );
  });

  it('follows folders that are added and removed', async () => {
    const editor = await startEditor(shop, { folders: [] });
    const folder = { uri: editor.uriOf('.').replace(/\/\.?$/, ''), name: 'shop' };
    const notify = (added: readonly object[], removed: readonly object[]) =>
      editor.connection.sendNotification('workspace/didChangeWorkspaceFolders', { event: { added, removed } });
    await notify([folder], []);
    await editor.request('stepwise/checkWorkspace', {});
    assert.equal(editor.shown(indexMigration)?.diagnostics.length, 1);
    await notify([], [folder]);
    await editor.request('stepwise/rules', {});
    assert.equal(editor.shown(indexMigration)?.diagnostics.length, 0);
  });
});

/** While the work lasts, a rule throws. */
async function withBroken(name: string, error: Error, work: () => Promise<void>): Promise<void> {
  const rule = rules.find((each) => each.name === name) as { check: Rule['check'] };
  const { check } = rule;
  rule.check = () => {
    throw error;
  };
  try {
    await work();
  } finally {
    rule.check = check;
  }
}

async function logged(editor: Editor, pattern: RegExp): Promise<void> {
  for (let waited = 0; !editor.log.some((line) => pattern.test(line)); waited += 20) {
    if (waited > 5000) throw new Error(`The log says only: ${editor.log.join('\n')}`);
    await new Promise((resume) => setTimeout(resume, 20));
  }
}
