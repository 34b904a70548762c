import type { Project } from '../../../project/project.ts';
import type { AddConstraint } from '../../../schema/change.ts';
import type { Migration } from '../../../schema/migration.ts';
import { readExecutedAction } from '../../alembic/executed-site.ts';
import { executedApart, revisionOf } from '../../alembic/executed-sql.ts';
import { revisionsAfter } from '../../alembic/new-revision.ts';
import { type Answer, isRefused, refusal } from '../../fix.ts';
import { behindGuard, neededLater, notEditableSql, notValidRefusal } from '../../refusals.ts';
import { editSql } from '../../sql/edit-sql.ts';
import { isMovable } from '../../sql/later-changes.ts';
import { inCaseOf } from '../../sql/run-sql-site.ts';
import { addedConstraint } from '../../sql/table-action.ts';
import { validationWords } from '../validation-migration.ts';

const addedWithColumn = refusal('The constraint stands inside a column that the statement adds.');
const unnamedHere = refusal('PostgreSQL makes up the name of the constraint: write one, by which it can be validated.');

/**
 * Adds a check or a foreign key that `op.execute` sends without looking at the rows that are there, and proves it for them
 * in the next revision.
 */
export function executedInSteps(
  change: AddConstraint,
  migration: Migration,
  { project }: { readonly project: Project },
): readonly Answer[] {
  const found = readExecutedAction(change, migration, project);
  if (isRefused(found)) return found;
  const { action, source, statement } = found;
  const added = addedConstraint(statement, action);
  if (added === undefined) return addedWithColumn;
  if (added.name === undefined) return unnamedHere;
  if (change.guarded === true) return behindGuard;
  if (!isMovable(change, migration)) return neededLater;
  const refused = change.constraint.kind === 'foreign-key' ? notValidRefusal(change, migration, project) : undefined;
  if (refused !== undefined) return refused;
  const { end } = action.span;
  const notValid = ` ${inCaseOf(statement, 'NOT VALID')}`;
  const edit = editSql({ source, string: statement.string }, { start: end, end }, notValid);
  const validate = `${action.head} VALIDATE CONSTRAINT ${added.name}`;
  const { table, constraint } = change;
  const words = validationWords({ table, name: constraint.name, statement: validate }, source.revision);
  const chain = revisionsAfter(project, source, [revisionOf(words, executedApart([validate], source, project), [])]);
  if (edit === undefined) return notEditableSql;
  if (isRefused(chain)) return chain;
  return [
    {
      title: 'Add the constraint NOT VALID, and validate it in the next revision',
      safety: 'review',
      edits: [{ kind: 'change', file: source.file, edits: [edit] }, ...chain.repointed, ...chain.created],
    },
  ];
}
