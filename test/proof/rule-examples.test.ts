import { strict as assert } from 'node:assert/strict';
import { rules } from '../../server/src/rules/registry.ts';
import type { BadExample, Rule } from '../../server/src/rules/rule.ts';
import { exampleProject, frameworkOf, openExample } from '../support/rule-examples.ts';
import { alembicReleases } from './alembic-releases.ts';
import { mainRelease, runnableReleases } from './django-releases.ts';
import { RunFailed } from './driver.ts';
import { type ExampleBench, openBench } from './example-bench.ts';
import { exampleProofs } from './examples/example-proofs.ts';
import type { FrameworkRelease } from './framework-release.ts';
import { proofTable } from './proof-table.ts';
import { isForOtherDatabase, loadExample, type Outcome, proveExample } from './prove-example.ts';
import { harmOf } from './unfixed.ts';

/** The releases of Django that all fixes are proven on; not all differences that others bring are declared yet. */
const COMPLETE: readonly string[] = [mainRelease.series];

const runnable = await runnableReleases();
const isPicked = process.env['STEPWISE_DJANGO'] !== undefined;
const releasesOf = {
  django: isPicked ? runnable : runnable.filter(({ series }) => COMPLETE.includes(series)),
  alembic: await alembicReleases(),
};
const table = proofTable([...releasesOf.django, ...releasesOf.alembic].map(({ label }) => label));

/** A single rule is proven with `mocha -g 'rule-name: '`, on another release with STEPWISE_DJANGO=4.2 or STEPWISE_ALEMBIC=1.13. */
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
  const releases = releasesOf[frameworkOf(example)];
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
          trials.set(release.label, loadExample({ rule, example, title, release }, proof));
          continue;
        }
        const bench = benches.get(release.label) ?? openBench(example, proof, release);
        benches.set(release.label, bench);
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
        trials.set(release.label, trial);
      }
    };
    for (const { label, knowsExamples } of releases) {
      it(`${title} (${label})`, async () => {
        if (trials.size === 0) start();
        const outcome = await trials.get(label);
        assert.ok(outcome !== undefined);
        table.record(rule.name, label, outcome);
        if (knowsExamples) assert.notEqual(outcome, 'not offered', `${label} knows everything.`);
      });
    }
  }
}

/** What the newest release knows an older one may not: then the example cannot be written there. */
function unknownTo(release: FrameworkRelease, error: unknown): Outcome {
  if (!release.knowsExamples && error instanceof RunFailed && UNKNOWN.includes(error.type)) return 'not offered';
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
