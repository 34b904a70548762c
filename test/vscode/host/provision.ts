import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
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
  const vscode = join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
  await provideOnce(folder, join(vscode, 'node_modules'), async () => {
    await provideNativeBuild();
    console.log(`Installing code-server ${CODE_SERVER} into ${folder} (a few minutes, once).`);
    await installPackage(folder, `code-server@${CODE_SERVER}`, node);
  });
  return { node, serverMain: join(vscode, 'out', 'server-main.js') };
}

async function provideNode(cache: string): Promise<string> {
  if (process.versions.node.startsWith(`${NODE_MAJOR}.`)) return process.execPath;
  const folder = join(cache, `node-${NODE_MAJOR}`);
  const node = join(folder, 'node_modules', 'node', 'bin', 'node');
  await provideOnce(folder, node, () => installPackage(folder, `node@${NODE_MAJOR}`, process.execPath));
  return node;
}

/**
 * An installation that was cut off leaves no marker and is begun anew.
 *
 * @param result what exists only after the install scripts have run
 */
async function provideOnce(folder: string, result: string, install: () => Promise<void>): Promise<void> {
  const marker = join(folder, 'complete');
  if (existsSync(marker)) return;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{ "private": true }\n');
  await install();
  if (!existsSync(result)) throw new Error(`The installation did not create ${result}.`);
  await writeFile(marker, '');
}

/** `node` comes first on PATH, so that it is what the package's install scripts run on. */
async function installPackage(folder: string, name: string, node: string): Promise<void> {
  const env: NodeJS.ProcessEnv = { ...process.env, PATH: `${dirname(node)}:${process.env['PATH']}` };
  // What npm runs hands its options down. This project's npm turns install scripts off, but they are what builds it;
  // and from the user agent the scripts would read the wrong version of Node.
  delete env['npm_config_user_agent'];
  const options = ['--ignore-scripts=false', '--no-audit', '--no-fund', '--loglevel=error'];
  await run('npm', ['install', ...options, name], { cwd: folder, env });
}
