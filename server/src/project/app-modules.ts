import type { FilePath } from '../base/file-path.ts';
import { folderOf, isWithin, joinPath } from '../base/file-path.ts';
import type { App } from './apps.ts';
import { compareText } from './migration-facts.ts';
import { isForTests } from './test-paths.ts';

export interface ModuleFiles {
  readonly models: readonly FilePath[];
  readonly others: readonly FilePath[];
}

/**
 * The Python files of an app in which its models may be: `models.py` and the files of the package `models` first, then
 * the others. Migrations, tests and apps inside the app are not among them.
 */
export function moduleFilesOf({ home }: App, apps: readonly App[], files: readonly FilePath[]): ModuleFiles {
  if (home === undefined) return { models: [], others: [] };
  const inner = apps.map((each) => each.home).filter((each) => each !== undefined && isInside(each, home));
  const isOwn = (file: FilePath): boolean => {
    if (!file.endsWith('.py') || !isWithin(file, home) || isForTests(file, home)) return false;
    return !/\/migrations\//.test(file.slice(home.length)) && !inner.some((each) => isWithin(file, each ?? ''));
  };
  const own = files.filter(isOwn).sort(compareText);
  const isModels = (file: FilePath): boolean =>
    file === joinPath(home, 'models.py') || isWithin(folderOf(file), joinPath(home, 'models'));
  return { models: own.filter(isModels), others: own.filter((file) => !isModels(file)) };
}

function isInside(folder: FilePath, outer: FilePath): boolean {
  return folder !== outer && isWithin(folder, outer);
}
