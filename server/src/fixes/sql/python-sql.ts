import { indentationAt, isFirstOnLine, quoteOf } from '../edits/layout.ts';
import { indented } from '../edits/rewritten.ts';
import { findLiteral } from './edit-sql.ts';
import type { RunSqlSite } from './run-sql-site.ts';

type Quote = '"' | "'";

/** A Python literal of SQL on one line: in quotes that the SQL does not need itself, else in the given ones. */
export function sqlLiteral(sql: string, quote: Quote): string {
  const other = quote === '"' ? "'" : '"';
  const used = sql.includes(quote) && !sql.includes(other) ? other : quote;
  const escaped = sql.replaceAll('\\', '\\\\').replaceAll(used, `\\${used}`).replaceAll('\n', '\\n');
  return used + escaped + used;
}

/** SQL that may have several lines, in column 0: the lines of a triple-quoted string keep their own indentation. */
function longSqlLiteral(sql: string, quote: Quote): string {
  if (!sql.includes('\n')) return sqlLiteral(sql, quote);
  const marks = sql.includes('"""') ? "'''" : '"""';
  const escaped = sql.replaceAll('\\', '\\\\').replaceAll(marks, `\\${marks.charAt(0)}`.repeat(3));
  return `${marks}\n    ${indented(escaped, '    ')}\n${marks}`;
}

/** `[…]`, an item a line, in column 0. */
export function sqlList(statements: readonly string[], quote: Quote): string {
  return ['[', ...statements.map((statement) => `    ${sqlLiteral(statement, quote)},`), ']'].join('\n');
}

/** One statement as a string, several as a list of strings; in column 0. */
function sqlValue(statements: readonly string[], quote: Quote): string {
  const [only, ...others] = statements;
  return only !== undefined && others.length === 0 ? longSqlLiteral(only, quote) : sqlList(statements, quote);
}

/** `migrations.RunSQL(sql=…, reverse_sql=…)`, an argument a line, laid out for column 0. */
export function runSqlText(
  migrations: string,
  sql: readonly string[] | 'noop',
  reverse: readonly string[] | 'noop' | 'missing',
  quote: Quote = '"',
): string {
  const written = (statements: readonly string[] | 'noop'): string =>
    statements === 'noop' ? `${migrations}.RunSQL.noop` : indented(sqlValue(statements, quote), '    ');
  const back = reverse === 'missing' ? [] : [`    reverse_sql=${written(reverse)},`];
  return [`${migrations}.RunSQL(`, `    sql=${written(sql)},`, ...back, ')'].join('\n');
}

/**
 * Statements written in the style of the SQL that the operation sends forward: one string or a list, on one line or
 * between triple quotes, with `;` or without. Its lines are laid out for the place of the operation.
 */
export function valueInStyleOf(site: RunSqlSite, statements: readonly string[]): string {
  const { source, call, forward, form } = site;
  const { text } = source;
  const quote = quoteOf(text);
  const first = call.arguments[0]?.span.start ?? call.span.start;
  const indentation = indentationAt(text, isFirstOnLine(text, first) ? first : call.span.start);
  const [string] = forward;
  const place = string && findLiteral(source, string.at.span);
  const isSeparate = statements.some((statement) => /\bCONCURRENTLY\b/.test(statement)) && statements.length > 1;
  const isList = form === 'list' || (place !== undefined && place.literal.parts.length > 1);
  if (isSeparate || (isList && statements.length > 1)) return listInStyle(site, statements, quote, indentation);
  const [only = ''] = statements;
  if (form === 'list') return `[${sqlLiteral(only, quote)}]`;
  const isTerminated = string !== undefined && /;\s*$/.test(string.sql.text);
  const written = place && text.slice(place.part.contentSpan.start, place.part.contentSpan.end);
  if (place !== undefined && place.part.quote.length === 3 && written?.includes('\n') === true) {
    return blockInStyle(place.part.quote, written, statements, isTerminated);
  }
  return sqlLiteral(`${statements.join('; ')}${isTerminated ? ';' : ''}`, quote);
}

function listInStyle(site: RunSqlSite, statements: readonly string[], quote: Quote, indentation: string): string {
  const { source, call } = site;
  const isOnOneLine = !source.text.slice(call.span.start, call.span.end).includes('\n');
  if (isOnOneLine) return `[${statements.map((statement) => sqlLiteral(statement, quote)).join(', ')}]`;
  return indented(sqlList(statements, quote), indentation);
}

/** Between triple quotes, with the indentation of the lines that are there. */
function blockInStyle(quote: string, written: string, statements: readonly string[], isTerminated: boolean): string {
  const lines = written.replaceAll('\r\n', '\n').split('\n');
  const line = lines.slice(1).find((each) => each.trim() !== '') ?? '';
  const indentation = /^[ \t]*/.exec(line)?.[0] ?? '';
  const last = lines.at(-1) ?? '';
  const [before, after] = [lines[0]?.trim() === '' ? `\n${indentation}` : '', last.trim() === '' ? `\n${last}` : ''];
  const escaped = statements.map((each) =>
    each.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote.charAt(0)}`.repeat(3)),
  );
  const body = escaped.join(`;\n${indentation}`);
  return `${quote}${before}${body}${isTerminated ? ';' : ''}${after}${quote}`;
}
