import { type CodeAction, commands, Range, type TextDocument, window, workspace } from 'vscode';

const kind = 'source.fixAll.stepwise';

/** Applies every safe fix in the active editor: what `editor.codeActionsOnSave` with the same kind does on saving. */
export async function fixAll(): Promise<void> {
  const document = window.activeTextEditor?.document;
  const edit = document === undefined ? undefined : (await fixAllAction(document))?.edit;
  if (edit === undefined) {
    // Not awaited: the command is over, whenever the message is closed.
    void window.showInformationMessage('There is nothing in this file that can be fixed safely.');
    return;
  }
  await workspace.applyEdit(edit);
}

async function fixAllAction(document: TextDocument): Promise<CodeAction | undefined> {
  const all = document.validateRange(new Range(0, 0, document.lineCount, 0));
  const args = [document.uri, all, kind] as const;
  const actions = await commands.executeCommand<readonly CodeAction[]>('vscode.executeCodeActionProvider', ...args);
  return actions.find((action) => action.kind?.value === kind);
}
