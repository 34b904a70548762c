import type { FilePath } from '../base/file-path.ts';
import type { Files } from '../project/files.ts';
import type { PostgresqlParser } from '../sql/postgresql/parser.ts';
import type { PythonParser } from '../syntax/parser.ts';
import type { InitializationOptions } from './protocol.ts';

/** What differs between a server that runs as a process and one that runs in a worker. */
export interface ServerHost {
  readonly version: string;
  loadParser(options: InitializationOptions): Promise<PythonParser>;
  loadSqlParser(options: InitializationOptions): Promise<PostgresqlParser>;
  /** The files below a folder; `undefined` where only the documents that are open can be read. */
  filesBelow(root: FilePath): Files | undefined;
  /** The folder to look at for a file that lies in no folder of the workspace. */
  rootFor(file: FilePath): FilePath;
  /** Whether a file that a watcher names is one of {@link filesBelow}. */
  mayMatter(file: FilePath, root: FilePath): boolean;
  /** Where the pages of the rules are, when the client does not say; `undefined` where they cannot be opened. */
  readonly rulePagesUri: string | undefined;
  /** Takes note that a change of a document is being handled; answers how many more have arrived already. */
  takeChange(uri: string): number;
  /** Ends the process or worker: nothing can be parsed any more. The client starts a new one. */
  die(): void;
}
