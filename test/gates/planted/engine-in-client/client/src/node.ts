import { window } from 'vscode';
import { check } from '../../server/src/engine/check.ts';

export async function activate(): Promise<void> {
  await window.showInformationMessage(String(check('')));
}
