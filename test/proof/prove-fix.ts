import { strict as assert } from 'node:assert/strict';
import { type CaseProject, writeProject } from './case-project.ts';
import { assertDifference } from './difference.ts';
import { type Command, type Driver, RunFailed, type Session } from './driver.ts';
import type { FillIn, FixCase, FixStep } from './fix-case.ts';
import { testsInAdvance } from './in-advance.ts';
import { type Laboratory, type LentDatabase, useLaboratory } from './laboratory.ts';
import { check, type Finding, fix, type Report } from './stepwise-command.ts';

/** A database at one moment, in lines that can be compared. */
interface Snapshot {
  readonly schema: readonly string[];
  readonly rows: readonly string[];
}

/** What the steps of a case share. */
interface Bench extends Laboratory {
  readonly project: CaseProject;
  readonly database: string;
  readonly proof: FixCase;
  readonly before: Snapshot;
  /** What the schema and the rows would be without the fix. */
  readonly baseline: Snapshot;
}

/** Two ahead: most of the time a case waits. */
const tests = testsInAdvance(2);

/** Makes a test of a case. */
export function provesFix(proof: FixCase): void {
  tests.it(proof.name, () => proveFix(proof));
}

/**
 * Executes a fix on real Django and PostgreSQL: rows in, fix applied by the command line, migrated forward, compared with what
 * the unfixed migration does, rolled back, migrated again, checked again.
 */
async function proveFix(proof: FixCase): Promise<void> {
  const { laboratory, giveBack } = borrowing(await useLaboratory());
  const project = await writeProject(proof.project);
  try {
    const database = await laboratory.createDatabase();
    const session = { database, project: project.folder };
    await prepare(laboratory, session, project, proof);
    const before = await snapshot(laboratory.driver, database);
    const baseline = await runUnfixed(laboratory, project, database, proof, before);
    const bench = { ...laboratory, project, database, proof, before, baseline };
    for (const step of proof.steps) await proveStep(bench, step);
  } finally {
    await giveBack();
    await project.remove();
  }
}

/** Its databases are given back all at once, and not when some test ends. */
function borrowing(laboratory: Laboratory): { readonly laboratory: Laboratory; giveBack(): Promise<void> } {
  const lent: LentDatabase[] = [];
  const createDatabase = async (template?: string) => {
    const database = await laboratory.lendDatabase(template);
    lent.push(database);
    return database.name;
  };
  const giveBack = async () => {
    for (const database of lent) await database.giveBack();
  };
  return { laboratory: { ...laboratory, createDatabase }, giveBack };
}

async function proveStep(bench: Bench, step: FixStep): Promise<void> {
  const { driver, project, database, baseline } = bench;
  const reportBefore = await applyFix(bench, step);
  if (step.fillIn !== undefined) await fillIn(bench, step.fillIn);
  const environment = step.guard?.environment ?? {};
  if (step.guard !== undefined) await assertRaises(bench, step.guard.raises, 'without what its guard asks for');
  const session = { database, project: project.folder, environment };

  const [, pending] = await driver.run(session, [{ do: 'migrate' }, { do: 'pending' }]);
  assert.equal(pending, '', 'makemigrations would write another migration.');
  const after = await snapshot(driver, database);
  assertDifference('The schema after the fix', after.schema, baseline.schema, step.schema);
  assertDifference('The rows after the fix', after.rows, baseline.rows, step.rows);

  await proveRollback(bench, step, session, after);
  await assertSilent(bench, step, reportBefore);
}

/** All the way back to before the migration, and forward again. */
async function proveRollback(bench: Bench, step: FixStep, session: Session, after: Snapshot): Promise<void> {
  const { driver, proof, before, createDatabase } = bench;
  const back: Command = { do: 'migrate', app: appOf(proof), to: proof.before };
  let { database } = session;
  const refusal = step.irreversible ?? step.rowsPreventRollback;
  if (refusal !== undefined) {
    // In a copy: some of the migrations may be taken back before the one that refuses.
    const copy = { ...session, database: await createDatabase(database) };
    await assert.rejects(driver.run(copy, [back]), messageWith(refusal));
    if (step.irreversible !== undefined) return;
    database = await createDatabase();
    await driver.run({ ...session, database }, [{ do: 'migrate' }]);
  }
  if (step.later !== undefined) await driver.run({ ...session, database }, [{ do: 'execute', sql: step.later.sql }]);
  await driver.run({ ...session, database }, [back]);
  const rolledBack = await snapshot(driver, database);
  assertDifference('The schema after rolling back', rolledBack.schema, before.schema, step.rolledBack);
  const added = step.later?.rows ?? [];
  if (step.restoresRows === true) {
    assertDifference('The rows after rolling back', rolledBack.rows, before.rows, { added });
  }
  await driver.run({ ...session, database }, [{ do: 'migrate' }]);
  const again = await snapshot(driver, database);
  assertDifference('The schema after rolling back and migrating again', again.schema, after.schema);
}

/** Applies the fix and asserts that it made the files that it should, and lost no comment. */
async function applyFix({ project, proof }: Bench, step: FixStep): Promise<Report> {
  const [textsBefore, reportBefore] = [await project.read(), await check(project.folder)];
  if (step === proof.steps[0]) assertOffered(reportBefore.findings, proof, step);
  await fix(project.folder, step.file ?? proof.file, step.rule ?? proof.rule, step.fix);
  const texts = await project.read();
  const created = [...texts.keys()].filter((path) => !textsBefore.has(path));
  assert.deepEqual(created, [...(step.creates ?? [])].sort(), 'The fix created other files than were declared.');
  assert.notDeepEqual(texts, textsBefore, 'The fix changed nothing.');
  assertCommentsSurvive(textsBefore, texts, step.losesComment);
  return reportBefore;
}

/** The rule has nothing to say any more, and no other rule has something new. */
async function assertSilent({ project, proof }: Bench, step: FixStep, before: Report): Promise<void> {
  const { findings, problems } = await check(project.folder);
  assert.deepEqual(problems, [], 'The fixed project cannot be read.');
  assert.deepEqual(sayings(findings.filter(({ rule }) => rule === proof.rule)), [], 'The rule is not silent.');
  const known = new Set([...before.findings.map(({ rule }) => rule), ...(step.brings ?? [])]);
  const added = findings.filter(({ rule }) => !known.has(rule));
  assert.deepEqual(sayings(added), [], 'The fix brought findings of its own.');
}

function assertOffered(findings: readonly Finding[], { rule, file }: FixCase, { fix: words }: FixStep): void {
  const titles = findings
    .filter((finding) => finding.rule === rule && finding.file === file)
    .flatMap((finding) => finding.fixes.map((one) => one.title));
  const isOffered = titles.some((title) => title.toLowerCase().includes(words.toLowerCase()));
  assert.ok(isOffered, `${rule} offers no fix with “${words}” in ${file}, but: ${JSON.stringify(titles)}`);
}

function assertCommentsSurvive(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
  meant: string | undefined,
): void {
  const commentsOf = (texts: ReadonlyMap<string, string>) =>
    [...texts.values()].flatMap((text) =>
      text
        .split('\n')
        .filter((line) => line.trim().startsWith('#'))
        .map((line) => line.trim()),
    );
  const kept = new Set(commentsOf(after));
  const lost = commentsOf(before).filter((comment) => !kept.has(comment) && comment !== meant);
  assert.deepEqual(lost, [], 'The fix lost comments.');
}

async function fillIn(bench: Bench, { file, find, replace, raises }: FillIn): Promise<void> {
  if (raises !== undefined) await assertRaises(bench, raises, 'before it is filled in');
  const text = (await bench.project.read()).get(file) ?? '';
  assert.ok(text.includes(find), `There is nothing to fill in as “${find}” in ${file}:\n${text}`);
  await bench.project.write(file, text.replace(find, replace));
}

async function assertRaises({ driver, database, project }: Bench, text: string, when: string): Promise<void> {
  const forward = driver.run({ database, project: project.folder }, [{ do: 'migrate' }]);
  await assert.rejects(forward, messageWith(text), `The migration runs ${when}.`);
}

/** Runs the migration as it is written, on a copy of the database, and answers what comes of it. */
async function runUnfixed(
  { driver, createDatabase }: Laboratory,
  { folder }: CaseProject,
  prepared: string,
  { unfixed = 'runs' }: FixCase,
  before: Snapshot,
): Promise<Snapshot> {
  const filled = { database: await createDatabase(prepared), project: folder };
  if (unfixed === 'runs') {
    await driver.run(filled, [{ do: 'migrate' }]);
    return snapshot(driver, filled.database);
  }
  const failing = driver.run(filled, [{ do: 'migrate' }]);
  await assert.rejects(failing, messageWith(unfixed.fails), 'The unfixed migration was to fail.');
  if (unfixed.schema === 'before') return before;
  const empty = { database: await createDatabase(), project: folder };
  await driver.run(empty, [{ do: 'migrate' }]);
  return { schema: (await snapshot(driver, empty.database)).schema, rows: before.rows };
}

async function snapshot(driver: Driver, database: string): Promise<Snapshot> {
  const [schema, rows] = await driver.run({ database }, [{ do: 'schema' }, { do: 'rows' }]);
  return { schema, rows };
}

/** Migrates to just before the migration and puts the rows in. */
async function prepare({ driver }: Laboratory, session: Session, project: CaseProject, proof: FixCase): Promise<void> {
  const { file, rows = [] } = proof;
  const text = (await project.read()).get(file) ?? '';
  if (proof.breaksHistory === true) await project.delete(file);
  await driver.run(session, [
    { do: 'migrate', app: appOf(proof), to: proof.before },
    { do: 'execute', sql: rows },
  ]);
  if (proof.breaksHistory === true) await project.write(file, text);
}

function appOf(proof: FixCase): string {
  return proof.file.split('/').at(-3) ?? '';
}

function messageWith(text: string): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof RunFailed, String(error));
    assert.ok(error.message.includes(text), `Expected “${text}” in:\n${error.message}\n${error.traceback}`);
    return true;
  };
}

function sayings(findings: readonly Finding[]): readonly string[] {
  return findings.map(({ file, rule, message }) => `${file}: ${rule}: ${message}`);
}
