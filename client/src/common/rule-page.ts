import { commands, type Diagnostic, languages, type QuickPickItem, Uri, window } from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { type RulesResult, rulesMethod } from '../../../server/src/lsp/protocol.ts';
import { rulePageScheme } from './rule-page-files.ts';

export const openRulePageCommand = 'stepwise.openRulePage';

/** The page of a rule is `${rulePagesUri}/${rule}.md`. */
export const rulePagesUri = `${rulePageScheme}:`;

const markdownPreview = 'vscode.markdown.preview.editor';

/** Opens the page of `rule`, else of the finding at the cursor, else of a rule that is picked from all. */
export async function openRulePage(client: BaseLanguageClient, rule: unknown): Promise<void> {
  const name = typeof rule === 'string' ? rule : await chooseRule(client);
  if (name === undefined) return;
  await commands.executeCommand('vscode.openWith', Uri.parse(`${rulePagesUri}/${name}.md`), markdownPreview);
}

async function chooseRule(client: BaseLanguageClient): Promise<string | undefined> {
  const atCursor = rulesAtCursor();
  if (atCursor.length === 1) return atCursor[0];
  const { rules } = await client.sendRequest<RulesResult>(rulesMethod, {});
  const offered = atCursor.length === 0 ? rules : rules.filter(({ name }) => atCursor.includes(name));
  const items = offered.map(
    ({ name, level, summary }): QuickPickItem => ({ label: name, description: level, detail: summary }),
  );
  const picked = await window.showQuickPick(items, { placeHolder: 'Choose a rule', matchOnDetail: true });
  return picked?.label;
}

function rulesAtCursor(): readonly string[] {
  const editor = window.activeTextEditor;
  if (editor === undefined) return [];
  const here = languages
    .getDiagnostics(editor.document.uri)
    .filter(({ source, range }) => source === 'stepwise' && range.intersection(editor.selection) !== undefined);
  return [...new Set(here.flatMap(ruleOf))];
}

function ruleOf({ code }: Diagnostic): readonly string[] {
  const rule = typeof code === 'object' ? code.value : code;
  return rule === undefined ? [] : [String(rule)];
}
