import type { TextEdit } from '../../base/text-edit.ts';
import type { DjangoMigration } from '../../django/migration-file.ts';
import { fileSpanOf, isWrittenIn } from '../../sql/literal-map.ts';
import type { StringExpression } from '../../syntax/module.ts';
import { indentationAt, isFirstOnLine, lineBreakOf } from '../edits/layout.ts';
import { findLiteral, isUsedOnce } from './edit-sql.ts';
import type { SqlString } from './run-sql-site.ts';
import { extentsOf } from './statement-extent.ts';

/**
 * Cuts a string of several statements into strings of one: closes the quotes behind each statement and opens them again,
 * or puts a comma where one literal ends and the next begins. Not a character of the SQL changes.
 *
 * @param isItem it stands in a list already
 * @returns undefined where the string is not one literal with this one use
 */
export function splitString(
  source: DjangoMigration,
  string: SqlString,
  isItem: boolean,
): readonly TextEdit[] | undefined {
  const literal = literalOf(source, string);
  if (literal === undefined || string.isFormatted) return undefined;
  const deeper = isLaidOut(source, literal, isItem) ? '    ' : '';
  const cuts = extentsOf(string)
    .slice(0, -1)
    .map(({ end }) => cutAt(source, string, end, deeper));
  const known = cuts.filter((cut) => cut !== undefined);
  if (known.length < cuts.length || known.length === 0) return undefined;
  return [...bracketsOf(source, literal, isItem), ...known];
}

/** The brackets of the list take the place of the parentheses that hold several literals together. */
function bracketsOf(
  { text }: DjangoMigration,
  { span, parts }: StringExpression,
  isItem: boolean,
): readonly TextEdit[] {
  const width = span.start < (parts[0]?.span.start ?? span.start) ? 1 : 0;
  if (width === 1 && text.charAt(span.start) !== '(') return [];
  if (width === 0 && isItem) return [];
  const line = lineBreakOf(text) + indentationAt(text, span.start);
  const laidOut = width === 0 ? [`[${line}    `, `,${line}]`] : ['[', ']'];
  const inPlace = isItem ? ['', ''] : ['[', ']'];
  const [open = '', close = ''] = isFirstOnLine(text, span.start) && !isItem ? laidOut : inPlace;
  return [
    { span: { start: span.start, end: span.start + width }, newText: open },
    { span: { start: span.end - width, end: span.end }, newText: close },
  ];
}

/** A literal on a line of its own becomes a list with an item a line. */
function isLaidOut({ text }: DjangoMigration, { span, parts }: StringExpression, isItem: boolean): boolean {
  return !isItem && parts[0]?.span.start === span.start && isFirstOnLine(text, span.start);
}

/** The literal that the string is, all of it. */
function literalOf(source: DjangoMigration, { sql }: SqlString): StringExpression | undefined {
  const all = { start: 0, end: sql.text.length };
  const place = fileSpanOf(sql, all, source.module);
  const literal = place && findLiteral(source, { start: place.start, end: place.start })?.literal;
  if (literal === undefined || !isUsedOnce(source, literal.span) || sql.holes.length > 0) return undefined;
  const isWhole = sql.segments.every(({ places: [first] }) => first?.literal?.span.start === literal.span.start);
  return isWhole && isWrittenIn(sql, all, source.module) ? literal : undefined;
}

/** The white space behind a statement on its line goes: it would begin the next string. */
function cutAt(source: DjangoMigration, { sql }: SqlString, offset: number, deeper: string): TextEdit | undefined {
  const { text } = source;
  const blanks = /^[ \t]*/.exec(sql.text.slice(offset))?.[0].length ?? 0;
  const isLineEnd = /^[ \t]*\r?\n/.test(sql.text.slice(offset));
  const place = fileSpanOf(sql, { start: offset, end: offset }, source.module);
  const part = place && findLiteral(source, place)?.part;
  if (place === undefined || part === undefined) return undefined;
  const { contentSpan, quote, span } = part;
  if (place.start === contentSpan.end) return { span: { start: span.end, end: span.end }, newText: ',' };
  const end = isLineEnd ? place.start : Math.min(place.start + blanks, contentSpan.end);
  if (end === contentSpan.end) return { span: { start: span.end, end: span.end }, newText: ',' };
  const isOwnLine = quote.length === 3 || isFirstOnLine(text, span.start);
  const separator = isOwnLine ? lineBreakOf(text) + indentationAt(text, span.start) + deeper : ' ';
  const opening = text.slice(span.start, contentSpan.start);
  return { span: { start: place.start, end }, newText: `${quote},${separator}${opening}` };
}
