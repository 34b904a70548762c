import type { Change } from '../../schema/change.ts';
import { findTable } from '../../schema/schema.ts';
import { isSameTable, type TableName } from '../../schema/table-name.ts';
import { consequencesOf } from '../consequences.ts';
import { type Effects, type LockMode, type LongWork, lockModes } from '../effects.ts';
import { type EffectsSetting, isBornHere, isEmptyHere } from '../setting.ts';
import { cannotRun, isRefusedInTransaction, refusalOf } from './cannot-run.ts';
import type { StatementFact, Work } from './facts.ts';
import { reasonOf } from './reasons.ts';
import type { Statement } from './statement.ts';
import { statementsOf } from './statements.ts';

/** What a change does on PostgreSQL 12 to 18. */
export function postgresqlEffectsOf(change: Change, setting: EffectsSetting): Effects {
  const statements = statementsOf(change, setting);
  const costly = statements.filter((statement) => !isPrivate(statement.table, change, setting));
  const works = costly.map(({ fact }) => fact.work);
  const { fails, loses, breaksRunningCode } = consequencesOf(change, setting);
  return {
    fails: cannotRun(change, setting) ? 'always' : fails,
    loses,
    breaksRunningCode,
    refusal: refusalOf(change, setting),
    refusesTransactions: isRefusedInTransaction(change, setting),
    locks: locksOf(statements, change, setting),
    rewrites: works.includes('rewrite'),
    scans: works.includes('scan') || works.includes('index'),
    works: worksOf(costly, setting),
    blocks: blockedBy(costly.map((statement) => blockedWhile(statement, setting))),
    source: worst(statements.map(({ fact }) => fact))?.source,
  };
}

/**
 * A table that this migration created holds nothing that could be read or written anew. With rows in it, it is still
 * out of everybody's sight until the transaction that created it commits.
 */
function isPrivate(table: TableName, change: Change, setting: EffectsSetting): boolean {
  return isEmptyHere(table, setting) || (change.transaction !== undefined && isBornHere(table, setting));
}

/** Once for each reason, on however many partitions it is done. */
function worksOf(statements: readonly Statement[], setting: EffectsSetting): Effects['works'] {
  const works = new Map<StatementFact, LongWork>();
  for (const statement of statements) {
    const reason = reasonOf(statement.fact);
    const { work: kind } = statement.fact;
    if (reason === undefined || (kind !== 'scan' && kind !== 'index' && kind !== 'rewrite')) continue;
    works.set(statement.fact, { reason, kind, blocks: blockedWhile(statement, setting) });
  }
  return [...works.values()];
}

/** The strongest lock on each table, the changed table first. */
function locksOf(statements: readonly Statement[], change: Change, setting: EffectsSetting): Effects['locks'] {
  const taken = statements.flatMap(({ fact, table, referenced }) => [
    { table, mode: fact.lock },
    ...referenced.map((other) => ({ table: other, mode: fact.lockOnReferenced })),
  ]);
  const locks: { table: TableName; mode: LockMode }[] = [];
  for (const { table, mode } of taken) {
    if (mode === undefined || isPrivate(table, change, setting)) continue;
    const known = locks.findIndex((lock) => isSameTable(lock.table, table));
    const held = locks[known];
    if (held === undefined) locks.push({ table, mode });
    else if (lockModes.indexOf(mode) > lockModes.indexOf(held.mode)) locks[known] = { table, mode };
  }
  return locks;
}

const worksByCost: readonly Work[] = ['catalog', 'rows', 'hold', 'sample', 'scan', 'index', 'rewrite'];

function worst(all: readonly StatementFact[]): StatementFact | undefined {
  return all.toSorted((one, other) => worksByCost.indexOf(other.work) - worksByCost.indexOf(one.work))[0];
}

const severity: readonly Effects['blocks'][] = ['nothing', 'schema changes', 'writes', 'reads and writes'];

function blockedBy(all: readonly Effects['blocks'][]): Effects['blocks'] {
  return severity.findLast((each) => all.includes(each)) ?? 'nothing';
}

/** What waits for the work to end. A statement that changes the catalog alone makes nobody wait for long. */
function blockedWhile({ fact, table }: Statement, { before }: EffectsSetting): Effects['blocks'] {
  const { lock, work, blocks } = fact;
  if (work === 'catalog' || work === 'rows') return 'nothing';
  if (blocks !== undefined) return blocks;
  switch (lock) {
    case 'ACCESS EXCLUSIVE':
      return 'reads and writes';
    case 'EXCLUSIVE':
    case 'SHARE ROW EXCLUSIVE':
    case 'SHARE':
      // Nobody writes to a materialized view.
      return findTable(before, table)?.materialized === true ? 'schema changes' : 'writes';
    case 'SHARE UPDATE EXCLUSIVE':
      return 'schema changes';
    default:
      return 'nothing';
  }
}
