import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { run } from './command.ts';
import { provideNativeBuild } from './native-build.ts';

/** code-server carries a complete VS Code; this version carries VS Code 1.139.1. */
const CODE_SERVER = '4.139.1';
/** The only major that code-server's native modules accept. */
const NODE_MAJOR = 24;

/** What starts VS Code's own server. */
export interface ServerInstallation {
  readonly node: string;
  readonly serverMain: string;
}

/**
 * Installs Node and code-server from the npm registry, once: about three minutes and 800 MB.
 *
 * They live outside the project (`STEPWISE_VSCODE_CACHE`, by default `~/.cache/stepwise-vscode`), because code-server is ten
 * times the size of everything else and survives `npm ci`.
 */
export async function provideServer(): Promise<ServerInstallation> {
  const cache = process.env['STEPWISE_VSCODE_CACHE'] ?? join(homedir(), '.cache', 'stepwise-vscode');
  const node = await provideNode(cache);
  const folder = join(cache, `code-server-${CODE_SERVER}`);
  await provideOnce(folder, async () => {
    await provideNativeBuild();
    console.log(`Installing code-server ${CODE_SERVER} into ${folder} (a few minutes, once).`);
    await installPackage(folder, `code-server@${CODE_SERVER}`, node);
  });
  return { node, serverMain: join(folder, 'node_modules', 'code-server', 'lib', 'vscode', 'out', 'server-main.js') };
}

async function provideNode(cache: string): Promise<string> {
  if (process.versions.node.startsWith(`${NODE_MAJOR}.`)) return process.execPath;
  const folder = join(cache, `node-${NODE_MAJOR}`);
  await provideOnce(folder, () => installPackage(folder, `node@${NODE_MAJOR}`, process.execPath));
  return join(folder, 'node_modules', 'node', 'bin', 'node');
}

/** An installation that was cut off leaves no marker and is begun anew. */
async function provideOnce(folder: string, install: () => Promise<void>): Promise<void> {
  const marker = join(folder, 'complete');
  const isComplete = await readFile(marker).then(
    () => true,
    () => false,
  );
  if (isComplete) return;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{ "private": true }\n');
  await install();
  await writeFile(marker, '');
}

/** `node` comes first on PATH, so that it is what the package's install scripts run on. */
async function installPackage(folder: string, name: string, node: string): Promise<void> {
  const env = { ...process.env, PATH: `${dirname(node)}:${process.env['PATH']}` };
  await run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', name], { cwd: folder, env });
}
