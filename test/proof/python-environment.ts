import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canInstallPackages } from '../../scripts/chromium.mjs';
import { CommandFailed, run } from '../vscode/host/command.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const CACHE = join(ROOT, 'node_modules', '.cache', 'stepwise-proof');
const REQUIREMENTS = join(import.meta.dirname, 'python', 'requirements.txt');

/** The proof cannot run because this machine lacks something; the message says what to install. */
class PythonMissing extends Error {
  override readonly name = 'PythonMissing';
}

/**
 * Answers a Python that has Django and psycopg, made once from PyPI (about 60 MB) and kept until the requirements change.
 *
 * It is built beside its final place and renamed, so that an installation that was cut off, or two runs at once, leave
 * no half-made one.
 */
export async function providePython(): Promise<string> {
  const wanted = await readFile(REQUIREMENTS, 'utf8');
  const folder = join(CACHE, 'django-5.2');
  const marker = join(folder, 'requirements.txt');
  const installed = await readFile(marker, 'utf8').catch(() => undefined);
  if (installed === wanted) return pythonOf(folder);

  const draft = `${folder}.${process.pid}`;
  console.log(`Installing Django for the proof into ${folder} (once).`);
  await rm(draft, { recursive: true, force: true });
  await run(await findPython(), ['-m', 'venv', draft], {});
  await run(
    pythonOf(draft),
    ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', REQUIREMENTS],
    {},
  );
  await writeFile(join(draft, 'requirements.txt'), wanted);
  await replaceFolder(draft, folder, marker);
  return pythonOf(folder);
}

function pythonOf(folder: string): string {
  return join(folder, 'bin', 'python');
}

async function replaceFolder(draft: string, folder: string, marker: string): Promise<void> {
  // Another run may have finished first and be using its installation: it is as good as this one.
  const theirs = await readFile(marker, 'utf8').catch(() => undefined);
  const ours = await readFile(join(draft, 'requirements.txt'), 'utf8');
  if (theirs === ours) return rm(draft, { recursive: true, force: true });
  await rm(folder, { recursive: true, force: true });
  await rename(draft, folder);
}

/** Installed where that may be done unasked; elsewhere the message says what is missing. */
async function findPython(): Promise<string> {
  const known = await findInstalledPython();
  if (known !== undefined) return known;
  if (canInstallPackages()) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await run('apt-get', ['update', '-qq'], { env });
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'python3', 'python3-venv'], { env });
  }
  const installed = await findInstalledPython();
  if (installed !== undefined) return installed;
  throw new PythonMissing(
    'The proof needs Python 3.10 to 3.13 with venv and pip (Debian: apt install python3-venv). STEPWISE_PYTHON may name one.',
  );
}

/** Django 5.2 runs on Python 3.10 to 3.13. */
async function findInstalledPython(): Promise<string | undefined> {
  const candidates = [
    process.env['STEPWISE_PYTHON'],
    'python3',
    'python3.13',
    'python3.12',
    'python3.11',
    'python3.10',
  ];
  const check = 'import sys, venv, ensurepip; sys.exit(not (3, 10) <= sys.version_info < (3, 14))';
  for (const candidate of candidates) {
    if (candidate !== undefined && (await succeeds(candidate, ['-c', check]))) return candidate;
  }
  return undefined;
}

async function succeeds(command: string, args: readonly string[]): Promise<boolean> {
  try {
    await run(command, args, {});
    return true;
  } catch (error) {
    if (error instanceof CommandFailed) return false;
    throw error;
  }
}
