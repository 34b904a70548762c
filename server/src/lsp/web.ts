import { BrowserMessageReader, BrowserMessageWriter, createConnection } from 'vscode-languageserver/browser';
import manifest from '../../../package.json' with { type: 'json' };
import { folderOf, isWithin } from '../base/file-path.ts';
import { loadPostgresqlParser } from '../sql/postgresql/parser.ts';
import { loadPythonParser } from '../syntax/parser.ts';
import type { ServerHost } from './host.ts';
import type { InitializationOptions } from './protocol.ts';
import { startServer } from './server.ts';
import { countWaitingChanges } from './waiting-changes.ts';

/** A server in a worker of a browser: it reads nothing but the documents that the editor sends. */
const worker = self as unknown as DedicatedWorkerGlobalScope;
const { reader, takeChange } = countWaitingChanges(new BrowserMessageReader(worker));
const connection = createConnection(reader, new BrowserMessageWriter(worker));

const host: ServerHost = {
  version: manifest.version,
  loadParser,
  loadSqlParser,
  filesBelow: () => undefined,
  rootFor: (file) => folderOf(folderOf(file)),
  mayMatter: isWithin,
  rulePagesUri: undefined,
  takeChange,
  die: () => worker.close(),
};

startServer(connection, host);
connection.listen();

async function loadParser({ wasm }: InitializationOptions) {
  if (wasm === undefined) throw new TypeError('initializationOptions.wasm does not say where the parser is.');
  const [runtime, python] = await Promise.all([fetchBytes(wasm.runtime), fetchBytes(wasm.python)]);
  return loadPythonParser({ runtime, python });
}

async function loadSqlParser({ wasm }: InitializationOptions) {
  if (wasm === undefined) throw new TypeError('initializationOptions.wasm does not say where the parser of SQL is.');
  return loadPostgresqlParser(await fetchBytes(wasm.sql));
}

async function fetchBytes(uri: string): Promise<Uint8Array> {
  const response = await fetch(uri);
  if (!response.ok) throw new Error(`${uri} could not be fetched: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}
