import { existsSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { baseNameOf, type FilePath, folderOf, joinPath } from '../base/file-path.ts';
import { toFilePath, toNativePath } from './native-path.ts';

/** Files that stand at the top of a project. */
const marks = ['manage.py', 'pyproject.toml', 'setup.py', 'setup.cfg', 'Pipfile', 'requirements.txt', 'alembic.ini'];

/**
 * The folder to read for judging what lies at a path: migrations build on those of other apps, so one folder is not
 * enough. It is the repository, or else the outermost folder above that has one of the marks of a project, or else the
 * outermost Python package. The home folder and what is above it are nobody's project.
 */
export function projectRootOf(path: FilePath): FilePath {
  const start = isFolder(path) ? path : folderOf(path);
  const above = foldersUpFrom(start);
  const repository = above.find((folder) => has(folder, '.git'));
  if (repository !== undefined) return repository;
  const marked = above.findLast((folder) => marks.some((mark) => has(folder, mark)));
  if (marked !== undefined) return marked;
  return outermostPackage(above) ?? start;
}

function foldersUpFrom(start: FilePath): readonly FilePath[] {
  const home = toFilePath(homedir());
  const folders: FilePath[] = [];
  for (let folder = start; ; folder = folderOf(folder)) {
    if (folder === home || folder === folderOf(folder) || folder === '') return folders;
    folders.push(folder);
  }
}

/** Climbs over the packages that a folder of migrations is nested in; the latter need not be a package. */
function outermostPackage(above: readonly FilePath[]): FilePath | undefined {
  const isPackage = (folder: FilePath) => has(folder, '__init__.py') || baseNameOf(folder) === 'migrations';
  const end = above.findIndex((folder) => !isPackage(folder));
  const outermost = (end < 0 ? above : above.slice(0, end)).at(-1);
  if (outermost === undefined || baseNameOf(outermost) !== 'migrations') return outermost;
  return above.includes(folderOf(outermost)) ? folderOf(outermost) : outermost;
}

function has(folder: FilePath, name: string): boolean {
  return existsSync(toNativePath(joinPath(folder, name)));
}

function isFolder(path: FilePath): boolean {
  return statSync(toNativePath(path), { throwIfNoEntry: false })?.isDirectory() ?? false;
}
