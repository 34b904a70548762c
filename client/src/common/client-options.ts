import { type ExtensionContext, type LogOutputChannel, Uri } from 'vscode';
import type { LanguageClientOptions } from 'vscode-languageclient';
import type { InitializationOptions } from '../../../server/src/lsp/protocol.ts';
import { openRulePageCommand, rulePagesUri } from './rule-page.ts';
import { showSqlCommand } from './show-sql-command.ts';

/** Python files below a folder for migrations or revisions, whatever it is called exactly, in any file system. */
export const migrationFiles = { language: 'python', pattern: '**/{*migrations*,*versions*,*alembic*}/**' } as const;

/** A mistake in the project's settings is shown while it is typed, too; a migration may read a file of SQL. */
export const documentSelector = [
  migrationFiles,
  { pattern: '**/{pyproject.toml,alembic.ini}' },
  { pattern: '**/*.sql' },
] as const;

/** What both clients tell the language client and the server. */
export function clientOptionsOf(context: ExtensionContext, log: LogOutputChannel): LanguageClientOptions {
  const dist = (name: string) => Uri.joinPath(context.extensionUri, 'dist', name).toString(true);
  const initializationOptions: InitializationOptions = {
    wasm: {
      runtime: dist('web-tree-sitter.wasm'),
      python: dist('tree-sitter-python.wasm'),
      sql: dist('libpg-query.wasm'),
    },
    rulePagesUri,
    openRulePageCommand,
    showSqlCommand,
  };
  return {
    documentSelector: [...documentSelector],
    diagnosticCollectionName: 'stepwise',
    outputChannel: log,
    initializationOptions,
    markdown: { isTrusted: { enabledCommands: [openRulePageCommand, showSqlCommand] } },
  };
}
