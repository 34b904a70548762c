import {
  CancellationToken,
  type ClientCapabilities,
  type Connection,
  type DidChangeConfigurationParams,
  type InitializeResult,
  TextDocumentSyncKind,
} from 'vscode-languageserver';
import { readEditorSettings } from '../config/editor-settings.ts';
import type { RunnableRule } from '../rules/rule.ts';
import { runnableRules } from '../rules/runnable-rules.ts';
import { checkWorkspace } from './check-workspace.ts';
import { codeActionKinds } from './code-actions.ts';
import {
  documentChanged,
  documentClosed,
  documentOpened,
  documentSaved,
  foldersChanged,
  settingsChanged,
  watchedFilesChanged,
} from './document-sync.ts';
import { answerCodeAction, answerHover, answerMigrationSql } from './editor-requests.ts';
import type { ServerHost } from './host.ts';
import { owedSteps } from './owed-steps.ts';
import {
  type CheckWorkspaceParams,
  checkWorkspaceMethod,
  migrationSqlMethod,
  owedStepsMethod,
  type RuleEntry,
  rulesMethod,
} from './protocol.ts';
import { type Readiness, startReadiness } from './readiness.ts';
import { detailsOf, type Running } from './running.ts';
import { answerDocumentSymbols } from './symbols.ts';
import { canWatchFiles, registerForChanges } from './watch-files.ts';

/** Serves one editor over a connection that is not listening yet. */
export function startServer(connection: Connection, host: ServerHost): void {
  const readiness = startReadiness(connection, host);
  let capabilities: ClientCapabilities = {};

  connection.onInitialize((params) => {
    capabilities = params.capabilities;
    readiness.start(params);
    return initializeResult(host.version);
  });
  connection.onInitialized(() => {
    registerForChanges(connection, capabilities).catch((error) => connection.console.error(detailsOf(error)));
    if (capabilities.workspace?.configuration) readiness.whenRunning('configuration', pullSettings);
    if (!capabilities.workspace?.workspaceFolders) return;
    connection.workspace.onDidChangeWorkspaceFolders((event) =>
      readiness.whenRunning('didChangeWorkspaceFolders', (running) => foldersChanged(running, event)),
    );
  });
  connection.onDidChangeConfiguration((params: DidChangeConfigurationParams) =>
    readiness.whenRunning('didChangeConfiguration', (running) => {
      if (capabilities.workspace?.configuration) pullSettings(running);
      else useSettings(running, sectionOf(params.settings));
    }),
  );
  connection.onShutdown(() => readiness.whenRunning('shutdown', ({ queue }) => queue.stop()));
  followDocuments(connection, readiness, () => canWatchFiles(capabilities));
  answerRequests(connection, readiness, () => canWatchFiles(capabilities));
}

function followDocuments(connection: Connection, readiness: Readiness, watches: () => boolean): void {
  const { whenRunning } = readiness;
  connection.onDidOpenTextDocument((params) => whenRunning('didOpen', (running) => documentOpened(running, params)));
  connection.onDidChangeTextDocument((params) =>
    whenRunning('didChange', (running) => documentChanged(running, params)),
  );
  connection.onDidCloseTextDocument((params) => whenRunning('didClose', (running) => documentClosed(running, params)));
  connection.onDidSaveTextDocument((params) =>
    whenRunning('didSave', (running) => {
      if (!watches()) documentSaved(running, params);
    }),
  );
  connection.onDidChangeWatchedFiles((params) =>
    whenRunning('didChangeWatchedFiles', (running) => watchedFilesChanged(running, params)),
  );
}

function answerRequests(connection: Connection, { answering }: Readiness, watches: () => boolean): void {
  connection.onCodeAction(answering('codeAction', answerCodeAction, []));
  connection.onDocumentSymbol(answering('documentSymbol', answerDocumentSymbols, []));
  connection.onHover(answering('hover', answerHover, null));
  connection.onRequest(
    checkWorkspaceMethod,
    withOptionalParams(
      answering('checkWorkspace', (running, params: CheckWorkspaceParams | undefined, cancellation) => {
        if (!watches()) running.session.forgetFolders();
        return checkWorkspace(params ?? {}, cancellation, running);
      }),
    ),
  );
  connection.onRequest(owedStepsMethod, withOptionalParams(answering('owedSteps', owedSteps)));
  connection.onRequest(migrationSqlMethod, answering('migrationSql', answerMigrationSql));
  connection.onRequest(rulesMethod, () => ({ rules: runnableRules.map(toEntry) }));
}

/** A handler is called with the token alone where a request comes without parameters. */
function withOptionalParams<P, R>(
  handler: (params: P | undefined, cancellation: CancellationToken) => R,
): (params: P | CancellationToken, cancellation?: CancellationToken) => R {
  return (first, second = CancellationToken.None) =>
    CancellationToken.is(first) ? handler(undefined, first) : handler(first, second);
}

function initializeResult(version: string): InitializeResult {
  return {
    serverInfo: { name: 'stepwise', version },
    capabilities: {
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
      codeActionProvider: { codeActionKinds },
      documentSymbolProvider: true,
      hoverProvider: true,
      workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    },
  };
}

function toEntry({ name, level, summary }: RunnableRule): RuleEntry {
  return { name, level, summary };
}

function pullSettings(running: Running): void {
  const { connection } = running;
  connection.workspace.getConfiguration('stepwise').then(
    (section) => useSettings(running, section),
    (error) => connection.console.error(`The settings could not be read: ${detailsOf(error)}`),
  );
}

function sectionOf(settings: unknown): unknown {
  return typeof settings === 'object' && settings !== null && 'stepwise' in settings ? settings.stepwise : undefined;
}

function useSettings(running: Running, section: unknown): void {
  const { settings, problems } = readEditorSettings(section);
  for (const problem of problems) running.connection.console.warn(problem);
  running.settings = settings;
  settingsChanged(running);
}
