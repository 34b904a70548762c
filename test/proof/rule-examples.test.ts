import { strict as assert } from 'node:assert/strict';
import { rules } from '../../server/src/rules/registry.ts';
import type { BadExample, Rule } from '../../server/src/rules/rule.ts';
import { exampleProject, openExample } from '../support/rule-examples.ts';
import { type DjangoRelease, mainRelease, runnableReleases } from './django-releases.ts';
import { DjangoFailed } from './driver.ts';
import { type ExampleBench, openBench } from './example-bench.ts';
import { exampleProofs } from './examples/example-proofs.ts';
import { proofTable } from './proof-table.ts';
import { isForOtherDatabase, loadExample, type Outcome, proveExample } from './prove-example.ts';
import { harmOf } from './unfixed.ts';

/** The releases that all fixes are proven on; not all differences that others bring are declared yet. */
const COMPLETE: readonly string[] = [mainRelease.series];

const runnable = await runnableReleases();
const isPicked = process.env['STEPWISE_DJANGO'] !== undefined;
const releases = isPicked ? runnable : runnable.filter(({ series }) => COMPLETE.includes(series));
const table = proofTable(releases.map(({ series }) => series));

/** A single rule is proven with `mocha -g 'rule-name: '`, on another release with STEPWISE_DJANGO=4.2. */
describe('proof: every fix of every example', () => {
  after(() => console.log(`\n${table}\n`));

  for (const rule of rules) {
    for (const example of rule.examples.bad) {
      if (example.fixed !== undefined) describe(`${rule.name}: ${example.title}`, () => provesExample(rule, example));
    }
  }

  // A suite of its own: the tests of a suite run before the suites in it.
  describe('as a whole', () => {
    it('leaves out no rule that offers a fix', async () => {
      const missing = [];
      for (const rule of rules) {
        if ((await offersFixes(rule)) && table.provenOf(rule.name) === 0) missing.push(rule.name);
      }
      assert.deepEqual(missing, []);
    });
  });
});

function provesExample(rule: Rule, example: BadExample): void {
  const proof = exampleProofs(rule.name)[example.title] ?? {};
  const benches = new Map<string, Promise<ExampleBench>>();
  after(async () => {
    const opened = await Promise.allSettled(benches.values());
    await Promise.all(opened.map((bench) => bench.status === 'fulfilled' && bench.value.giveBack()));
  });

  for (const { title } of example.fixed ?? []) {
    const trials = new Map<string, Promise<Outcome>>();
    // On all releases at once: each has a Python of its own.
    const start = () => {
      for (const release of releases) {
        if (isForOtherDatabase(example)) {
          trials.set(release.series, loadExample({ rule, example, title, release }, proof));
          continue;
        }
        const bench = benches.get(release.series) ?? openBench(example, proof, release);
        benches.set(release.series, bench);
        const fix = { rule, example, title, release, proof: proof.fixes?.[title] ?? {}, hidden: proof.hidden };
        const trial = bench.then(
          (opened) => {
            table.recordHarm(rule.name, harmOf(opened.unfixed, opened.before));
            return proveExample(fix, opened);
          },
          (error: unknown) => unknownTo(release, error),
        );
        // Told by the test that waits for it.
        trial.catch(() => undefined);
        trials.set(release.series, trial);
      }
    };
    for (const [index, { series }] of releases.entries()) {
      it(`${title} (Django ${series})`, async () => {
        if (trials.size === 0) start();
        const outcome = await trials.get(series);
        assert.ok(outcome !== undefined);
        table.record(rule.name, series, outcome);
        const isNewest = index === releases.length - 1;
        if (isNewest) assert.notEqual(outcome, 'not offered', 'The newest Django knows everything.');
      });
    }
  }
}

/** What the newest Django knows an older one may not: then the example cannot be written there. */
function unknownTo(release: DjangoRelease, error: unknown): Outcome {
  const isOlder = release.series !== releases.at(-1)?.series;
  if (isOlder && error instanceof DjangoFailed && UNKNOWN.includes(error.type)) return 'not offered';
  throw error;
}

const UNKNOWN = ['AttributeError', 'ImportError', 'ModuleNotFoundError', 'TypeError'];

async function offersFixes(rule: Rule): Promise<boolean> {
  for (const example of rule.examples.bad) {
    if (isForOtherDatabase(example)) continue;
    const { texts, checked } = exampleProject(example);
    const findings = (await openExample(texts, rule)).check(checked);
    if (findings.some((finding) => finding.rule.name === rule.name && finding.fixes().length > 0)) return true;
  }
  return false;
}
