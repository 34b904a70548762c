/**
 * Runs the suites of scripts/suites.mjs, goes on after one that failed, and ends with the line `N passed, N failed`.
 *
 * npm test                          everything
 * npm test -- --only unit,cli       some suites
 * npm run check                     the fast ones
 */
import { parseArgs } from 'node:util';
import { ensureInstalled, root } from './install.mjs';
import { runSuites } from './run-suites.mjs';
import { fastSuites, suites } from './suites.mjs';

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

const chosen = chosenSuites();
ensureInstalled();
const lanes = [
  ...chosen.filter(({ beside }) => beside).map((suite) => [suite]),
  chosen.filter(({ beside }) => !beside),
];
const { passed, failed, report } = await runSuites(lanes, root);
console.log(`\n${report}\n\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
