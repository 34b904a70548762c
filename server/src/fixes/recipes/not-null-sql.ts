import { isVersionAtLeast } from '../../base/target.ts';
import type { Project } from '../../project/project.ts';
import type { AlterColumn } from '../../schema/change.ts';
import type { Migration } from '../../schema/migration.ts';
import { skipWords, sqlBetween } from '../../sql/words.ts';
import { quoteOf } from '../edits/layout.ts';
import { type Answer, isRefused } from '../fix.ts';
import { chainAfter, type FollowUp } from '../new-migration.ts';
import { neededLater, notEditableSql, unreadReverse } from '../refusals.ts';
import { editSql } from '../sql/edit-sql.ts';
import { isMovable } from '../sql/later-changes.ts';
import { runSqlText } from '../sql/python-sql.ts';
import { replaceReverse } from '../sql/set-reverse.ts';
import { writtenName } from '../sql/sql-names.ts';
import { readActionSite } from '../sql/table-action.ts';
import { isSameSql } from '../sql/take-out.ts';
import { writtenNameAt } from '../sql/written-name.ts';
import { notNullCheckName, provenDocstring } from './validated-not-null.ts';

/**
 * Replaces `SET NOT NULL` of an SQL string by a check that new rows obey at once; the next migration proves it while the
 * table is in use, and sets NOT NULL on that proof.
 */
export function notNullSql(
  change: AlterColumn,
  migration: Migration,
  { project }: { readonly project: Project },
): readonly Answer[] {
  if (!isVersionAtLeast(project.target.databaseVersion, 12, 0)) return [];
  const found = readActionSite(change, migration, project);
  if (isRefused(found)) return found;
  if (!isMovable(change, migration)) return neededLater;
  const { site, statement, action } = found;
  const { head, range, span } = action;
  const column = writtenNameAt(statement, skipWords(statement, range.first + 1, 'COLUMN'));
  if (column === undefined || !/^SET NOT NULL$/i.test(sqlBetween(statement, column.next, range.end))) return [];
  const { source } = site;
  const name = writtenName(notNullCheckName({ table: change.table.name, column: change.column }));
  const addCheck = `ADD CONSTRAINT ${name} CHECK (${column.text} IS NOT NULL) NOT VALID`;
  const dropCheck = `${head} DROP CONSTRAINT ${name}`;
  const dropNotNull = `${head} ${sqlBetween(statement, range.first, column.next)} DROP NOT NULL`;
  const edit = editSql({ source, string: statement.string }, span, addCheck);
  // Where nothing is taken back on purpose, NOT NULL stays, and the check can be added again.
  const isKept = site.reverse === 'noop';
  const reverse = isKept ? [] : replaceReverse(site, (each) => isSameColumnSql(each, dropNotNull), dropCheck);
  if (edit === undefined) return notEditableSql;
  if (reverse === undefined) return unreadReverse;
  const setNotNull = `${head} ${sqlBetween(statement, range.first, range.end)}`;
  const prove = proveAndSetNotNullSql({
    table: change.table.name,
    column: change.column,
    forward: [`${head} VALIDATE CONSTRAINT ${name}`, setNotNull, dropCheck],
    back: isKept ? 'noop' : [`${head} ${addCheck}`, dropNotNull],
    quote: quoteOf(source.text),
  });
  const chain = chainAfter(project, source, [prove]);
  return [
    {
      title: `Set "${change.column}" NOT NULL in steps: check, then validate`,
      safety: 'review',
      edits: [{ kind: 'change', file: source.file, edits: [edit, ...reverse] }, ...chain.repointed, ...chain.created],
    },
  ];
}

/** The statements that prove a check, set NOT NULL on that proof and drop the check, and those that take it back. */
export interface NotNullProof {
  readonly table: string;
  readonly column: string;
  readonly forward: readonly string[];
  readonly back: readonly string[] | 'noop';
  readonly quote: '"' | "'";
}

export function proveAndSetNotNullSql({ table, column, forward, back, quote }: NotNullProof): FollowUp {
  return {
    slug: `${table}_${column}_not_null`.toLowerCase().replaceAll(/\W+/g, '_'),
    docstring: (previous) => provenDocstring({ table, column }, previous),
    imports: [],
    code: '',
    atomic: true,
    operations: [runSqlText('migrations', forward, back, quote)],
  };
}

/** The word COLUMN may be left out. */
function isSameColumnSql(one: string, other: string): boolean {
  const plain = (sql: string): string => sql.replace(/\bALTER\s+COLUMN\b/i, 'ALTER');
  return isSameSql(plain(one), plain(other));
}
