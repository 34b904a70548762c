import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import type { InitializeResult, PublishDiagnosticsParams } from 'vscode-languageserver-protocol';
import manifest from '../../package.json' with { type: 'json' };
import { startBrowser, type TestPage } from './browser.ts';
import { loadWithoutEditor } from './editor-stub.ts';
import { didOpenParams, expectedSummary, initializeParams, summaryOf } from './migration-session.ts';

const DIST = resolve(import.meta.dirname, '..', '..', 'dist');

describe('the bundles', () => {
  it('dist/cli.mjs starts and tells its version', () => {
    const output = execFileSync(process.execPath, [join(DIST, 'cli.mjs'), '--version'], { encoding: 'utf8' });
    assert.match(output, new RegExp(`\\b${manifest.version.replaceAll('.', '\\.')}\\b`));
  });

  it('dist/cli.mjs is a command', () => {
    assert.match(readFileSync(join(DIST, 'cli.mjs'), 'utf8'), /^#!\/usr\/bin\/env node\n/);
    if (process.platform !== 'win32') assert.notEqual(statSync(join(DIST, 'cli.mjs')).mode & 0o111, 0);
  });

  it('dist/server-node.cjs checks a file over standard input and output', () =>
    checkStdioServer([join(DIST, 'server-node.cjs'), '--stdio']));

  it('dist/cli.mjs lsp --stdio is the same server', () => checkStdioServer([join(DIST, 'cli.mjs'), 'lsp', '--stdio']));

  it('dist/client-node.cjs loads in a Node extension host', () => {
    const client = loadWithoutEditor(join(DIST, 'client-node.cjs'));
    assert.equal(typeof client['activate'], 'function');
    assert.equal(typeof client['deactivate'], 'function');
  });

  describe('in a browser', () => {
    let page: TestPage;

    before(async function () {
      // Where Chromium has to be installed first, that takes its time.
      this.timeout(300_000);
      page = await startBrowser(DIST);
    });

    after(() => page?.close());

    it('dist/server-web.js checks a file in a worker', async () => {
      const wasm = {
        runtime: page.addressOf('web-tree-sitter.wasm'),
        python: page.addressOf('tree-sitter-python.wasm'),
        sql: page.addressOf('libpg-query.wasm'),
      };
      const messages = [
        { id: 1, method: 'initialize', params: { ...initializeParams, initializationOptions: { wasm } } },
        { method: 'initialized', params: {} },
        { method: 'textDocument/didOpen', params: didOpenParams },
      ];
      const published = 'textDocument/publishDiagnostics';
      const received = await page.talkToWorker('server-web.js', messages, ['1', published]);
      const summary = summaryOf(received['1'] as InitializeResult, received[published] as PublishDiagnosticsParams);
      assert.deepEqual(summary, expectedSummary);
    });

    it('dist/client-web.js loads in an extension host for the web', async () => {
      const load = { id: 1, method: 'load', params: { bundle: page.addressOf('client-web.js') } };
      const received = await page.talkToWorker('extension-host.js', [load], ['1']);
      assert.deepEqual(received['1'], { activate: 'function', deactivate: 'function' });
    });
  });
});

async function checkStdioServer(args: readonly string[]): Promise<void> {
  const server = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = new Promise<number | null>((done) => server.once('exit', done));
  const died = exited.then((code) => Promise.reject(new Error(`the server ended with exit code ${code}`)));
  const connection = createMessageConnection(
    new StreamMessageReader(server.stdout),
    new StreamMessageWriter(server.stdin),
  );
  const published = new Promise<PublishDiagnosticsParams>((done) =>
    connection.onNotification('textDocument/publishDiagnostics', done),
  );
  connection.listen();
  try {
    const answering = connection.sendRequest<InitializeResult>('initialize', initializeParams);
    const answer = await Promise.race([answering, died]);
    await connection.sendNotification('initialized', {});
    await connection.sendNotification('textDocument/didOpen', didOpenParams);
    assert.deepEqual(summaryOf(answer, await Promise.race([published, died])), expectedSummary);
    await connection.sendRequest('shutdown');
    await connection.sendNotification('exit');
    assert.equal(await exited, 0);
  } finally {
    connection.dispose();
    server.kill();
  }
}
