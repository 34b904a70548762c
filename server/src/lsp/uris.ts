import type { FilePath } from '../base/file-path.ts';

/** Translates between the editor's URIs and paths, and gives back the very URIs that the editor uses. */
export interface Uris {
  fileOf(uri: string): FilePath;
  uriOf(file: FilePath): string;
}

/**
 * Files on disk have their absolute path; what lies elsewhere (`untitled:`, `vscode-vfs:`) has its URI as path, with
 * its `/` it can be walked like one.
 */
export function rememberingUris(): Uris {
  const known = new Map<FilePath, string>();
  return {
    fileOf(uri) {
      const file = pathOf(uri);
      known.set(file, uri);
      return file;
    },
    uriOf: (file) => known.get(file) ?? fileUri(file),
  };
}

/** `file:///c%3A/shop/a.py` → `C:/shop/a.py` */
function pathOf(uri: string): FilePath {
  const match = /^file:\/\/([^/]*)(\/[^?#]*)/.exec(uri);
  if (match === null) return uri;
  const [, host = '', encoded = ''] = match;
  const path = decoded(encoded);
  const drive = /^\/([a-zA-Z]):/.exec(path);
  if (drive !== null) return `${drive[1]?.toUpperCase()}${path.slice(2)}`;
  return host === '' ? path : `//${host}${path}`;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch (error) {
    if (error instanceof URIError) return path;
    throw error;
  }
}

/** Whether a path leads to a disk, and not into a virtual file system or an unsaved document. */
export function isOnDisk(file: FilePath): boolean {
  return !/^[a-z][\w+.-]+:/.test(file);
}

function fileUri(file: FilePath): string {
  if (!isOnDisk(file)) return file;
  const encoded = file.split('/').map(encodeURIComponent).join('/');
  if (file.startsWith('//')) return `file:${encoded}`;
  return file.startsWith('/') ? `file://${encoded}` : `file:///${encoded}`;
}
