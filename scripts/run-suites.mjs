/** Runs suites as processes of their own and counts what passed and failed in them. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** @typedef {{ readonly passed: number, readonly failed: number }} Counts */

const LONGEST = 40 * 60_000;

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
 * @returns {Counts}
 */
function runSuite(suite, root, folder) {
  const file = join(folder, `${suite.name}.json`);
  const { status } = spawnSync(process.execPath, nodeArguments(suite), {
    cwd: root,
    stdio: 'inherit',
    // A suite that leaves something running never ends by itself.
    timeout: LONGEST,
    env: { ...process.env, STEPWISE_SUITE_COUNTS: file },
  });
  const counts = readCounts(file);
  if (counts === undefined) {
    const succeeded = status === 0 && suite.tests === undefined;
    return { passed: succeeded ? 1 : 0, failed: succeeded ? 0 : 1 };
  }
  const died = status !== 0 && counts.failed === 0;
  return { passed: counts.passed, failed: counts.failed + (died ? 1 : 0) };
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
 * Runs suites one after another, whatever becomes of the ones before.
 *
 * @param {readonly import('./suites.mjs').Suite[]} chosen
 * @param {string} root the folder that their commands and globs are relative to
 * @returns {Counts & { readonly report: string }} the report has a line for each suite
 */
export function runSuites(chosen, root) {
  const folder = mkdtempSync(join(tmpdir(), 'stepwise-results-'));
  let passed = 0;
  let failed = 0;
  /** @type {string[]} */
  const lines = [];
  try {
    for (const suite of chosen) {
      console.log(`\n── ${suite.name}`);
      const started = performance.now();
      const counts = runSuite(suite, root, folder);
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      passed += counts.passed;
      failed += counts.failed;
      lines.push(`${suite.name.padEnd(10)} ${counts.passed} passed, ${counts.failed} failed, ${seconds} s`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return { passed, failed, report: lines.join('\n') };
}
