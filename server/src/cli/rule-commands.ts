import { readRulePage } from '../disk/shipped-files.ts';
import { runnableRules } from '../rules/runnable-rules.ts';
import { requireRule } from './require-rule.ts';
import { plainStyle, styleFor } from './style.ts';
import { type ExitCode, exitCodes, type Terminal } from './terminal.ts';
import { terminalMarkdown } from './terminal-markdown.ts';

/** `stepwise explain`: the page of a rule, as Markdown where nobody looks at a terminal. */
export function runExplain(name: string, { output, environment }: Terminal): ExitCode {
  requireRule(name);
  const style = styleFor(output, environment);
  const page = readRulePage(name);
  output.write(style === plainStyle ? page : terminalMarkdown(page, style));
  return exitCodes.clean;
}

/** `stepwise rules`: name, level and summary of each. */
export function runRules({ output, environment }: Terminal): ExitCode {
  const style = styleFor(output, environment);
  const width = Math.max(...runnableRules.map(({ name }) => name.length));
  for (const { name, level, summary } of runnableRules) {
    output.write(`${style.bold(name.padEnd(width))}  ${level.padEnd('critical'.length)}  ${summary}\n`);
  }
  return exitCodes.clean;
}
