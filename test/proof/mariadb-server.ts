import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { canInstallPackages } from '../../scripts/debian-packages.mjs';
import { CommandFailed, run } from '../vscode/host/command.ts';
import { installPackages } from '../vscode/host/install-packages.ts';
import { makeScratchFolder } from './scratch-folder.ts';
import { stopWithUs } from './watchdog.ts';

/** A throw-away MariaDB that listens on a socket in a folder of its own. It writes columns anew as MySQL does. */
export interface MariadbServer {
  /** Sends SQL as the command line client does, and answers what it prints: a row a line, columns apart by tabs. */
  send(database: string, sql: string): Promise<string>;
  stop(): Promise<void>;
}

/** MariaDB's programs; it must be installed where it may not be installed unasked. */
class MariadbMissing extends Error {
  override readonly name = 'MariadbMissing';
}

const LONGEST_START = 60_000;

export async function startMariadb(): Promise<MariadbServer> {
  await provideMariadb();
  const folder = await makeScratchFolder('stepwise-mariadb-');
  const data = join(folder, 'data');
  const socket = join(folder, 'socket');
  const own = ['--no-defaults', `--datadir=${data}`, `--user=${userInfo().username}`];
  await run('mariadb-install-db', [...own, '--auth-root-authentication-method=normal', '--skip-test-db'], {});
  const unsafe = ['--innodb-flush-log-at-trx-commit=0', '--innodb-doublewrite=0', '--skip-log-bin'];
  const listening = [`--socket=${socket}`, `--pid-file=${join(folder, 'pid')}`, '--skip-networking'];
  const server = spawn(programOf('mariadbd'), [...own, ...listening, ...unsafe], { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => server.on('close', () => resolve()));
  const watchdog = stopWithUs(server, 'TERM', [folder]);
  const send = (database: string, sql: string) => ask(socket, database, sql);
  await isReady(send);
  return {
    send,
    stop: async () => {
      watchdog.kill();
      server.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function ask(socket: string, database: string, sql: string): Promise<string> {
  const options = ['--no-defaults', `--socket=${socket}`, '--user=root', '--batch', '--raw', '--skip-column-names'];
  return run('mariadb', [...options, `--execute=${sql}`, database], {});
}

async function isReady(send: MariadbServer['send']): Promise<void> {
  for (let waited = 0; ; waited += 100) {
    try {
      await send('mysql', 'SELECT 1');
      return;
    } catch (error) {
      if (!(error instanceof CommandFailed) || waited >= LONGEST_START) throw error;
      await wait(100);
    }
  }
}

/** Debian has the server where only root looks. */
const FOLDERS = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin'];

function programOf(name: string): string {
  return FOLDERS.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? name;
}

async function provideMariadb(): Promise<void> {
  if (isInstalled()) return;
  if (canInstallPackages()) {
    console.log('Installing MariaDB for the proof …');
    // The programs alone: no service is set up.
    await installPackages(['mariadb-server-core', 'mariadb-client-core']);
  }
  if (!isInstalled())
    throw new MariadbMissing(
      'The proof needs MariaDB (Debian: apt-get install mariadb-server-core mariadb-client-core).',
    );
}

function isInstalled(): boolean {
  return ['mariadbd', 'mariadb', 'mariadb-install-db'].every((name) => existsSync(programOf(name)));
}
