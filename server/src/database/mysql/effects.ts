import type { Change } from '../../schema/change.ts';
import { consequencesOf } from '../consequences.ts';
import { type Effects, type MysqlManner, noEffects } from '../effects.ts';
import { type EffectsSetting, isEmptyHere } from '../setting.ts';
import { actionsOf } from './actions.ts';
import { mannerOf, sourceFor } from './facts.ts';

/** Cheapest first: an ALTER TABLE goes about all its actions in the way that the worst of them needs. */
const byCost: readonly MysqlManner[] = ['instant', 'in-place', 'rebuild', 'shared', 'copy'];

/** What a change does on MySQL 5.7 to 9 and MariaDB 10.2 to 12, with InnoDB. */
export function mysqlEffectsOf(change: Change, setting: EffectsSetting): Effects {
  const consequences = consequencesOf(change, setting);
  const base = { ...noEffects, ...consequences, fails: zeroFills(change) ? undefined : consequences.fails };
  if (change.kind === 'LockTable') return { ...base, blocks: change.mode === 'READ' ? 'writes' : 'reads and writes' };
  if ('table' in change && change.table !== undefined && isEmptyHere(change.table, setting)) return base;
  const manners = actionsOf(change, setting).map((action) => mannerOf(action, setting.target));
  const needed = byCost.findLast((each) => manners.includes(each));
  if (needed === undefined) return base;
  const manner = asked(change, needed);
  // What is asked for and cannot be had is an error: nothing is copied instead.
  if (manner === undefined) return { ...base, fails: 'always', source: sourceFor(setting.target) };
  return { ...base, ...workOf(manner), ...lockAsked(change, manner), manner, source: sourceFor(setting.target) };
}

/** They fill a NOT NULL column that has no default with the type's zero, unless that would repeat a key. */
function zeroFills(change: Change): boolean {
  return change.kind === 'AddColumn' && !change.column.unique && !change.column.primaryKey;
}

function workOf(manner: MysqlManner): Pick<Effects, 'rewrites' | 'scans' | 'blocks'> {
  switch (manner) {
    case 'in-place':
      return { rewrites: false, scans: true, blocks: 'schema changes' };
    case 'rebuild':
      return { rewrites: true, scans: false, blocks: 'schema changes' };
    case 'shared':
    case 'copy':
      return { rewrites: true, scans: false, blocks: 'writes' };
    default:
      return { rewrites: false, scans: false, blocks: 'nothing' };
  }
}

/** What `ALGORITHM=` makes of it; undefined where the server refuses. */
function asked({ origin }: Change, needed: MysqlManner): MysqlManner | undefined {
  const algorithm = origin.sql?.options.get('ALGORITHM');
  const lock = origin.sql?.options.get('LOCK');
  if (algorithm === 'COPY') return 'copy';
  const isCheap = needed === 'instant' || needed === 'in-place';
  const isRefused =
    (algorithm === 'INSTANT' && needed !== 'instant') ||
    (algorithm === 'NOCOPY' && !isCheap) ||
    (algorithm === 'INPLACE' && needed === 'copy') ||
    (lock === 'NONE' && (needed === 'copy' || needed === 'shared'));
  return isRefused ? undefined : needed;
}

/** What `LOCK=` keeps waiting beyond what is needed. */
function lockAsked({ origin }: Change, manner: MysqlManner): Partial<Pick<Effects, 'blocks'>> {
  if (manner === 'instant') return {};
  const lock = origin.sql?.options.get('LOCK');
  if (lock === 'EXCLUSIVE') return { blocks: 'reads and writes' };
  return lock === 'SHARED' ? { blocks: 'writes' } : {};
}
