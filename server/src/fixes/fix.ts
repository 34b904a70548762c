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
  /** It follows from all that its files say: it is applied when no other fix changes them any more. */
  readonly followsFromAll?: true;
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

// Classes, for reports name thousands of them: an object literal with a getter is made many times slower.
class CreatedFile implements CreateFile {
  readonly kind = 'create';
  readonly file: FilePath;
  readonly #write: () => string;
  #text: string | undefined;

  constructor(file: FilePath, write: () => string) {
    this.file = file;
    this.#write = write;
  }

  get text(): string {
    this.#text ??= this.#write();
    return this.#text;
  }
}

class ChangedFile implements ChangeFile {
  readonly kind = 'change';
  readonly file: FilePath;
  readonly #find: () => readonly TextEdit[];
  #edits: readonly TextEdit[] | undefined;

  constructor(file: FilePath, find: () => readonly TextEdit[]) {
    this.file = file;
    this.#find = find;
  }

  get edits(): readonly TextEdit[] {
    this.#edits ??= this.#find();
    return this.#edits;
  }
}

/** A file whose text is written when somebody looks at it: most fixes are only named in a report. */
export function createdFile(file: FilePath, write: () => string): CreateFile {
  return new CreatedFile(file, write);
}

/** The same for changes of a file that is there. */
export function changedFile(file: FilePath, find: () => readonly TextEdit[]): ChangeFile {
  return new ChangedFile(file, find);
}
