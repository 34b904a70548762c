import assert from 'node:assert/strict';
import * as vscode from 'vscode';

describe('host', () => {
  it('opens the workspace', () => {
    assert.equal(vscode.workspace.workspaceFolders?.length, 1);
    assert.equal(vscode.env.uriScheme, '');
  });
});
