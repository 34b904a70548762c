import { strict as assert } from 'node:assert/strict';
import { type LockMode, lockModes } from '../../../server/src/database/effects.ts';
import { effectsOf } from '../../../server/src/database/effects-of.ts';
import type { JudgedMigration, Project } from '../../../server/src/project/project.ts';
import type { Schema } from '../../../server/src/schema/schema.ts';
import { type CaseProject, writeProject } from '../case-project.ts';
import { assertDifference } from '../difference.ts';
import type { Measurement } from '../driver.ts';
import { useLaboratory } from '../laboratory.ts';
import { openProject } from '../replay/replayed-project.ts';
import { factsOfCatalog, factsOfReplay } from '../replay/schema-facts.ts';
import { migrationName, OPERATIONS, operationsProject, ROWS } from './django-operations.ts';
import { modeOf } from './lock-mode.ts';

/** What was found out about one migration. */
interface Trial {
  readonly judged: JudgedMigration;
  readonly measured: Measurement;
  readonly schema: readonly string[];
}

describe('proof: what Django makes of its operations', () => {
  let project: CaseProject;
  let read: Project;
  let trials: ReadonlyMap<string, Trial>;

  before('migrate through all of them', async () => {
    project = await writeProject(operationsProject());
    read = await openProject(project.folder);
    trials = await runAll(project.folder, read);
  });

  after(() => project.remove());

  for (const slug of Object.keys(OPERATIONS)) {
    it(`${slug}: the schema after it`, () => {
      const { judged, schema } = trialOf(slug);
      assertDifference('The replayed schema', factsOfReplay(judged.after), factsOfCatalog(schema));
    });

    it(`${slug}: locks, rewrites and scans`, () => {
      const { judged, measured } = trialOf(slug);
      assert.deepEqual(told(judged, read), seen(measured));
    });
  }

  function trialOf(slug: string): Trial {
    const trial = trials.get(slug);
    assert.ok(trial !== undefined);
    return trial;
  }
});

async function runAll(folder: string, read: Project): Promise<ReadonlyMap<string, Trial>> {
  const { driver, createDatabase } = await useLaboratory();
  const session = { database: await createDatabase(), project: folder };
  await driver.run(session, [
    { do: 'migrate', app: 'library', to: '0001_initial' },
    { do: 'execute', sql: ROWS },
  ]);
  const trials = new Map<string, Trial>();
  for (const [index, slug] of Object.keys(OPERATIONS).entries()) {
    const name = migrationName(index);
    const [sql] = await driver.run(session, [{ do: 'sqlmigrate', app: 'library', migration: name }]);
    // What runs outside a transaction cannot be taken back: it is measured in a copy.
    const undo = OPERATIONS[slug]?.undo;
    const database = undo === undefined ? session.database : await createDatabase(session.database);
    const given = undo === undefined ? [] : [undo];
    const [measured] = await driver.run({ database }, [{ do: 'measure', sql: statementsIn(sql), given }]);
    const [, schema] = await driver.run(session, [{ do: 'migrate', app: 'library', to: name }, { do: 'schema' }]);
    const judged = read.migration(`library.${name}`);
    assert.ok(judged !== undefined);
    trials.set(slug, { judged, measured, schema });
  }
  return trials;
}

/** What `sqlmigrate` prints, without its frame; empty where nothing is sent. */
function statementsIn(sql: string): string {
  const isFrame = (line: string) => line.startsWith('--') || line === 'BEGIN;' || line === 'COMMIT;';
  return sql
    .split('\n')
    .filter((line) => !isFrame(line))
    .join('\n')
    .trim();
}

/** All that the changes of a migration do to the tables that were there before it. */
function told({ migration, steps, before }: JudgedMigration, { target }: Project) {
  const locks = new Map<string, LockMode>();
  let rewrites = false;
  let scans = false;
  for (const [index, change] of migration.forward.entries()) {
    const effects = effectsOf(change, { before: steps[index] ?? before, target, migration: migration.id });
    rewrites ||= effects.rewrites;
    scans ||= effects.scans;
    for (const { table, mode } of effects.locks) {
      if (!isThere(table.name, before)) continue;
      const held = locks.get(table.name) ?? mode;
      locks.set(table.name, lockModes.indexOf(mode) > lockModes.indexOf(held) ? mode : held);
    }
  }
  return { locks: Object.fromEntries([...locks].sort()), rewrites, scans: scans || rewrites };
}

function isThere(table: string, { tables }: Schema): boolean {
  return tables.has(table);
}

function seen({ locks, rewrites, scans, builds }: Measurement) {
  const modes = Object.entries(locks).flatMap(([table, lock]) => {
    const mode = modeOf(lock);
    return mode === undefined ? [] : [[table, mode] as const];
  });
  const works = { rewrites: rewrites.length > 0, scans: scans.length + builds.length + rewrites.length > 0 };
  return { locks: Object.fromEntries(modes.sort()), ...works };
}
