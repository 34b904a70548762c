import type { Project } from '../../../project/project.ts';
import type { Change } from '../../../schema/change.ts';
import type { Migration } from '../../../schema/migration.ts';
import { inAutocommitBlock } from '../../alembic/directive-text.ts';
import { type ExecutedSite, executedWith, hasLongTokens, readExecutedSite } from '../../alembic/executed-site.ts';
import { blockAround, hasComments } from '../../alembic/revision-site.ts';
import { replaceStatement } from '../../alembic/statement-edits.ts';
import { indentationAt } from '../../edits/layout.ts';
import { type Answer, isRefused } from '../../fix.ts';
import { notSeparable } from '../../refusals.ts';
import { statementsOf } from '../../sql/run-sql-site.ts';
import { extentsOf } from '../../sql/statement-extent.ts';

/**
 * Sends each statement of a text by itself, outside of the transaction: PostgreSQL makes one transaction of all that come
 * in one text, and refuses there what runs concurrently.
 */
export function oneStatementPerCall(
  change: Change,
  migration: Migration,
  { project }: { readonly project: Project },
): readonly Answer[] {
  const found = readExecutedSite(change, migration, project);
  if (isRefused(found)) return found;
  const { string } = found.statement;
  if (statementsOf([string]).length < 2) return [];
  const isApart = blockAround(found.place, 'autocommit_block') !== undefined;
  const { source, place } = found;
  const column = indentationAt(source.text, place.statement.span.start).length + (isApart ? 0 : 4);
  const calls =
    string.sql.holes.length > 0 || hasLongTokens(string) || hasComments(place) ? undefined : callsOf(found, column);
  if (calls === undefined) return notSeparable;
  const code = isApart ? calls.join('\n') : inAutocommitBlock(found.op, calls);
  return [
    {
      title: isApart
        ? 'Send each statement in a call of its own'
        : 'Send each statement in a call of its own, outside the transaction',
      safety: isApart ? 'safe' : 'review',
      edits: [{ kind: 'change', file: source.file, edits: [replaceStatement(place, code)] }],
    },
  ];
}

/** One call for each statement, in column 0. */
function callsOf(found: ExecutedSite, column: number): readonly string[] | undefined {
  const { sql } = found.statement.string;
  const calls = extentsOf(found.statement.string).map(({ start, end }) =>
    executedWith(found, textBetween(sql.text, start, end), column),
  );
  const known = calls.filter((call) => call !== undefined);
  return known.length === calls.length ? known : undefined;
}

/** A statement with its comments, from the beginning of its line where it has one, and without its semicolon. */
function textBetween(text: string, start: number, end: number): string {
  const first = start + (/^\s*/.exec(text.slice(start, end))?.[0].length ?? 0);
  const sql = text.slice(first, end).trimEnd().replace(/\s*;$/, '');
  const margin = /(?:^|\n)([ \t]*)$/.exec(text.slice(0, first))?.[1] ?? '';
  return sql.includes('\n') ? margin + sql : sql;
}
