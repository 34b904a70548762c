import { spawn } from 'node:child_process';
import { join } from 'node:path';

const cli = join(import.meta.dirname, '..', '..', 'dist', 'cli.mjs');

export interface Outcome {
  readonly code: number | null;
  /** Standard output. */
  readonly output: string;
  /** Standard error. */
  readonly errors: string;
}

/** Runs the built command line as a process of its own. */
export function stepwise(folder: string, ...args: readonly string[]): Promise<Outcome> {
  return run(folder, {}, args, undefined);
}

function run(
  folder: string,
  environment: NodeJS.ProcessEnv,
  args: readonly string[],
  uid: number | undefined,
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, ...environment };
    const child = spawn(process.execPath, [cli, ...args], {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(uid !== undefined && { uid }),
    });
    let output = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output, errors }));
  });
}

/** Runs it as somebody who may read and not write: root may write anything. */
export function stepwiseWithoutRights(folder: string, ...args: readonly string[]): Promise<Outcome> {
  return run(folder, {}, args, process.getuid?.() === 0 ? nobody : undefined);
}

const nobody = 65_534;
