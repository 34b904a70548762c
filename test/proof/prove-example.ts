import { strict as assert } from 'node:assert/strict';
import { rules } from '../../server/src/rules/registry.ts';
import type { BadExample, Rule } from '../../server/src/rules/rule.ts';
import { filesText } from '../support/memory-files.ts';
import { isRevisionText, openTexts } from '../support/rule-examples.ts';
import { type CaseProject, writeProject } from './case-project.ts';
import { collectComplaints } from './complaints.ts';
import { assertDifference } from './difference.ts';
import { type Deploy, type MigrationKey, runFar } from './driver.ts';
import { type ExampleBench, operationsIn } from './example-bench.ts';
import type { FixProof } from './examples/example-proof.ts';
import { withCopy } from './laboratory.ts';
import { type Snapshot, snapshotOf, withoutColumns, withoutRows } from './snapshot.ts';
import { fix as applyFix } from './stepwise-command.ts';
import type { ExampleFix, Trial } from './trial.ts';
import { ALLOWED, FIRST_NUMBER } from './unfixed.ts';
import { assertRollback, proveRollback, type WayBack, type WayBackCommands, wayBack } from './way-back.ts';

/** What another database runs is only loaded here; a release may not know what an example shows. */
export type Outcome = 'proven' | 'loaded' | 'unknown' | 'not offered';

/** The project of an example may be one on MySQL or SQLite. */
export function isForOtherDatabase({ settings = '' }: BadExample): boolean {
  return /^database = "(?!postgresql)/m.test(settings);
}

/** A place where Stepwise speaks, with the titles of its fixes there. */
interface Place {
  readonly file: string;
  readonly rule: string;
  readonly titles: readonly string[];
}

/** Guards are closed where a fix is about them, else open. */
const isGuard = (title: string) => title.includes('ALLOW_DESTRUCTIVE_MIGRATIONS');

/** What a person would have written, where a fix stops on purpose and nothing is declared. */
const USUAL_ANSWERS: readonly (readonly [stop: RegExp, answer: string])[] = [
  [/raise NotImplementedError\(["']Write which rows of .* are deleted\.["']\)/, 'return rows.filter(pk=1)'],
  [/raise NotImplementedError\(["']Write how .* is found for rows that have none\.["']\)/, 'return str(row.pk)'],
];

/**
 * Applies a fix with the command line and deploys it, with the old and the new release writing in between: the schema
 * and the rows are those that the unfixed migration makes besides what is declared, models and migrations agree, it can
 * be taken back and done again, the rule is silent, and so on with the steps of later releases.
 */
export async function proveExample(fix: ExampleFix, bench: ExampleBench): Promise<Outcome> {
  const project = await writeProject(filesText(bench.texts), fix.release);
  try {
    return await withCopy(bench.laboratory, bench.prepared, async (database) => {
      const session = { database, project: project.folder, environment: ALLOWED };
      const trial: Trial = { ...fix, bench, project, session };
      const { places, title } = await applyOffered(trial);
      if (title === undefined) return 'not offered';
      await fillIn(trial);
      if (isGuard(title)) await assertGuarded(trial);
      const isDone = (await owedSteps(project, fix.rule)).length === 0;
      const { deployed, after, pending, back } = await deploy(trial, bench.applied, 1, isDone ? wayBack(bench) : []);
      const { take, raise } = collectComplaints();
      await take(() => assertServes(trial, deployed));
      for (const assertion of endsOf('after the fix', trial, after, fix.proof)) await take(assertion);
      await take(() => assertModelsAgree(trial, pending));
      await take(() => assertSilent(trial, places, title));
      await take(() => (isDone ? assertRollback(trial, after, back) : proveRollback(trial, after)));
      if (!isDone) await take(() => proveLaterReleases(trial, deployed));
      raise();
      return 'proven';
    });
  } finally {
    await project.remove();
  }
}

/** Answers where Stepwise spoke before, and which fix it was. */
async function applyOffered(trial: Trial): Promise<{ places: readonly Place[]; title: string | undefined }> {
  const { project, bench, rule, hidden = [] } = trial;
  const texts = await project.read();
  for (const file of hidden) await project.delete(file);
  const places = await placesOf(project, rule);
  const title = offeredTitle(places, trial);
  // The command line takes settings with their whole project.
  const path = isMigration(bench) ? bench.checked : '.';
  if (title !== undefined) await applyFix(project.folder, path, rule.name, title);
  for (const file of hidden) await project.write(file, texts.get(file) ?? '');
  return { places, title };
}

function isMigration({ checked, texts }: ExampleBench): boolean {
  return checked.includes('/migrations/') || isRevisionText(texts.get(checked) ?? '');
}

/** Where the models are there, a fix edits them instead of saying what to add. */
function offeredTitle(places: readonly Place[], { bench, title }: Trial): string | undefined {
  const titles = places.filter((place) => place.file === bench.checked).flatMap((place) => place.titles);
  const [short = title] = title.split(/; add .* to the model/);
  return titles.find((each) => each === title) ?? titles.find((each) => each === short);
}

/** Those of one rule, as they are when all rules speak. */
async function placesOf(project: CaseProject, { name }: Rule): Promise<readonly Place[]> {
  const workspace = await openTexts(await project.read(), rules);
  const files = [...workspace.settingsFiles(), ...workspace.migrationFiles()];
  return files.flatMap((file) =>
    workspace
      .check(file)
      .filter(({ rule }) => rule.name === name)
      .map((finding) => ({ file, rule: name, titles: finding.fixes().map(({ title }) => title) })),
  );
}

async function fillIn({ project, proof }: Trial): Promise<void> {
  const answers = Object.entries(proof.fillIn ?? {});
  for (const [file, text] of await project.read()) {
    let filled = text;
    for (const [stop, answer] of answers) filled = filled.replaceAll(stop, answer);
    for (const [stop, answer] of USUAL_ANSWERS) filled = filled.replace(stop, answer);
    if (filled !== text) await project.write(file, filled);
  }
}

/** Without what the guard asks for nothing happens, and that is said. */
async function assertGuarded({ bench, session }: Trial): Promise<void> {
  const closed = { database: session.database, project: session.project ?? '' };
  const { driver } = bench.laboratory;
  const run = driver.run(closed, [{ do: 'deploy', number: FIRST_NUMBER }]);
  await assert.rejects(run, /ALLOW_DESTRUCTIVE_MIGRATIONS/, 'The guard lets everybody through.');
  const { schema, rows } = await snapshotOf(driver, session.database);
  assertDifference('The schema behind the guard', schema, bench.before.schema);
  assertDifference('The rows behind the guard', rows, bench.before.rows);
}

/** What came of a deploy. */
interface Deployed {
  readonly deployed: Deploy;
  /** Without the rows of releases. */
  readonly after: Snapshot;
  readonly pending: readonly string[];
  readonly back: WayBack;
}

/**
 * @param then what is run in the end, when no later release needs the database
 * @param count of deploys until now, this one included: each has numbers of its own for its rows
 */
async function deploy(
  { bench, session, example, proof }: Trial,
  known: readonly MigrationKey[],
  count: number,
  then: WayBackCommands | readonly [],
): Promise<Deployed> {
  const number = FIRST_NUMBER + count * 1000;
  const isStopped = example.settings?.includes('deploys = "stopped"') === true;
  const old = isStopped || proof.between === 'nothing' ? {} : { old: known };
  // The author wrote the new release for what the unfixed migration makes.
  const { release } = bench.unfixed.deploy;
  const wanted = release === undefined ? {} : { newRelease: release, ...(count > 1 ? { oldRelease: release } : {}) };
  const { results, failure } = await runFar(bench.laboratory.driver, session, [
    { do: 'deploy', ...old, ...wanted, number },
    { do: 'schema' },
    { do: 'rows' },
    { do: 'pending' },
    ...(then as WayBackCommands),
  ]);
  const [deployed, schema, rows, pending, , rolledBack, , again] = results;
  if (deployed === undefined || schema === undefined || rows === undefined || pending === undefined) throw failure;
  return {
    deployed,
    after: { schema, rows: withoutRows(rows, deployed.rows) },
    pending: operationsIn(pending),
    back: { rolledBack, again, failure },
  };
}

/** Both releases can do what they can beside the unfixed migration. */
function assertServes({ bench, proof }: Trial, deployed: Deploy): void {
  const { unfixed } = bench;
  const known = new Set(unfixed.deploy.new.map(actionOf));
  const unable = deployed.new.filter((failure) => !known.has(actionOf(failure)));
  assert.deepEqual(unable, [], 'The new release cannot read and write.');
  const places = new Set([...unfixed.deploy.old.map(actionOf), ...(proof.oldFails ?? [])]);
  const broken = deployed.old.filter((failure) => !places.has(actionOf(failure)));
  assert.deepEqual(broken, [], 'The old release cannot go on while the fixed migrations run.');
}

/** `shop.Order: read` of `shop.Order: read: ProgrammingError: …` */
function actionOf(failure: string): string {
  return failure.split(': ').slice(0, 2).join(': ');
}

function endsOf(
  when: string,
  { bench, proof }: Trial,
  after: Snapshot,
  { schema, rows }: Pick<FixProof, 'schema' | 'rows'>,
): readonly (() => void)[] {
  const baseline = bench.unfixed.after;
  const { volatile = [] } = proof;
  const [found = [], expected = []] = [after.rows, baseline.rows].map((each) => withoutColumns(each, volatile));
  return [
    () => assertDifference(`The schema ${when}`, after.schema, baseline.schema, schema),
    () => assertDifference(`The rows ${when}`, found, expected, rows),
  ];
}

function assertModelsAgree({ bench, proof }: Trial, pending: readonly string[]): void {
  const known = new Set([...bench.pending, ...(proof.pending ?? [])]);
  const added = pending.filter((line) => !known.has(line));
  assert.deepEqual(added, [], 'makemigrations would write another migration.');
}

/** The rule does not offer the same again, and it says less than before. */
async function assertSilent({ project, rule }: Trial, before: readonly Place[], title: string): Promise<void> {
  const after = await placesOf(project, rule);
  assert.ok(after.length < before.length, 'The rule is not silent.');
  assert.ok(!after.some(({ titles }) => titles.includes(title)), 'The rule offers its fix once more.');
}

/** The steps that were left for later releases, until none is left: each release meets the one before it. */
async function proveLaterReleases(trial: Trial, first: Deploy): Promise<void> {
  const { bench, project, session, proof, rule } = trial;
  const written = [...first.rows];
  let count = 1;
  let last: Snapshot | undefined;
  for (let owed = await owedSteps(project, rule); owed.length > 0; owed = await owedSteps(project, rule)) {
    assert.ok(count < 4, 'There is always another step for a later release.');
    count += 1;
    const [known] = await bench.laboratory.driver.run(session, [{ do: 'applied' }]);
    for (const step of owed) {
      for (const title of step.titles.slice(0, 1)) await applyFix(project.folder, step.file, step.rule, title);
    }
    await fillIn(trial);
    const { deployed, after, pending } = await deploy(trial, known, count, []);
    assertServes(trial, { ...deployed, new: [...deployed.old, ...deployed.new], old: [] });
    written.push(...deployed.rows);
    assertModelsAgree(trial, pending);
    last = { ...after, rows: withoutRows(after.rows, written) };
  }
  if (last === undefined) return;
  const { take, raise } = collectComplaints();
  for (const assertion of endsOf('after the last release', trial, last, proof.finally ?? {})) await take(assertion);
  raise();
}

/** Those that a fix takes; what is left for the author to write is not among them. */
async function owedSteps(project: CaseProject, { name }: Rule): Promise<readonly Place[]> {
  const workspace = await openTexts(await project.read(), rules);
  const steps = workspace.migrationFiles().flatMap((file) =>
    workspace
      .offers(file)
      .filter(({ rule }) => rule.name === name)
      .map((offer) => ({ file, rule: name, titles: offer.fixes().map(({ title }) => title) })),
  );
  return steps.filter(({ titles }) => titles.length > 0);
}
