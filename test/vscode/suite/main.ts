import { appendFileSync } from 'node:fs';
import Mocha from 'mocha';
import { RESULTS_VARIABLE, SUITE_VARIABLE, type SuiteEvent, writtenEvent } from '../suite-results.ts';
import { rememberWorkspace } from './workspace.ts';

/** Imported only when mocha has put `describe` and `it` in place. */
const suites: Readonly<Record<string, () => Promise<unknown>>> = {
  shop: async () => {
    await import('./findings.ts');
    await import('./typing.ts');
    await import('./fixes.ts');
    await import('./commands.ts');
    await import('./highlighting.ts');
  },
  catalog: () => import('./revisions.ts'),
  'no-migrations': () => import('./no-migrations.ts'),
};

/** Called by the extension host: runs every test of a suite and writes each result to the file that the caller named. */
export async function run(): Promise<void> {
  const file = process.env[RESULTS_VARIABLE];
  const load = suites[process.env[SUITE_VARIABLE] ?? ''];
  if (file === undefined || load === undefined) {
    throw new Error(`${RESULTS_VARIABLE} and ${SUITE_VARIABLE} have to name a file and a suite.`);
  }
  // The reporter prints nothing that anyone would see: the results go into the file.
  const mocha = new Mocha({ ui: 'bdd', timeout: 30_000, reporter: Mocha.reporters.Base });
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  mocha.suite.beforeAll(rememberWorkspace);
  await load();

  const report = (event: SuiteEvent) => appendFileSync(file, writtenEvent(event));
  await new Promise<void>((resolve) => {
    const runner = mocha.run(() => resolve());
    runner.on('pass', (test) => report({ kind: 'pass', title: test.fullTitle(), milliseconds: test.duration ?? 0 }));
    runner.on('fail', (test, error: Error) =>
      report({ kind: 'fail', title: test.fullTitle(), message: error.stack ?? error.message }),
    );
  });
  report({ kind: 'end' });
}
