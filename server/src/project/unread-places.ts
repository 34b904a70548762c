import type { FilePath } from '../base/file-path.ts';
import { lineIndexOf } from '../base/line-index.ts';
import type { ProjectProblem } from './project.ts';
import type { SourceFiles } from './source-files.ts';

/**
 * What is missing from a project because it could not be read: whole files, and what stands around a syntax error in a
 * migration.
 */
export function unreadPlaces(
  sources: SourceFiles,
  isMigration: (file: FilePath) => boolean,
  isOwned: (file: FilePath) => boolean,
): readonly ProjectProblem[] {
  const unreadable = [...sources.faults].filter(([file]) => isMigration(file) || isOwned(file));
  const broken = [...sources.syntaxErrors].filter(([file]) => isMigration(file));
  return [
    ...unreadable.map(([file, reason]) => ({ file, message: `This file cannot be read: ${reason}.` })),
    ...broken.map(([file, offset]) => {
      const { line } = lineIndexOf(sources.text(file) ?? '').positionAt(offset);
      return {
        file,
        message: `line ${line + 1}: This is no valid Python, so what it belongs to could not be checked.`,
      };
    }),
  ];
}
