import {
  commands,
  type Diagnostic,
  type Disposable,
  type ExtensionContext,
  languages,
  type QuickPickItem,
  Uri,
  window,
  workspace,
} from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { type RulesResult, rulesMethod } from '../../../server/src/lsp/protocol.ts';

export const openRulePageCommand = 'stepwise.openRulePage';

/**
 * The rule pages have a scheme of their own: a link to a `file:` opens as text, one to `https:` needs the network (in the
 * browser the extension itself comes over it), and VS Code follows no `command:` from a hover. package.json associates
 * the scheme with the Markdown preview.
 */
const rulePageScheme = 'stepwise-rule';

/** The page of a rule is `${rulePagesUri}/${rule}.md`. */
export const rulePagesUri = `${rulePageScheme}:`;

const markdownPreview = 'vscode.markdown.preview.editor';

/** Serves the pages that ship with the extension. */
export function provideRulePages(context: ExtensionContext): Disposable {
  const pages = Uri.joinPath(context.extensionUri, 'docs', 'rules');
  return workspace.registerTextDocumentContentProvider(rulePageScheme, {
    async provideTextDocumentContent(uri) {
      const bytes = await workspace.fs.readFile(Uri.joinPath(pages, uri.path));
      return new TextDecoder().decode(bytes);
    },
  });
}

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
