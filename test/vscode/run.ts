import { writeFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { isElectronHostPossible, runInElectron } from './host/electron-host.ts';
import { runInServer } from './host/server-host.ts';
import type { TestRun } from './host/test-run.ts';
import { RESULTS_VARIABLE, readEvents, SUITE_VARIABLE, type SuiteEvent } from './suite-results.ts';
import { runInBrowser } from './web-extension.ts';

/** Runs the suites inside a real VS Code: `tsx test/vscode/run.ts`. The extension must have been built. */

const ROOT = resolve(import.meta.dirname, '..', '..');
const TIMEOUT = 240_000;

type Host = 'electron' | 'server';

const temporary = await mkdtemp(join(tmpdir(), 'stepwise-vscode-'));
try {
  process.exitCode = report(await runSuites(temporary));
} finally {
  await rm(temporary, { recursive: true, force: true, maxRetries: 3 });
}

/** Each suite has a VS Code and a workspace of its own. */
async function runSuites(folder: string): Promise<readonly SuiteEvent[]> {
  const shop = join(folder, 'shop');
  await cp(join(ROOT, 'examples', 'shop'), shop, { recursive: true });
  const catalog = join(folder, 'catalog');
  await cp(join(ROOT, 'examples', 'catalog'), catalog, { recursive: true });
  const scripts = join(folder, 'scripts');
  await mkdir(scripts);
  await writeFile(join(scripts, 'hello.py'), 'print("Hello")\n');

  const host = await chooseHost();
  const tests = await bundleSuites();
  console.log(`The extension in a real VS Code (${host}):`);
  const events: SuiteEvent[] = [];
  for (const [suite, workspace] of [
    ['shop', shop],
    ['catalog', catalog],
    ['no-migrations', scripts],
  ] as const) {
    const results = join(folder, `${suite}.jsonl`);
    await writeFile(results, '');
    const env = { [RESULTS_VARIABLE]: results, [SUITE_VARIABLE]: suite };
    const home = join(folder, `home-${suite}`);
    await runIn(host, { workspace, extension: ROOT, tests, env, home, timeout: TIMEOUT });
    events.push(...eventsOf(suite, await readFile(results, 'utf8')));
  }
  if (host === 'server') {
    const run = { workspace: shop, extension: ROOT, home: join(folder, 'home-browser') };
    events.push(...(await runInBrowser(run)));
  }
  return events;
}

/** The results file tells what happened; why a run ended early is for the reader. */
async function runIn(host: Host, run: TestRun): Promise<void> {
  try {
    await (host === 'electron' ? runInElectron(run) : runInServer(run));
  } catch (error) {
    console.error(error);
  }
}

/** A suite that does not reach its end has failed, whatever passed until then. */
function eventsOf(suite: string, results: string): readonly SuiteEvent[] {
  const events = readEvents(results);
  if (events.at(-1)?.kind === 'end') return events;
  return [...events, { kind: 'fail', title: `the suite ${suite}`, message: 'It did not reach its end.' }];
}

/** `STEPWISE_VSCODE_HOST` decides; otherwise the desktop VS Code wherever it can be had. */
async function chooseHost(): Promise<Host> {
  const wanted = process.env['STEPWISE_VSCODE_HOST'];
  if (wanted === 'electron' || wanted === 'server') return wanted;
  if (wanted !== undefined) throw new Error(`STEPWISE_VSCODE_HOST is "${wanted}"; it can be "electron" or "server".`);
  return (await isElectronHostPossible()) ? 'electron' : 'server';
}

/** The extension host requires one CommonJS module; mocha stays outside and is found in node_modules above it. */
async function bundleSuites(): Promise<string> {
  const outfile = join(ROOT, '.vscode-test', 'tests.js');
  await build({
    entryPoints: [join(import.meta.dirname, 'suite', 'main.ts')],
    outfile,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    external: ['vscode', 'mocha'],
    logLevel: 'warning',
  });
  return outfile;
}

/** Prints the results as mocha does, leaves their counts where scripts/test.mjs looks, and answers the exit code. */
function report(events: readonly SuiteEvent[]): number {
  let passed = 0;
  let failed = 0;
  for (const event of events) {
    if (event.kind === 'pass') {
      passed += 1;
      console.log(`  ✔ ${event.title} (${event.milliseconds}ms)`);
    } else if (event.kind === 'fail') {
      failed += 1;
      console.log(`  ${failed}) ${event.title}\n${event.message.replace(/^/gm, '       ')}`);
    }
  }
  console.log(`\n  ${passed} passing\n  ${failed} failing`);
  const counts = process.env['STEPWISE_SUITE_COUNTS'];
  if (counts !== undefined) writeFileSync(counts, JSON.stringify({ passed, failed }));
  return failed === 0 ? 0 : 1;
}
