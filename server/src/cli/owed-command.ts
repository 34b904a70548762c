import type { FilePath } from '../base/file-path.ts';
import { type LineIndex, lineIndexOf } from '../base/line-index.ts';
import type { OfferedFix } from '../engine/check.ts';
import { withSqlParser } from '../sql/postgresql/parser-source.ts';
import { problemsOf, writeProblems } from './check-command.ts';
import type { OwedCommand } from './command-line.ts';
import { type JsonFixes, type JsonRange, toJsonFixes, toJsonRange } from './json-parts.ts';
import { type OpenedWorkspace, openPaths } from './open-workspaces.ts';
import { comparePaths, type ReportProblem, shownPath } from './report.ts';
import { type Style, styleFor } from './style.ts';
import { type ExitCode, exitCodes, type Terminal } from './terminal.ts';
import { counted, fixLines } from './text-report.ts';

/** The output of `stepwise owed --format json`; docs/schema/owed.schema.json describes it for others. */
interface OwedReport {
  readonly version: 1;
  readonly owed: readonly ({
    readonly rule: string;
    readonly message: string;
    readonly file: string;
    readonly range: JsonRange;
    readonly migration: string;
  } & JsonFixes)[];
  readonly problems: readonly ReportProblem[];
}

interface PlacedStep {
  readonly step: OfferedFix;
  readonly lines: LineIndex;
}

/** `stepwise owed`: what earlier migrations have left for a later release. */
export async function runOwed(command: OwedCommand, terminal: Terminal): Promise<ExitCode> {
  const { workspaces, problems } = await openPaths(command.paths, terminal);
  const placed: PlacedStep[] = [];
  for (const workspace of workspaces) {
    for (const file of workspace.asked) {
      const steps = await withSqlParser(() => stepsIn(file, workspace));
      const lines = linesOf(file, workspace);
      placed.push(...steps.map((step) => ({ step, lines })));
    }
  }
  placed.sort(
    ({ step: one }, { step: other }) => comparePaths(one.file, other.file) || one.span.start - other.span.start,
  );
  const trouble = [...workspaces.flatMap(problemsOf), ...problems];
  if (command.format === 'json') {
    terminal.output.write(`${JSON.stringify(jsonReport(placed, trouble, terminal), undefined, 2)}\n`);
  } else {
    const style = styleFor(terminal.output, terminal.environment);
    for (const each of placed) terminal.output.write(textOf(each, style, terminal));
    const count = placed.length;
    terminal.errors.write(
      count === 0 ? 'Nothing is owed.\n' : `${counted(count, 'step')} ${count === 1 ? 'is' : 'are'} owed.\n`,
    );
  }
  writeProblems(trouble, terminal);
  return trouble.length > 0 ? exitCodes.failed : exitCodes.clean;
}

function stepsIn(file: FilePath, { offers }: OpenedWorkspace): readonly OfferedFix[] {
  const steps = offers(file);
  // Now, while the migrations that fixes look at are at hand: only the last ones are kept in memory.
  for (const step of steps) step.fixes();
  return steps;
}

function linesOf(file: FilePath, { files }: OpenedWorkspace): LineIndex {
  const read = files.read(file);
  return lineIndexOf(read.kind === 'text' ? read.text : '');
}

function textOf({ step, lines }: PlacedStep, style: Style, { workingDirectory }: Terminal): string {
  const { line, character } = lines.positionAt(step.span.start);
  const file = shownPath(step.file, workingDirectory);
  const rows = [style.bold(`${file}:${line + 1}:${character + 1}`), `  ${step.owed}`, ...fixLines(step, style), ''];
  return rows.map((row) => `${row}\n`).join('');
}

function jsonReport(
  placed: readonly PlacedStep[],
  problems: readonly ReportProblem[],
  { workingDirectory }: Terminal,
): OwedReport {
  const shown = (file: FilePath) => shownPath(file, workingDirectory);
  return {
    version: 1,
    owed: placed.map(({ step, lines }) => ({
      rule: step.rule.name,
      message: step.owed,
      file: shown(step.file),
      range: toJsonRange(step.span, lines),
      migration: step.migration,
      ...toJsonFixes(step, shown),
    })),
    problems: problems.map(({ file, message }) => ({ file: shown(file), message })),
  };
}
