import { containsSpan, type Span } from '../../base/span.ts';
import type { TextEdit } from '../../base/text-edit.ts';
import { fileSpanOf, isWrittenIn } from '../../sql/literal-map.ts';
import { childExpressionsOf, childStatementsOf, expressionsOf } from '../../syntax/child-expressions.ts';
import type { AssignStatement, Expression, Statement, StringExpression, StringPart } from '../../syntax/module.ts';
import type { CodeSource } from '../carried-code.ts';
import { lineBreakOf } from '../edits/layout.ts';
import type { SqlString } from './run-sql-site.ts';

/** A string of SQL in a file. */
export interface EditedString {
  readonly source: CodeSource;
  readonly string: Pick<SqlString, 'sql' | 'isFormatted'>;
}

/**
 * Puts `newText` in the place of a part of an SQL string, written as the literal there needs it: quotes and backslashes
 * escaped, braces of f-strings and percent signs of formatted strings doubled. All else stays as it is, byte for byte.
 *
 * @param span offsets in the text of the string; an empty one inserts behind what stands before it
 * @returns undefined where the part is not written there and there alone: it comes from a field, from another file, from
 * a constant with other uses
 */
export function editSql({ source, string }: EditedString, span: Span, newText: string): TextEdit | undefined {
  const { sql } = string;
  if (!isWrittenIn(sql, span, source.module)) return undefined;
  const place = fileSpanOf(sql, span, source.module);
  const found = place && findLiteral(source, place);
  if (place === undefined || found === undefined) return undefined;
  if (!isUsedOnce(source, found.literal.span)) return undefined;
  // An edit never reaches over the quotes between two literals.
  if (!containsSpan(found.part.contentSpan, place)) return undefined;
  if (found.part.fields.some((field) => field.span.start < place.end && place.start < field.span.end)) return undefined;
  const written = escaped(newText, found.part, place, { source, string });
  return written === undefined ? undefined : { span: place, newText: written };
}

/** The edits of several places of one string; undefined where one of them cannot be edited. */
export function editAllSql(
  edited: EditedString,
  edits: readonly { readonly span: Span; readonly newText: string }[],
): readonly TextEdit[] | undefined {
  const made = edits.map(({ span, newText }) => editSql(edited, span, newText));
  const known = made.filter((edit) => edit !== undefined);
  return known.length === made.length ? known : undefined;
}

interface LiteralPlace {
  readonly literal: StringExpression;
  readonly part: StringPart;
}

/** The innermost literal, with the one of its parts, that a span of the file lies in. */
export function findLiteral({ module }: CodeSource, span: Span): LiteralPlace | undefined {
  return findInStatements(module.body, span);
}

function findInStatements(statements: readonly Statement[], span: Span): LiteralPlace | undefined {
  for (const statement of statements) {
    if (!containsSpan(statement.span, span)) continue;
    for (const expression of expressionsOf(statement)) {
      const found = findInExpression(expression, span);
      if (found !== undefined) return found;
    }
    const found = findInStatements(childStatementsOf(statement), span);
    if (found !== undefined) return found;
  }
  return undefined;
}

function findInExpression(expression: Expression, span: Span): LiteralPlace | undefined {
  if (!containsSpan(expression.span, span)) return undefined;
  for (const child of childExpressionsOf(expression)) {
    const found = findInExpression(child, span);
    if (found !== undefined) return found;
  }
  if (expression.kind !== 'string') return undefined;
  const part = expression.parts.find((each) => containsSpan(each.span, span));
  return part && { literal: expression, part };
}

/** The literal of a constant counts as one only where its name stands there once more, in its use. */
export function isUsedOnce({ module, text }: CodeSource, literal: Span): boolean {
  const holder = assignmentAround(literal, module.body);
  if (holder === undefined) return true;
  const [target, ...others] = holder.targets;
  if (target?.kind !== 'name' || others.length > 0) return false;
  if (target.name === 'operations') return true;
  return [...text.matchAll(new RegExp(`\\b${target.name}\\b`, 'g'))].length === 2;
}

function assignmentAround(span: Span, statements: readonly Statement[]): AssignStatement | undefined {
  const around = statements.find((statement) => containsSpan(statement.span, span));
  if (around === undefined || around.kind === 'assign') return around;
  return assignmentAround(span, childStatementsOf(around));
}

function escaped(newText: string, part: StringPart, place: Span, edited: EditedString): string | undefined {
  const { quote, prefix } = part;
  const { source, string } = edited;
  const isTriple = quote.length === 3;
  if (!prefix.includes('f') && isFilled(edited) && /[%{}]/.test(newText)) return undefined;
  let text = string.isFormatted ? newText.replaceAll('%', '%%') : newText;
  if (prefix.includes('f')) text = text.replaceAll('{', '{{').replaceAll('}', '}}');
  const endsAtQuote = place.end === part.contentSpan.end || source.text.charAt(place.end) === quote.charAt(0);
  if (prefix.includes('r')) {
    const breaks = isTriple ? endsAtQuote && text.endsWith(quote.charAt(0)) : /[\n]/.test(text);
    return breaks || text.includes(quote) ? undefined : text;
  }
  text = text.replaceAll('\\', '\\\\');
  if (!isTriple) return text.replaceAll(quote, `\\${quote}`).replaceAll('\n', '\\n');
  text = text.replaceAll(quote, `\\${quote.charAt(0)}`.repeat(3));
  if (endsAtQuote && text.endsWith(quote.charAt(0))) text = `${text.slice(0, -1)}\\${quote.charAt(0)}`;
  return text.replaceAll('\n', lineBreakOf(source.text));
}

/** Whether the string is put together by more than its own literals: `%` and `.format` read signs in them. */
function isFilled({ string: { sql } }: EditedString): boolean {
  return sql.holes.length > 0 || sql.segments.some(({ places }) => places.length > 1);
}
