import { createConnection, TextDocumentSyncKind } from 'vscode-languageserver/node';

/** The least that a language server can be: answers `initialize`, and every change of a document with no diagnostics. */
const connection = createConnection(process.stdin, process.stdout);
connection.onInitialize(() => ({ capabilities: { textDocumentSync: TextDocumentSyncKind.Incremental } }));
connection.onDidOpenTextDocument(({ textDocument: { uri, version } }) =>
  connection.sendDiagnostics({ uri, version, diagnostics: [] }),
);
connection.onDidChangeTextDocument(({ textDocument: { uri, version } }) =>
  connection.sendDiagnostics({ uri, version, diagnostics: [] }),
);
connection.listen();
