import type { Target } from '../base/target.ts';
import type { MigrationId } from '../schema/migration-id.ts';
import { findTable, type Schema } from '../schema/schema.ts';
import type { TableName } from '../schema/table-name.ts';

/** What a change is judged by. */
export interface EffectsSetting {
  /** The schema just before the change. */
  readonly before: Schema;
  readonly target: Target;
  /** The migration that the change belongs to: tables that it created itself are nobody else's yet. */
  readonly migration: MigrationId;
  /** MySQL: the session has switched `foreign_key_checks` off. */
  readonly foreignKeysUnchecked?: boolean;
}

/** Whether the table was created by this migration and no row has been written to it since. */
export function isEmptyHere(table: TableName, setting: EffectsSetting): boolean {
  const known = findTable(setting.before, table);
  return known !== undefined && known.bornIn === setting.migration && !known.hasRows;
}

/** Whether the table was created by this migration, with or without rows. */
export function isBornHere(table: TableName, setting: EffectsSetting): boolean {
  return findTable(setting.before, table)?.bornIn === setting.migration;
}
