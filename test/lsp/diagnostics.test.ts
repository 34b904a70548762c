import assert from 'node:assert/strict';
import { indexMigration, initial, shop } from '../support/shop.ts';
import { startEditor, stopEditors } from './editor.ts';

const blocking = 'warning blocking-index 7:8 Building this index blocks every write to "shop_order" until it is done.';

describe('diagnostics', () => {
  afterEach(stopEditors);

  it('are published when a migration is opened, with its version, the rule and its page', async () => {
    const editor = await startEditor(shop, { initializationOptions: { rulePagesUri: 'stepwise-rule:' } });
    await editor.open(indexMigration);
    assert.deepEqual(await editor.problems(indexMigration), [blocking]);
    const { version, diagnostics } = await editor.published(indexMigration);
    const [diagnostic] = diagnostics;
    assert.equal(version, 1);
    assert.equal(diagnostic?.source, 'stepwise');
    assert.equal(diagnostic?.codeDescription?.href, 'stepwise-rule:/blocking-index.md');
    assert.deepEqual(diagnostic?.range, { start: { line: 7, character: 8 }, end: { line: 7, character: 27 } });
    assert.deepEqual(diagnostic?.data, { rule: 'blocking-index', level: 'high' });
  });

  it('come with the counts of the file', async () => {
    const editor = await startEditor(shop);
    await editor.open(indexMigration);
    await editor.problems(indexMigration);
    await editor.request('stepwise/rules', {});
    const uri = editor.uriOf(indexMigration);
    assert.deepEqual(editor.statuses, [{ uri, version: 1, critical: 0, high: 1, medium: 0, low: 0 }]);
  });

  it('follow every keystroke', async () => {
    const editor = await startEditor(shop);
    await editor.open(initial);
    assert.deepEqual(await editor.problems(initial), []);
    await editor.open(indexMigration);
    assert.equal((await editor.problems(indexMigration)).length, 1);
    await editor.replace(indexMigration, 'migrations.AddIndex', 'migrations.RemoveIndex');
    assert.deepEqual(await editor.problems(indexMigration), []);
    await editor.replace(indexMigration, 'migrations.RemoveIndex', 'migrations.AddIndex');
    assert.deepEqual(await editor.problems(indexMigration), [blocking]);
  });

  it('appear while an operation is typed into a new file', async () => {
    const editor = await startEditor(shop);
    const file = 'shop/migrations/0003_drop.py';
    await editor.open(
      file,
      [
        'from django.db import migrations',
        '',
        '',
        'class Migration(migrations.Migration):',
        '    dependencies = [("shop", "0002_order_placed_at")]',
        '',
        '    operations = [',
        '        ',
        '    ]',
        '',
      ].join('\n'),
    );
    assert.deepEqual(await editor.problems(file), []);
    await editor.type(file, 'operations = [\n        ', 'migrations.DeleteModel(name="Order"),');
    assert.deepEqual(await editor.problems(file), [
      'error drop-table 7:36 Dropping "shop_order" deletes the table with every row in it.',
    ]);
  });

  it('skip what has been overtaken, and end with the last version', async () => {
    const editor = await startEditor(shop);
    await editor.open(indexMigration);
    await editor.problems(indexMigration);
    await editor.type(indexMigration, '"shop_order_placed_idx"', '    ');
    assert.deepEqual(await editor.problems(indexMigration), [blocking]);
    assert.equal((await editor.published(indexMigration)).version, 5);
  });

  it('of later migrations follow an edit of an earlier one', async () => {
    const editor = await startEditor(shop);
    await editor.open(indexMigration);
    await editor.open(initial);
    assert.equal((await editor.problems(indexMigration)).length, 1);
    await editor.replace(initial, 'name="Order",', 'name="Order", options={"managed": False},');
    await editor.problems(initial);
    await changed(editor, () => editor.shown(indexMigration)?.diagnostics.length === 0);
  });

  it('go when the file is deleted or closed without having been saved', async () => {
    const editor = await startEditor(shop);
    await editor.open(indexMigration);
    assert.equal((await editor.problems(indexMigration)).length, 1);
    await editor.close(indexMigration);
    editor.project.remove(indexMigration);
    await editor.watched([indexMigration, 3]);
    await changed(editor, () => editor.shown(indexMigration)?.diagnostics.length === 0);
  });

  it('of a closed file follow a change on the disk', async () => {
    const editor = await startEditor(shop);
    await editor.open(indexMigration);
    await editor.problems(indexMigration);
    await editor.close(indexMigration);
    editor.project.write(indexMigration, editor.project.read(indexMigration).replace('AddIndex', 'RemoveIndex'));
    await editor.watched([indexMigration, 2]);
    await changed(editor, () => editor.shown(indexMigration)?.diagnostics.length === 0);
  });

  it('are not shown below the level that somebody wants to see, or when checking is off', async () => {
    const quiet = await startEditor(shop, { settings: { minimumLevel: 'critical' } });
    await quiet.open(indexMigration);
    await changed(quiet, () => quiet.shown(indexMigration)?.diagnostics.length === 0);
    const off = await startEditor(shop, { settings: { enable: false } });
    await off.open(indexMigration);
    await changed(off, () => off.shown(indexMigration)?.diagnostics.length === 0);
  });

  it('are not published for other Python files', async () => {
    const editor = await startEditor(shop);
    await editor.open('config/settings.py');
    await editor.open(indexMigration);
    await editor.problems(indexMigration);
    assert.equal(editor.shown('config/settings.py'), undefined);
  });

  it('work for a file outside of every folder', async () => {
    const editor = await startEditor(shop, { folders: [] });
    await editor.open(indexMigration);
    assert.deepEqual(await editor.problems(indexMigration), [blocking]);
  });

  it('of a project follow its pyproject.toml, whose mistakes are shown where they are written', async () => {
    const editor = await startEditor(shop);
    await editor.open(indexMigration);
    assert.deepEqual(await editor.problems(indexMigration), [blocking]);
    editor.project.write(
      'pyproject.toml',
      '[tool.stepwise.rules]\nblocking-index = "critical"\nblocking-indx = "off"\n',
    );
    await editor.watched(['pyproject.toml', 1]);
    await changed(editor, () => editor.shown(indexMigration)?.diagnostics[0]?.severity === 1);
    assert.deepEqual(await editor.problems('pyproject.toml'), [
      'error - 2:0 tool.stepwise.rules.blocking-indx: there is no such rule. Did you mean blocking-index?',
    ]);
    editor.project.write('pyproject.toml', '[tool.stepwise.rules]\nblocking-index = "off"\n');
    await editor.watched(['pyproject.toml', 2]);
    await changed(editor, () => editor.shown(indexMigration)?.diagnostics.length === 0);
    assert.deepEqual(await editor.problems('pyproject.toml'), []);
  });
});

/** Waits until the server has caught up: work that nobody waits for is done after a pause. */
async function changed(editor: Awaited<ReturnType<typeof startEditor>>, isDone: () => boolean): Promise<void> {
  for (let waited = 0; !isDone(); waited += 20) {
    if (waited > 5000) throw new Error(`The server did not come to it. Its log: ${editor.log.join('\n')}`);
    await new Promise((resume) => setTimeout(resume, 20));
  }
}
