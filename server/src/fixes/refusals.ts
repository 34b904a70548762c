import { effectsOf } from '../database/effects-of.ts';
import { refusalOfConcurrent, refusalOfNotValidKey } from '../database/postgresql/cannot-run.ts';
import type { Project } from '../project/project.ts';
import type { AddColumn, AddConstraint, Change, CreateIndex, DropIndex } from '../schema/change.ts';
import type { Migration } from '../schema/migration.ts';
import { type Refused, refusal } from './fix.ts';
import { schemaBefore } from './schema-before.ts';

/** Of what would have to come in a later migration. */
export const neededLater = refusal(
  'A later step of this migration deals with the same table, or may: this one cannot move behind it.',
);

/** Of what would have to be written again in another file. */
export const usesOwnNames = refusal('It uses names that this file defines and that a new migration could not import.');

/** Of names, columns and definitions that are put together while the migration runs. */
export const notWrittenOut = refusal('The operation does not write out what it is about.');

/** Of NOT NULL on PostgreSQL before 12. */
export const noProofOfNotNull = refusal(
  'Before PostgreSQL 12 no check serves as the proof that NOT NULL asks for: the table is read under the lock.',
);

/** Of what stands behind a flag of the environment, or a check that raises first. */
export const behindGuard = refusal('It runs only where a guard lets it: that would have to be written once more.');

/** Of rows that are to be filled in slices. */
export const severalKeys = refusal(
  'No single column is known to tell the rows of the table apart: they cannot be filled in slices.',
);

/** Of what a data function does. */
export const functionElsewhere = refusal(
  'The function stands in another file, which other migrations may use as well.',
);

/** Of a table whose rows would have to be filled. */
export const filledInPartitions = refusal('The table is partitioned: each partition would be filled apart.');

/** Of a column whose type is a domain with a constraint. */
export const checkedByDomain = refusal(
  'The check belongs to the type of the column, a domain, and cannot be added apart from it.',
);

/** Of a constraint or an index. */
export const unknownName = refusal('What it is called in the database is not known here: name it first.');

/** Of what is to be added to a downgrade. */
export const downgradeElsewhere = refusal('The function that takes it back is not written in this file as a whole.');

/** Of a column that comes by `ALTER TABLE`. */
export const addedBySql = refusal('The column is added by SQL: the steps are written for op.add_column alone.');

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

/** Of a revision whose functions are apart for each of several databases. */
export const severalDatabases = refusal(
  'Each database has functions of its own in this revision: it is not taken apart.',
);

export const unreadReverse = refusal('What the way back does cannot be told, and it would have to change too.');

/** Of work on an index, or a key made of one, that the database does not do while the table is in use. */
export function concurrencyRefusal(
  change: AddColumn | AddConstraint | CreateIndex | DropIndex,
  migration: Migration,
  project: Project,
): Refused | undefined {
  if (change.kind === 'CreateIndex' || change.kind === 'DropIndex') {
    return formRefusal({ ...change, concurrently: true, transaction: undefined }, change, migration, project);
  }
  const before = schemaBefore(change, migration, project);
  return before && refusalByDatabase(refusalOfConcurrent('built', change, { before }));
}

/** Of a form of a change that the database does not take where it would stand. */
export function formRefusal(form: Change, change: Change, migration: Migration, project: Project): Refused | undefined {
  const before = schemaBefore(change, migration, project);
  const effects = before && effectsOf(form, { before, target: project.target, migration: migration.id });
  return effects && refusalByDatabase(effects.refusal);
}

/** Of a foreign key whose table does not take one that is `NOT VALID`. */
export function notValidRefusal(
  change: AddColumn | AddConstraint,
  migration: Migration,
  project: Project,
): Refused | undefined {
  const before = schemaBefore(change, migration, project);
  return before && refusalByDatabase(refusalOfNotValidKey(change, { before, target: project.target }));
}

function refusalByDatabase(reason: string | undefined): Refused | undefined {
  return reason === undefined ? undefined : refusal(`PostgreSQL refuses the safe form: ${reason}.`);
}
