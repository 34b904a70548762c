import { strict as assert } from 'node:assert/strict';
import { enumValueUsedInTransaction } from '../../server/src/rules/enum-value-used-in-transaction.ts';
import type { Rule } from '../../server/src/rules/rule.ts';
import { validateInSameTransaction } from '../../server/src/rules/validate-in-same-transaction.ts';
import { filesText } from '../support/memory-files.ts';
import { exampleProject } from '../support/rule-examples.ts';
import { alembicReleases } from './alembic-releases.ts';
import { type CaseProject, writeProject } from './case-project.ts';
import type { RunnableRelease } from './framework-release.ts';
import { useLaboratory } from './laboratory.ts';
import { migrationIn } from './migration-file.ts';
import { fix } from './stepwise-command.ts';

/** Two revisions that one `alembic upgrade` runs: the second one meets what the first has not committed. */
interface Pair {
  readonly rule: Rule;
  /** The revision before. */
  readonly first: string;
  /** What PostgreSQL, or the revision itself, says then. */
  readonly raises: RegExp;
  /** Is to follow a statement of the second one: raises while the lock of the first is held. */
  readonly probe?: { readonly behind: string; readonly code: string };
}

const stillLocked = `op.execute("DO $$ BEGIN IF EXISTS (SELECT FROM pg_locks WHERE pid = pg_backend_pid() AND relation = 'orders'::regclass AND mode = 'AccessExclusiveLock') THEN RAISE 'orders is still locked'; END IF; END $$")`;

const pairs: readonly Pair[] = [
  {
    rule: enumValueUsedInTransaction,
    first: 'migrations/versions/ae1027a6acf1_returned_orders.py',
    raises: /unsafe use of new value "returned"/,
  },
  {
    rule: validateInSameTransaction,
    first: 'migrations/versions/ae1027a6acf1_total_of_orders.py',
    raises: /orders is still locked/,
    probe: { behind: 'VALIDATE CONSTRAINT orders_total_check")', code: stillLocked },
  },
];

for (const release of await alembicReleases()) {
  describe(`proof: revisions of one upgrade on ${release.label}`, () => {
    for (const pair of pairs) {
      it(`${pair.rule.name}: they share a transaction`, async () => {
        await assert.rejects(upgrade(pair, release, 'as written'), pair.raises);
      });

      it(`${pair.rule.name}: not with transaction_per_migration`, () => upgrade(pair, release, 'apart'));

      it(`${pair.rule.name}: not when it is fixed`, () => upgrade(pair, release, 'fixed'));
    }
  });
}

/** Runs both at once on tables with rows. */
async function upgrade(pair: Pair, release: RunnableRelease, how: 'as written' | 'apart' | 'fixed'): Promise<void> {
  const { driver, createDatabase } = await useLaboratory(release);
  const example = pair.rule.examples.bad.find(({ title }) => title.includes('share a transaction'));
  assert.ok(example !== undefined);
  const { texts, checked } = exampleProject(example);
  const project = await writeProject(filesText(texts), release);
  try {
    if (how === 'apart') {
      await replace(
        project,
        'migrations/env.py',
        '(connection=connection)',
        '(connection=connection, transaction_per_migration=True)',
      );
    }
    const [{ title = '' } = {}] = example.fixed ?? [];
    if (how === 'fixed') await fix(project.folder, checked, pair.rule.name, title);
    if (pair.probe !== undefined) await probe(project, checked, pair.probe);
    const session = { database: await createDatabase(), project: project.folder };
    await driver.run(session, [
      { do: 'migrate-before', migration: migrationIn(pair.first) },
      { do: 'fill' },
      { do: 'migrate' },
    ]);
  } finally {
    await project.remove();
  }
}

/** Puts a line of code below another one, as far to the right. */
async function probe(project: CaseProject, file: string, { behind, code }: NonNullable<Pair['probe']>): Promise<void> {
  const text = (await project.read()).get(file) ?? '';
  const line = text.split('\n').find((each) => each.endsWith(behind)) ?? '';
  const indentation = line.slice(0, line.length - line.trimStart().length);
  await replace(project, file, line, `${line}\n${indentation}${code}`);
}

async function replace(project: CaseProject, file: string, find: string, replacement: string): Promise<void> {
  const text = (await project.read()).get(file) ?? '';
  assert.ok(find !== '' && text.includes(find), text);
  await project.write(
    file,
    text.replace(find, () => replacement),
  );
}
