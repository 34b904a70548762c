import type { Span } from '../../base/span.ts';
import type { DatabaseKind } from '../../base/target.ts';
import { type SentSql, sentByRunSql } from '../../django/lower-sql.ts';
import type { DjangoMigration, DjangoOperation } from '../../django/migration-file.ts';
import { given, itemsOf } from '../../django/values.ts';
import type { ModuleSource, Project } from '../../project/project.ts';
import type { Change } from '../../schema/change.ts';
import type { Migration } from '../../schema/migration.ts';
import { fileSpanOf, type SqlText } from '../../sql/literal-map.ts';
import { type SqlPiece, splitSql } from '../../sql/split.ts';
import { sqlTextOf } from '../../sql/sql-text.ts';
import type { Words } from '../../sql/words.ts';
import type { CallExpression, Expression } from '../../syntax/module.ts';
import type { Value } from '../../syntax/value.ts';
import type { Refused } from '../fix.ts';
import { findOperationOf } from '../operation-site.ts';
import { notEditableSql } from '../refusals.ts';
import { findWrittenCall } from '../written-call.ts';

/** One string that a `RunSQL` sends, with the statements in it. */
export interface SqlString {
  readonly sql: SqlText;
  /** Side by side they are the text; a piece without tokens holds no statement. */
  readonly pieces: readonly SqlPiece[];
  /** Sent with parameters, so that a percent sign is written twice. */
  readonly isFormatted: boolean;
  /** The literal, or the name of the constant, that stands for it in the operation. */
  readonly at: Expression;
}

/** One statement of a string. */
export interface SqlStatement extends Words {
  readonly string: SqlString;
  /** Offsets in `text`, which is the text of the whole string. */
  readonly piece: SqlPiece;
}

/** A `RunSQL` as it is written in the migration's own file, once and for one operation alone. */
export interface RunSqlSite {
  readonly source: DjangoMigration;
  readonly operation: DjangoOperation;
  readonly call: CallExpression;
  readonly database: DatabaseKind;
  readonly forward: readonly SqlString[];
  /** What the `sql` argument is: `list` for a list or tuple of strings. */
  readonly form: 'string' | 'list';
  /** `written` where the way back cannot be read as strings. */
  readonly reverse: readonly SqlString[] | 'missing' | 'noop' | 'written';
}

/** The operation that a statement, or the operation itself, was read from; undefined where edits of it would not be right. */
export function findRunSqlSite(change: Change, migration: Migration, project: Project): RunSqlSite | undefined {
  const runSql = migration.forward.find((each) => each.kind === 'RunSql' && each.origin.call === change.origin.call);
  const written = runSql && findWrittenCall(runSql, migration, project);
  if (written === undefined) return undefined;
  const { source, call } = written;
  const operation = findOperationOf(change, source);
  if (operation === undefined || operation.name !== 'RunSQL' || !operation.known) return undefined;
  const { database } = project.target;
  const sql = operation.arguments.get('sql');
  const forward = stringsOf(sql, project);
  if (sql === undefined || forward === undefined) return undefined;
  const form = sql.kind === 'list' || sql.kind === 'tuple' ? 'list' : 'string';
  return { source, operation, call, database, forward, form, reverse: reverseOf(operation, project) };
}

function reverseOf(operation: DjangoOperation, project: Project): RunSqlSite['reverse'] {
  const value = given(operation.arguments.get('reverse_sql'));
  if (value === undefined) return operation.value.partial ? 'written' : 'missing';
  if (value.kind === 'reference' && value.name.endsWith('.noop')) return 'noop';
  if (value.kind === 'string' && value.value.trim() === '') return 'noop';
  return stringsOf(value, project) ?? 'written';
}

function stringsOf(value: Value | undefined, project: Project): readonly SqlString[] | undefined {
  const strings = sentByRunSql(value).map((sent) => sent && stringOf(sent, project));
  const known = strings.filter((each) => each !== undefined);
  return known.length === strings.length && (known.length > 0 || itemsOf(value).length > 0) ? known : undefined;
}

function stringOf({ value, placeholders }: SentSql, project: Project): SqlString | undefined {
  return readSqlString(value, placeholders !== 'none', project);
}

export function readSqlString(value: Value, isFormatted: boolean, project: Project): SqlString | undefined {
  const sql = sqlTextOf(value, { textOf: (module) => project.sourceOf(module)?.text, fill: () => undefined });
  if (sql === undefined) return undefined;
  const pieces = splitSql(sql.text, project.target.database);
  return { sql, pieces, isFormatted, at: value.at };
}

/** The statements of strings, in order. */
export function statementsOf(strings: readonly SqlString[]): readonly SqlStatement[] {
  return strings.flatMap((string) =>
    string.pieces
      .filter(({ tokens }) => tokens.length > 0)
      .map((piece) => ({ string, piece, text: string.sql.text, tokens: piece.tokens })),
  );
}

/** A statement that a fix may rewrite, in its operation. */
export interface StatementSite {
  readonly source: DjangoMigration;
  readonly site: RunSqlSite;
  readonly statement: SqlStatement;
}

/** Undefined for statements in bodies, under conditions, or in operations that are not written once. */
export function findStatementSite(change: Change, migration: Migration, project: Project): StatementSite | undefined {
  const { span, sql } = change.origin;
  if (sql === undefined || sql.inBody || change.certainty === 'conditional') return undefined;
  const site = findRunSqlSite(change, migration, project);
  const statement = site && statementsOf(site.forward).find((each) => isAt(placeOf(each, site.source), span));
  return statement && { source: site.source, site, statement };
}

/** Refuses where {@link findStatementSite} finds nothing for SQL of a Django migration. */
export function readStatementSite(change: Change, migration: Migration, project: Project): StatementSite | Refused {
  if (migration.framework !== 'django' || change.origin.sql === undefined) return [];
  return findStatementSite(change, migration, project) ?? notEditableSql;
}

export function isAt(place: Span | undefined, span: Span): boolean {
  return place !== undefined && place.start === span.start && place.end === span.end;
}

/** Where a statement is written. */
export function placeOf({ string, piece }: SqlStatement, { module }: ModuleSource): Span | undefined {
  return fileSpanOf(string.sql, piece.statement, module);
}

/** As it is sent, from its first word to its last. */
export function textOfStatement({ text, piece }: SqlStatement): string {
  return text.slice(piece.statement.start, piece.statement.end);
}

/** Key words in lower case where the statement has its own so. */
export function inCaseOf(statement: SqlStatement, words: string): string {
  return /^[a-z]/.test(textOfStatement(statement)) ? words.toLowerCase() : words;
}
