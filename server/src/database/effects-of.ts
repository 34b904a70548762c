import type { Change } from '../schema/change.ts';
import { consequencesOf } from './consequences.ts';
import type { Effects } from './effects.ts';
import { postgresqlEffectsOf } from './postgresql/effects.ts';
import type { EffectsSetting } from './setting.ts';

/** What a change does to a database that is in use, judged by the schema before it. */
export function effectsOf(change: Change, setting: EffectsSetting): Effects {
  // State alone: no statement is sent.
  if (!change.applies.database) return noEffects;
  return setting.target.database === 'postgresql'
    ? postgresqlEffectsOf(change, setting)
    : effectsWithoutLocks(change, setting);
}

/** Nothing is locked, read, lost or broken. */
const noEffects: Effects = {
  locks: [],
  rewrites: false,
  scans: false,
  works: [],
  blocks: 'nothing',
  fails: undefined,
  refusesTransactions: false,
  loses: undefined,
  breaksRunningCode: false,
  source: undefined,
};

/**
 * What holds on every database: rows, columns and tables are lost and running code breaks alike. Nothing is claimed
 * about locks, scans and rewrites. MySQL and MariaDB fill a NOT NULL column that has no default with the type's zero.
 */
function effectsWithoutLocks(change: Change, setting: EffectsSetting): Effects {
  const { database } = setting.target;
  const consequences = consequencesOf(change, setting);
  const zeroFills = (database === 'mysql' || database === 'mariadb') && change.kind === 'AddColumn';
  const isShared = change.kind === 'AddColumn' && (change.column.unique || change.column.primaryKey);
  return { ...noEffects, ...consequences, fails: zeroFills && !isShared ? undefined : consequences.fails };
}
