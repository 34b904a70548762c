import { containsSpan, type Span } from '../../base/span.ts';
import { applyEdits, type TextEdit } from '../../base/text-edit.ts';
import type { Project } from '../../project/project.ts';
import type { Change } from '../../schema/change.ts';
import type { Migration } from '../../schema/migration.ts';
import type { Expression } from '../../syntax/module.ts';
import { quoteOf } from '../edits/layout.ts';
import { removeItems } from '../edits/list-items.ts';
import { moveOperation } from '../moved-operations.ts';
import type { MovedLines } from '../new-migration.ts';
import { calleeText, findOperationSite } from '../operation-site.ts';
import { editAllSql, editSql } from './edit-sql.ts';
import { runSqlText } from './python-sql.ts';
import { type RunSqlSite, type SqlStatement, type SqlString, statementsOf, textOfStatement } from './run-sql-site.ts';
import { extentsOf } from './statement-extent.ts';

/** A statement on its way to another migration. */
export interface TakenOut {
  /** What takes it out of its own file. */
  readonly edits: readonly TextEdit[];
  /** The operation that runs it elsewhere, in column 0. */
  readonly operation: string | MovedLines;
  readonly imports: readonly string[];
  /** Functions and constants that the operation uses. */
  readonly code: string;
}

export interface TakingOut {
  readonly site: RunSqlSite;
  readonly statement: SqlStatement;
  readonly change: Change;
  readonly migration: Migration;
  readonly project: Project;
  /** Changes of the statement, in offsets of the text of its string. */
  readonly rewrites: readonly TextEdit[];
  /** What takes the statement back, as it would be written anew. */
  readonly reverse: readonly string[] | undefined;
  /** Whether a statement of the way back that is written takes it back. */
  readonly isOpposite: (sql: string) => boolean;
  /**
   * What the statement makes or drops: a way back that speaks of it and does not take it back is not understood. Undefined
   * for what leaves nothing to take back.
   */
  readonly name: string | undefined;
}

/**
 * Takes a statement out of its migration: the operation as a whole where it does nothing else, otherwise the statement
 * with its comments and what takes it back. Undefined where that cannot be told apart from the rest.
 */
export function takeOut(taking: TakingOut): TakenOut | undefined {
  return statementsOf(taking.site.forward).length === 1 ? takeOperation(taking) : takeStatement(taking);
}

function takeOperation({ site, statement, change, migration, project, rewrites }: TakingOut): TakenOut | undefined {
  const place = findOperationSite(change, migration, project);
  if (place === undefined || !place.isTopLevel) return undefined;
  const { source } = site;
  const inside = editAllSql({ source, string: statement.string }, rewrites);
  // What is written in a constant would have to be changed there.
  if (inside?.every(({ span }) => containsSpan(place.call.span, span)) !== true) return undefined;
  const moved = moveOperation(place, inside);
  if (moved === undefined) return undefined;
  return { edits: moved.change.edits, operation: moved.operations, imports: moved.imports, code: moved.code };
}

function takeStatement(taking: TakingOut): TakenOut | undefined {
  const { site, statement, change, migration, project } = taking;
  const place = findOperationSite(change, migration, project);
  const { string } = statement;
  if (place === undefined || !place.isTopLevel || string.isFormatted || string.sql.holes.length > 0) return undefined;
  const removed = removalOf(statement, site, 'sql');
  const back = reverseOf(taking);
  if (removed === undefined || back === undefined) return undefined;
  return {
    edits: [removed, ...back.edits],
    operation: runSqlText(
      'migrations',
      [writtenStatement(statement, taking.rewrites)],
      back.statements,
      quoteOf(site.source.text),
    ),
    imports: [],
    code: '',
  };
}

/** A statement with the comments before it, its first word in column 0. */
export function writtenStatement({ string, piece }: SqlStatement, rewrites: readonly TextEdit[]): string {
  const start = piece.comments.find((comment) => comment.start < piece.statement.start)?.start ?? piece.statement.start;
  const moved = rewrites.map(({ span, newText }) => ({ span: shifted(span, -start), newText }));
  const text = applyEdits(string.sql.text.slice(start, piece.statement.end), moved);
  return unindented(text, depthAt(string.sql.text, start));
}

function shifted({ start, end }: Span, by: number): Span {
  return { start: start + by, end: end + by };
}

/** Lines of a statement that stood at the depth of its first word. */
function unindented(text: string, depth: number): string {
  const [first = '', ...rest] = text.replaceAll('\r\n', '\n').split('\n');
  return [first, ...rest.map((line) => line.slice(Math.min(depth, Math.max(0, line.search(/\S/)))))].join('\n');
}

function depthAt(text: string, offset: number): number {
  return /[ \t]*$/.exec(text.slice(0, offset))?.[0].length ?? 0;
}

interface WayBack {
  readonly edits: readonly TextEdit[];
  readonly statements: readonly string[] | 'noop';
}

/** What takes the statement back moves with it: out of the `reverse_sql` that is written, or as it is generated. */
function reverseOf({ site, reverse, isOpposite, name }: TakingOut): WayBack | undefined {
  const generated = reverse === undefined || reverse.length === 0 ? 'noop' : reverse;
  if (site.reverse === 'missing') return { edits: [], statements: generated };
  if (site.reverse === 'noop') return { edits: [], statements: 'noop' };
  if (site.reverse === 'written') return undefined;
  const written = statementsOf(site.reverse);
  const found = written.find((each) => isOpposite(textOfStatement(each)));
  if (found === undefined) {
    const word = name?.toLowerCase();
    const isNamed = word !== undefined && written.some((each) => textOfStatement(each).toLowerCase().includes(word));
    return isNamed ? undefined : { edits: [], statements: generated };
  }
  const removed = written.length === 1 ? noReverse(site) : removalOf(found, site, 'reverse_sql');
  return removed && { edits: [removed], statements: [concurrently(textOfStatement(found))] };
}

/** Nothing is left to take back. */
function noReverse({ source, call, operation }: RunSqlSite): TextEdit | undefined {
  const span = operation.arguments.get('reverse_sql')?.at.span;
  return span && { span, newText: `${calleeText(source, call)}.noop` };
}

/** In a migration of its own, what builds and drops an index does not block its table on the way back either. */
function concurrently(sql: string): string {
  if (/\bCASCADE\b|,/i.test(sql) && /^DROP/i.test(sql)) return sql;
  return sql.replace(/^(CREATE\s+(?:UNIQUE\s+)?INDEX|DROP\s+INDEX)\s+(?!CONCURRENTLY\b)/i, '$1 CONCURRENTLY ');
}

/** Whether two statements do the same, whatever they say about being there, waiting or quotes. */
export function isSameSql(one: string, other: string): boolean {
  const normal = (sql: string): string =>
    sql
      .replaceAll(/\b(?:concurrently|if\s+exists|cascade|restrict)\b/gi, ' ')
      .replaceAll('"', '')
      .replaceAll(/\s+/g, ' ')
      .trim()
      .toLowerCase();
  return normal(one) === normal(other);
}

/** Removes statements that nothing stays behind; undefined where that would leave nothing at all. */
export function removalOfTail(
  statements: readonly SqlStatement[],
  site: RunSqlSite,
  argument: 'sql' | 'reverse_sql',
): readonly TextEdit[] | undefined {
  const strings = new Set(statements.map(({ string }) => string));
  const whole = [...strings].filter((string) =>
    statementsOf([string]).every(({ piece }) => statements.some((each) => each.piece === piece)),
  );
  const edits = statements
    .filter(({ string }) => !whole.includes(string))
    .map((statement) => removalOf(statement, site, argument));
  const [first] = whole;
  if (first !== undefined)
    edits.push(removalOfItems(first, whole.length, site.operation.arguments.get(argument)?.at, site));
  const known = edits.filter((edit) => edit !== undefined);
  return known.length === edits.length ? known : undefined;
}

/** Removes a statement: the item of its list, or its part of the string. Undefined where that would leave nothing. */
function removalOf(statement: SqlStatement, site: RunSqlSite, argument: 'sql' | 'reverse_sql'): TextEdit | undefined {
  const { string, piece } = statement;
  const { source, operation } = site;
  const own = statementsOf([string]);
  if (own.length === 1) return removalOfItems(string, 1, operation.arguments.get(argument)?.at, site);
  const index = own.findIndex((each) => each.piece === piece);
  const extent = extentsOf(string)[index];
  if (extent === undefined) return undefined;
  const isLast = index === own.length - 1;
  const { text } = string.sql;
  // The line of the closing quotes stays where it is.
  const kept = isLast ? (/\s*$/.exec(text.slice(extent.start, extent.end))?.[0].length ?? 0) : 0;
  return editSql({ source, string }, { start: extent.start, end: extent.end - kept }, '');
}

function removalOfItems(
  string: SqlString,
  count: number,
  list: Expression | undefined,
  { source }: RunSqlSite,
): TextEdit | undefined {
  if (list?.kind !== 'list' && list?.kind !== 'tuple') return undefined;
  const { at } = string;
  const index = list.items.findIndex(({ span }) => span.start === at.span.start && span.end === at.span.end);
  if (index < 0 || list.items.length <= count) return undefined;
  const items = { text: source.text, module: source.module, span: list.span, items: list.items };
  return removeItems(items, index, index + count - 1);
}
