import type { FilePath } from '../base/file-path.ts';
import { baseNameOf, folderOf, isWithin } from '../base/file-path.ts';

/** A folder that holds a project, and what decides for it. */
export interface ProjectRoot {
  readonly folder: FilePath;
  /** The nearest pyproject.toml at or above that configures Stepwise. */
  readonly pyproject: FilePath | undefined;
}

/**
 * Tells the projects of a workspace apart: each folder whose pyproject.toml configures Stepwise is one, and where there
 * are several manage.py each of their folders is one too. What belongs to none belongs to the workspace's own folder.
 *
 * @param configuring the pyproject.toml files that configure Stepwise
 */
export function projectRootsIn(
  root: FilePath,
  files: readonly FilePath[],
  configuring: ReadonlySet<FilePath>,
): readonly ProjectRoot[] {
  const managed = files.filter((file) => baseNameOf(file) === 'manage.py').map(folderOf);
  const configured = [...configuring].map(folderOf);
  const folders = new Set([root, ...configured, ...(managed.length > 1 ? managed : [])]);
  return [...folders]
    .sort((one, other) => one.length - other.length || (one < other ? -1 : 1))
    .map((folder) => ({ folder, pyproject: nearestAbove(folder, configuring) }));
}

function nearestAbove(folder: FilePath, configuring: ReadonlySet<FilePath>): FilePath | undefined {
  const above = [...configuring].filter((file) => isWithin(folder, folderOf(file)));
  return above.sort((one, other) => other.length - one.length)[0];
}

/** The innermost root that a file lies in. */
export function rootOf(file: FilePath, roots: readonly ProjectRoot[]): ProjectRoot | undefined {
  return roots.findLast(({ folder }) => isWithin(file, folder));
}
