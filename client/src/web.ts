import { type ExtensionContext, Uri } from 'vscode';
import { LanguageClient } from 'vscode-languageclient/browser';
import { type StepwiseApi, start } from './common/start.ts';

let api: StepwiseApi | undefined;

export async function activate(context: ExtensionContext): Promise<StepwiseApi> {
  const server = Uri.joinPath(context.extensionUri, 'dist', 'server-web.js').toString(true);
  // A function, so that a restart gets a new worker.
  const startWorker = async () => new Worker(server, { name: 'Stepwise' });
  api = await start(context, (options) => new LanguageClient('stepwise', 'Stepwise', startWorker, options));
  return api;
}

export async function deactivate(): Promise<void> {
  await api?.client.stop();
}
