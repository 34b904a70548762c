import { version } from '../disk/shipped-files.ts';
import { runCheck } from './check-command.ts';
import type { Command } from './command-line.ts';
import { runFix } from './fix-command.ts';
import { helpText } from './help.ts';
import { runOwed } from './owed-command.ts';
import { runExplain, runRules } from './rule-commands.ts';
import { runSql } from './sql-command.ts';
import { type ExitCode, exitCodes, type Terminal } from './terminal.ts';

/** Answers no code where the command goes on: a server ends by itself. */
export async function runCommand(command: Command, terminal: Terminal): Promise<ExitCode | undefined> {
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
