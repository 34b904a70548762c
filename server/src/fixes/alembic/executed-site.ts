import { executedText } from '../../alembic/lower-execute.ts';
import type { AlembicRevision } from '../../alembic/revision-file.ts';
import type { Project } from '../../project/project.ts';
import type { Change } from '../../schema/change.ts';
import type { Migration } from '../../schema/migration.ts';
import type { Argument, Expression } from '../../syntax/module.ts';
import { quoteOf } from '../edits/layout.ts';
import { indentedCode } from '../edits/rewritten.ts';
import { isRefused, type Refused } from '../fix.ts';
import { notEditableSql } from '../refusals.ts';
import { sqlLiteral } from '../sql/python-sql.ts';
import { isAt, placeOf, readSqlString, type SqlStatement, type SqlString, statementsOf } from '../sql/run-sql-site.ts';
import { findTableAction, noAction, type TableAction } from '../sql/table-action.ts';
import { findStatementPlace, type StatementPlace } from './revision-site.ts';
import { opImportOf } from './revision-text.ts';

/** A statement of SQL that `op.execute` or a connection sends, as it is written in a revision. */
export interface ExecutedSite {
  readonly source: AlembicRevision;
  readonly place: StatementPlace;
  readonly statement: SqlStatement;
  /** What the file calls `alembic.op`. */
  readonly op: string;
}

/** Refuses where edits of the text would not be right; empty for what is no SQL of a revision. */
export function readExecutedSite(change: Change, migration: Migration, project: Project): ExecutedSite | Refused {
  const { span, sql } = change.origin;
  if (migration.framework !== 'alembic' || sql === undefined) return [];
  const place = sql.inBody ? undefined : findStatementPlace(change, migration, project);
  const string = place && stringIn(place, project);
  const statement = string && statementsOf([string]).find((each) => isAt(placeOf(each, place.source), span));
  if (place === undefined || statement === undefined) return notEditableSql;
  return { source: place.source, place, statement, op: opImportOf(place.source).name };
}

/** An action of an `ALTER TABLE` that a revision sends. */
export interface ExecutedAction extends ExecutedSite {
  readonly action: TableAction;
}

export function readExecutedAction(change: Change, migration: Migration, project: Project): ExecutedAction | Refused {
  const found = readExecutedSite(change, migration, project);
  if (isRefused(found)) return found;
  const action = findTableAction(change, found.statement, found.source.module);
  return action === undefined ? noAction : { ...found, action };
}

/** The text that a statement of a revision executes; undefined where it is not known. */
export function stringIn({ performed }: StatementPlace, project: Project): SqlString | undefined {
  const value = executedText(performed.value);
  return value && readSqlString(value, false, project);
}

/**
 * The call with other SQL in the place of its text, in column 0: `op.execute(sa.text(…))` stays what it is. Undefined where
 * the call takes more than its text, or the text is a constant.
 *
 * @param column where the call will stand: the lines of a long text are laid out for it
 */
export function executedWith({ source, place }: ExecutedSite, sql: string, column: number): string | undefined {
  const { text } = source;
  const callees: string[] = [];
  let sent: Expression = place.call;
  while (sent.kind === 'call') {
    const [argument, ...others]: readonly Argument[] = sent.arguments;
    if (argument?.form !== 'plain' || argument.name !== undefined || others.length > 0) return undefined;
    callees.push(text.slice(sent.callee.span.start, sent.callee.span.end));
    sent = argument.value;
  }
  if (sent.kind !== 'string' || callees.some((callee) => callee.includes('\n'))) return undefined;
  const literal = literalOf(sql, column + 4 * callees.length, quoteOf(text));
  return callees.reduceRight(
    (inner, callee) =>
      inner.includes('\n') ? `${callee}(\n    ${indentedCode(inner, '    ')}\n)` : `${callee}(${inner})`,
    literal,
  );
}

function literalOf(sql: string, column: number, quote: '"' | "'"): string {
  if (!sql.includes('\n')) return sqlLiteral(sql, quote);
  const lines = sql.split(/\r?\n/);
  const depth = Math.min(
    ...lines.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length),
  );
  const margin = ' '.repeat(column);
  const body = lines
    .map((line) => (line.trim() === '' ? '' : margin + line.slice(depth)))
    .join('\n')
    .replaceAll('\\', '\\\\')
    .replaceAll('"""', '\\"\\"\\"');
  return `"""\n${body}\n${margin}"""`;
}

/** Whether a string or a body in the SQL has several lines itself: white space in it is part of what is sent. */
export function hasLongTokens(string: SqlString): boolean {
  return statementsOf([string]).some(({ text, tokens }) =>
    tokens.some(({ start, end }) => text.slice(start, end).includes('\n')),
  );
}
