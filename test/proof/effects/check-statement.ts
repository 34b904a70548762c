import { strict as assert } from 'node:assert/strict';
import { defaultTarget, type Target } from '../../../server/src/base/target.ts';
import { type Effects, type LockMode, lockModes } from '../../../server/src/database/effects.ts';
import { effectsOf } from '../../../server/src/database/effects-of.ts';
import type { EffectsSetting } from '../../../server/src/database/setting.ts';
import type { Change, TransactionId } from '../../../server/src/schema/change.ts';
import { applyChange } from '../../../server/src/schema/replay.ts';
import { emptySchema, type Schema } from '../../../server/src/schema/schema.ts';
import { tableKeyOf } from '../../../server/src/schema/table-name.ts';
import { changesInPython } from '../../unit/sql/check-sql.ts';
import type { Driver, Measurement } from '../driver.ts';
import { useLaboratory } from '../laboratory.ts';
import { useOlderPostgres } from '../older-postgres.ts';
import { NEWEST } from '../postgres-versions.ts';
import { modeOf } from './lock-mode.ts';

/** A statement, and what brings the tables into the state that it meets. */
export interface MeasuredStatement {
  readonly given?: readonly string[];
  readonly sql: string;
  /** The first PostgreSQL that knows it; those before it refuse it. */
  readonly since?: number;
  /** The last PostgreSQL of which the row of the lock table is told. */
  readonly until?: number;
}

/** What every statement begins with: `t` is the table that it is about, `p` one that a foreign key may refer to. */
export const RESET = [
  'DROP SCHEMA public CASCADE',
  'DROP SCHEMA IF EXISTS s CASCADE',
  'CREATE SCHEMA public',
  'DROP TABLESPACE IF EXISTS elsewhere',
  'DROP ACCESS METHOD IF EXISTS other_heap',
  'DROP FOREIGN DATA WRAPPER IF EXISTS far CASCADE',
];
export const TABLES = [
  'CREATE TABLE p (id int PRIMARY KEY)',
  'INSERT INTO p SELECT generate_series(1, 100)',
  'CREATE TABLE t (id int PRIMARY KEY, c int, v varchar(20))',
  "INSERT INTO t SELECT n, n, 'v' FROM generate_series(1, 100) n",
];

/** One change of a statement, with what it is judged by. */
export interface Step {
  readonly change: Change;
  readonly setting: EffectsSetting;
}

/**
 * Runs a statement on PostgreSQL, reads it from its text, and compares what happened with what is told of it. One that
 * is newer than the PostgreSQL is to be told as refused.
 */
export async function checkStatement(statement: MeasuredStatement, major: number): Promise<readonly Step[]> {
  const { given = [], sql, since } = statement;
  if (since !== undefined && major < since) return checkRefusal(statement, major);
  const driver = await driverOf(major);
  const setup = [...TABLES, ...given];
  const [, measured] = await driver.run({ database: 'postgres' }, [
    { do: 'execute', sql: [...RESET, ...setup] },
    { do: 'measure', sql, given: [...RESET, ...setup] },
  ]);
  const steps = await stepsOf(major, setup, sql, measured.inTransaction ? 'one' : undefined);
  const told = steps.map(({ change, setting }) => effectsOf(change, setting));
  assert.deepEqual(inTermsOfTables(told), seen(measured), `${sql} on PostgreSQL ${major}`);
  assert.equal(
    worst(
      blockable,
      told.map(({ blocks }) => blocks),
    ),
    waitingFor(measured, steps),
    `${sql} on PostgreSQL ${major} keeps waiting`,
  );
  if (!measured.inTransaction) await checkRefused(major, setup, sql);
  return steps;
}

/** Runs a statement that PostgreSQL refuses, whatever the tables hold; what it needs may be refused before it. */
export async function checkRefusal(statement: MeasuredStatement, major: number): Promise<readonly Step[]> {
  const { given = [], sql, since = 0 } = statement;
  const driver = await driverOf(major);
  const session = { database: 'postgres' };
  await driver.run(session, [{ do: 'execute', sql: [...RESET, ...TABLES] }]);
  const commands = [
    { do: 'execute', sql: given },
    { do: 'measure', sql, given: [] },
  ] as const;
  await assert.rejects(driver.run(session, commands), `${sql} runs on PostgreSQL ${major}`);
  // What is newer than the PostgreSQL may be what brings the tables into their state.
  const steps =
    major < since
      ? await stepsOf(major, TABLES, [...given, sql].join(';\n'), undefined)
      : await stepsOf(major, [...TABLES, ...given], sql, undefined);
  const fails = steps.map(({ change, setting }) => effectsOf(change, setting).fails);
  assert.ok(fails.includes('always'), `${sql} is not told to fail on PostgreSQL ${major}`);
  return steps;
}

async function driverOf(major: number): Promise<Driver> {
  return major === NEWEST ? (await useLaboratory()).driver : useOlderPostgres(major);
}

/** What cannot run in a transaction is told to fail in one. */
async function checkRefused(major: number, setup: readonly string[], sql: string): Promise<void> {
  const steps = await stepsOf(major, setup, sql, 'one');
  const fails = steps.map(({ change, setting }) => effectsOf(change, setting).fails);
  assert.ok(fails.includes('always'), `${sql} in a transaction`);
}

export async function stepsOf(
  major: number,
  setup: readonly string[],
  sql: string,
  transaction: TransactionId,
): Promise<readonly Step[]> {
  const target: Target = { ...defaultTarget, databaseVersion: [major, 0] };
  const earlier = setup.join(';\n');
  const changes = await changesInPython(asPython(sql), { before: earlier, transaction });
  let before = schemaAfter(await changesInPython(asPython(earlier)));
  return changes.map((change) => {
    const step = { change, setting: { before, target, migration: 'shop.0002' } };
    before = applyChange(before, change, 'shop.0002');
    return step;
  });
}

function asPython(sql: string): string {
  return `x = r"""${sql}\n"""`;
}

function schemaAfter(changes: readonly Change[]): Schema {
  return changes.reduce((schema, change) => applyChange(schema, change, 'shop.0001'), emptySchema);
}

function inTermsOfTables(all: readonly Effects[]) {
  const locks = new Map<string, LockMode>();
  for (const { table, mode } of all.flatMap((effects) => effects.locks)) {
    const name = tableKeyOf(table);
    const held = locks.get(name) ?? mode;
    // A table that is only looked at is locked for nobody.
    if (mode !== 'ACCESS SHARE') locks.set(name, worst(lockModes, [mode, held]) ?? mode);
  }
  return {
    locks: Object.fromEntries([...locks].sort()),
    rewrites: all.some(({ rewrites }) => rewrites),
    scans: all.some(({ scans, rewrites }) => scans || rewrites),
    loses: worst(
      losable,
      all.map(({ loses }) => loses),
    ),
    fails: all.map(({ fails }) => fails).find((fails) => fails !== undefined),
  };
}

function seen(measured: Measurement): ReturnType<typeof inTermsOfTables> {
  const { locks, rewrites, builds, losses } = measured;
  const modes = Object.entries(locks).flatMap(([table, lock]) => {
    const mode = modeOf(lock);
    return mode === undefined ? [] : [[table, mode as LockMode] as const];
  });
  return {
    locks: Object.fromEntries(modes.sort()),
    rewrites: rewrites.length > 0,
    scans: [...scansUnderLock(measured), ...builds, ...rewrites].length > 0,
    loses: worst(losable, losses),
    fails: undefined,
  };
}

/** A query reads beside everybody else; only what is read under a lock that keeps others waiting counts. */
function scansUnderLock({ scans, locks }: Measurement): readonly string[] {
  return scans.filter((table) => blockedBy(locks[table] ?? '', false) !== 'nothing');
}

const losable: readonly Effects['loses'][] = [undefined, 'rows', 'column', 'table'];
const blockable: readonly Effects['blocks'][] = ['nothing', 'schema changes', 'writes', 'reads and writes'];

function worst<T>(order: readonly T[], all: readonly T[]): T | undefined {
  return order.findLast((each) => all.includes(each));
}

/** What has to wait while the work on the tables lasts; for what is done in an instant nobody does. */
function waitingFor(measured: Measurement, steps: readonly Step[]): Effects['blocks'] {
  const { locks, rewrites, builds, waitingReads, views } = measured;
  const worked = [...rewrites, ...scansUnderLock(measured), ...builds];
  if (worked.length === 0 && !steps.some(({ change }) => isAboutLock(change))) return 'nothing';
  if (waitingReads.length > 0) return 'reads and writes';
  return (
    worst(
      blockable,
      Object.entries(locks).map(([table, lock]) => blockedBy(lock, views.includes(table))),
    ) ?? 'nothing'
  );
}

/** LOCK TABLE is there for its lock, and the sample that ANALYZE takes is not counted as a scan. */
function isAboutLock(change: Change): boolean {
  return change.kind === 'LockTable' || (change.kind === 'Maintenance' && change.operation === 'analyze');
}

/** @param isView which nobody writes to */
function blockedBy(lock: string, isView: boolean): Effects['blocks'] {
  switch (modeOf(lock)) {
    case 'ACCESS EXCLUSIVE':
      return 'reads and writes';
    case 'EXCLUSIVE':
    case 'SHARE ROW EXCLUSIVE':
    case 'SHARE':
      return isView ? 'schema changes' : 'writes';
    case 'SHARE UPDATE EXCLUSIVE':
      return 'schema changes';
    default:
      return 'nothing';
  }
}
