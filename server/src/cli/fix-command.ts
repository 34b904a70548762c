import type { FilePath } from '../base/file-path.ts';
import {
  applyFixes,
  type Candidate,
  type FixableFiles,
  type FixNote,
  type FixOutcome,
  type UnfixedPlace,
} from '../engine/apply-fixes.ts';
import type { Fix } from '../fixes/fix.ts';
import { problemsOf, writeProblems } from './check-command.ts';
import type { FixCommand } from './command-line.ts';
import { type OpenedWorkspace, openPaths } from './open-workspaces.ts';
import { comparePaths, shownPath } from './report.ts';
import { requireRule } from './require-rule.ts';
import { type ExitCode, exitCodes, type Terminal } from './terminal.ts';
import { counted } from './text-report.ts';
import { unifiedDiff } from './unified-diff.ts';
import { writeOutcome } from './write-files.ts';

/** `stepwise fix` */
export async function runFix(command: FixCommand, terminal: Terminal): Promise<ExitCode> {
  for (const rule of command.rules) requireRule(rule);
  const { workspaces, sqlParser, problems } = await openPaths(command.paths, terminal);
  // Fixes build on each other: they cannot begin again in the middle, when the first SQL turns up.
  await sqlParser.load();
  const outcomes = workspaces.map((workspace) => fixWorkspace(workspace, command));
  const files = new Map(outcomes.flatMap((outcome) => [...outcome.files]));
  const applied = outcomes.flatMap((outcome) => outcome.applied);
  const refused = outcomes.flatMap((outcome) => outcome.refused);
  const unfixed = outcomes.flatMap((outcome) => outcome.unfixed);

  if (command.output === 'write') writeOutcome(files);
  else terminal.output.write(diffOf(files, terminal));
  for (const note of applied) terminal.errors.write(`${noteText(note, terminal)}\n`);
  for (const note of refused) terminal.errors.write(`${noteText(note, terminal)}: not applied, ${note.reason}\n`);
  for (const text of new Set(unfixed.map((place) => unfixedText(place, terminal)))) terminal.errors.write(`${text}\n`);
  terminal.errors.write(`${conclusion(command, applied.length, files.size, unfixed.length)}\n`);
  const trouble = [...workspaces.flatMap(problemsOf), ...problems];
  writeProblems(trouble, terminal);
  return trouble.length > 0 || refused.length > 0 ? exitCodes.failed : exitCodes.clean;
}

function fixWorkspace(workspace: OpenedWorkspace, command: FixCommand): FixOutcome {
  const files = [...workspace.asked, ...workspace.askedSettings];
  return applyFixes(fixable(workspace, command), files, (candidate) => chosenFix(candidate, command));
}

function fixable({ workspace, files, check, offers }: OpenedWorkspace, { rules, title }: FixCommand): FixableFiles {
  const texts = new Map<FilePath, string | undefined>();
  return {
    candidates(file) {
      // The step of a later release is taken when somebody asks for it by name, never along with what it completes.
      const places = [...check(file), ...(title === undefined || texts.has(file) ? [] : offers(file))];
      const asked = rules.length === 0 ? places : places.filter(({ rule }) => rules.includes(rule.name));
      return asked.map(({ rule, fixes, refusals }) => ({ rule: rule.name, file, fixes, refusals }));
    },
    read(file) {
      if (!texts.has(file)) return files.read(file);
      const text = texts.get(file);
      return text === undefined ? { kind: 'missing' } : { kind: 'text', text };
    },
    put(file, text) {
      texts.set(file, text);
      workspace.openDocument(file, text);
    },
    hide(file) {
      texts.set(file, undefined);
      workspace.hideDocument(file);
    },
    takeBack(file) {
      texts.delete(file);
      workspace.closeDocument(file);
    },
  };
}

/** The first fix of the place that the command line admits. */
function chosenFix({ fixes }: Candidate, { title, review }: FixCommand): Fix | undefined {
  const words = title?.toLowerCase();
  return fixes().find((fix) => {
    if (words !== undefined) return fix.title.toLowerCase().includes(words);
    return review || fix.safety === 'safe';
  });
}

function diffOf(files: FixOutcome['files'], { workingDirectory }: Terminal): string {
  return [...files]
    .sort(([one], [other]) => comparePaths(one, other))
    .map(([file, { before, after }]) => unifiedDiff(before, after, shownPath(file, workingDirectory)))
    .join('');
}

function noteText({ rule, file, title }: FixNote, { workingDirectory }: Terminal): string {
  return `${shownPath(file, workingDirectory)}: ${rule}: ${title}`;
}

function unfixedText({ rule, file, reason }: UnfixedPlace, { workingDirectory }: Terminal): string {
  return `${shownPath(file, workingDirectory)}: ${rule}: no fix. ${reason}`;
}

function conclusion({ output, review, title }: FixCommand, applied: number, files: number, unfixed: number): string {
  if (applied === 0) {
    const isNarrow = !review && title === undefined;
    return `${unfixed > 0 ? 'Nothing was fixed.' : 'Nothing to fix.'}${isNarrow ? ' Fixes that want a look before they are committed come with --review.' : ''}`;
  }
  const changes = `${counted(applied, 'fix', 'fixes')} in ${counted(files, 'file')}`;
  return output === 'write' ? `${changes} written.` : `${changes}. Nothing was written: --write writes them.`;
}
