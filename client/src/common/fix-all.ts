import { commands } from 'vscode';

/** Applies every safe fix in the active editor, by the same code action that `editor.codeActionsOnSave` runs. */
export async function fixAll(): Promise<void> {
  await commands.executeCommand('editor.action.sourceAction', { kind: 'source.fixAll.stepwise', apply: 'first' });
}
