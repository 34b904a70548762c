import type { TextEdit } from '../../base/text-edit.ts';
import type { Change } from '../../schema/change.ts';
import { quoteOf } from '../edits/layout.ts';
import { reverseOfSql } from '../recipes/reverse-sql.ts';
import { runSqlText } from './python-sql.ts';
import { type RunSqlSite, type SqlStatement, statementsOf, textOfStatement } from './run-sql-site.ts';
import { isSameSql, removalOfTail, writtenStatement } from './take-out.ts';

/** Statements that leave their `RunSQL`, as operations of other migrations. */
export interface CutOperation {
  readonly edits: readonly TextEdit[];
  /** In column 0, one for each cut. */
  readonly operations: readonly string[];
}

/**
 * Cuts a `RunSQL` before some of its statements: the first ones stay. What takes statements back goes with them.
 *
 * @param changes of each statement, in order
 * @param cuts the statements before which it is cut, ascending, none of them the first
 * @returns undefined where a statement cannot be taken out of its text, or what takes it back is not understood
 */
export function cutOperation(
  site: RunSqlSite,
  changes: readonly (readonly Change[])[],
  cuts: readonly number[],
): CutOperation | undefined {
  const statements = statementsOf(site.forward);
  const [first = 0] = cuts;
  const moved = statements.slice(first);
  const isPlain = moved.every(({ string }) => !string.isFormatted && string.sql.holes.length === 0);
  if (statements.length !== changes.length || !isPlain) return undefined;
  const back = backwardOf(site, statements, changes);
  if (back === undefined) return undefined;
  const forward = removalOfTail(moved, site, 'sql');
  const backward = Array.isArray(back) ? removalOfTail(back.slice(first), site, 'reverse_sql') : [];
  if (forward === undefined || backward === undefined) return undefined;
  return {
    edits: [...forward, ...backward],
    operations: cuts.map((cut, index) => {
      const end = cuts[index + 1] ?? statements.length;
      const reverse = Array.isArray(back) ? stringsOf(back.slice(cut, end).toReversed()) : back;
      return runSqlText('migrations', stringsOf(statements.slice(cut, end)), reverse, quoteOf(site.source.text));
    }),
  };
}

/** What takes each statement back, in the order of the statements. */
function backwardOf(
  { reverse }: RunSqlSite,
  statements: readonly SqlStatement[],
  changes: readonly (readonly Change[])[],
): SqlStatement[] | 'noop' | 'missing' | undefined {
  if (reverse === 'noop' || reverse === 'missing') return reverse;
  if (reverse === 'written') return undefined;
  const written = statementsOf(reverse).toReversed();
  const isOpposite = written.map((each, index) => {
    const [statement, change] = [statements[index], changes[index]?.[0]];
    const generated = statement && change && reverseOfSql(statement, change);
    return generated?.length === 1 && isSameSql(generated[0] ?? '', textOfStatement(each));
  });
  return written.length === statements.length && !isOpposite.includes(false) ? written : undefined;
}

/** Statements that come in one string, which may be one transaction, stay in one. */
function stringsOf(statements: readonly SqlStatement[]): readonly string[] {
  const strings = new Set(statements.map(({ string }) => string));
  return [...strings].map((string) => together(statements.filter((statement) => statement.string === string)));
}

function together(statements: readonly SqlStatement[]): string {
  const [only] = statements;
  if (only !== undefined && statements.length === 1) return writtenStatement(only, []);
  return statements.map((statement) => `${writtenStatement(statement, [])};`).join('\n');
}
