import { accessSync, constants, existsSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { FilePath } from '../base/file-path.ts';
import { toNativePath } from '../disk/native-path.ts';
import { createTextFile, reasonOf, replaceTextFile } from '../disk/text-file.ts';
import type { FixOutcome } from '../engine/apply-fixes.ts';

/** Files could not be written. Nothing was changed on the disk, or the message says what was. */
export class FilesNotWrittenError extends Error {
  override readonly name = 'FilesNotWrittenError';
}

/**
 * Writes what fixes came to: all of it or, as far as that can be known beforehand, nothing.
 *
 * @throws {FilesNotWrittenError}
 */
export function writeOutcome(files: FixOutcome['files']): void {
  for (const [file, { before }] of files) requireWritable(file, before === undefined);
  const created: string[] = [];
  for (const [file, { before, after }] of files) {
    if (before !== undefined) continue;
    const native = toNativePath(file);
    try {
      createTextFile(native, after);
      created.push(native);
    } catch (cause) {
      for (const path of created) rmSync(path);
      throw notWritten(file, cause);
    }
  }
  for (const [file, { before, after }] of files) {
    if (before !== undefined) replace(file, after);
  }
}

function replace(file: FilePath, text: string): void {
  try {
    replaceTextFile(toNativePath(file), text);
  } catch (cause) {
    throw new FilesNotWrittenError(`${file} could not be written (${reasonOf(cause)}); others may have been.`, {
      cause,
    });
  }
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
