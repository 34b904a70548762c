import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { StepwiseApi } from '../../../client/src/common/start.ts';

/** The running extension; activated by the workspace, not by the test. */
export function stepwise(): StepwiseApi {
  const extension = vscode.extensions.getExtension<StepwiseApi>('stepwise.stepwise');
  assert(extension?.isActive, 'A folder with migrations has to activate the extension.');
  return extension.exports;
}

/** A message that the extension showed. */
export interface Shown {
  readonly severity: 'information' | 'warning' | 'error';
  readonly message: string;
}

/**
 * Runs a command and answers the messages that it shows meanwhile, as if each were closed without an answer.
 *
 * The extension host gives the extension and its tests one and the same `vscode.window`.
 */
export async function messagesOf(command: string): Promise<readonly Shown[]> {
  const shown: Shown[] = [];
  const original = { ...vscode.window };
  const record = (severity: Shown['severity']) => async (message: string) => {
    shown.push({ severity, message });
  };
  Object.assign(vscode.window, {
    showInformationMessage: record('information'),
    showWarningMessage: record('warning'),
    showErrorMessage: record('error'),
  });
  try {
    await vscode.commands.executeCommand(command);
  } finally {
    const { showInformationMessage, showWarningMessage, showErrorMessage } = original;
    Object.assign(vscode.window, { showInformationMessage, showWarningMessage, showErrorMessage });
  }
  return shown;
}

/** Runs a command as if somebody picked the item of its list with these words; answers the labels of all items. */
export async function picking(command: string, words: string): Promise<readonly string[]> {
  const { showQuickPick } = vscode.window;
  let labels: readonly string[] = [];
  const pick = async (items: readonly vscode.QuickPickItem[]) => {
    labels = items.map(({ label }) => label);
    return items.find(({ label }) => label.includes(words));
  };
  Object.assign(vscode.window, { showQuickPick: pick });
  try {
    await vscode.commands.executeCommand(command);
  } finally {
    Object.assign(vscode.window, { showQuickPick });
  }
  return labels;
}

/** Runs `action` as if whoever sees the progress notification pressed Cancel at once; answers whether there was one. */
export async function cancelling(action: () => Promise<unknown>): Promise<boolean> {
  const { withProgress } = vscode.window;
  const source = new vscode.CancellationTokenSource();
  let wasCancellable = false;
  const cancelAtOnce: typeof withProgress = (options, task) => {
    wasCancellable = options.cancellable === true;
    source.cancel();
    return task({ report: () => undefined }, source.token);
  };
  Object.assign(vscode.window, { withProgress: cancelAtOnce });
  try {
    await action();
  } finally {
    Object.assign(vscode.window, { withProgress });
    source.dispose();
  }
  return wasCancellable;
}
