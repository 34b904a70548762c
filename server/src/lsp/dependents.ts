import type { FilePath } from '../base/file-path.ts';
import type { Publisher } from './publisher.ts';
import type { Session } from './session.ts';

/**
 * What is on the screen and may be different when the files are: first what is open, then what has findings. An open
 * document itself was checked when it changed.
 */
export function dependentsOnScreen(
  { documents, folderOf }: Session,
  publisher: Publisher,
  files: ReadonlySet<FilePath>,
): Iterable<FilePath> {
  const shown = new Set([...documents.files(), ...publisher.files()]);
  // Settings and lock files change what every migration is judged for.
  if ([...files].some((file) => !/\.(py|sql)$/.test(file))) return shown;
  const affected = new Set([...files].flatMap((file) => folderOf(file).workspace.affectedBy(file)));
  const isDone = (file: FilePath) => files.size === 1 && files.has(file) && documents.find(file) !== undefined;
  return [...shown].filter((file) => affected.has(file) && !isDone(file));
}
