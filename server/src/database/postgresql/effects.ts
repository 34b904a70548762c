import type { Change } from '../../schema/change.ts';
import { findColumn } from '../../schema/schema.ts';
import { isSameTable, type TableName } from '../../schema/table-name.ts';
import { consequencesOf } from '../consequences.ts';
import { type Effects, type LockMode, lockModes } from '../effects.ts';
import { type EffectsSetting, isBornHere, isEmptyHere } from '../setting.ts';
import type { StatementFact, Work } from './facts.ts';
import { reasonOf } from './reasons.ts';
import { type Statement, statementsOf } from './statements.ts';
import { typeChangeOf } from './type-change.ts';

/** What a change does on PostgreSQL 12 to 18. */
export function postgresqlEffectsOf(change: Change, setting: EffectsSetting): Effects {
  const statements = statementsOf(change, setting);
  const costly = statements.filter((statement) => !isPrivate(statement.table, change, setting));
  const works = costly.map(({ fact }) => fact.work);
  const consequences = consequencesOf(change, setting);
  return {
    ...consequences,
    fails: cannotRun(change, setting) ? 'always' : consequences.fails,
    locks: locksOf(statements, change, setting),
    rewrites: works.includes('rewrite'),
    scans: works.includes('scan') || works.includes('index'),
    works: costly.flatMap(({ fact }) => workOf(fact)),
    blocks: blockedBy(costly.map(({ fact }) => fact)),
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

function cannotRun(change: Change, setting: EffectsSetting): boolean {
  switch (change.kind) {
    case 'CreateIndex':
    case 'DropIndex':
      return change.concurrently && change.transaction !== undefined;
    case 'AlterColumn': {
      const column = findColumn(setting.before, change.table, change.column);
      return column !== undefined && typeChangeOf(column.type, change.to.type) === 'impossible';
    }
    default:
      return false;
  }
}

function workOf(fact: StatementFact): Effects['works'] {
  const reason = reasonOf(fact);
  const { work: kind } = fact;
  if (reason === undefined || (kind !== 'scan' && kind !== 'index' && kind !== 'rewrite')) return [];
  return [{ reason, kind, blocks: blockedWhile(fact) }];
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

const worksByCost: readonly Work[] = ['catalog', 'rows', 'scan', 'index', 'rewrite'];

function worst(all: readonly StatementFact[]): StatementFact | undefined {
  return all.toSorted((one, other) => worksByCost.indexOf(other.work) - worksByCost.indexOf(one.work))[0];
}

const severity: readonly Effects['blocks'][] = ['nothing', 'schema changes', 'writes', 'reads and writes'];

function blockedBy(all: readonly StatementFact[]): Effects['blocks'] {
  const blocked = all.map((fact) => severity.indexOf(blockedWhile(fact)));
  return severity[Math.max(0, ...blocked)] ?? 'nothing';
}

/** What waits for the work to end. A statement that changes the catalog alone makes nobody wait for long. */
function blockedWhile({ lock, work }: StatementFact): Effects['blocks'] {
  if (work === 'catalog' || work === 'rows') return 'nothing';
  switch (lock) {
    case 'ACCESS EXCLUSIVE':
      return 'reads and writes';
    case 'EXCLUSIVE':
    case 'SHARE ROW EXCLUSIVE':
    case 'SHARE':
      return 'writes';
    case 'SHARE UPDATE EXCLUSIVE':
      return 'schema changes';
    default:
      return 'nothing';
  }
}
