import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { run } from './command.ts';
import type { ServerInstallation } from './provision.ts';

/** A running VS Code server; it holds the extension host. */
export interface VscodeServer {
  readonly port: number;
  stop(): Promise<void>;
}

export interface VscodeServerOptions {
  /** Folder for the data of this one run. */
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
  /** Further command-line flags of the server. */
  readonly flags: readonly string[];
}

const START_TIMEOUT = 60_000;

/** Installs a packaged extension for servers that run with the same `home`. */
export async function installExtension(
  installation: ServerInstallation,
  vsix: string,
  { home, env }: VscodeServerOptions,
): Promise<void> {
  const args = [installation.serverMain, ...dataFolders(home), '--install-extension', vsix];
  await run(installation.node, args, { env });
}

/** Starts VS Code's server on a free port of this machine and waits until it listens. */
export async function startVscodeServer(
  installation: ServerInstallation,
  { home, env, flags }: VscodeServerOptions,
): Promise<VscodeServer> {
  const args = [
    installation.serverMain,
    ...['--host', '127.0.0.1', '--port', '0'],
    ...['--without-connection-token', '--accept-server-license-terms', '--telemetry-level', 'off'],
    ...dataFolders(home),
    ...flags,
  ];
  const child = spawn(installation.node, args, { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  process.once('exit', () => killGroup(child));
  const stop = () => stopGroup(child);
  try {
    return { port: await listeningPort(child), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function dataFolders(home: string): readonly string[] {
  return ['--server-data-dir', join(home, 'data'), '--extensions-dir', join(home, 'extensions')];
}

function listeningPort(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let output = '';
    const fail = (what: string) => reject(new Error(`VS Code's server ${what}:\n${output}`));
    const timer = setTimeout(() => fail(`did not start in ${START_TIMEOUT / 1000} s`), START_TIMEOUT);
    const read = (chunk: Buffer) => {
      output += chunk.toString('utf8');
      const port = /listening on (\d+)/.exec(output)?.[1];
      if (port === undefined) return;
      clearTimeout(timer);
      resolve(Number(port));
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.on('error', (cause) => reject(new Error("VS Code's server cannot be started.", { cause })));
    child.on('exit', (code) => {
      clearTimeout(timer);
      fail(`ended with code ${code}`);
    });
  });
}

/** The server starts processes of its own (extension host, file watcher); its group ends them all. */
async function stopGroup(child: ChildProcess): Promise<void> {
  if (!isRunning(child)) return;
  const ended = once(child, 'exit');
  killGroup(child);
  await ended;
}

function killGroup(child: ChildProcess): void {
  if (child.pid !== undefined && isRunning(child)) process.kill(-child.pid, 'SIGKILL');
}

function isRunning(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null;
}
