import { version } from '../disk/shipped-files.ts';
import { runCheck } from './check-command.ts';
import { type Command, readCommandLine, UsageError } from './command-line.ts';
import { runFix } from './fix-command.ts';
import { helpText } from './help.ts';
import { runOwed } from './owed-command.ts';
import { runExplain, runRules } from './rule-commands.ts';
import { runSql } from './sql-command.ts';
import { type ExitCode, exitCodes, type Terminal } from './terminal.ts';
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
  const code = await run(readCommandLine(process.argv.slice(2)));
  // Not `exit`: what was written to a pipe may still be on its way.
  if (code !== undefined) process.exitCode = code;
} catch (error) {
  terminal.errors.write(`stepwise: ${messageFor(error)}\n`);
  process.exitCode = exitCodes.failed;
}

async function run(command: Command): Promise<ExitCode | undefined> {
  switch (command.kind) {
    case 'check':
      return runCheck(command, terminal);
    case 'fix':
      return runFix(command, terminal);
    case 'sql':
      return runSql(command, terminal);
    case 'owed':
      return runOwed(command, terminal);
    case 'explain':
      return runExplain(command.rule, terminal);
    case 'rules':
      return runRules(terminal);
    case 'help':
      terminal.output.write(helpText(command.topic));
      return exitCodes.clean;
    case 'version':
      terminal.output.write(`${version}\n`);
      return exitCodes.clean;
    case 'lsp': {
      // Loaded only now: checking files needs nothing of the protocol.
      const { serveNode } = await import('../lsp/serve-node.ts');
      serveNode('stdio');
      return undefined;
    }
  }
}

/** What the user can do something about in a sentence; with the stack what only the authors can. */
function messageFor(error: unknown): string {
  if (error instanceof UsageError) return `${error.message}\nstepwise --help tells more.`;
  if (error instanceof FilesNotWrittenError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
