import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import * as vscode from 'vscode';
import { openFile, workspaceUri } from './editor.ts';
import { restoreWorkspace } from './workspace.ts';

/*
 * No command of VS Code tells colors in every host. What it takes for SQL shows in what depends on the language at the
 * cursor: how a line is commented out, and whether brackets in a literal have a partner. test/syntaxes tests the rest.
 */

const migration = `from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("newsletter", "0004_subscriber_source")]
    note = """
        UPDATE (newsletter)
    """
    operations = [
        migrations.RunSQL(
            """
            UPDATE newsletter_subscriber SET note = lower(note);
            SELECT count( 'open
            """,
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
`;

describe('SQL in a migration', () => {
  afterEach(restoreWorkspace);

  it('is commented out as SQL, and only there', async () => {
    const editor = await openMigration();
    await commentedOut(editor, 'UPDATE newsletter_subscriber', /^ +-- UPDATE/);
    await commentedOut(editor, "SELECT count( 'open", /^ +-- SELECT/);
    await commentedOut(editor, 'UPDATE (newsletter)', /^ +# UPDATE/);
    await commentedOut(editor, 'reverse_sql', /^ +# reverse_sql/);
  });

  it('has brackets of its own', async () => {
    const editor = await openMigration();
    await commentedOut(editor, 'UPDATE newsletter_subscriber', /^ +-- UPDATE/);
    assert.equal(await partnerOf(editor, '(note)'), editor.document.getText().indexOf('note);') + 'note'.length);
    // The one that SQL leaves open takes none of Python's.
    assert.equal(await partnerOf(editor, '(\n'), editor.document.getText().indexOf('),\n    ]'));
  });
});

async function openMigration(): Promise<vscode.TextEditor> {
  const path = 'newsletter/migrations/0005_sql.py';
  await vscode.workspace.fs.writeFile(workspaceUri(path), new TextEncoder().encode(migration));
  return openFile(path);
}

/** Comments a line out and takes that back; tried again while VS Code is still loading its grammars. */
async function commentedOut(editor: vscode.TextEditor, line: string, wanted: RegExp): Promise<void> {
  const { document } = editor;
  const at = document.positionAt(document.getText().indexOf(line));
  let text = '';
  for (let tries = 0; tries < 50 && !wanted.test(text); tries += 1) {
    if (tries > 0) await setTimeout(100);
    editor.selection = new vscode.Selection(at, at);
    await vscode.commands.executeCommand('editor.action.commentLine');
    text = document.lineAt(at.line).text;
    await vscode.commands.executeCommand('undo');
  }
  assert.match(text, wanted);
}

/** The offset of the bracket that belongs to the first one of `text`. */
async function partnerOf(editor: vscode.TextEditor, text: string): Promise<number> {
  const { document } = editor;
  const at = document.positionAt(document.getText().indexOf(text));
  editor.selection = new vscode.Selection(at, at);
  await vscode.commands.executeCommand('editor.action.jumpToBracket');
  return document.offsetAt(editor.selection.active);
}
