import {
  type ClientCapabilities,
  type Connection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
} from 'vscode-languageserver';

/**
 * Everything that can change what is found: migrations, the modules that they import and the SQL that they read, settings, and the files that
 * name the installed packages. A glob for each kind, because a settings module can have any name.
 */
const watched = [
  '**/*.{py,sql}',
  '**/{pyproject.toml,alembic.ini,setup.cfg,Pipfile,Pipfile.lock,*.lock}',
  '**/*require*.{txt,in}',
  '**/requirements/*.{txt,in}',
];

/** Whether the client lets a server say which files to watch. */
export function canWatchFiles({ workspace }: ClientCapabilities): boolean {
  return workspace?.didChangeWatchedFiles?.dynamicRegistration === true;
}

/** Asks the client to report changes of files and of settings, as far as it can be asked. */
export async function registerForChanges(connection: Connection, capabilities: ClientCapabilities): Promise<void> {
  if (canWatchFiles(capabilities)) {
    const watchers = watched.map((globPattern) => ({ globPattern }));
    await connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
  }
  if (capabilities.workspace?.didChangeConfiguration?.dynamicRegistration === true) {
    await connection.client.register(DidChangeConfigurationNotification.type, { section: 'stepwise' });
  }
}
