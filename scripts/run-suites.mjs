/** Runs suites as processes of their own and counts what passed and failed in them. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** @typedef {{ readonly passed: number, readonly failed: number }} Counts */

const LONGEST = 40 * 60_000;
const LAST_WORDS = 2_000;

const mocha = fileURLToPath(new URL('../node_modules/mocha/bin/mocha.js', import.meta.url));
const reporter = fileURLToPath(new URL('results-reporter.mjs', import.meta.url));

/**
 * The arguments for Node that run a suite.
 *
 * @param {import('./suites.mjs').Suite} suite
 */
function nodeArguments(suite) {
  if (suite.command !== undefined) return suite.command;
  const ignored = (suite.except ?? []).flatMap((glob) => ['--ignore', glob]);
  const reporting = ['--reporter', reporter];
  const strict = ['--forbid-only', '--forbid-pending'];
  return [mocha, ...strict, ...reporting, ...ignored, ...(suite.options ?? []), ...(suite.tests ?? [])];
}

/**
 * @param {import('./suites.mjs').Suite} suite
 * @param {string} root
 * @param {string} folder where the suite leaves its counts
 * @param {(text: string) => void} write
 * @returns {Promise<Counts>}
 */
async function runSuite(suite, root, folder, write) {
  const file = join(folder, `${suite.name}.json`);
  const child = spawn(process.execPath, nodeArguments(suite), {
    cwd: root,
    stdio: ['inherit', 'pipe', 'pipe'],
    // A suite that leaves something running never ends by itself.
    timeout: LONGEST,
    // Mocha hands this one on to the process that the tests run in.
    killSignal: 'SIGINT',
    env: { ...colors(), ...process.env, STEPWISE_SUITE_COUNTS: file },
  });
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', write);
  const closed = once(child, 'close');
  const [status] = await once(child, 'exit');
  // What it left running may hold on to its output.
  await Promise.race([closed, wait(LAST_WORDS, undefined, { ref: false })]);
  for (const stream of [child.stdout, child.stderr]) stream.destroy();
  const counts = readCounts(file);
  if (counts === undefined) {
    const succeeded = status === 0 && suite.tests === undefined;
    return { passed: succeeded ? 1 : 0, failed: succeeded ? 0 : 1 };
  }
  const died = status !== 0 && counts.failed === 0;
  return { passed: counts.passed, failed: counts.failed + (died ? 1 : 0) };
}

/** Behind a pipe nobody sees that a terminal is at its end. */
function colors() {
  return process.stdout.isTTY ? { FORCE_COLOR: '1' } : {};
}

/**
 * @param {string} file
 * @returns {Counts | undefined}
 */
function readCounts(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Runs the lanes beside each other, and in each one suite after another, whatever becomes of the ones before.
 *
 * @param {readonly (readonly import('./suites.mjs').Suite[])[]} lanes
 * @param {string} root the folder that their commands and globs are relative to
 * @returns {Promise<Counts & { readonly report: string }>} the report has a line for each suite
 */
export async function runSuites(lanes, root) {
  const folder = mkdtempSync(join(tmpdir(), 'stepwise-results-'));
  const open = outputs();
  let passed = 0;
  let failed = 0;
  /** @type {string[]} */
  const lines = [];
  /** @param {readonly import('./suites.mjs').Suite[]} lane */
  const runLane = async (lane) => {
    for (const suite of lane) {
      const output = open();
      output.write(`\n── ${suite.name}\n`);
      const started = performance.now();
      const counts = await runSuite(suite, root, folder, output.write);
      output.end();
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      passed += counts.passed;
      failed += counts.failed;
      lines.push(`${suite.name.padEnd(10)} ${counts.passed} passed, ${counts.failed} failed, ${seconds} s`);
    }
  };
  try {
    await Promise.all(lanes.map(runLane));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return { passed, failed, report: lines.join('\n') };
}

/** Outputs that do not mix: the one that was opened first is shown as it comes, the others when it has ended. */
function outputs() {
  /** @typedef {{ text: string, ended: boolean }} Output */
  /** @type {Output[]} */
  const waiting = [];
  const show = () => {
    for (let first = waiting[0]; first !== undefined; first = waiting[0]) {
      process.stdout.write(first.text);
      first.text = '';
      if (!first.ended) return;
      waiting.shift();
    }
  };
  return () => {
    const output = { text: '', ended: false };
    waiting.push(output);
    return {
      /** @param {string} text */
      write(text) {
        output.text += text;
        show();
      },
      end() {
        output.ended = true;
        show();
      },
    };
  };
}
