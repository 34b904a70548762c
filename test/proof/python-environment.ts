import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../vscode/host/command.ts';
import type { RunnableRelease } from './framework-release.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const CACHE = join(ROOT, 'node_modules', '.cache', 'stepwise-proof');

/**
 * Answers a Python that has this release and what it needs, made once from PyPI (about 60 MB) and kept until the requirements
 * change.
 *
 * It is built beside its final place and renamed, so that an installation that was cut off, or two runs at once, leave
 * no half-made one.
 */
export async function providePython(release: RunnableRelease): Promise<string> {
  const { framework, series, label, python, requirements: wanted } = release;
  const folder = join(CACHE, `${framework}-${series}`);
  const marker = join(folder, 'requirements.txt');
  const installed = await readFile(marker, 'utf8').catch(() => undefined);
  if (installed === wanted) return pythonOf(folder);

  const draft = `${folder}.${process.pid}`;
  console.log(`Installing ${label} for the proof into ${folder} (once).`);
  await rm(draft, { recursive: true, force: true });
  await run(python, ['-m', 'venv', draft], {});
  await writeFile(join(draft, 'requirements.txt'), wanted);
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', 'requirements.txt'];
  await run(pythonOf(draft), install, { cwd: draft });
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
