import { readCommandLine, UsageError } from './command-line.ts';
import { runCommand } from './run-command.ts';
import { exitCodes, type Terminal } from './terminal.ts';
import { FilesNotWrittenError } from './write-files.ts';

const terminal: Terminal = {
  workingDirectory: process.cwd(),
  output: process.stdout,
  errors: process.stderr,
  environment: process.env,
};

// Whoever reads the output may stop reading, as `head` does: that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(exitCodes.clean);
  throw error;
});

try {
  const code = await runCommand(readCommandLine(process.argv.slice(2)), terminal);
  // Not `exit`: what was written to a pipe may still be on its way.
  if (code !== undefined) process.exitCode = code;
} catch (error) {
  terminal.errors.write(`stepwise: ${messageFor(error)}\n`);
  process.exitCode = exitCodes.failed;
}

/** What the user can do something about in a sentence; with the stack what only the authors can. */
function messageFor(error: unknown): string {
  if (error instanceof UsageError) return `${error.message}\nstepwise --help tells more.`;
  if (error instanceof FilesNotWrittenError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
