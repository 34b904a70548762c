import { resolve, sep } from 'node:path';
import type { FilePath } from '../base/file-path.ts';

/** An absolute path with `/`, from a path as people and systems write it. */
export function toFilePath(native: string): FilePath {
  const absolute = resolve(native);
  return sep === '/' ? absolute : absolute.replaceAll(sep, '/');
}

export function toNativePath(path: FilePath): string {
  return sep === '/' ? path : path.replaceAll('/', sep);
}
