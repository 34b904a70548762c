import { type ExtensionContext, Uri } from 'vscode';
import { BrowserMessageReader, BrowserMessageWriter, LanguageClient } from 'vscode-languageclient/browser';
import { type StepwiseApi, start } from './common/start.ts';

let api: StepwiseApi | undefined;

export async function activate(context: ExtensionContext): Promise<StepwiseApi> {
  const server = Uri.joinPath(context.extensionUri, 'dist', 'server-web.js').toString(true);
  // A function, so that a restart gets a new worker; and it answers streams, because in VS Code's extension host a
  // worker is no `instanceof Worker`, which is how the language client would know it.
  const startWorker = async () => {
    const worker = new Worker(server, { name: 'Stepwise' });
    return { reader: new BrowserMessageReader(worker), writer: new BrowserMessageWriter(worker) };
  };
  api = await start(context, (options) => new LanguageClient('stepwise', 'Stepwise', startWorker, options));
  return api;
}

export async function deactivate(): Promise<void> {
  await api?.client.stop();
}
