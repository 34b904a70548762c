import { isVersionAtLeast } from '../../../base/target.ts';
import { sortEdits, type TextEdit } from '../../../base/text-edit.ts';
import type { Project } from '../../../project/project.ts';
import type { AlterColumn } from '../../../schema/change.ts';
import type { Migration } from '../../../schema/migration.ts';
import { skipWords, sqlBetween, wordAt } from '../../../sql/words.ts';
import { type ExecutedAction, readExecutedAction, stringIn } from '../../alembic/executed-site.ts';
import { executeText } from '../../alembic/executed-sql.ts';
import { revisionsAfter } from '../../alembic/new-revision.ts';
import { isNullableAgain, isOnlyNullability, proveRevision } from '../../alembic/not-null-steps.ts';
import { directivesBack } from '../../alembic/revision-site.ts';
import { replaceOutsideOfBatch } from '../../alembic/statement-edits.ts';
import { type Answer, isRefused } from '../../fix.ts';
import {
  behindGuard,
  neededLater,
  noProofOfNotNull,
  notEditableSql,
  notSeparable,
  severalKeys,
  unreadReverse,
} from '../../refusals.ts';
import { editSql } from '../../sql/edit-sql.ts';
import { isMovable } from '../../sql/later-changes.ts';
import { type SqlStatement, statementsOf } from '../../sql/run-sql-site.ts';
import { writtenName } from '../../sql/sql-names.ts';
import { type TableAction, tableActionsIn } from '../../sql/table-action.ts';
import { type WrittenName, writtenNameAt } from '../../sql/written-name.ts';
import { notNullCheckName } from '../validated-not-null.ts';
import { checkTakenBack } from './check-taken-back.ts';
import { fillBefore } from './not-null-fill.ts';

/**
 * Puts a check that new rows obey at once in the place of `SET NOT NULL` in SQL that a revision sends; what comes after it
 * fills the rows that are there, proves the check while the table is in use and sets NOT NULL on that proof.
 */
export function executedNotNull(
  change: AlterColumn,
  migration: Migration,
  { project }: { readonly project: Project },
): readonly Answer[] {
  const found = readExecutedAction(change, migration, project);
  if (isRefused(found)) return found;
  if (!isVersionAtLeast(project.target.databaseVersion, 12, 0)) return noProofOfNotNull;
  const { action, statement, source } = found;
  const column = columnWith('SET', statement, action);
  if (column === undefined) return notSeparable;
  if (change.guarded === true) return behindGuard;
  if (!isMovable(change, migration)) return neededLater;
  const fill = fillBefore(change, migration, source, project);
  if (fill === 'unknown') return severalKeys;
  const sql = sqlFor(change, found, column);
  const edit = editSql({ source, string: statement.string }, action.span, sql.addCheck);
  const back = backEdits(change, found, sql, project);
  if (edit === undefined) return notEditableSql;
  if (back === 'unclear') return unreadReverse;
  const send = (each: string): string => executeText(`${action.head} ${each}`, source, 4);
  const prove = proveRevision(
    { table: change.table, column: change.column, source, project },
    {
      forward: send(sql.setNotNull),
      backward: send(sql.dropNotNull),
      dropCheck: send(sql.dropCheck),
      addCheck: send(sql.addCheck),
    },
  );
  const chain = revisionsAfter(project, source, [...fill, prove]);
  if (isRefused(chain)) return chain;
  const backward = back === 'missing' ? checkTakenBack(change, migration, source, send(sql.dropCheck)) : back;
  const edits = sortEdits([edit, ...backward]);
  return [
    {
      title: `Set "${change.column}" NOT NULL in steps: check, ${fill.length > 0 ? 'fill, ' : ''}validate`,
      safety: 'review',
      edits: [{ kind: 'change', file: source.file, edits }, ...chain.repointed, ...chain.created],
    },
  ];
}

/** The actions that take the place of SET NOT NULL. */
interface Actions {
  readonly addCheck: string;
  readonly dropCheck: string;
  readonly setNotNull: string;
  readonly dropNotNull: string;
}

function sqlFor(change: AlterColumn, { action, statement }: ExecutedAction, column: WrittenName): Actions {
  const name = writtenName(notNullCheckName({ table: change.table.name, column: change.column }));
  return {
    addCheck: `ADD CONSTRAINT ${name} CHECK (${column.text} IS NOT NULL) NOT VALID`,
    dropCheck: `DROP CONSTRAINT ${name}`,
    setNotNull: sqlBetween(statement, action.range.first, action.range.end),
    dropNotNull: `${sqlBetween(statement, action.range.first, column.next)} DROP NOT NULL`,
  };
}

/** The column of an `ALTER COLUMN … SET NOT NULL`, or `DROP NOT NULL`. */
function columnWith(verb: 'SET' | 'DROP', statement: SqlStatement, { range }: TableAction): WrittenName | undefined {
  if (wordAt(statement, range.first) !== 'ALTER') return undefined;
  const column = writtenNameAt(statement, skipWords(statement, range.first + 1, 'COLUMN'));
  const isOnly = column !== undefined && skipWords(statement, column.next, verb, 'NOT', 'NULL') === range.end;
  return isOnly && range.end > column.next ? column : undefined;
}

/** What `downgrade()` does to allow NULL again drops the check from now on. */
function backEdits(
  change: AlterColumn,
  { source, action }: ExecutedAction,
  { dropCheck }: Actions,
  project: Project,
): readonly TextEdit[] | 'missing' | 'unclear' {
  const found = directivesBack(source).places.flatMap((place): readonly (readonly TextEdit[] | undefined)[] => {
    if (isNullableAgain(place.directive, change)) {
      const drop = executeText(`${action.head} ${dropCheck}`, source, 4);
      return [isOnlyNullability(place.directive) ? replaceOutsideOfBatch(place, drop) : undefined];
    }
    const string = place.directive.name === 'execute' ? stringIn(place, project) : undefined;
    return statementsOf(string === undefined ? [] : [string]).flatMap((statement) =>
      tableActionsIn(statement)
        .filter((each) => isDroppedBy(each, statement, change))
        .map(({ span }) => {
          const edit = editSql({ source, string: statement.string }, span, dropCheck);
          return edit && [edit];
        }),
    );
  });
  const [only, ...others] = found;
  if (found.length === 0) return 'missing';
  return only === undefined || others.length > 0 ? 'unclear' : only;
}

function isDroppedBy(action: TableAction, statement: SqlStatement, { table, column }: AlterColumn): boolean {
  return action.table.name === table.name && columnWith('DROP', statement, action)?.name === column;
}
