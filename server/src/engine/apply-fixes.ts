import { type FilePath, folderOf } from '../base/file-path.ts';
import { applyEdits, sortEdits, type TextEdit } from '../base/text-edit.ts';
import { type FileEdit, type Fix, newFileOf } from '../fixes/fix.ts';
import type { FileText } from '../project/files.ts';
import type { Fixable } from './fixable.ts';

/** A place where fixes are offered: a finding, or a step whose time has come. */
export interface Candidate extends Fixable {
  readonly rule: string;
  readonly file: FilePath;
}

/** What fixes are applied to. Nothing is written: `put` only makes the text the one that is checked from then on. */
export interface FixableFiles {
  candidates(file: FilePath): readonly Candidate[];
  read(file: FilePath): FileText;
  put(file: FilePath, text: string): void;
  /** From then on the file is not there. */
  hide(file: FilePath): void;
  /** The text is again what it was before all fixes; a file that was created is gone. */
  takeBack(file: FilePath): void;
}

export interface FixOutcome {
  /** Every file that is different now. */
  readonly files: ReadonlyMap<FilePath, ChangedText>;
  readonly applied: readonly FixNote[];
  readonly refused: readonly RefusedFix[];
  /** Where no fix could be written, as things are in the end. */
  readonly unfixed: readonly UnfixedPlace[];
}

/** Why there is no fix at a place. */
export interface UnfixedPlace {
  readonly rule: string;
  readonly file: FilePath;
  readonly reason: string;
}

/** A file that was created has no text before, one that goes has none after. */
export interface ChangedText {
  readonly before: string | undefined;
  readonly after: string | undefined;
}

export interface FixNote {
  readonly rule: string;
  readonly file: FilePath;
  readonly title: string;
}

export interface RefusedFix extends FixNote {
  readonly reason: string;
}

/** Passes beyond one for each place, and rounds beyond the first: for fixes that make room for others. */
const extra = 10;

/**
 * Applies a fix at every place until none is offered any more. Goes from file to file, and around once more as long as
 * a round has changed something. Fixes that meet in one place, or that both number a new file of one folder, are applied
 * in different passes over their file, each computed from what the one before has left.
 *
 * @param choose the fix to apply at a place, if any
 */
export function applyFixes(
  workspace: FixableFiles,
  files: readonly FilePath[],
  choose: (candidate: Candidate) => Fix | undefined,
): FixOutcome {
  const run: Run = {
    workspace,
    choose,
    texts: new Map(),
    names: new Map(),
    applied: [],
    refused: new Map(),
    unfixed: [],
  };
  for (let round = 0; round <= extra; round++) {
    const before = run.applied.length;
    run.unfixed.length = 0;
    for (const file of files) settleFile(run, nameOf(run, file));
    if (run.applied.length === before) break;
  }
  return { files: run.texts, applied: run.applied, refused: [...run.refused.values()], unfixed: run.unfixed };
}

interface Run {
  readonly workspace: FixableFiles;
  readonly choose: (candidate: Candidate) => Fix | undefined;
  readonly texts: Map<FilePath, ChangedText>;
  /** What files are called that were renamed, by their names before. */
  readonly names: Map<FilePath, FilePath>;
  readonly applied: FixNote[];
  readonly refused: Map<string, RefusedFix>;
  /** Of this round: the last one looks at everything as it is in the end. */
  readonly unfixed: UnfixedPlace[];
}

/**
 * Passes over one file until nothing is left to apply in it. A fix that is still offered after as many passes as there
 * can be reasons for does not do what it is for, or another undoes it: all of the file's are taken back, and applied again
 * without that one.
 */
function settleFile(run: Run, file: FilePath): void {
  const start = { texts: new Map(run.texts), names: new Map(run.names), applied: run.applied.length };
  let candidates = run.workspace.candidates(file);
  for (let passesLeft = candidates.length + extra; passesLeft >= 0; passesLeft--) {
    const before = run.applied.length;
    const { changes, renamed } = passOver(run, candidates);
    if (changes.size === 0) {
      run.unfixed.push(...candidates.flatMap(unfixedPlaces));
      return;
    }
    if (passesLeft === 0) {
      for (const note of run.applied.slice(before)) refuse(run, note, 'it would have to be applied again and again');
      break;
    }
    for (const [changed, { before: original, after }] of changes) {
      const known = run.texts.get(changed);
      run.texts.set(changed, { before: known === undefined ? original : known.before, after });
      show(run, changed, after);
    }
    for (const [from, to] of renamed) run.names.set(from, to);
    candidates = run.workspace.candidates(nameOf(run, file));
  }
  takeBack(run, start);
  settleFile(run, file);
}

function unfixedPlaces({ rule, file, refusals }: Candidate): readonly UnfixedPlace[] {
  return refusals().map((reason) => ({ rule, file, reason }));
}

function takeBack(run: Run, start: Pick<Run, 'texts' | 'names'> & { readonly applied: number }): void {
  for (const [file, { after }] of run.texts) {
    const earlier = start.texts.get(file);
    if (earlier === undefined) {
      run.workspace.takeBack(file);
      run.texts.delete(file);
    } else if (earlier.after !== after) {
      show(run, file, earlier.after);
      run.texts.set(file, earlier);
    }
  }
  run.applied.length = start.applied;
  run.names.clear();
  for (const [from, to] of start.names) run.names.set(from, to);
}

function nameOf(run: Run, file: FilePath): FilePath {
  const name = run.names.get(file);
  return name === undefined ? file : nameOf(run, name);
}

function show({ workspace }: Run, file: FilePath, text: string | undefined): void {
  if (text === undefined) workspace.hide(file);
  else workspace.put(file, text);
}

function refuse(run: Run, note: FixNote, reason: string): void {
  run.refused.set(keyOf(note), { ...note, reason });
}

function passOver(run: Run, candidates: readonly Candidate[]): PassResults {
  const pass = startPass(run.workspace);
  const chosen = candidates.flatMap((candidate) => {
    const fix = run.choose(candidate);
    return fix === undefined ? [] : [{ candidate, fix }];
  });
  // What follows from all of a file waits until all else in it is done.
  const last = (each: { readonly fix: Fix }): number => (each.fix.followsFromAll === true ? 1 : 0);
  for (const { candidate, fix } of chosen.toSorted((one, other) => last(one) - last(other))) {
    const note = { rule: candidate.rule, file: candidate.file, title: fix.title };
    if (run.refused.has(keyOf(note))) continue;
    const verdict = pass.add(fix);
    if (verdict === 'added') run.applied.push(note);
    else if (verdict !== 'later') refuse(run, note, verdict.refused);
  }
  return pass.results();
}

function keyOf({ rule, file, title }: FixNote): string {
  return JSON.stringify([rule, file, title]);
}

interface Pass {
  add(fix: Fix): 'added' | 'later' | { readonly refused: string };
  results(): PassResults;
}

interface PassResults {
  /** The texts after the pass of the files that it changes. */
  readonly changes: ReadonlyMap<FilePath, ChangedText>;
  readonly renamed: ReadonlyMap<FilePath, FilePath>;
}

function startPass(workspace: FixableFiles): Pass {
  const edits = new Map<FilePath, readonly TextEdit[]>();
  const created = new Map<FilePath, string>();
  const renamed = new Map<FilePath, FilePath>();
  const foldersWithNewFiles = new Set<FilePath>();
  const obstacleOf = (edit: FileEdit): 'later' | { readonly refused: string } | undefined => {
    const made = newFileOf(edit);
    if (made !== undefined) {
      if (foldersWithNewFiles.has(folderOf(made))) return 'later';
      if (workspace.read(made).kind !== 'missing') return { refused: `${made} exists already` };
    }
    if (edit.kind === 'create') return undefined;
    if (workspace.read(edit.file).kind !== 'text') return { refused: `${edit.file} cannot be read` };
    if (renamed.has(edit.file)) return 'later';
    if (edit.kind === 'rename') return edits.has(edit.file) ? 'later' : undefined;
    if (overlapThemselves(edit.edits)) return { refused: `its edits of ${edit.file} overlap` };
    return meet(edits.get(edit.file) ?? [], edit.edits) ? 'later' : undefined;
  };
  return {
    add(fix) {
      if (fix.edits.length === 0) return { refused: 'it changes nothing' };
      const obstacle = fix.edits.map(obstacleOf).find((each) => each !== undefined);
      if (obstacle !== undefined) return obstacle;
      const isStale = fix.followsFromAll === true && fix.edits.some(({ file }) => edits.has(file));
      if (isStale) return 'later';
      for (const edit of fix.edits) {
        const made = newFileOf(edit);
        if (made !== undefined) foldersWithNewFiles.add(folderOf(made));
        if (edit.kind === 'create') created.set(edit.file, edit.text);
        else if (edit.kind === 'rename') renamed.set(edit.file, edit.to);
        else edits.set(edit.file, [...(edits.get(edit.file) ?? []), ...edit.edits]);
      }
      return 'added';
    },
    results() {
      const changes = new Map<FilePath, ChangedText>();
      for (const file of new Set([...edits.keys(), ...renamed.keys()])) {
        const read = workspace.read(file);
        const before = read.kind === 'text' ? read.text : '';
        const after = applyEdits(before, edits.get(file) ?? []);
        const name = renamed.get(file);
        changes.set(name ?? file, { before: name === undefined ? before : undefined, after });
        if (name !== undefined) changes.set(file, { before, after: undefined });
      }
      for (const [file, after] of created) changes.set(file, { before: undefined, after });
      return { changes, renamed };
    },
  };
}

/** Whether edits overlap or touch: two insertions at one place would depend on their order. */
function meet(taken: readonly TextEdit[], more: readonly TextEdit[]): boolean {
  return more.some(({ span }) => taken.some(({ span: other }) => span.start <= other.end && other.start <= span.end));
}

function overlapThemselves(edits: readonly TextEdit[]): boolean {
  const sorted = sortEdits(edits);
  return sorted.some(({ span }, index) => span.start < (sorted[index - 1]?.span.end ?? 0));
}
