import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import {
  createMessageConnection,
  type InitializeResult,
  type PublishDiagnosticsParams,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';

/** A language server as a process, and one document in it. */
export interface ServerProcess {
  /** From the start of the process to the answer of `initialize`. */
  readonly startMilliseconds: number;
  open(path: string, text: string): Promise<void>;
  /** Replaces a part of the document; answers how long it took until diagnostics for it came back. */
  edit(start: number, end: number, text: string): Promise<number>;
  text(): string;
  /** Bytes of memory that the process holds. */
  residentSize(): number;
  stop(): Promise<void>;
}

export async function startServerProcess(script: string, folder: string): Promise<ServerProcess> {
  const started = performance.now();
  const child = spawn(process.execPath, [script, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const connection = createMessageConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  let resolveVersion: (() => void) | undefined;
  let awaited = 0;
  connection.onNotification('textDocument/publishDiagnostics', ({ version }: PublishDiagnosticsParams) => {
    if (version === awaited) resolveVersion?.();
  });
  connection.listen();
  const rootUri = pathToFileURL(folder).href;
  const params = { processId: null, rootUri, workspaceFolders: [{ uri: rootUri, name: 'project' }], capabilities: {} };
  await connection.sendRequest<InitializeResult>('initialize', params);
  const startMilliseconds = performance.now() - started;
  await connection.sendNotification('initialized', {});

  let document = TextDocument.create('', 'python', 0, '');
  const publishedAfter = async (version: number, send: () => Promise<void>): Promise<number> => {
    awaited = version;
    const published = new Promise<void>((resolve) => {
      resolveVersion = resolve;
    });
    const sent = performance.now();
    await send();
    await published;
    return performance.now() - sent;
  };
  return {
    startMilliseconds,
    async open(path, text) {
      document = TextDocument.create(pathToFileURL(path).href, 'python', 1, text);
      const textDocument = { uri: document.uri, languageId: 'python', version: 1, text };
      await publishedAfter(1, () => connection.sendNotification('textDocument/didOpen', { textDocument }));
    },
    async edit(start, end, text) {
      const range = { start: document.positionAt(start), end: document.positionAt(end) };
      const version = document.version + 1;
      TextDocument.update(document, [{ range, text }], version);
      const change = { textDocument: { uri: document.uri, version }, contentChanges: [{ range, text }] };
      return publishedAfter(version, () => connection.sendNotification('textDocument/didChange', change));
    },
    text: () => document.getText(),
    residentSize: () => residentSizeOf(child),
    async stop() {
      await connection.sendRequest('shutdown');
      connection.dispose();
      child.kill();
    },
  };
}

function residentSizeOf({ pid }: ChildProcess): number {
  if (process.platform === 'linux') {
    const kibibytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(kibibytes) * 1024;
  }
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) * 1024;
}
