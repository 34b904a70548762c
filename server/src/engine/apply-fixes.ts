import { type FilePath, folderOf } from '../base/file-path.ts';
import { applyEdits, sortEdits, type TextEdit } from '../base/text-edit.ts';
import type { Fix } from '../fixes/fix.ts';
import type { FileText } from '../project/files.ts';

/** A place where fixes are offered: a finding, or a step whose time has come. */
export interface Candidate {
  readonly rule: string;
  readonly file: FilePath;
  fixes(): readonly Fix[];
}

/** What fixes are applied to. Nothing is written: `put` only makes the text the one that is checked from then on. */
export interface FixableFiles {
  candidates(file: FilePath): readonly Candidate[];
  read(file: FilePath): FileText;
  put(file: FilePath, text: string): void;
}

export interface FixOutcome {
  /** Every file that is different now; one that was created has no text before. */
  readonly files: ReadonlyMap<FilePath, { readonly before: string | undefined; readonly after: string }>;
  readonly applied: readonly FixNote[];
  readonly refused: readonly (FixNote & { readonly reason: string })[];
}

export interface FixNote {
  readonly rule: string;
  readonly file: FilePath;
  readonly title: string;
}

/** Fixes were still offered after as many passes as there can be reasons for: two of them undo each other. */
export class FixesDoNotSettleError extends Error {
  override readonly name = 'FixesDoNotSettleError';
}

/** Passes beyond one for each place: fixes whose first application makes room for another. */
const extraPasses = 10;

/**
 * Applies a fix at every place until none is offered any more. Fixes that meet in one place, or that both number a new
 * file of one folder, are applied in different passes, each computed from what the one before has left.
 *
 * @param choose the fix to apply at a place, if any
 * @throws {FixesDoNotSettleError}
 */
export function applyFixes(
  workspace: FixableFiles,
  files: readonly FilePath[],
  choose: (candidate: Candidate) => Fix | undefined,
): FixOutcome {
  const texts = new Map<FilePath, { readonly before: string | undefined; readonly after: string }>();
  const applied: FixNote[] = [];
  const refused = new Map<string, FixNote & { readonly reason: string }>();
  let passesLeft: number | undefined;
  for (;;) {
    const candidates = files.flatMap((file) => workspace.candidates(file));
    const pass = startPass(workspace);
    for (const candidate of candidates) {
      const fix = choose(candidate);
      if (fix === undefined) continue;
      const note = { rule: candidate.rule, file: candidate.file, title: fix.title };
      const verdict = refused.has(keyOf(note)) ? 'later' : pass.add(fix);
      if (verdict === 'added') applied.push(note);
      else if (verdict !== 'later') refused.set(keyOf(note), { ...note, reason: verdict.refused });
    }
    const changes = pass.results();
    if (changes.size === 0) return { files: texts, applied, refused: [...refused.values()] };
    passesLeft = (passesLeft ?? candidates.length + extraPasses) - 1;
    if (passesLeft < 0) throw new FixesDoNotSettleError(unsettled(applied.at(-1)));
    for (const [file, { before, after }] of changes) {
      texts.set(file, { before: texts.has(file) ? texts.get(file)?.before : before, after });
      workspace.put(file, after);
    }
  }
}

function keyOf({ rule, file, title }: FixNote): string {
  return JSON.stringify([rule, file, title]);
}

function unsettled(note: FixNote | undefined): string {
  return `The fixes do not come to an end: the last was «${note?.title}» for ${note?.rule} in ${note?.file}.`;
}

interface Pass {
  add(fix: Fix): 'added' | 'later' | { readonly refused: string };
  /** The texts after this pass of the files that it changes. */
  results(): ReadonlyMap<FilePath, { readonly before: string | undefined; readonly after: string }>;
}

function startPass(workspace: FixableFiles): Pass {
  const edits = new Map<FilePath, readonly TextEdit[]>();
  const created = new Map<FilePath, string>();
  const foldersWithNewFiles = new Set<FilePath>();
  const obstacleOf = (fix: Fix): 'later' | { readonly refused: string } | undefined => {
    for (const edit of fix.edits) {
      if (edit.kind === 'create') {
        if (foldersWithNewFiles.has(folderOf(edit.file))) return 'later';
        if (workspace.read(edit.file).kind !== 'missing') return { refused: `${edit.file} exists already` };
      } else {
        if (workspace.read(edit.file).kind !== 'text') return { refused: `${edit.file} cannot be read` };
        if (overlapThemselves(edit.edits)) return { refused: `its edits of ${edit.file} overlap` };
        if (meet(edits.get(edit.file) ?? [], edit.edits)) return 'later';
      }
    }
    return undefined;
  };
  return {
    add(fix) {
      if (fix.edits.length === 0) return { refused: 'it changes nothing' };
      const obstacle = obstacleOf(fix);
      if (obstacle !== undefined) return obstacle;
      for (const edit of fix.edits) {
        if (edit.kind === 'create') {
          created.set(edit.file, edit.text);
          foldersWithNewFiles.add(folderOf(edit.file));
        } else {
          edits.set(edit.file, [...(edits.get(edit.file) ?? []), ...edit.edits]);
        }
      }
      return 'added';
    },
    results() {
      const results = new Map<FilePath, { readonly before: string | undefined; readonly after: string }>();
      for (const [file, fileEdits] of edits) {
        const read = workspace.read(file);
        const before = read.kind === 'text' ? read.text : '';
        results.set(file, { before, after: applyEdits(before, fileEdits) });
      }
      for (const [file, after] of created) results.set(file, { before: undefined, after });
      return results;
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
