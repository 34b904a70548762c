import type { Change } from './change.ts';
import type { MigrationId } from './migration-id.ts';
import { applyChange } from './replay.ts';
import type { Schema } from './schema.ts';

interface Applied {
  readonly before: Schema;
  readonly migration: MigrationId;
  readonly after: Schema;
}

const applied = new WeakMap<Change, Applied>();

/** As {@link applyChange}, for SQL: it meets the schema action by action, then as a statement, a script and a migration. */
export function applyOnce(before: Schema, change: Change, migration: MigrationId): Schema {
  if (change.origin.sql === undefined) return applyChange(before, change, migration);
  const known = applied.get(change);
  if (known?.before === before && known.migration === migration) return known.after;
  const after = applyChange(before, change, migration);
  applied.set(change, { before, migration, after });
  return after;
}
