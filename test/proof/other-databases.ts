import { strict as assert } from 'node:assert/strict';
import { filesText, readFiles } from '../support/memory-files.ts';
import { exampleProject, openTexts } from '../support/rule-examples.ts';
import { type CaseProject, writeProject } from './case-project.ts';
import { collectComplaints } from './complaints.ts';
import { assertDifference } from './difference.ts';
import type { Driver, RunElsewhere, Session } from './driver.ts';
import type { ExampleProof } from './examples/example-proof.ts';
import { useLaboratory } from './laboratory.ts';
import { runOnMariadb } from './mariadb-run.ts';
import type { Outcome } from './prove-example.ts';
import { fix as applyFix } from './stepwise-command.ts';
import type { ExampleFix } from './trial.ts';
import { ALLOWED } from './unfixed.ts';

/** What came of a fix, and what the unfixed migration was seen to do. */
interface Tried {
  readonly outcome: Outcome;
  readonly harm: readonly string[];
}

/**
 * A fix for another database than PostgreSQL. Revisions for SQLite run there, and those for MySQL on MariaDB. Of the others,
 * and of all migrations of Django, the framework reads what the fix writes.
 */
export async function tryElsewhere(fix: ExampleFix, proof: ExampleProof): Promise<Tried> {
  const { driver } = await useLaboratory(fix.release);
  const { texts, checked } = exampleProject(fix.example);
  const project = await writeProject(filesText(new Map([...readFiles(proof.history ?? ''), ...texts])), fix.release);
  try {
    const session = { database: 'postgres', project: project.folder, environment: ALLOWED };
    const database = /^database = "(\w+)"/m.exec(fix.example.settings ?? '')?.[1];
    const apply = () => applyFix(project.folder, checked, fix.rule.name, fix.title);
    const run = fix.release.framework === 'alembic' ? runnerOf(database, driver, session, checked, texts) : undefined;
    if (run === undefined) {
      await apply();
      await driver.run(session, [{ do: 'import' }, { do: 'load' }]);
      return { outcome: 'loaded', harm: [] };
    }
    const unfixed = await run();
    await apply();
    await assertRuns(fix, project, unfixed, await run());
    return { outcome: 'proven', harm: harmOf(unfixed) };
  } finally {
    await project.remove();
  }
}

/** How revisions run on that database; undefined where they do not. */
function runnerOf(
  database: string | undefined,
  driver: Driver,
  session: Session,
  checked: string,
  texts: ReadonlyMap<string, string>,
): (() => Promise<RunElsewhere>) | undefined {
  if (database === 'sqlite')
    return async () => (await driver.run(session, [{ do: 'run-on-sqlite', file: checked }]))[0];
  if (database !== 'mysql' && database !== 'mariadb') return undefined;
  const [, revision = ''] = /^revision\b.*=\s*["'](\w+)["']/m.exec(texts.get(checked) ?? '') ?? [];
  return () => runOnMariadb(driver, session, revision);
}

/** As in the proof on PostgreSQL. Where the unfixed revision fails, the declared difference is that to what was before. */
async function assertRuns(fix: ExampleFix, project: CaseProject, unfixed: RunElsewhere, fixed: RunElsewhere) {
  const { proof, rule } = fix;
  assert.equal(fixed.failure, undefined);
  const { take, raise } = collectComplaints();
  const { before, after, back, again } = fixed;
  const wanted = unfixed.after ?? before;
  await take(() => assertDifference('The schema after the fix', after?.schema ?? [], wanted.schema, proof.schema));
  await take(() => assertDifference('The rows after the fix', after?.rows ?? [], wanted.rows, proof.rows));
  await take(() =>
    assertDifference('The schema after going back', back?.schema ?? [], before.schema, proof.rolledBack),
  );
  await take(() => assertDifference('The schema after doing it again', again?.schema ?? [], after?.schema ?? []));
  const workspace = await openTexts(await project.read(), [rule]);
  const said = workspace.migrationFiles().flatMap((file) => workspace.check(file));
  await take(() =>
    assert.deepEqual(
      said.map(({ message }) => message),
      [],
      'The rule is not silent.',
    ),
  );
  raise();
}

function harmOf({ failure }: RunElsewhere): readonly string[] {
  if (failure === undefined) return [];
  return [failure.startsWith('after: ') ? 'fails' : 'no way back'];
}
