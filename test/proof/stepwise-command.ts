import { readCommandLine } from '../../server/src/cli/command-line.ts';
import { runCommand } from '../../server/src/cli/run-command.ts';
import type { ExitCode, Terminal } from '../../server/src/cli/terminal.ts';

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

/** What is left for a later release. */
export async function owedSteps(folder: string): Promise<readonly Finding[]> {
  const { code, output, errors } = await stepwise(folder, ['owed', '--format', 'json']);
  if (code !== 0) throw new Error(`stepwise owed ended with code ${code}:\n${errors}`);
  return (JSON.parse(output) as { readonly owed: readonly Finding[] }).owed;
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
  readonly code: ExitCode | undefined;
  readonly output: string;
  readonly errors: string;
}

/** In this process: starting another one takes longer than all that a command has to do. */
async function stepwise(folder: string, args: readonly string[]): Promise<Outcome> {
  let output = '';
  let errors = '';
  const terminal: Terminal = {
    workingDirectory: folder,
    output: { write: (text) => (output += text) },
    errors: { write: (text) => (errors += text) },
    environment: {},
  };
  const code = await runCommand(readCommandLine(args), terminal);
  return { code, output, errors };
}
