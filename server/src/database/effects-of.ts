import type { Change } from '../schema/change.ts';
import { consequencesOf } from './consequences.ts';
import { type Effects, noEffects } from './effects.ts';
import { mysqlEffectsOf } from './mysql/effects.ts';
import { postgresqlEffectsOf } from './postgresql/effects.ts';
import type { EffectsSetting } from './setting.ts';
import { sqliteEffectsOf } from './sqlite/effects.ts';

/** What a change does to a database that is in use, judged by the schema before it. */
export function effectsOf(change: Change, setting: EffectsSetting): Effects {
  // State alone: no statement is sent.
  if (!change.applies.database) return noEffects;
  switch (setting.target.database) {
    case 'postgresql':
      return postgresqlEffectsOf(change, setting);
    case 'mysql':
    case 'mariadb':
      return mysqlEffectsOf(change, setting);
    case 'sqlite':
      return sqliteEffectsOf(change, setting);
    case 'oracle':
      // Rows, columns and tables are lost and running code breaks as everywhere; nothing is claimed about the rest.
      return { ...noEffects, ...consequencesOf(change, setting) };
  }
}
