import { nameOf } from '../../../alembic/step.ts';
import type { Project } from '../../../project/project.ts';
import type { AddConstraint } from '../../../schema/change.ts';
import type { Migration } from '../../../schema/migration.ts';
import { inAutocommitBlock } from '../../alembic/directive-text.ts';
import { readExecutedAction } from '../../alembic/executed-site.ts';
import { executeText, revisionOf } from '../../alembic/executed-sql.ts';
import { readExecutedStatement, statementIn } from '../../alembic/executed-statement.ts';
import { revisionsAfter } from '../../alembic/new-revision.ts';
import { type DirectivePlace, directivesBack } from '../../alembic/revision-site.ts';
import { commentsOf, removeStatement, replaceOutsideOfBatch } from '../../alembic/statement-edits.ts';
import { type WayBack, wayBackOf } from '../../alembic/way-back.ts';
import { changedSource } from '../../changed-source.ts';
import { type Answer, isRefused } from '../../fix.ts';
import { behindGuard, concurrencyRefusal, doesMore, neededLater, unreadReverse } from '../../refusals.ts';
import { isMovable } from '../../sql/later-changes.ts';
import { textOfStatement } from '../../sql/run-sql-site.ts';
import { isSameSql } from '../../sql/take-out.ts';
import { isReferredTo } from '../key-steps.ts';
import { areColumnsReady, columnsNotReady, constraintWords, keyIndexWords, stepsOf } from '../unique-by-index.ts';

/**
 * Makes a unique constraint or a primary key of SQL that a revision sends out of an index that was built before while the
 * table was in use: the index outside of a transaction, the constraint in the next revision.
 */
export function executedKeyByIndex(
  change: AddConstraint,
  migration: Migration,
  { project }: { readonly project: Project },
): readonly Answer[] {
  const found = readExecutedStatement(change, migration, project);
  const of = readExecutedAction(change, migration, project);
  if (isRefused(found)) return found;
  if (isRefused(of)) return of;
  const steps = stepsOf(change, of.statement, of.action);
  if (steps === undefined || !of.action.isOnly) return doesMore;
  if (change.guarded === true) return behindGuard;
  const refused = concurrencyRefusal(change, migration, project);
  if (refused !== undefined) return refused;
  if (!isMovable(change, migration) || isReferredTo(change, change.constraint.columns, migration)) return neededLater;
  if (!areColumnsReady(change, migration, project)) return columnsNotReady;
  const { place } = found;
  const { source, op } = place;
  const back = dropBack(change, steps.dropConstraint, source, project);
  if (back.kind === 'unclear') return unreadReverse;
  const send = (sql: string, depth: number): string => executeText(sql, source, depth);
  const build = inAutocommitBlock(op, [send(steps.dropIndex, 8), send(steps.build, 8)]);
  const dropIndex = inAutocommitBlock(op, [send(steps.dropIndex, 8)]);
  const isAlone = migration.forward.every((each) => each.origin.call === change.origin.call);
  const after = isAlone ? `after ${source.revision}` : 'when the index is built';
  const comments = isAlone ? '' : commentsOf(place);
  const constraint = revisionOf(
    constraintWords(change, after),
    [comments + send(steps.add, 4)],
    [send(steps.dropConstraint, 4)],
  );
  const index = revisionOf(keyIndexWords(change, source.revision), [build], [dropIndex]);
  const chain = revisionsAfter(project, source, isAlone ? [constraint] : [index, constraint]);
  if (isRefused(chain)) return chain;
  const changed = isAlone
    ? [
        ...replaceOutsideOfBatch(place, build),
        ...(back.kind === 'written' ? replaceOutsideOfBatch(back.place, dropIndex) : []),
      ]
    : [removeStatement(place), ...(back.kind === 'written' ? [removeStatement(back.place)] : [])];
  const what = change.constraint.kind === 'unique' ? 'unique constraint' : 'primary key';
  return [
    {
      title: `Build the index concurrently first, then make it the ${what}`,
      safety: 'review',
      edits: [changedSource(source, changed), ...chain.repointed, ...chain.created],
    },
  ];
}

/** The statement, or the directive, of `downgrade()` that drops the constraint. */
function dropBack(
  { constraint }: AddConstraint,
  sql: string,
  source: DirectivePlace['source'],
  project: Project,
): WayBack {
  const dropping = directivesBack(source).places.filter((place) => {
    const { name, arguments: given } = place.directive;
    if (name === 'drop_constraint') return nameOf(given.get('constraint_name')) === constraint.name;
    const statement = statementIn(place, project);
    return statement !== undefined && isSameSql(textOfStatement(statement), sql);
  });
  const calls = new Set(dropping.map(({ directive }) => directive.call.at));
  return wayBackOf(source, ({ call }) => calls.has(call.at), [constraint.name]);
}
