import { strict as assert } from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { assertDifference } from './difference.ts';
import { RunFailed, runFar } from './driver.ts';
import type { ExampleBench } from './example-bench.ts';
import { withCopy } from './laboratory.ts';
import type { Snapshot } from './snapshot.ts';
import type { Trial } from './trial.ts';

/** All the way back to before the migration, and forward again. */
export interface WayBack {
  readonly rolledBack?: readonly string[] | undefined;
  readonly again?: readonly string[] | undefined;
  /** What went wrong on the way. */
  readonly failure: RunFailed | undefined;
}

export type WayBackCommands = ReturnType<typeof wayBack>;

export function wayBack({ applied }: ExampleBench) {
  return [{ do: 'migrate-back', to: applied }, { do: 'schema' }, { do: 'migrate' }, { do: 'schema' }] as const;
}

/** In a copy: later releases go on with the database. */
export async function proveRollback(trial: Trial, after: Snapshot): Promise<void> {
  const { bench, session } = trial;
  await withCopy(bench.laboratory, session.database, async (database) => {
    const { driver } = bench.laboratory;
    const { results, failure } = await runFar(driver, { ...session, database }, wayBack(bench));
    const [, rolledBack, , again] = results;
    await assertRollback(trial, after, { rolledBack, again, failure });
  });
}

/** What the unfixed migration cannot, the fixed one need not. */
export async function assertRollback(
  trial: Trial,
  after: Snapshot,
  { rolledBack, again, failure }: WayBack,
): Promise<void> {
  const { bench, proof } = trial;
  if (rolledBack === undefined) return assertMayFailBack(trial, failure);
  assertRolledBack(trial, rolledBack);
  // What stays behind may be in the way of doing it again.
  if (proof.rolledBack !== undefined) return;
  if (again === undefined) {
    assert.equal(failure?.type, bench.unfixed.againFailure?.type, `Migrating again: ${failure?.traceback}`);
    return;
  }
  assertDifference('The schema after rolling back and migrating again', again, after.schema);
}

async function assertMayFailBack(trial: Trial, failure: RunFailed | undefined): Promise<void> {
  assert.ok(failure !== undefined);
  if (ROWS_IN_THE_WAY.includes(failure.type)) await proveRollbackWithoutReleases(trial);
  else assertMayRefuse(trial, failure);
}

/** What the release before could not have written may prevent rolling back; without it nothing does. */
async function proveRollbackWithoutReleases(trial: Trial): Promise<void> {
  const { bench, session } = trial;
  await withCopy(bench.laboratory, bench.prepared, async (database) => {
    const commands = [{ do: 'migrate' }, { do: 'migrate-back', to: bench.applied }, { do: 'schema' }] as const;
    const { results, failure } = await runFar(bench.laboratory.driver, { ...session, database }, commands);
    if (failure !== undefined) assertMayRefuse(trial, failure);
    else assertRolledBack(trial, results[2] ?? []);
  });
}

const ROWS_IN_THE_WAY: readonly string[] = ['DataError', 'IntegrityError'];

/** What was before, or what the unfixed migration leaves behind, too. */
function assertRolledBack({ bench, proof }: Trial, schema: readonly string[]): void {
  const { rolledBack } = bench.unfixed;
  const isAsUnfixed = Array.isArray(rolledBack) && isDeepStrictEqual(rolledBack, schema);
  if (!isAsUnfixed) assertDifference('The schema after rolling back', schema, bench.before.schema, proof.rolledBack);
}

function assertMayRefuse({ bench, proof, title }: Trial, refusal: RunFailed): void {
  if (proof.irreversible !== undefined) {
    assert.ok(refusal.message.includes(proof.irreversible), refusal.traceback);
    return;
  }
  if (title.includes('no way back') && refusal.type === 'IrreversibleError') return;
  const { rolledBack } = bench.unfixed;
  const known = rolledBack instanceof RunFailed ? rolledBack.type : undefined;
  assert.equal(refusal.type, known, `Migrating back: ${refusal.traceback}`);
}
