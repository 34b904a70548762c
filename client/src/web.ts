import { type ExtensionContext, Uri } from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { LanguageClient } from 'vscode-languageclient/browser';
import { start } from './common/start.ts';

let client: BaseLanguageClient | undefined;

export async function activate(context: ExtensionContext): Promise<void> {
  const server = Uri.joinPath(context.extensionUri, 'dist', 'server-web.js').toString(true);
  // A function, so that a restart gets a new worker.
  const startWorker = async () => new Worker(server, { name: 'Stepwise' });
  client = await start(context, (options) => new LanguageClient('stepwise', 'Stepwise', startWorker, options));
}

export async function deactivate(): Promise<void> {
  await client?.stop();
}
