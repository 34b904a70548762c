import {
  commands,
  Disposable,
  EventEmitter,
  languages,
  type TextDocument,
  Uri,
  ViewColumn,
  window,
  workspace,
} from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import {
  type MigrationSqlParams,
  type MigrationSqlResult,
  migrationSqlMethod,
} from '../../../server/src/lsp/protocol.ts';
import { documentSelector, migrationFiles } from './client-options.ts';
import { showSqlCommand } from './show-sql-command.ts';

/** `stepwise-sql:/SQL of NAME?URI` is the SQL of the migration at the URI. */
const scheme = 'stepwise-sql';

/** After the last keystroke. */
const quietMilliseconds = 150;

/** Registers the command that shows the SQL of a migration beside it, in a document that follows the typing. */
export function serveMigrationSql(client: BaseLanguageClient): Disposable {
  const changes = new EventEmitter<Uri>();
  const provider = {
    onDidChange: changes.event,
    provideTextDocumentContent: (shown: Uri) => sqlOf(client, shown.query),
  };
  let timer: ReturnType<typeof setTimeout> | undefined;
  const refreshSoon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      for (const { uri } of shownDocuments()) changes.fire(uri);
    }, quietMilliseconds);
  };
  return Disposable.from(
    changes,
    new Disposable(() => clearTimeout(timer)),
    workspace.registerTextDocumentContentProvider(scheme, provider),
    // What a migration becomes depends on those before it as well.
    workspace.onDidChangeTextDocument(({ document }) => {
      if (shownDocuments().length > 0 && languages.match([...documentSelector], document) > 0) refreshSoon();
    }),
    commands.registerCommand(showSqlCommand, showSql),
  );
}

function shownDocuments(): readonly TextDocument[] {
  return workspace.textDocuments.filter(({ uri }) => uri.scheme === scheme);
}

async function sqlOf(client: BaseLanguageClient, migration: string): Promise<string> {
  const params: MigrationSqlParams = { uri: client.code2ProtocolConverter.asUri(Uri.parse(migration)) };
  const { text } = await client.sendRequest<MigrationSqlResult>(migrationSqlMethod, params);
  return text;
}

async function showSql(): Promise<void> {
  const migration = window.activeTextEditor?.document;
  if (migration === undefined || languages.match(migrationFiles, migration) === 0) {
    // Not awaited: the command is over, whenever the message is closed.
    void window.showInformationMessage('Open a migration to see the SQL that it becomes.');
    return;
  }
  const name = migration.uri.path.slice(migration.uri.path.lastIndexOf('/') + 1).replace(/\.py$/, '');
  // No ending that would make it a file of SQL or Python: it is neither checked nor read.
  const uri = Uri.from({ scheme, path: `/SQL of ${name}`, query: migration.uri.toString() });
  const shown = await workspace.openTextDocument(uri);
  await languages.setTextDocumentLanguage(shown, 'sql');
  await window.showTextDocument(shown, { viewColumn: ViewColumn.Beside, preserveFocus: true });
}
