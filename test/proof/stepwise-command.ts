import { spawn } from 'node:child_process';
import { join } from 'node:path';

const CLI = join(import.meta.dirname, '..', '..', 'dist', 'cli.mjs');

/** What the proof reads of the JSON that `stepwise check` prints. */
export interface Report {
  readonly findings: readonly Finding[];
  readonly problems: readonly unknown[];
}

export interface Finding {
  readonly rule: string;
  readonly message: string;
  readonly file: string;
  readonly fixes: readonly { readonly title: string }[];
}

/** Checks a project as a user would, from its folder. */
export async function check(folder: string): Promise<Report> {
  const { code, output, errors } = await stepwise(folder, ['check', '--format', 'json']);
  if ((code !== 0 && code !== 1) || output === '')
    throw new Error(`stepwise check ended with code ${code}:\n${errors}`);
  return JSON.parse(output) as Report;
}

/** Applies the fix of a rule whose title contains the given words. */
export function fix(folder: string, file: string, rule: string, title: string): Promise<void> {
  return applyFixes(folder, ['--rule', rule, '--fix', title, file]);
}

/** Applies the preferred fix of every finding. */
export function fixAll(folder: string): Promise<void> {
  return applyFixes(folder, ['.']);
}

async function applyFixes(folder: string, choice: readonly string[]): Promise<void> {
  const args = ['fix', '--review', '--write', ...choice];
  const { code, output, errors } = await stepwise(folder, args);
  if (code !== 0) throw new Error(`stepwise ${args.join(' ')} ended with code ${code}:\n${output}${errors}`);
}

interface Outcome {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

function stepwise(folder: string, args: readonly string[]): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CLI, ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
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
