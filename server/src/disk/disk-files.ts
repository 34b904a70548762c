import { type Dirent, readdirSync, statSync } from 'node:fs';
import { baseNameOf, type FilePath, joinPath } from '../base/file-path.ts';
import type { Files, FileText } from '../project/files.ts';
import { toNativePath } from './native-path.ts';
import { readTextFile } from './text-file.ts';

/** Folders of tools, never of the project's own code; every folder whose name begins with a dot is left out too. */
const foldersOfTools = new Set(['node_modules', '__pycache__', 'site-packages', '__pypackages__', 'bower_components']);

/** Beside Python files: what may say which database and which Django the project has. */
const configurationFile =
  /^(?:pyproject\.toml|setup\.cfg|Pipfile(?:\.lock)?|[\w.-]+\.lock|[\w.-]*require[\w.-]*\.(?:txt|in))$/;

/**
 * The files below some folders of the disk. Symbolic links to folders are not followed, so there are no loops; a
 * folder that cannot be listed is left out and reported.
 *
 * @param onUnreadable what cannot be listed and why
 */
export function diskFiles(
  roots: readonly FilePath[],
  onUnreadable: (folder: FilePath, reason: string) => void,
): Files & { refresh(): void } {
  let listed: readonly FilePath[] | undefined;
  return {
    list() {
      listed ??= [...new Set(roots.flatMap((root) => filesBelow(root, onUnreadable)))];
      return listed;
    },
    read: readDiskFile,
    refresh() {
      listed = undefined;
    },
  };
}

export function readDiskFile(file: FilePath): FileText {
  return readTextFile(toNativePath(file));
}

/** Whether a path that may come from a watcher belongs to what {@link diskFiles} lists. */
export function mayMatter(file: FilePath): boolean {
  const folders = file.split('/').slice(1, -1);
  return isWanted(baseNameOf(file)) && !folders.some(isFolderOfTools);
}

function filesBelow(root: FilePath, onUnreadable: (folder: FilePath, reason: string) => void): readonly FilePath[] {
  const found: FilePath[] = [];
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const entries = entriesOf(folder, onUnreadable);
    // The mark of a virtual environment, whatever the folder is called.
    if (folder !== root && entries.some(({ name }) => name === 'pyvenv.cfg')) continue;
    for (const entry of entries) {
      const path = joinPath(folder, entry.name);
      if (entry.isDirectory()) {
        if (!isFolderOfTools(entry.name)) folders.push(path);
      } else if (isWanted(entry.name) && isFile(entry, path)) {
        found.push(path);
      }
    }
  }
  return found;
}

function entriesOf(folder: FilePath, onUnreadable: (folder: FilePath, reason: string) => void): readonly Dirent[] {
  try {
    return readdirSync(toNativePath(folder), { withFileTypes: true });
  } catch (error) {
    onUnreadable(folder, error instanceof Error ? error.message : String(error));
    return [];
  }
}

function isFolderOfTools(name: string): boolean {
  return name.startsWith('.') || foldersOfTools.has(name);
}

function isWanted(name: string): boolean {
  return name.endsWith('.py') || configurationFile.test(name);
}

/** A link that leads nowhere counts as a file: reading it says what is wrong. */
function isFile(entry: Dirent, path: FilePath): boolean {
  if (!entry.isSymbolicLink()) return entry.isFile();
  return statSync(toNativePath(path), { throwIfNoEntry: false })?.isFile() ?? true;
}
