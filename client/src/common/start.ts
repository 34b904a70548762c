import { commands, type Event, type ExtensionContext, type LogOutputChannel, window } from 'vscode';
import type { BaseLanguageClient, LanguageClientOptions } from 'vscode-languageclient';
import { checkAll } from './check-all.ts';
import { clientOptionsOf } from './client-options.ts';
import { fixAll } from './fix-all.ts';
import { serveMigrationSql } from './migration-sql.ts';
import { showOwedSteps } from './owed-steps.ts';
import { openRulePage, openRulePageCommand } from './rule-page.ts';
import { serveRulePages } from './rule-page-files.ts';
import { showStatus } from './status-item.ts';

/** Makes a client whose server runs where this extension host can run one: a process or a worker. */
export type CreateClient = (options: LanguageClientOptions) => BaseLanguageClient;

/** What the extension shows that another extension, or a test, cannot ask VS Code for. */
export interface StepwiseApi {
  readonly client: BaseLanguageClient;
  /** What stands in the status bar; undefined while nothing does. */
  statusText(): string | undefined;
  readonly onDidChangeStatus: Event<void>;
}

/** Registers the commands and views, and starts the server. */
export async function start(context: ExtensionContext, createClient: CreateClient): Promise<StepwiseApi> {
  const log = window.createOutputChannel('Stepwise', { log: true });
  const client = createClient(clientOptionsOf(context, log));
  const status = showStatus(client);
  const pages = serveRulePages(context.extensionUri);
  context.subscriptions.push(log, pages, serveMigrationSql(client), status, ...registerCommands(client, log));
  await client.start();
  return { client, statusText: () => status.text(), onDidChangeStatus: status.onDidChange };
}

function registerCommands(client: BaseLanguageClient, log: LogOutputChannel) {
  return [
    commands.registerCommand('stepwise.checkAll', () => checkAll(client, log)),
    commands.registerCommand('stepwise.fixAll', fixAll),
    commands.registerCommand('stepwise.showOwedSteps', () => showOwedSteps(client)),
    commands.registerCommand(openRulePageCommand, (rule: unknown) => openRulePage(client, rule)),
    commands.registerCommand('stepwise.restart', () => restart(client)),
    commands.registerCommand('stepwise.showLog', () => log.show()),
  ];
}

/** Also starts a server that crashed too often to be restarted by itself. */
async function restart(client: BaseLanguageClient): Promise<void> {
  if (client.needsStop()) await client.stop();
  await client.start();
}
