import type { Connection, InitializeParams } from 'vscode-languageserver';
import type { FilePath } from '../base/file-path.ts';
import { isAtLeast } from '../base/level.ts';
import { defaultEditorSettings, type EditorSettings } from '../config/editor-settings.ts';
import type { RuleFailure } from '../engine/check.ts';
import type { Finding } from '../engine/finding.ts';
import { lazySqlParser } from '../sql/postgresql/parser-source.ts';
import type { PythonParser } from '../syntax/parser.ts';
import { dependentsOnScreen } from './dependents.ts';
import type { DiagnosticContext } from './diagnostics.ts';
import type { ServerHost } from './host.ts';
import type { InitializationOptions } from './protocol.ts';
import { createPublisher, type Guard, type Publisher } from './publisher.ts';
import { type RefreshQueue, startRefreshQueue } from './refresh-queue.ts';
import { type Session, startSession } from './session.ts';
import { type EditAbilities, editAbilities } from './workspace-edit.ts';

/** A server that has its parser: everything that its handlers work with. */
export interface Running {
  readonly connection: Connection;
  readonly host: ServerHost;
  readonly session: Session;
  readonly publisher: Publisher;
  /** Files whose findings may have changed by something that happened elsewhere. */
  readonly queue: RefreshQueue;
  readonly diagnostics: DiagnosticContext;
  readonly abilities: EditAbilities;
  readonly options: InitializationOptions;
  settings: EditorSettings;
  isShown(finding: Finding): boolean;
}

export interface Start {
  readonly connection: Connection;
  readonly host: ServerHost;
  readonly parser: PythonParser;
  readonly params: InitializeParams;
  readonly guard: Guard;
}

export function startRunning({ connection, host, parser, params, guard }: Start): Running {
  const options: InitializationOptions = params.initializationOptions ?? {};
  const sqlParser = lazySqlParser(
    () => host.loadSqlParser(options),
    (error) => connection.console.error(`SQL is not checked, its parser could not be loaded: ${detailsOf(error)}`),
  );
  const session = startSession({ host, parser, sqlParser, onRuleFailure: onceEach(connection) });
  const pages = options.rulePagesUri ?? host.rulePagesUri;
  const diagnostics: DiagnosticContext = {
    rangeOf: session.rangeOf,
    uriOf: session.uris.uriOf,
    rulePage: (rule) => (pages === undefined ? undefined : `${pages}/${rule}.md`),
  };
  const publisher = createPublisher(connection, session, diagnostics, () => running.settings, guard);
  const dependentsOf = (current: Running, files: ReadonlySet<FilePath>): Iterable<FilePath> => {
    let found: Iterable<FilePath> = [];
    guard('dependents', () => {
      found = dependentsOnScreen(current.session, current.publisher, files);
    });
    return found;
  };
  const refresh = (file: FilePath) => guard('publish', () => publisher.refresh(file));
  const running: Running = {
    connection,
    host,
    session,
    publisher,
    queue: startRefreshQueue(refresh, (files) => dependentsOf(running, files)),
    diagnostics,
    abilities: editAbilities(params.capabilities),
    options,
    settings: defaultEditorSettings,
    isShown: ({ level }) => running.settings.enable && isAtLeast(level, running.settings.minimumLevel),
  };
  for (const uri of foldersOf(params)) session.addFolder(session.uris.fileOf(uri));
  return running;
}

function foldersOf({ workspaceFolders, rootUri }: InitializeParams): readonly string[] {
  if (workspaceFolders) return workspaceFolders.map(({ uri }) => uri);
  return rootUri === null ? [] : [rootUri];
}

/** A rule that fails would fail again at every keystroke: it is logged once a file. */
function onceEach(connection: Connection): (failure: RuleFailure) => void {
  const seen = new Set<string>();
  return ({ rule, file, error }) => {
    const key = `${rule} ${file}`;
    if (seen.has(key)) return;
    seen.add(key);
    connection.console.error(`The rule ${rule} failed on ${file}: ${detailsOf(error)}`);
  };
}

export function detailsOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
