import { sortEdits, type TextEdit } from '../base/text-edit.ts';
import type { ModuleSource } from '../project/project.ts';
import { newlyUnusedImports } from './edits/unused-imports.ts';
import { type ChangeFile, changedFile } from './fix.ts';

/** The edits of a file, which take along the imports that only the text used that they take away. */
export function changedSource({ file, text, module }: ModuleSource, edits: readonly TextEdit[]): ChangeFile {
  return changedFile(file, () => sortEdits([...newlyUnusedImports(text, module, edits), ...edits]));
}
