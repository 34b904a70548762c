import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { chromium } from 'playwright-core';
import { chromiumFlags, chromiumMissing, ensureChromium, findChromium } from '../../scripts/chromium.mjs';

const TYPES: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.wasm': 'application/wasm' };
const PAGE_SCRIPTS = join(import.meta.dirname, 'page');

export interface Message {
  readonly id?: number;
  readonly method: string;
  readonly params: object;
}

/** A page in a browser that can start the files of one folder as workers. */
export interface TestPage {
  /** Where the page finds a file. */
  addressOf(file: string): string;
  /** Starts a worker, sends it messages, and gives what it sent back by method or id once all that is awaited came. */
  talkToWorker(file: string, messages: readonly Message[], awaited: readonly string[]): Promise<Received>;
  close(): Promise<void>;
}

export type Received = Readonly<Record<string, unknown>>;

/** Serves `folder` (and the page's own scripts) to a headless Chromium. */
export async function startBrowser(folder: string): Promise<TestPage> {
  ensureChromium();
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error(chromiumMissing);
  const server = await serve([folder, PAGE_SCRIPTS]);
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const browser = await chromium.launch({ executablePath, args: [...chromiumFlags] });
  const page = await browser.newPage();
  await page.goto(`${origin}/`);
  const addressOf = (file: string) => `${origin}/${file}`;
  return {
    addressOf,
    talkToWorker(file, messages, awaited) {
      // Text, because the code runs in the page, whose globals are not those of this program.
      const args = [addressOf(file), messages, awaited].map((argument) => JSON.stringify(argument));
      return page.evaluate<Received>(`talkToWorker(${args.join(', ')})`);
    },
    async close() {
      await browser.close();
      await new Promise((done) => server.close(done));
    },
  };
}

async function serve(folders: readonly string[]): Promise<Server> {
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    if (path === '/') {
      response.setHeader('Content-Type', 'text/html');
      response.end('<!doctype html><script src="/worker-session.js"></script>');
      return;
    }
    readFirst(folders.map((folder) => join(folder, path))).then(
      (bytes) => {
        response.setHeader('Content-Type', TYPES[extname(path)] ?? 'application/octet-stream');
        response.end(bytes);
      },
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return server;
}

async function readFirst(paths: readonly string[]): Promise<Buffer> {
  const attempts = await Promise.allSettled(paths.map((path) => readFile(path)));
  const found = attempts.find((attempt) => attempt.status === 'fulfilled');
  if (found === undefined) throw new Error(`none of ${paths.join(', ')} can be read`);
  return found.value;
}
