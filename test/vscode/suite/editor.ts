import assert from 'node:assert/strict';
import * as vscode from 'vscode';

/** How long a test waits for something that has to happen; on a busy machine the server may take its time. */
const PATIENCE = 10_000;

export function workspaceUri(path: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (folder === undefined) throw new Error('No folder is open.');
  return vscode.Uri.joinPath(folder.uri, path);
}

export async function openFile(path: string): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument(workspaceUri(path)), {
    preview: false,
  });
}

/** Types into the active editor at the cursor, word by word: every one is a change of its own for the server. */
export async function typeText(text: string): Promise<void> {
  for (const word of text.match(/\s+|\S+/g) ?? []) await vscode.commands.executeCommand('type', { text: word });
}

/** Creates an empty file and opens it. */
export async function newFile(path: string): Promise<vscode.TextEditor> {
  await vscode.workspace.fs.writeFile(workspaceUri(path), new Uint8Array());
  return openFile(path);
}

/** A finding as a reader sees it. */
export interface Finding {
  readonly rule: string;
  readonly message: string;
  readonly range: vscode.Range;
  /** The text that is underlined. */
  readonly underlined: string;
}

function findingsIn(document: vscode.TextDocument): readonly Finding[] {
  return vscode.languages
    .getDiagnostics(document.uri)
    .filter(({ source }) => source === 'stepwise')
    .map(({ code, message, range }) => ({
      rule: String(typeof code === 'object' ? code.value : code),
      message,
      range,
      underlined: document.getText(range),
    }));
}

/** Waits until the findings of a file are as wanted. */
export async function findingsWhere(
  document: vscode.TextDocument,
  what: string,
  isWanted: (findings: readonly Finding[]) => boolean,
): Promise<readonly Finding[]> {
  const seen = () => {
    const findings = findingsIn(document);
    return isWanted(findings) ? findings : undefined;
  };
  const unseen = () =>
    `${what} in ${document.uri.path}; there are: ${JSON.stringify(findingsIn(document))}, in:\n${document.getText()}`;
  return eventually(vscode.languages.onDidChangeDiagnostics, seen, unseen);
}

/** The first finding of a rule, waited for. */
export async function findingOf(document: vscode.TextDocument, rule: string): Promise<Finding> {
  const findings = await findingsWhere(document, rule, (all) => all.some((finding) => finding.rule === rule));
  const finding = findings.find((one) => one.rule === rule);
  assert(finding !== undefined);
  return finding;
}

/** Waits until no finding of a rule is left. */
export async function goneFrom(document: vscode.TextDocument, rule: string): Promise<readonly Finding[]> {
  return findingsWhere(document, `no ${rule}`, (all) => all.every((finding) => finding.rule !== rule));
}

/** Answers `read()` as soon as it is not undefined: now, or after one of the events. */
export function eventually<T>(event: vscode.Event<unknown>, read: () => T | undefined, what: () => string): Promise<T> {
  return new Promise((resolve, reject) => {
    const now = read();
    if (now !== undefined) {
      resolve(now);
      return;
    }
    const timer = setTimeout(() => end(() => reject(new Error(`Waited in vain for ${what()}`))), PATIENCE);
    const listener = event(() => {
      const value = read();
      if (value !== undefined) end(() => resolve(value));
    });
    function end(settle: () => void): void {
      clearTimeout(timer);
      listener.dispose();
      settle();
    }
  });
}

/** What the lightbulb offers on a finding. */
async function quickFixes(document: vscode.TextDocument, finding: Finding): Promise<readonly vscode.CodeAction[]> {
  const actions = await vscode.commands.executeCommand<(vscode.CodeAction | vscode.Command)[]>(
    'vscode.executeCodeActionProvider',
    document.uri,
    finding.range,
    vscode.CodeActionKind.QuickFix.value,
    100,
  );
  return actions.filter((action) => action instanceof vscode.CodeAction);
}

/** The quick fix with a title, or an error that lists what is offered. */
export async function quickFix(
  document: vscode.TextDocument,
  finding: Finding,
  title: RegExp,
): Promise<vscode.CodeAction> {
  const actions = await quickFixes(document, finding);
  const action = actions.find((one) => title.test(one.title));
  assert(action, `No quick fix ${title}; offered: ${actions.map((one) => one.title).join(' | ')}`);
  return action;
}

/** Does what VS Code does when an action of the lightbulb is chosen. */
export async function applyAction(action: vscode.CodeAction): Promise<void> {
  if (action.edit !== undefined) assert(await vscode.workspace.applyEdit(action.edit), `"${action.title}" was refused`);
  if (action.command !== undefined) {
    await vscode.commands.executeCommand(action.command.command, ...(action.command.arguments ?? []));
  }
}
