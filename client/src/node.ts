import type { ExtensionContext } from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';
import { start } from './common/start.ts';

let client: BaseLanguageClient | undefined;

export async function activate(context: ExtensionContext): Promise<void> {
  const server = { module: context.asAbsolutePath('dist/server-node.cjs'), transport: TransportKind.ipc };
  const debug = { ...server, options: { execArgv: ['--nolazy', '--inspect=6009'] } };
  client = await start(
    context,
    (options) => new LanguageClient('stepwise', 'Stepwise', { run: server, debug }, options),
  );
}

export async function deactivate(): Promise<void> {
  await client?.stop();
}
