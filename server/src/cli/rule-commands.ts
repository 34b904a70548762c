import { rules } from '../rules/registry.ts';
import { rulePage } from '../rules/rule-page.ts';
import { requireRule } from './require-rule.ts';
import { plainStyle, styleFor } from './style.ts';
import { type ExitCode, exitCodes, type Terminal } from './terminal.ts';
import { terminalMarkdown } from './terminal-markdown.ts';

/** `stepwise explain`: the page of a rule, as Markdown where nobody looks at a terminal. */
export function runExplain(name: string, { output, environment }: Terminal): ExitCode {
  requireRule(name);
  const style = styleFor(output, environment);
  for (const rule of rules.filter((each) => each.name === name)) {
    const page = rulePage(rule);
    output.write(style === plainStyle ? page : terminalMarkdown(page, style));
  }
  return exitCodes.clean;
}

/** `stepwise rules`: name, level and summary of each. */
export function runRules({ output, environment }: Terminal): ExitCode {
  const style = styleFor(output, environment);
  const width = Math.max(...rules.map(({ name }) => name.length));
  for (const { name, level, summary } of rules) {
    output.write(`${style.bold(name.padEnd(width))}  ${level.padEnd('critical'.length)}  ${summary}\n`);
  }
  return exitCodes.clean;
}
