import { type Dirent, readdirSync, statSync } from 'node:fs';
import { baseNameOf, type FilePath, joinPath } from '../base/file-path.ts';
import { namesPackages } from '../project/detect-django-version.ts';
import type { Files, FileText } from '../project/files.ts';
import { isIgnoredFolder, virtualEnvironmentMarker } from '../project/ignored-folders.ts';
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

export function readDiskFile(file: FilePath): FileText {
  return readTextFile(toNativePath(file));
}

/** Whether a path that comes from a watcher is one of those that {@link diskFiles} lists below `root`. */
export function mayMatter(file: FilePath, root: FilePath): boolean {
  const folders = file.slice(root.length).split('/').slice(0, -1);
  return isWanted(file) && !folders.some(isLeftOut);
}

function filesBelow(root: FilePath, onUnreadable: (folder: UnreadableFolder) => void): readonly FilePath[] {
  const found: FilePath[] = [];
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const entries = entriesOf(folder, onUnreadable);
    if (folder !== root && entries.some(({ name }) => name === virtualEnvironmentMarker)) continue;
    for (const entry of entries) {
      const path = joinPath(folder, entry.name);
      if (entry.isDirectory()) {
        if (!isLeftOut(entry.name)) folders.push(path);
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

/** Folders of tools; the name of one that holds code of the project does not begin with a dot. */
function isLeftOut(name: string): boolean {
  return name.startsWith('.') || isIgnoredFolder(name);
}

function isWanted(path: FilePath): boolean {
  return path.endsWith('.py') || baseNameOf(path) === 'pyproject.toml' || namesPackages(path);
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
