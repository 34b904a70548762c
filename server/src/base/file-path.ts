/**
 * A path with `/` on every system, as the `Files` port hands it out: absolute on a disk (`/srv/shop/manage.py`,
 * `C:/shop/manage.py`), relative to the root of an in-memory project.
 */
export type FilePath = string;

export function baseNameOf(path: FilePath): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The file name without its last extension: `0002_auto` of `shop/migrations/0002_auto.py`. */
export function stemOf(path: FilePath): string {
  const name = baseNameOf(path);
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(0, dot) : name;
}

/** The folder of a path; `''` for a path without one. */
export function folderOf(path: FilePath): FilePath {
  const slash = path.lastIndexOf('/');
  if (slash === 0) return '/';
  return slash < 0 ? '' : path.slice(0, slash);
}

export function joinPath(folder: FilePath, name: string): FilePath {
  if (folder === '') return name;
  return folder.endsWith('/') ? folder + name : `${folder}/${name}`;
}

/** Whether `path` is `folder` itself or lies below it. */
export function isWithin(path: FilePath, folder: FilePath): boolean {
  return folder === '' || path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}

/** The name of a file, with the folders before it that tell it from another. */
export function nameBeside(path: FilePath, other: FilePath): string {
  const [parts, others] = [path.split('/'), other.split('/')];
  let shown = 1;
  while (shown < parts.length && parts.at(-shown) === others.at(-shown)) shown++;
  return parts.slice(-shown).join('/');
}
