import type { FilePath } from '../base/file-path.ts';
import { baseNameOf, folderOf, joinPath } from '../base/file-path.ts';

/** Folders of tools; every folder whose name begins with a dot is one too. */
const foldersOfTools: ReadonlySet<string> = new Set([
  'node_modules',
  'bower_components',
  '__pycache__',
  '__pypackages__',
  'site-packages',
  'dist-packages',
]);

/** Names of build results and environments, which may as well be those of a Python package. */
const foldersOfResults: ReadonlySet<string> = new Set(['build', 'dist', 'venv', 'virtualenv', 'htmlcov']);

/**
 * Whether a folder holds no source of the project: whoever lists files need not look into it.
 *
 * @param holds whether a file of this name lies directly in the folder
 */
export function isIgnoredFolder(name: string, holds: (file: string) => boolean): boolean {
  if (name.startsWith('.') || name.endsWith('.egg-info') || foldersOfTools.has(name)) return true;
  // The mark of a virtual environment, whatever the folder is called.
  return holds('pyvenv.cfg') || (foldersOfResults.has(name) && !holds('__init__.py'));
}

/** Leaves out what lies in folders below `root` that hold no source of the project. */
export function withoutIgnored(files: readonly FilePath[], root: FilePath): readonly FilePath[] {
  const all = new Set(files);
  const verdicts = new Map<FilePath, boolean>();
  const isIgnored = (folder: FilePath): boolean => {
    if (folder.length <= root.length) return false;
    let verdict = verdicts.get(folder);
    if (verdict === undefined) {
      const holds = (file: string): boolean => all.has(joinPath(folder, file));
      verdict = isIgnoredFolder(baseNameOf(folder), holds) || isIgnored(folderOf(folder));
      verdicts.set(folder, verdict);
    }
    return verdict;
  };
  return files.filter((file) => !isIgnored(folderOf(file)));
}
