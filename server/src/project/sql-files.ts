import type { FilePath } from '../base/file-path.ts';

/** A file of SQL, which a migration may read. */
export function isSqlFile(file: FilePath): boolean {
  return file.endsWith('.sql');
}
