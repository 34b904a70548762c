import { containsSpan, type Span } from '../../base/span.ts';
import type { TextEdit } from '../../base/text-edit.ts';
import type { DjangoMigration } from '../../django/migration-file.ts';
import type { Project } from '../../project/project.ts';
import type { Migration } from '../../schema/migration.ts';
import { childExpressionsOf, childStatementsOf, expressionsOf } from '../../syntax/child-expressions.ts';
import type { CallExpression, Expression, Statement, StringPart } from '../../syntax/module.ts';
import { type Answer, refusal } from '../fix.ts';

/** What sends a text to the database, and the text as its first argument. */
interface Sending {
  readonly call: CallExpression;
  readonly sql: Expression;
}

/**
 * Sends values beside an SQL text instead of in it: fields of an f-string, operands of `%`, arguments of `.format`.
 * Names of tables and columns cannot be sent so: where one stands in the place of a name, nothing is offered for it.
 */
export function boundParameters(
  at: Span,
  migration: Migration,
  { project }: { readonly project: Project },
): readonly Answer[] {
  const source = project.source(migration.id);
  const sending = source && findSending(source.module.body, at);
  const [first, ...others] = sending?.call.arguments ?? [];
  if (source === undefined || sending === undefined || first?.form !== 'plain') return [];
  const isRunSql = calleeOf(sending.call) === 'RunSQL';
  // Whoever sends parameters already counts on their order.
  if (others.length > 0 && !isRunSql) return refusal('The text is sent with parameters already, whose order counts.');
  // In parentheses of its own the text and the parameters would become one tuple.
  if (source.text.slice(sending.call.argumentsSpan.start + 1, sending.sql.span.start).trim() !== '') return [];
  const bound = boundIn(sending.sql, source);
  if (bound === undefined || !bound.some(({ span }) => containsSpan(span, at))) {
    return refusal('No parameter can stand for it here: it is a name, or the text is not one plain literal.');
  }
  const { start, end } = sending.sql.span;
  const wrapping = isRunSql
    ? [
        { span: { start, end: start }, newText: '[(' },
        { span: { start: end, end }, newText: ')]' },
      ]
    : [];
  const open = wrapping.slice(0, 1);
  const close = wrapping.slice(1);
  return [
    {
      title: 'Bind the value as a parameter',
      safety: 'review',
      edits: [{ kind: 'change', file: source.file, edits: [...open, ...bound, ...close] }],
    },
  ];
}

function calleeOf({ callee }: CallExpression): string {
  return callee.kind === 'attribute' || callee.kind === 'name' ? callee.name : '';
}

/** The innermost call around the place that sends SQL as its first argument. */
function findSending(statements: readonly Statement[], at: Span): Sending | undefined {
  const holder = statements.find(({ span }) => containsSpan(span, at));
  if (holder === undefined) return undefined;
  const inner = findSending(childStatementsOf(holder), at);
  if (inner !== undefined) return inner;
  let found: Sending | undefined;
  let expressions = expressionsOf(holder);
  for (;;) {
    const around = expressions.find(({ span }) => containsSpan(span, at));
    if (around === undefined) return found;
    const sql = around.kind === 'call' ? around.arguments[0]?.value : undefined;
    const isSending = around.kind === 'call' && ['execute', 'RunSQL'].includes(calleeOf(around));
    if (around.kind === 'call' && isSending && sql !== undefined && containsSpan(sql.span, at))
      found = { call: around, sql };
    expressions = childExpressionsOf(around);
  }
}

/** The edits that take the values out of the text and put them behind it; undefined where that is not all they are. */
function boundIn(sql: Expression, source: DjangoMigration): readonly TextEdit[] | undefined {
  if (sql.kind === 'string') return boundFields(sql.parts, sql.span.end, source);
  if (sql.kind === 'binary' && sql.operator === '%') return boundOperands(sql.left, sql.right, source);
  return sql.kind === 'call' ? boundArguments(sql, source) : undefined;
}

/** `"… {} …".format(value)`: each pair of braces is one whole value, and each argument fills one. */
function boundArguments(call: CallExpression, { text }: DjangoMigration): readonly TextEdit[] | undefined {
  const { callee, arguments: given } = call;
  const [part, ...others] = callee.kind === 'attribute' && callee.object.kind === 'string' ? callee.object.parts : [];
  if (part === undefined || others.length > 0 || part.prefix.includes('f') || calleeOf(call) !== 'format') {
    return undefined;
  }
  const { start, end } = part.contentSpan;
  const written = text.slice(start, end);
  const spans = [...written.matchAll(/\{\}/g)].map(({ index }) => ({ start: start + index, end: start + index + 2 }));
  const isPlain = given.every(({ name, form }) => name === undefined && form === 'plain');
  const isOnlyMarks = !/[{}%]/.test(written.replaceAll('{}', ''));
  const isAllValues = spans.length > 0 && spans.every((span) => isValue(text, span));
  if (!takesParameters.test(written) || !isPlain || !isOnlyMarks || !isAllValues) return undefined;
  if (given.length !== spans.length || call.broken) return undefined;
  const values = given.map(({ value }) => sliceOf(text, value.span)).join(', ');
  return [
    ...spans.map((span) => ({ span: withQuotes(text, span), newText: '%s' })),
    { span: { start: part.span.end, end: call.span.end }, newText: `, [${values}]` },
  ];
}

/** Statements that take parameters; others name what they are about. */
const takesParameters = /^\s*(?:SELECT|INSERT|UPDATE|DELETE|WITH)\b/i;

function boundFields(
  parts: readonly StringPart[],
  end: number,
  { text }: DjangoMigration,
): readonly TextEdit[] | undefined {
  const [part, ...others] = parts;
  if (part === undefined || others.length > 0 || !part.prefix.includes('f') || part.prefix.includes('r'))
    return undefined;
  const written = text.slice(part.contentSpan.start, part.contentSpan.end);
  if (!takesParameters.test(written) || /\{\{|\}\}|%/.test(written)) return undefined;
  const values = part.fields.filter(({ span, suffix }) => suffix === '' && isValue(text, span));
  if (values.length === 0) return undefined;
  const keepsFields = values.length < part.fields.length;
  const prefix = text.slice(part.span.start, part.contentSpan.start);
  return [
    ...(keepsFields
      ? []
      : [{ span: { start: part.span.start, end: part.contentSpan.start }, newText: prefix.replace(/f/i, '') }]),
    ...values.map(({ span }) => ({ span: withQuotes(text, span), newText: '%s' })),
    { span: { start: end, end }, newText: `, [${values.map(({ value }) => sliceOf(text, value.span)).join(', ')}]` },
  ];
}

/** `"…" % value` and `"…" % (one, other)`: the operator becomes a comma. */
function boundOperands(
  left: Expression,
  right: Expression,
  { text }: DjangoMigration,
): readonly TextEdit[] | undefined {
  if (left.kind !== 'string' || left.parts.length !== 1) return undefined;
  const [part] = left.parts;
  if (part === undefined || part.prefix.includes('f') || right.kind === 'dictionary') return undefined;
  const { start } = part.contentSpan;
  const written = text.slice(start, part.contentSpan.end);
  const marks = [...written.matchAll(/%(?:%|[^%])/g)].filter(([mark]) => mark !== '%%');
  const spans = marks.map(({ index }) => ({ start: start + index, end: start + index + 2 }));
  const isAllValues = marks.every(([mark]) => mark === '%s') && spans.every((span) => isValue(text, span));
  if (!takesParameters.test(written) || !isAllValues || spans.length === 0) return undefined;
  // Several placeholders are filled from one sequence.
  const isSequence = right.kind === 'tuple' || spans.length > 1;
  const values = sliceOf(text, right.span);
  return [
    ...spans.map((span) => ({ span: withQuotes(text, span), newText: '%s' })),
    { span: { start: left.span.end, end: right.span.end }, newText: `, ${isSequence ? values : `[${values}]`}` },
  ];
}

function sliceOf(text: string, { start, end }: Span): string {
  return text.slice(start, end);
}

/** In quotes of its own, or behind an operator that compares. */
function isValue(text: string, span: Span): boolean {
  const [before, after] = [text.slice(0, span.start), text.slice(span.end)];
  if (before.endsWith("'") || after.startsWith("'")) {
    return before.endsWith("'") && after.startsWith("'") && !before.endsWith("''") && !after.startsWith("''");
  }
  return /(?:[=<>]|\bLIKE)\s*$/i.test(before) && /^(?:[\s,;)"']|$)/.test(after);
}

function withQuotes(text: string, { start, end }: Span): Span {
  const isQuoted = text.charAt(start - 1) === "'" && text.charAt(end) === "'";
  return isQuoted ? { start: start - 1, end: end + 1 } : { start, end };
}
