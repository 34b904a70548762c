import { containsSpan } from '../../base/span.ts';
import type { TextEdit } from '../../base/text-edit.ts';
import type { ModuleSource, Project } from '../../project/project.ts';
import { changesOf } from '../../schema/change.ts';
import type { Migration } from '../../schema/migration.ts';
import type { TransactionControl } from '../../schema/sql-change.ts';
import { readExecutedSite } from '../alembic/executed-site.ts';
import { type Answer, isRefused, type Refused, refusal } from '../fix.ts';
import { notSeparable } from '../refusals.ts';
import { editSql } from '../sql/edit-sql.ts';
import { placeOf, readStatementSite, type SqlStatement, type SqlString, statementsOf } from '../sql/run-sql-site.ts';

/**
 * Takes `BEGIN` and `COMMIT` out of the SQL of an operation: the transaction of the migration does what they were
 * written for. What is rolled back was not wanted, which is for somebody to decide.
 */
export function withoutTransactionControl(
  change: TransactionControl,
  migration: Migration,
  { project }: { readonly project: Project },
): readonly Answer[] {
  const found = readPlace(change, migration, project);
  if (isRefused(found)) return found;
  const { source, strings, title } = found;
  const controls = changesOf(migration.forward, 'TransactionControl').filter(
    ({ origin }) => origin.call === change.origin.call,
  );
  if (controls.some(({ command }) => command !== 'begin' && command !== 'commit')) {
    return refusal('What is rolled back was not wanted: that is for you to decide.');
  }
  const all = statementsOf(strings);
  const removed = all.filter((statement) => controls.some(({ origin }) => isAt(statement, origin.span.start, source)));
  if (removed.length === 0 || removed.length === all.length) return [];
  const edits = removed.map((statement) => removal(statement, source));
  const known = edits.filter((edit) => edit !== undefined);
  if (known.length < edits.length) return notSeparable;
  return [
    {
      title,
      safety: 'safe',
      edits: [{ kind: 'change', file: source.file, edits: known }],
    },
  ];
}

interface Place {
  readonly source: ModuleSource;
  /** What one operation or call sends. */
  readonly strings: readonly SqlString[];
  readonly title: string;
}

function readPlace(change: TransactionControl, migration: Migration, project: Project): Place | Refused {
  if (migration.framework === 'alembic') {
    const found = readExecutedSite(change, migration, project);
    if (isRefused(found)) return found;
    const title = 'Remove BEGIN and COMMIT: Alembic has opened a transaction';
    return { source: found.source, strings: [found.statement.string], title };
  }
  const found = readStatementSite(change, migration, project);
  if (isRefused(found)) return found;
  if (found.site.form === 'list') {
    return refusal('Each string of the list is sent by itself: which of them belong together is for you to decide.');
  }
  const title = 'Remove BEGIN and COMMIT: the migration runs in a transaction of its own';
  return { source: found.source, strings: found.site.forward, title };
}

function isAt(statement: SqlStatement, start: number, source: ModuleSource): boolean {
  return placeOf(statement, source)?.start === start;
}

/** The statement with its `;` and, where nothing else stands there, its line. */
function removal({ string, piece, text }: SqlStatement, source: ModuleSource): TextEdit | undefined {
  const end = containsSpan(piece.whole, piece.statement) ? piece.whole.end : piece.statement.end;
  const isLastOnLine = /^[ \t]*(?:\r?\n|$)/.test(text.slice(end));
  const isAlone = /(?:^|\n)[ \t]*$/.test(text.slice(0, piece.statement.start)) && isLastOnLine;
  const gap = isLastOnLine ? (/[ \t]*$/.exec(text.slice(0, piece.statement.start))?.[0].length ?? 0) : 0;
  const start = isAlone ? text.lastIndexOf('\n', piece.statement.start - 1) : piece.statement.start - gap;
  const behind = isAlone ? 0 : (/^[ \t]*/.exec(text.slice(end))?.[0].length ?? 0);
  const stop = text.charAt(end - 1) === ';' ? end : piece.statement.end;
  return editSql({ source, string }, { start: Math.max(start, 0), end: stop + behind }, '');
}
