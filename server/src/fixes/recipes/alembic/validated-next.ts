import type { Project } from '../../../project/project.ts';
import type { ValidateConstraint } from '../../../schema/change.ts';
import type { Migration } from '../../../schema/migration.ts';
import { executedApart, revisionOf } from '../../alembic/executed-sql.ts';
import { readExecutedStatement } from '../../alembic/executed-statement.ts';
import { movedToNext } from '../../alembic/moved-statements.ts';
import { commentsOf } from '../../alembic/statement-edits.ts';
import { type Answer, isRefused } from '../../fix.ts';
import { behindGuard, neededLater, notSeparable } from '../../refusals.ts';
import { isMovable } from '../../sql/later-changes.ts';
import { textOfStatement } from '../../sql/run-sql-site.ts';
import { validationWords } from '../validation-migration.ts';

/** Validates a constraint in the next revision, which begins by committing: by then the lock of adding it is gone. */
export function validatedInNextRevision(
  change: ValidateConstraint,
  migration: Migration,
  { project }: { readonly project: Project },
): readonly Answer[] {
  const found = readExecutedStatement(change, migration, project);
  if (isRefused(found)) return found;
  const doesMore = migration.forward.some(
    (each) => each !== change && each.kind !== 'RunSql' && each.origin.call === change.origin.call,
  );
  if (doesMore) return notSeparable;
  if (change.guarded === true) return behindGuard;
  if (!isMovable(change, migration)) return neededLater;
  const { place, statement } = found;
  const { source } = place;
  // There is nothing in it for which white space matters.
  const sql = textOfStatement(statement).replaceAll(/\s+/g, ' ');
  const words = validationWords({ table: change.table, name: change.constraint, statement: sql }, source.revision);
  const [first = '', ...rest] = executedApart([sql], source, project);
  const revision = revisionOf(words, [commentsOf(place) + first, ...rest], []);
  return movedToNext('Validate it in the next revision', { source, removed: [place], revision }, project);
}
