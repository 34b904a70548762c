import { strict as assert } from 'node:assert/strict';
import { rules } from '../../server/src/rules/registry.ts';
import type { BadExample, Rule } from '../../server/src/rules/rule.ts';
import { exampleProject, frameworkOf, openExample } from '../support/rule-examples.ts';
import { alembicReleases } from './alembic-releases.ts';
import { runnableReleases } from './django-releases.ts';
import { RunFailed } from './driver.ts';
import { type ExampleBench, openBench } from './example-bench.ts';
import { exampleProofs } from './examples/example-proofs.ts';
import { type FrameworkRelease, isBefore } from './framework-release.ts';
import { testsInAdvance } from './in-advance.ts';
import { tryElsewhere } from './other-databases.ts';
import { proofTable } from './proof-table.ts';
import { isForOtherDatabase, type Outcome, proveExample } from './prove-example.ts';
import type { ExampleFix } from './trial.ts';
import { harmOf } from './unfixed.ts';

const releasesOf = { django: await runnableReleases(), alembic: await alembicReleases() };
const table = proofTable([...releasesOf.django, ...releasesOf.alembic].map(({ label }) => label));
/** One fix ahead on all releases: each has a Python of its own. */
const tests = testsInAdvance(2 * releasesOf.django.length - 1);

/** A single rule is proven with `mocha -g 'rule-name: '`, on another release with STEPWISE_DJANGO=4.2 or STEPWISE_ALEMBIC=1.13. */
describe('proof: every fix of every example', () => {
  after(async () => {
    await tests.settled();
    console.log(`\n${table}\n`);
  });

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

  const openOn = (release: FrameworkRelease) => {
    const bench = benches.get(release.label) ?? openBench(example, proof, release);
    benches.set(release.label, bench);
    return bench;
  };

  for (const { title } of example.fixed ?? []) {
    const fix = { rule, example, title, proof: proof.fixes?.[title] ?? {}, hidden: proof.hidden };
    const since = fix.proof.since ?? proof.since;
    for (const release of releases) {
      const work = () => tryFix({ ...fix, release }, openOn);
      tests.it(`${title} (${release.label})`, work, (outcome) => {
        table.record(rule.name, release.label, outcome);
        const isTold = since !== undefined && isBefore(release, since);
        assert.equal(isAbsent(outcome), isTold, `The fix is ${outcome} on ${release.label}.`);
      });
    }
  }
}

async function tryFix(fix: ExampleFix, openOn: (release: FrameworkRelease) => Promise<ExampleBench>): Promise<Outcome> {
  const { rule, example, release } = fix;
  const proof = exampleProofs(rule.name)[example.title] ?? {};
  if (isForOtherDatabase(example)) {
    const { outcome, harm } = await tryElsewhere(fix, proof);
    table.recordHarm(rule.name, harm);
    return outcome;
  }
  try {
    const bench = await openOn(release);
    table.recordHarm(rule.name, harmOf(bench.unfixed, bench.before));
    return await proveExample(fix, bench);
  } catch (error) {
    const isUnknown = error instanceof RunFailed && UNKNOWN.includes(error.type);
    if (isUnknown && proof.since !== undefined && isBefore(release, proof.since)) return 'unknown';
    throw error;
  }
}

/** What an older release raises where it does not know what an example shows. */
const UNKNOWN = ['AttributeError', 'ImportError', 'ModuleNotFoundError', 'TypeError'];

function isAbsent(outcome: Outcome): boolean {
  return outcome === 'unknown' || outcome === 'not offered';
}

async function offersFixes(rule: Rule): Promise<boolean> {
  for (const example of rule.examples.bad) {
    if (isForOtherDatabase(example)) continue;
    const { texts, checked } = exampleProject(example);
    const findings = (await openExample(texts, rule)).check(checked);
    if (findings.some((finding) => finding.rule.name === rule.name && finding.fixes().length > 0)) return true;
  }
  return false;
}
