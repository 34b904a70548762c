import { window } from 'vscode';
import { checkAll } from '../../server/src/lsp/protocol.ts';

export async function activate(): Promise<void> {
  await window.showInformationMessage(checkAll);
}
