import * as vscode from 'vscode';

const { fs } = vscode.workspace;

/** Every file of the workspace and its bytes, before the first test. */
let original: ReadonlyMap<string, Uint8Array> | undefined;

/** Called once, before the first test. */
export async function rememberWorkspace(): Promise<void> {
  const files = await vscode.workspace.findFiles('**/*.py');
  original = new Map(await Promise.all(files.map(async (uri) => [uri.toString(), await fs.readFile(uri)] as const)));
}

/** Closes every editor without saving, and takes back what a test changed on the disk. */
export async function restoreWorkspace(): Promise<void> {
  for (const document of vscode.workspace.textDocuments.filter(({ isDirty }) => isDirty)) {
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  }
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  if (original === undefined) throw new Error('rememberWorkspace() has to be called first.');
  for (const uri of await vscode.workspace.findFiles('**/*.py')) {
    if (!original.has(uri.toString())) await fs.delete(uri);
  }
  for (const [uri, bytes] of original) {
    const file = vscode.Uri.parse(uri);
    const now = await fs.readFile(file);
    if (Buffer.compare(now, bytes) !== 0) await fs.writeFile(file, bytes);
  }
}
