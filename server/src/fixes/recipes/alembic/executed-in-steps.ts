import type { Project } from '../../../project/project.ts';
import type { AddConstraint } from '../../../schema/change.ts';
import type { Migration } from '../../../schema/migration.ts';
import { executedApart, revisionOf } from '../../alembic/executed-sql.ts';
import { readExecutedStatement } from '../../alembic/executed-statement.ts';
import { revisionsAfter } from '../../alembic/new-revision.ts';
import { type Answer, isRefused } from '../../fix.ts';
import { neededLater, notEditableSql, notValidRefusal } from '../../refusals.ts';
import { isOnPartitioned } from '../../schema-before.ts';
import { editSql } from '../../sql/edit-sql.ts';
import { isMovable } from '../../sql/later-changes.ts';
import { inCaseOf } from '../../sql/run-sql-site.ts';
import { addedConstraint, findTableAction } from '../../sql/table-action.ts';
import { validationWords } from '../validation-migration.ts';

/**
 * Adds a check or a foreign key that `op.execute` sends without looking at the rows that are there, and proves it for them
 * in the next revision.
 */
export function executedInSteps(
  change: AddConstraint,
  migration: Migration,
  { project }: { readonly project: Project },
): readonly Answer[] {
  const found = readExecutedStatement(change, migration, project);
  if (isRefused(found)) return found;
  const action = findTableAction(change, found.statement, found.place.source.module);
  const added = action && addedConstraint(found.statement, action);
  if (action === undefined || added?.name === undefined) return [];
  if (change.guarded === true || !change.constraint.validated) return [];
  if (!isMovable(change, migration)) return neededLater;
  if (change.constraint.kind === 'foreign-key' && isOnPartitioned(change, migration, project))
    return notValidRefusal(change, migration, project) ?? [];
  const { place, statement } = found;
  const { source } = place;
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
