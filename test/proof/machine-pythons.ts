import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { canInstallPackages } from '../../scripts/debian-packages.mjs';
import { CommandFailed, run } from '../vscode/host/command.ts';
import { installPackages } from '../vscode/host/install-packages.ts';
import type { FrameworkRelease, RunnableRelease } from './framework-release.ts';

/** The machine lacks a Python for the proof; the message says what to install. */
class PythonMissing extends Error {
  override readonly name = 'PythonMissing';
}

/** Looked for once. */
let installed: Promise<ReadonlyMap<number, string>> | undefined;

/**
 * The releases that run on this machine, in their order. Those that are `needed` have to: a Python is installed for them
 * where that may be done unasked, and the proof cannot run without one.
 */
export async function releasesThatRun(
  supported: readonly FrameworkRelease[],
  needed: readonly FrameworkRelease[],
): Promise<readonly RunnableRelease[]> {
  installed ??= findPythons();
  const before = await installed;
  if (needed.every((release) => pythonFor(release, before) !== undefined)) return fitting(supported, before);
  installed = installPython().then(findPythons);
  const releases = fitting(supported, await installed);
  const missing = needed.filter(({ label }) => releases.every((one) => one.label !== label));
  if (missing.length === 0) return releases;
  throw new PythonMissing(
    `The proof needs Python 3.10 to 3.12 with venv and pip for ${missing.map(({ label }) => label).join(' and ')} ` +
      '(Debian: apt install python3-venv). STEPWISE_PYTHON may name one.',
  );
}

async function installPython(): Promise<void> {
  if (canInstallPackages()) await installPackages(['python3', 'python3-venv']);
}

/** Commands that start a Python 3, by its minor version; the one that `python3` starts is preferred. */
async function findPythons(): Promise<ReadonlyMap<number, string>> {
  const named = process.env['STEPWISE_PYTHON'];
  const numbered = [14, 13, 12, 11, 10].map((minor) => `python3.${minor}`);
  const candidates = [...(named === undefined ? [] : [named]), 'python3', ...numbered, ...(await pyenvPythons())];
  const minors = await Promise.all(candidates.map(minorOf));
  const pythons = new Map<number, string>();
  for (const [index, candidate] of candidates.entries()) {
    const minor = minors[index];
    if (minor !== undefined && !pythons.has(minor)) pythons.set(minor, candidate);
  }
  return pythons;
}

async function pyenvPythons(): Promise<readonly string[]> {
  const versions = join(process.env['PYENV_ROOT'] ?? join(homedir(), '.pyenv'), 'versions');
  const names = await readdir(versions).catch(() => []);
  return names.filter((name) => name.startsWith('3.')).map((name) => join(versions, name, 'bin', 'python3'));
}

/** Answers nothing for a command that is no Python 3 or cannot make a virtual environment. */
async function minorOf(command: string): Promise<number | undefined> {
  const check = 'import sys, venv, ensurepip; assert sys.version_info.major == 3; print(sys.version_info.minor)';
  try {
    return Number(await run(command, ['-c', check], {}));
  } catch (error) {
    if (error instanceof CommandFailed) return undefined;
    throw error;
  }
}

function fitting(
  supported: readonly FrameworkRelease[],
  pythons: ReadonlyMap<number, string>,
): readonly RunnableRelease[] {
  return supported.flatMap((release) => {
    const python = pythonFor(release, pythons);
    return python === undefined ? [] : [{ ...release, python }];
  });
}

function pythonFor({ pythons: [first, last] }: FrameworkRelease, installed: ReadonlyMap<number, string>) {
  return [...installed].find(([minor]) => minor >= first && minor <= last)?.[1];
}
