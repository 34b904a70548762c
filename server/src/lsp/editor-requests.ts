import type { CodeAction, CodeActionParams, Hover, HoverParams } from 'vscode-languageserver';
import { baseNameOf, type FilePath } from '../base/file-path.ts';
import { migrationSqlOf } from '../engine/migration-sql.ts';
import { type CodeActionContext, codeActions } from './code-actions.ts';
import { toDiagnostic } from './diagnostics.ts';
import { hoverAt } from './hover.ts';
import type { MigrationSqlParams, MigrationSqlResult } from './protocol.ts';
import type { Running } from './running.ts';
import { toWorkspaceEdit } from './workspace-edit.ts';

export function answerCodeAction(running: Running, params: CodeActionParams): CodeAction[] {
  const { session, diagnostics, abilities, options } = running;
  const file = session.uris.fileOf(params.textDocument.uri);
  const document = session.documents.find(file);
  if (document === undefined) return [];
  const context: CodeActionContext = {
    folder: session.folderOf(file),
    file,
    span: { start: document.offsetAt(params.range.start), end: document.offsetAt(params.range.end) },
    toDiagnostic: (finding) => toDiagnostic(finding, diagnostics),
    toEdit: (edits) =>
      toWorkspaceEdit(
        edits,
        {
          uriOf: session.uris.uriOf,
          rangeOf: session.rangeOf,
          versionOf: (path: FilePath) => session.documents.find(path)?.version ?? null,
        },
        abilities,
      ),
    showsDisabled: abilities.disabling,
    openRulePageCommand: options.openRulePageCommand,
    isShown: running.isShown,
  };
  return [...codeActions(params, context)];
}

export function answerHover(running: Running, { textDocument, position }: HoverParams): Hover | null {
  const { session, diagnostics, settings, options } = running;
  const file = session.uris.fileOf(textDocument.uri);
  const document = session.documents.find(file);
  if (document === undefined || !settings.enable) return null;
  return hoverAt({
    folder: session.folderOf(file),
    file,
    offset: document.offsetAt(position),
    rangeOf: (span) => session.rangeOf(file, span),
    rulePage: (rule) => commandLink(options.openRulePageCommand, rule) ?? diagnostics.rulePage(rule),
    showSql: commandLink(options.showSqlCommand),
    isShown: running.isShown,
  });
}

/** What the migration in a document sends to the database, as it stands now. */
export function answerMigrationSql({ session }: Running, { uri }: MigrationSqlParams): MigrationSqlResult {
  const file = session.uris.fileOf(uri);
  const project = session.folderOf(file).workspace.projectOf(file);
  const nothing = `-- ${baseNameOf(file)} holds no migration that could be read.\n`;
  return { text: migrationSqlOf(project, file) ?? nothing };
}

/** An editor follows links to its own commands in a hover, while it may drop those to a scheme that it does not know. */
function commandLink(command: string | undefined, ...args: readonly string[]): string | undefined {
  if (command === undefined) return undefined;
  return args.length === 0 ? `command:${command}` : `command:${command}?${encodeURIComponent(JSON.stringify(args))}`;
}
