import {
  Disposable,
  type Event,
  EventEmitter,
  languages,
  StatusBarAlignment,
  type StatusBarItem,
  window,
  workspace,
} from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { type LevelCounts, type StatusParams, statusMethod } from '../../../server/src/lsp/protocol.ts';
import { migrationFiles } from './client-options.ts';
import { describedCounts } from './level-counts.ts';

export interface StatusItem extends Disposable {
  /** What stands in the status bar now; undefined while it is hidden. */
  text(): string | undefined;
  readonly onDidChange: Event<void>;
}

/** Shows how many findings the migration in the active editor has; hidden for every other file. */
export function showStatus(client: BaseLanguageClient): StatusItem {
  const item = window.createStatusBarItem('stepwise.status', StatusBarAlignment.Left);
  item.name = 'Stepwise';
  item.command = 'workbench.panel.markers.view.focus';
  const countsByUri = new Map<string, LevelCounts>();
  const changes = new EventEmitter<void>();
  const update = () => {
    render(item, shownCounts(countsByUri));
    changes.fire();
  };

  const resources = Disposable.from(
    item,
    changes,
    client.onNotification(statusMethod, (status: StatusParams) => {
      countsByUri.set(client.protocol2CodeConverter.asUri(status.uri).toString(), status);
      update();
    }),
    window.onDidChangeActiveTextEditor(update),
    workspace.onDidCloseTextDocument(({ uri }) => countsByUri.delete(uri.toString())),
  );
  return {
    text: () => (shownCounts(countsByUri) === undefined ? undefined : item.text),
    onDidChange: changes.event,
    dispose: () => resources.dispose(),
  };
}

function render(item: StatusBarItem, counts: LevelCounts | undefined): void {
  if (counts === undefined) {
    item.hide();
    return;
  }
  const found = describedCounts(counts);
  item.text = found === '' ? '$(pass) Stepwise' : `${iconOf(counts)} Stepwise: ${found}`;
  item.tooltip = found === '' ? 'Nothing found in this migration' : 'Show the findings in the Problems panel';
  item.show();
}

/** Of the migration in the active editor. */
function shownCounts(countsByUri: ReadonlyMap<string, LevelCounts>): LevelCounts | undefined {
  const document = window.activeTextEditor?.document;
  const isMigration = document !== undefined && languages.match(migrationFiles, document) > 0;
  return isMigration ? countsByUri.get(document.uri.toString()) : undefined;
}

/** The icons with which the Problems panel shows these levels. */
function iconOf(counts: LevelCounts): string {
  if (counts.critical > 0) return '$(error)';
  if (counts.high > 0) return '$(warning)';
  return '$(info)';
}
