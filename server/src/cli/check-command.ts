import { type FilePath, folderOf, isWithin } from '../base/file-path.ts';
import { isAtLeast, type Level } from '../base/level.ts';
import { lineIndexOf } from '../base/line-index.ts';
import type { SettingProblem } from '../config/project-settings.ts';
import type { Finding } from '../engine/finding.ts';
import { withSqlParser } from '../sql/postgresql/parser-source.ts';
import type { CheckCommand } from './command-line.ts';
import { jsonReport } from './json-report.ts';
import { type OpenedPaths, type OpenedWorkspace, openPaths } from './open-workspaces.ts';
import { type CheckReport, comparePaths, inReportOrder, type ReportProblem, shownPath } from './report.ts';
import { styleFor } from './style.ts';
import { type ExitCode, exitCodes, type Terminal } from './terminal.ts';
import { summaryText, textReport } from './text-report.ts';

/** `stepwise check` */
export async function runCheck(command: CheckCommand, terminal: Terminal): Promise<ExitCode> {
  const isShown = (level: Level) => command.format === 'json' || command.showAll || level !== 'low';
  const report = await reportOn(await openPaths(command.paths, terminal), isShown);
  const { workingDirectory, output, errors } = terminal;
  if (command.format === 'json') {
    output.write(`${JSON.stringify(jsonReport(report, workingDirectory), undefined, 2)}\n`);
  } else {
    const options = { workingDirectory, showAll: command.showAll };
    output.write(textReport(report, { ...options, style: styleFor(output, terminal.environment) }));
    errors.write(`${summaryText(report, options)}\n`);
  }
  writeProblems(report.problems, terminal);
  if (report.problems.length > 0) return exitCodes.failed;
  const fails = report.findings.some(({ level }) => isAtLeast(level, command.failOn));
  return fails ? exitCodes.findings : exitCodes.clean;
}

export function writeProblems(problems: readonly ReportProblem[], { errors, workingDirectory }: Terminal): void {
  for (const { file, message } of problems) errors.write(`${shownPath(file, workingDirectory)}: ${message}\n`);
}

function findingsIn(
  file: FilePath,
  check: OpenedWorkspace['check'],
  needsFixes: (level: Level) => boolean,
): readonly Finding[] {
  const found = check(file);
  // Now, while the migrations that fixes look at are at hand: only the last ones are kept in memory.
  for (const finding of found) if (needsFixes(finding.level)) finding.fixes();
  return found;
}

/** @param needsFixes whether the fixes of a finding of this level will be shown */
async function reportOn(
  { workspaces, problems }: OpenedPaths,
  needsFixes: (level: Level) => boolean,
): Promise<CheckReport> {
  const texts = (file: FilePath): string => {
    for (const { files, isAsked } of workspaces) {
      const read = isAsked(file) ? files.read(file) : undefined;
      if (read?.kind === 'text') return read.text;
    }
    return '';
  };
  const findings: Finding[] = [];
  for (const { asked, askedSettings, check } of workspaces) {
    for (const file of [...asked, ...askedSettings])
      findings.push(...(await withSqlParser(() => findingsIn(file, check, needsFixes))));
  }
  const count = workspaces.reduce((sum, { asked }) => sum + asked.length, 0);
  return {
    findings: inReportOrder(findings),
    files: count,
    migrations: count,
    problems: [...workspaces.flatMap(problemsOf), ...problems].sort((one, other) => comparePaths(one.file, other.file)),
    textOf: texts,
  };
}

/**
 * What could not be read or used at the paths, and in the projects that own what lies there: it is missing from what
 * was judged.
 */
export function problemsOf(opened: OpenedWorkspace): readonly ReportProblem[] {
  const { workspace, asked, isAsked } = opened;
  const concerned = new Set(asked.map((file) => workspace.projectOf(file)));
  const unread = workspace.projects.flatMap((project) =>
    project.problems.filter(({ file }) => concerned.has(project) || isAsked(file)),
  );
  const settings = opened.settingProblems().filter(({ file }) => {
    const folder = folderOf(file);
    return isAsked(file) || asked.some((each) => isWithin(each, folder));
  });
  return [...unread, ...settings.map((problem) => settingProblem(problem, opened))];
}

function settingProblem({ file, span, message }: SettingProblem, { files }: OpenedWorkspace): ReportProblem {
  const read = files.read(file);
  const { line } = lineIndexOf(read.kind === 'text' ? read.text : '').positionAt(span.start);
  return { file, message: `line ${line + 1}: ${message}` };
}
