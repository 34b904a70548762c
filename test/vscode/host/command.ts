import { spawn } from 'node:child_process';

/** A command that could not be started or ended with an exit code other than 0; the message carries its last output. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
}

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** The account to run as, for root alone. */
  readonly uid?: number;
  readonly gid?: number;
}

/** Runs a command to its end and answers its standard output. */
export function run(command: string, args: readonly string[], options: CommandOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
    });
    const line = [command, ...args].join(' ');
    child.on('error', (cause) => reject(new CommandFailed(`Cannot start "${line}".`, { cause })));
    child.on('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new CommandFailed(`"${line}" ended with code ${code}:\n${lastLines(output + errors, 30)}`));
    });
  });
}

function lastLines(text: string, count: number): string {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}
