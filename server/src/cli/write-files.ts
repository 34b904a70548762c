import { accessSync, constants, existsSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { FilePath } from '../base/file-path.ts';
import { toNativePath } from '../disk/native-path.ts';
import { createTextFile, reasonOf, removeFile, replaceTextFile } from '../disk/text-file.ts';
import type { ChangedText, FixOutcome } from '../engine/apply-fixes.ts';

/** Files could not be written. Nothing was changed on the disk, or the message says what was. */
export class FilesNotWrittenError extends Error {
  override readonly name = 'FilesNotWrittenError';
}

/**
 * Writes what fixes came to: all of it or nothing. New files come first, because they fail the most; files that go, last.
 *
 * @throws {FilesNotWrittenError}
 */
export function writeOutcome(files: FixOutcome['files']): void {
  for (const [file, { before }] of files) requireWritable(file, before === undefined);
  const undo: (() => void)[] = [];
  for (const [file, { before, after }] of [...files].sort(([, one], [, other]) => rankOf(one) - rankOf(other))) {
    const native = toNativePath(file);
    try {
      if (before === undefined) {
        createTextFile(native, after ?? '');
        undo.push(() => rmSync(native));
      } else if (after === undefined) {
        undo.push(removeFile(native));
      } else {
        undo.push(() => replaceTextFile(native, before));
        replaceTextFile(native, after);
      }
    } catch (cause) {
      takeBack(undo, file, cause);
    }
  }
}

function rankOf({ before, after }: ChangedText): number {
  if (before === undefined) return 0;
  return after === undefined ? 2 : 1;
}

function takeBack(undo: readonly (() => void)[], file: FilePath, cause: unknown): never {
  try {
    for (const step of undo.toReversed()) step();
  } catch {
    const reason = `${file} could not be written (${reasonOf(cause)}), and not all of the others could be put back.`;
    throw new FilesNotWrittenError(reason, { cause });
  }
  throw notWritten(file, cause);
}

function requireWritable(file: FilePath, isNew: boolean): void {
  const native = toNativePath(file);
  try {
    if (isNew && existsSync(native)) throw new Error('it exists already');
    accessSync(isNew ? existingFolder(native) : native, constants.W_OK);
  } catch (cause) {
    throw notWritten(file, cause);
  }
}

function existingFolder(native: string): string {
  let folder = dirname(native);
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

function notWritten(file: FilePath, cause: unknown): FilesNotWrittenError {
  return new FilesNotWrittenError(`Nothing was changed: ${file} cannot be written, ${reasonOf(cause)}.`, { cause });
}
