import { writeFileSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { isElectronHostPossible, runInElectron } from './host/electron-host.ts';
import { runInServer } from './host/server-host.ts';
import type { TestRun } from './host/test-run.ts';
import { RESULTS_VARIABLE, readEvents, type SuiteEvent } from './suite-results.ts';

/** Runs the suite inside a real VS Code: `tsx test/vscode/run.ts`. The extension must have been built. */

const ROOT = resolve(import.meta.dirname, '..', '..');
const TIMEOUT = 240_000;

const temporary = await mkdtemp(join(tmpdir(), 'stepwise-vscode-'));
try {
  process.exitCode = report(await runSuite(temporary));
} finally {
  await rm(temporary, { recursive: true, force: true, maxRetries: 3 });
}

async function runSuite(folder: string): Promise<readonly SuiteEvent[]> {
  const workspace = join(folder, 'shop');
  await cp(join(ROOT, 'examples', 'shop'), workspace, { recursive: true });
  const results = join(folder, 'results.jsonl');
  await writeFile(results, '');
  const run: TestRun = {
    workspace,
    extension: ROOT,
    tests: await bundleSuite(),
    env: { [RESULTS_VARIABLE]: results },
    home: join(folder, 'home'),
    timeout: TIMEOUT,
  };
  const host = await chooseHost();
  console.log(`The extension in a real VS Code (${host}):`);
  const problem = await (host === 'electron' ? runInElectron(run) : runInServer(run)).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (problem !== undefined) console.error(problem);
  return readEvents(await readFile(results, 'utf8'));
}

/** `STEPWISE_VSCODE_HOST` decides; otherwise the desktop VS Code wherever it can be had. */
async function chooseHost(): Promise<'electron' | 'server'> {
  const wanted = process.env['STEPWISE_VSCODE_HOST'];
  if (wanted === 'electron' || wanted === 'server') return wanted;
  if (wanted !== undefined) throw new Error(`STEPWISE_VSCODE_HOST is "${wanted}"; it can be "electron" or "server".`);
  return (await isElectronHostPossible()) ? 'electron' : 'server';
}

/** The extension host requires one CommonJS module; mocha stays outside and is found in node_modules above it. */
async function bundleSuite(): Promise<string> {
  const outfile = join(ROOT, '.vscode-test', 'tests.js');
  await build({
    entryPoints: [join(import.meta.dirname, 'suite', 'main.ts')],
    outfile,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
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
  if (events.at(-1)?.kind !== 'end') {
    failed += 1;
    console.log(`  ${failed}) the suite did not reach its end`);
  }
  console.log(`\n  ${passed} passing\n  ${failed} failing`);
  const counts = process.env['STEPWISE_SUITE_COUNTS'];
  if (counts !== undefined) writeFileSync(counts, JSON.stringify({ passed, failed }));
  return failed === 0 ? 0 : 1;
}
