import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { openFile } from './editor.ts';

describe('a folder without migrations', () => {
  it('does not start the extension, but a rule page that was left open does', async () => {
    const extension = vscode.extensions.getExtension('stepwise.stepwise');
    assert(extension !== undefined);
    await openFile('hello.py');
    // VS Code looks for migrations with a search of this kind, which it began before this one.
    assert.deepEqual(await vscode.workspace.findFiles('**/migrations/*.py'), []);
    assert.equal(extension.isActive, false);

    const page = await vscode.workspace.fs.readFile(vscode.Uri.parse('stepwise-rule:/drop-table.md'));
    assert.match(new TextDecoder().decode(page), /^# drop-table$/m);
    assert.equal(extension.isActive, true);
  });
});
