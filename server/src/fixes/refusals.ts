import type { Project } from '../project/project.ts';
import type { Change } from '../schema/change.ts';
import type { Migration } from '../schema/migration.ts';
import { type TableName, tableText } from '../schema/table-name.ts';
import { type Refused, refusal } from './fix.ts';
import { tableBefore } from './schema-before.ts';

/** Of what would have to come in a later migration. */
export const neededLater = refusal(
  'A later step of this migration deals with the same table, or may: this one cannot move behind it.',
);

/** Of what would have to be written again in another file. */
export const usesOwnNames = refusal('It uses names that this file defines and that a new migration could not import.');

/** Of names, columns and definitions that are put together while the migration runs. */
export const notWrittenOut = refusal('The operation does not write out what it is about.');

export const unknownField = refusal('What the class of this field does in the database is not known here.');

/** Of a field of the state before. */
export const unknownDefinition = refusal('No migration in sight defines the field in a way that can be written again.');

export const doesMore = refusal('The operation does more than this, which cannot be parted from it.');

/** Of SQL in the body of a function, under a condition, in a constant or helper that serves several operations. */
export const notEditableSql = refusal(
  'The statement is not written once, as plain text, in an operation of its own file.',
);

/** Of a statement among others. */
export const notSeparable = refusal('The statement, or what takes it back, cannot be told apart from the others.');

export const unreadReverse = refusal('What the way back does cannot be told, and it would have to change too.');

/** PostgreSQL builds and drops no index of a partitioned table concurrently, and makes no constraint out of one. */
export function partitionedRefusal(
  change: Change & { readonly table?: TableName | undefined },
  migration: Migration,
  project: Project,
): Refused | undefined {
  const table = tableBefore(change.table, change, migration, project);
  if (table?.partitionedBy === undefined) return undefined;
  return refusal(`${tableText(table.name)} is partitioned: PostgreSQL builds none of its indexes concurrently.`);
}
