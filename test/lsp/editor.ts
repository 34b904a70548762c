import { PassThrough } from 'node:stream';
import { pathToFileURL } from 'node:url';
import {
  type ClientCapabilities,
  type CodeAction,
  createConnection,
  createMessageConnection,
  type Diagnostic,
  type InitializeResult,
  type MessageConnection,
  type PublishDiagnosticsParams,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { ServerHost } from '../../server/src/lsp/host.ts';
import { nodeHost } from '../../server/src/lsp/node-host.ts';
import type { InitializationOptions, StatusParams } from '../../server/src/lsp/protocol.ts';
import { startServer } from '../../server/src/lsp/server.ts';
import { countWaitingChanges } from '../../server/src/lsp/waiting-changes.ts';
import { type DiskProject, writeDiskProject } from '../support/disk-project.ts';

/** An editor that talks to a server in this process over streams. */
export interface Editor {
  readonly project: DiskProject;
  readonly connection: MessageConnection;
  readonly result: InitializeResult;
  /** Everything the server has said to its log. */
  readonly log: readonly string[];
  readonly statuses: readonly StatusParams[];
  /** Whether the server wanted to end its process. */
  readonly died: () => boolean;
  uriOf(file: string): string;
  /** Opens a file of the project, or a document with a text of its own. */
  open(file: string, text?: string): Promise<void>;
  close(file: string): Promise<void>;
  /** Puts the cursor behind the first occurrence of `after` and types. */
  type(file: string, after: string, typed: string): Promise<void>;
  /** Replaces the first occurrence of a text. */
  replace(file: string, old: string, text: string): Promise<void>;
  textOf(file: string): string;
  /** What was last published for the file: `warning blocking-index 8:8 Building …`, once it is about this text. */
  problems(file: string): Promise<readonly string[]>;
  /** What is on the screen now. */
  shown(file: string): PublishDiagnosticsParams | undefined;
  published(file: string): Promise<PublishDiagnosticsParams>;
  /** Code actions for the first occurrence of a text. */
  actions(file: string, at: string, only?: readonly string[]): Promise<readonly CodeAction[]>;
  request<R>(method: string, params: unknown): Promise<R>;
  /** Tells the server that files were created (1), changed (2) or deleted (3). */
  watched(...changes: readonly (readonly [file: string, type: 1 | 2 | 3])[]): Promise<void>;
  stop(): Promise<void>;
}

export interface EditorOptions {
  readonly capabilities?: ClientCapabilities;
  readonly initializationOptions?: InitializationOptions;
  /** The section `stepwise` of the settings. */
  readonly settings?: unknown;
  /** Without a folder: single files are opened. */
  readonly folders?: readonly string[];
  readonly host?: Partial<ServerHost>;
}

/** What VS Code can do, as far as it matters here. */
export const vscodeCapabilities: ClientCapabilities = {
  workspace: {
    configuration: true,
    workspaceFolders: true,
    didChangeWatchedFiles: { dynamicRegistration: true },
    didChangeConfiguration: { dynamicRegistration: true },
    workspaceEdit: { documentChanges: true, resourceOperations: ['create', 'rename', 'delete'] },
  },
};

const severities = ['', 'error', 'warning', 'information', 'hint'];

const running = new Set<Editor>();

/** Stops what a test has started, also when it failed. */
export async function stopEditors(): Promise<void> {
  for (const editor of running) await editor.stop();
}

export async function startEditor(files: string, options: EditorOptions = {}): Promise<Editor> {
  const project = writeDiskProject(files);
  const [toServer, toClient] = [new PassThrough(), new PassThrough()];
  let isDead = false;
  const { reader, takeChange } = countWaitingChanges(new StreamMessageReader(toServer));
  const server = createConnection(reader, new StreamMessageWriter(toClient));
  const host = nodeHost(takeChange, (message) => server.console.warn(message));
  const die = () => {
    isDead = true;
  };
  startServer(server, { ...host, die, ...options.host });
  server.listen();

  const connection = createMessageConnection(new StreamMessageReader(toClient), new StreamMessageWriter(toServer));
  const log: string[] = [];
  const statuses: StatusParams[] = [];
  const shown = new Map<string, PublishDiagnosticsParams>();
  const waiting = new Set<() => void>();
  connection.onNotification('window/logMessage', ({ message }: { readonly message: string }) => void log.push(message));
  connection.onNotification('stepwise/status', (params: StatusParams) => void statuses.push(params));
  connection.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => {
    shown.set(params.uri, params);
    for (const check of waiting) check();
  });
  connection.onRequest('workspace/configuration', () => [options.settings ?? null]);
  connection.onRequest('client/registerCapability', () => null);
  connection.listen();

  const uriOf = (file: string) => (file.includes(':') ? file : pathToFileURL(project.pathOf(file)).href);
  const documents = new Map<string, TextDocument>();
  const until = async <T>(find: () => T | undefined): Promise<T> => {
    for (;;) {
      const found = find();
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => {
        const check = () => {
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
      });
    }
  };
  const published = (file: string) =>
    until(() => {
      const last = shown.get(uriOf(file));
      return last?.version === documents.get(file)?.version ? last : undefined;
    });
  const documentOf = (file: string): TextDocument => {
    const document = documents.get(file);
    if (document === undefined) throw new Error(`${file} is not open.`);
    return document;
  };
  const change = async (file: string, start: number, end: number, text: string): Promise<void> => {
    const document = documentOf(file);
    const range = { start: document.positionAt(start), end: document.positionAt(end) };
    TextDocument.update(document, [{ range, text }], document.version + 1);
    await connection.sendNotification('textDocument/didChange', {
      textDocument: { uri: document.uri, version: document.version },
      contentChanges: [{ range, text }],
    });
  };
  const placeOf = (file: string, text: string): number => {
    const offset = documentOf(file).getText().indexOf(text);
    if (offset < 0) throw new Error(`${file} does not contain: ${text}`);
    return offset;
  };

  const folders = options.folders ?? ['.'];
  const result = await connection.sendRequest<InitializeResult>('initialize', {
    processId: null,
    rootUri: null,
    workspaceFolders: folders.map((folder) => ({ uri: uriOf(folder).replace(/\/\.?$/, ''), name: folder })),
    capabilities: options.capabilities ?? vscodeCapabilities,
    initializationOptions: options.initializationOptions,
  });
  await connection.sendNotification('initialized', {});

  const editor: Editor = {
    project,
    connection,
    result,
    log,
    statuses,
    died: () => isDead,
    uriOf,
    async open(file, text = project.read(file)) {
      const document = TextDocument.create(uriOf(file), 'python', 1, text);
      documents.set(file, document);
      const textDocument = { uri: document.uri, languageId: 'python', version: 1, text };
      await connection.sendNotification('textDocument/didOpen', { textDocument });
    },
    async close(file) {
      const { uri } = documentOf(file);
      documents.delete(file);
      await connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
    },
    async type(file, after, typed) {
      let offset = placeOf(file, after) + after.length;
      for (const letter of typed) {
        await change(file, offset, offset, letter);
        offset += letter.length;
      }
    },
    replace: (file, old, text) => change(file, placeOf(file, old), placeOf(file, old) + old.length, text),
    textOf: (file) => documentOf(file).getText(),
    shown: (file) => shown.get(uriOf(file)),
    published,
    problems: async (file) => (await published(file)).diagnostics.map(problemText),
    actions(file, at, only) {
      const document = documentOf(file);
      const start = document.positionAt(placeOf(file, at));
      const params = { textDocument: { uri: document.uri }, range: { start, end: start } };
      return connection.sendRequest('textDocument/codeAction', { ...params, context: { diagnostics: [], only } });
    },
    request: (method, params) => connection.sendRequest(method, params),
    watched: (...changes) =>
      connection.sendNotification('workspace/didChangeWatchedFiles', {
        changes: changes.map(([file, type]) => ({ uri: uriOf(file), type })),
      }),
    async stop() {
      running.delete(editor);
      await connection.sendRequest('shutdown');
      connection.dispose();
      server.dispose();
      project.dispose();
    },
  };
  running.add(editor);
  return editor;
}

function problemText({ severity, code, range, message }: Diagnostic): string {
  return `${severities[severity ?? 0]} ${code ?? '-'} ${range.start.line}:${range.start.character} ${message}`;
}
