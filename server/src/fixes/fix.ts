import type { FilePath } from '../base/file-path.ts';
import type { TextEdit } from '../base/text-edit.ts';

/**
 * A rewrite that is offered. `safe`: same schema, same data, may run on save. `review`: offered, never automatic.
 * Edits are minimal, complete, and belong to the texts the fix was computed from.
 */
export interface Fix {
  /** An imperative that names the result: «Build the index concurrently». */
  readonly title: string;
  readonly safety: 'safe' | 'review';
  readonly edits: readonly FileEdit[];
}

/** Why a recipe writes nothing where a fix would be expected: a sentence or two for the person who looked for it. */
export interface Refusal {
  readonly refused: string;
}

/** What a recipe answers: rewrites, or why there is none. */
export type Answer = Fix | Refusal;

/** The answer of a recipe that writes nothing; empty where it is not about the place at all. */
export type Refused = readonly Refusal[];

export function refusal(refused: string): Refused {
  return [{ refused }];
}

export function isRefusal(answer: Answer): answer is Refusal {
  return 'refused' in answer;
}

export function isRefused(found: object | Refused): found is Refused {
  return Array.isArray(found);
}

export type FileEdit = ChangeFile | CreateFile | RenameFile;

export interface ChangeFile {
  readonly kind: 'change';
  readonly file: FilePath;
  readonly edits: readonly TextEdit[];
}

/** The file must not exist yet. */
export interface CreateFile {
  readonly kind: 'create';
  readonly file: FilePath;
  readonly text: string;
}

/** Other edits of the file name it as it was called before. There must be no file with the new name yet. */
export interface RenameFile {
  readonly kind: 'rename';
  readonly file: FilePath;
  readonly to: FilePath;
}

/** The file that an edit would bring into being. */
export function newFileOf(edit: FileEdit): FilePath | undefined {
  if (edit.kind === 'rename') return edit.to;
  return edit.kind === 'create' ? edit.file : undefined;
}

/** A file whose text is written when somebody looks at it: most fixes are only named in a report. */
export function createdFile(file: FilePath, write: () => string): CreateFile {
  let text: string | undefined;
  return {
    kind: 'create',
    file,
    get text() {
      text ??= write();
      return text;
    },
  };
}

/** The same for changes of a file that is there. */
export function changedFile(file: FilePath, find: () => readonly TextEdit[]): ChangeFile {
  let edits: readonly TextEdit[] | undefined;
  return {
    kind: 'change',
    file,
    get edits() {
      edits ??= find();
      return edits;
    },
  };
}
