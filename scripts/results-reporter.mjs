/**
 * Mocha's usual output for the reader, and the counts in a file for scripts/test.mjs.
 * The file is named by STEPWISE_SUITE_COUNTS.
 */
import { writeFileSync } from 'node:fs';
import mocha from 'mocha';

const { EVENT_RUN_END } = mocha.Runner.constants;

/** A pending test counts as failed: a test that did not run has shown nothing. */
// biome-ignore lint/style/noDefaultExport: mocha loads a reporter as the default export.
export default class ResultsReporter extends mocha.reporters.Spec {
  /**
   * @param {import('mocha').Runner} runner
   * @param {import('mocha').MochaOptions} options
   */
  constructor(runner, options) {
    super(runner, options);
    runner.once(EVENT_RUN_END, () => {
      const file = process.env['STEPWISE_SUITE_COUNTS'];
      if (file === undefined) return;
      const { passes, failures, pending } = this.stats;
      writeFileSync(file, JSON.stringify({ passed: passes, failed: failures + pending }));
    });
  }
}
