import { type Dirent, existsSync, readdirSync, statSync } from 'node:fs';
import { baseNameOf, type FilePath, folderOf, joinPath } from '../base/file-path.ts';
import { namesPackages } from '../project/detect-django-version.ts';
import type { Files, FileText } from '../project/files.ts';
import { isIgnoredFolder } from '../project/ignored-folders.ts';
import { isSqlFile } from '../project/sql-files.ts';
import { toNativePath } from './native-path.ts';
import { readTextFile, reasonOf } from './text-file.ts';

/** A folder that could not be looked into. */
export interface UnreadableFolder {
  readonly folder: FilePath;
  readonly reason: string;
}

/**
 * The files below a folder of the disk, read anew at every call. Symbolic links to folders are not followed, so there
 * are no loops.
 */
export function diskFiles(root: FilePath, onUnreadable: (folder: UnreadableFolder) => void): Files {
  return { list: () => filesBelow(root, onUnreadable), read: readDiskFile };
}

function readDiskFile(file: FilePath): FileText {
  return readTextFile(toNativePath(file));
}

/** Whether a path that comes from a watcher is one of those that {@link diskFiles} lists below `root`. */
export function mayMatter(file: FilePath, root: FilePath): boolean {
  if (!isWanted(file)) return false;
  for (let folder = folderOf(file); folder.length > root.length; folder = folderOf(folder)) {
    const holds = (name: string) => existsSync(toNativePath(joinPath(folder, name)));
    if (isIgnoredFolder(baseNameOf(folder), holds)) return false;
  }
  return true;
}

function filesBelow(root: FilePath, onUnreadable: (folder: UnreadableFolder) => void): readonly FilePath[] {
  const found: FilePath[] = [];
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const entries = entriesOf(folder, onUnreadable);
    const holds = (file: string) => entries.some(({ name }) => name === file);
    if (folder !== root && isIgnoredFolder(baseNameOf(folder), holds)) continue;
    for (const entry of entries) {
      const path = joinPath(folder, entry.name);
      if (entry.isDirectory()) {
        folders.push(path);
      } else if (isWanted(path) && isFile(entry, path)) {
        found.push(path);
      }
    }
  }
  return found;
}

function entriesOf(folder: FilePath, onUnreadable: (folder: UnreadableFolder) => void): readonly Dirent[] {
  try {
    return readdirSync(toNativePath(folder), { withFileTypes: true });
  } catch (error) {
    onUnreadable({ folder, reason: reasonOf(error) });
    return [];
  }
}

function isWanted(path: FilePath): boolean {
  return (
    path.endsWith('.py') ||
    isSqlFile(path) ||
    baseNameOf(path) === 'pyproject.toml' ||
    baseNameOf(path) === 'alembic.ini' ||
    namesPackages(path)
  );
}

/** A link that leads nowhere counts as a file: reading it says what is wrong. */
function isFile(entry: Dirent, path: FilePath): boolean {
  if (!entry.isSymbolicLink()) return entry.isFile();
  try {
    return statSync(toNativePath(path), { throwIfNoEntry: false })?.isFile() ?? true;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return true;
    throw error;
  }
}
