import {
  Disposable,
  languages,
  StatusBarAlignment,
  type StatusBarItem,
  type TextDocument,
  window,
  workspace,
} from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { type LevelCounts, type StatusParams, statusMethod } from '../../../server/src/lsp/protocol.ts';
import { migrationFiles } from './client-options.ts';
import { describedCounts } from './level-counts.ts';

/** Shows how many findings the migration in the active editor has; hidden for every other file. */
export function showStatus(client: BaseLanguageClient): Disposable {
  const item = window.createStatusBarItem('stepwise.status', StatusBarAlignment.Left);
  item.name = 'Stepwise';
  item.command = 'workbench.panel.markers.view.focus';
  const countsByUri = new Map<string, LevelCounts>();
  const update = () => render(item, countsByUri);

  return Disposable.from(
    item,
    client.onNotification(statusMethod, (status: StatusParams) => {
      countsByUri.set(client.protocol2CodeConverter.asUri(status.uri).toString(), status);
      update();
    }),
    window.onDidChangeActiveTextEditor(update),
    workspace.onDidCloseTextDocument(({ uri }) => countsByUri.delete(uri.toString())),
  );
}

function render(item: StatusBarItem, countsByUri: ReadonlyMap<string, LevelCounts>): void {
  const document = window.activeTextEditor?.document;
  const counts = document === undefined ? undefined : countsOf(document, countsByUri);
  if (counts === undefined) {
    item.hide();
    return;
  }
  const found = describedCounts(counts);
  item.text = found === '' ? '$(pass) Stepwise' : `${iconOf(counts)} Stepwise: ${found}`;
  item.tooltip = found === '' ? 'Nothing found in this migration' : 'Show the findings in the Problems panel';
  item.show();
}

function countsOf(document: TextDocument, countsByUri: ReadonlyMap<string, LevelCounts>): LevelCounts | undefined {
  const isMigration = languages.match(migrationFiles, document) > 0;
  return isMigration ? countsByUri.get(document.uri.toString()) : undefined;
}

/** The icons with which the Problems panel shows these levels. */
function iconOf(counts: LevelCounts): string {
  if (counts.critical > 0) return '$(error)';
  if (counts.high > 0) return '$(warning)';
  return '$(info)';
}
