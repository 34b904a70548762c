import type { ExtensionContext } from 'vscode';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';
import { type StepwiseApi, start } from './common/start.ts';

let api: StepwiseApi | undefined;

export async function activate(context: ExtensionContext): Promise<StepwiseApi> {
  const server = { module: context.asAbsolutePath('dist/server-node.cjs'), transport: TransportKind.ipc };
  const debug = { ...server, options: { execArgv: ['--nolazy', '--inspect=6009'] } };
  api = await start(context, (options) => new LanguageClient('stepwise', 'Stepwise', { run: server, debug }, options));
  return api;
}

export async function deactivate(): Promise<void> {
  await api?.client.stop();
}
