import { appendFileSync } from 'node:fs';
import Mocha from 'mocha';
import { RESULTS_VARIABLE, type SuiteEvent, writtenEvent } from '../suite-results.ts';
import { rememberWorkspace } from './workspace.ts';

/** Called by the extension host: runs every test and writes each result to the file that the caller named. */
export async function run(): Promise<void> {
  process.setSourceMapsEnabled(true);
  const file = process.env[RESULTS_VARIABLE];
  if (file === undefined) throw new Error(`${RESULTS_VARIABLE} is not set.`);
  const report = (event: SuiteEvent) => appendFileSync(file, writtenEvent(event));

  // The reporter prints nothing that anyone would see: the results go into the file.
  const mocha = new Mocha({ ui: 'bdd', timeout: 30_000, reporter: Mocha.reporters.Base });
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  mocha.suite.beforeAll(rememberWorkspace);
  // Imported only now: `describe` and `it` exist from here on.
  await import('./findings.ts');
  await import('./typing.ts');
  await import('./fixes.ts');
  await import('./commands.ts');

  await new Promise<void>((resolve) => {
    const runner = mocha.run(() => resolve());
    runner.on('pass', (test) => report({ kind: 'pass', title: test.fullTitle(), milliseconds: test.duration ?? 0 }));
    runner.on('fail', (test, error: Error) =>
      report({ kind: 'fail', title: test.fullTitle(), message: error.stack ?? error.message }),
    );
  });
  report({ kind: 'end' });
}
