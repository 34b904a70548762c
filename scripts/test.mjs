/**
 * Runs the suites of scripts/suites.mjs one after another, goes on after one that failed, and ends with the line
 * `N passed, N failed`.
 *
 * npm test                          everything
 * npm test -- --only unit,cli       some suites
 * npm run check                     the fast ones
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureInstalled, root } from './install.mjs';
import { fastSuites, suites } from './suites.mjs';

/** @typedef {{ readonly passed: number, readonly failed: number }} Counts */

/** Picks the suites that the arguments ask for; a name that no suite has is an error. */
function chosenSuites() {
  const options = /** @type {const} */ ({ only: { type: 'string' }, fast: { type: 'boolean' } });
  const { values } = parseArgs({ options });
  const names = values.fast ? fastSuites : values.only?.split(',');
  if (names === undefined) return suites;
  const unknown = names.filter((name) => !suites.some((suite) => suite.name === name));
  if (unknown.length > 0) {
    throw new Error(`no suite ${unknown.join(', ')}; there are ${suites.map((suite) => suite.name).join(', ')}`);
  }
  return suites.filter((suite) => names.includes(suite.name));
}

/**
 * The arguments for Node that run a suite.
 *
 * @param {import('./suites.mjs').Suite} suite
 */
function nodeArguments(suite) {
  if (suite.command !== undefined) return suite.command;
  const ignored = (suite.except ?? []).flatMap((glob) => ['--ignore', glob]);
  const reporter = ['--reporter', './scripts/results-reporter.mjs'];
  const strict = ['--forbid-only', '--forbid-pending'];
  return [
    'node_modules/mocha/bin/mocha.js',
    ...strict,
    ...reporter,
    ...ignored,
    ...(suite.options ?? []),
    ...(suite.tests ?? []),
  ];
}

/**
 * @param {import('./suites.mjs').Suite} suite
 * @param {string} folder where the suite leaves its counts
 * @returns {Counts}
 */
function runSuite(suite, folder) {
  const file = join(folder, `${suite.name}.json`);
  const { status } = spawnSync(process.execPath, nodeArguments(suite), {
    cwd: root,
    stdio: 'inherit',
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

/** @param {readonly import('./suites.mjs').Suite[]} chosen */
function runAll(chosen) {
  const folder = mkdtempSync(join(tmpdir(), 'stepwise-results-'));
  let passed = 0;
  let failed = 0;
  /** @type {string[]} */
  const lines = [];
  try {
    for (const suite of chosen) {
      console.log(`\n── ${suite.name}`);
      const started = performance.now();
      const counts = runSuite(suite, folder);
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      passed += counts.passed;
      failed += counts.failed;
      lines.push(`${suite.name.padEnd(10)} ${counts.passed} passed, ${counts.failed} failed, ${seconds} s`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(`\n${lines.join('\n')}\n\n${passed} passed, ${failed} failed`);
  return failed;
}

const chosen = chosenSuites();
ensureInstalled();
process.exitCode = runAll(chosen) === 0 ? 0 : 1;
