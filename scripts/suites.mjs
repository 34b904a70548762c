/**
 * The suites of `npm test`, in order; each that runs `beside` the others is dear.
 *
 * A suite with `tests` is run by mocha. A suite with `command` is a process of its own: it may write
 * `{"passed": n, "failed": n}` to the file that STEPWISE_SUITE_COUNTS names; without that it counts as one test,
 * passed when the exit code is 0.
 *
 * @typedef {object} Suite
 * @property {string} name
 * @property {readonly string[]} [command] Node arguments.
 * @property {readonly string[]} [tests] Globs of test files.
 * @property {readonly string[]} [except] Globs that `tests` would match, but which belong to another suite.
 * @property {readonly string[]} [options] Further options for mocha.
 * @property {true} [beside] Runs while the others do: it needs nothing that they make.
 */

const bin = (/** @type {string} */ path) => `node_modules/${path}`;

/** Folders of test/ whose tests need more than the sources, or more time: each is a suite of its own. */
const apart = ['typing', 'gates', 'lsp', 'cli', 'bundles', 'proof', 'vscode'];

/**
 * With `require`, mocha loads a file that awaits at its top a second time: there would be two of the servers that such files
 * share with others.
 */
const PROOF = ['--timeout', '300000', '--node-option', 'no-experimental-require-module'];

/** @type {readonly Suite[]} */
export const suites = [
  { name: 'types', command: ['scripts/types.mjs'] },
  { name: 'lint', command: [bin('@biomejs/biome/bin/biome'), 'check', '--error-on-warnings'] },
  { name: 'dead-code', command: [bin('knip/bin/knip.js'), '--no-progress'] },
  { name: 'generated', command: ['--import=tsx', 'scripts/gen.ts', '--check'] },
  {
    name: 'unit',
    tests: ['test/**/*.test.ts'],
    except: apart.map((folder) => `test/${folder}/**`),
    options: ['--timeout', '30000'],
  },
  { name: 'typing', tests: ['test/typing/*.test.ts'], beside: true },
  { name: 'gates', tests: ['test/gates/*.test.ts'], options: ['--timeout', '120000'] },
  { name: 'build', command: ['scripts/build.mjs'] },
  { name: 'lsp', tests: ['test/lsp/**/*.test.ts'], options: ['--timeout', '30000'] },
  { name: 'cli', tests: ['test/cli/**/*.test.ts'], options: ['--timeout', '30000'] },
  { name: 'bundles', tests: ['test/bundles/*.test.ts'], options: ['--timeout', '60000'] },
  { name: 'proof', tests: ['test/proof/**/*.test.ts'], options: PROOF, beside: true },
  { name: 'vscode', command: ['--import=tsx', 'test/vscode/run.ts'] },
];

/** The suites of `npm run check`: what a developer runs before every commit, under a minute. */
export const fastSuites = ['types', 'lint', 'dead-code', 'generated', 'unit'];
