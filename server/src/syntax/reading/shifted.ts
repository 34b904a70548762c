import type { Span } from '../../base/span.ts';
import type { Argument, DictionaryExpression, Expression, Statement, StringPart } from '../module.ts';

/*
 * Copies of what was read with every span moved, for what an edit before it has only moved. The kinds that migrations
 * consist of are copied by hand, because every keystroke copies about half of the file.
 */

export function shiftedStatement(statement: Statement, by: number): Statement {
  return by === 0 ? statement : anyShifted(statement, by);
}

export function shiftedArgument(argument: Argument, by: number): Argument {
  return by === 0 ? argument : moveArgument(argument, by);
}

export function shiftedExpression(expression: Expression, by: number): Expression {
  return by === 0 ? expression : moveExpression(expression, by);
}

type Entry = DictionaryExpression['entries'][number];

export function shiftedEntry(entry: Entry, by: number): Entry {
  return by === 0 ? entry : moveEntry(entry, by);
}

function move(span: Span, by: number): Span {
  return { start: span.start + by, end: span.end + by };
}

function moveExpressions(expressions: readonly Expression[], by: number): readonly Expression[] {
  return expressions.map((expression) => moveExpression(expression, by));
}

function moveExpression(expression: Expression, by: number): Expression {
  const span = move(expression.span, by);
  switch (expression.kind) {
    case 'name':
      return { kind: 'name', span, name: expression.name };
    case 'constant':
      return { kind: 'constant', span, value: expression.value };
    case 'number':
      return { kind: 'number', span, text: expression.text, value: expression.value };
    case 'attribute': {
      const object = moveExpression(expression.object, by);
      return { kind: 'attribute', span, object, name: expression.name, nameSpan: move(expression.nameSpan, by) };
    }
    case 'string': {
      const parts = expression.parts.map((part) => movePart(part, by));
      return { kind: 'string', span, value: expression.value, parts };
    }
    case 'call':
      return {
        kind: 'call',
        span,
        callee: moveExpression(expression.callee, by),
        arguments: expression.arguments.map((argument) => moveArgument(argument, by)),
        argumentsSpan: move(expression.argumentsSpan, by),
        broken: expression.broken,
      };
    case 'list':
    case 'tuple':
    case 'set':
      return { kind: expression.kind, span, items: moveExpressions(expression.items, by), broken: expression.broken };
    case 'dictionary': {
      const entries = expression.entries.map((entry) => moveEntry(entry, by));
      return { kind: 'dictionary', span, entries, broken: expression.broken };
    }
    default:
      return anyShifted(expression, by);
  }
}

function moveArgument(argument: Argument, by: number): Argument {
  return {
    span: move(argument.span, by),
    name: argument.name,
    nameSpan: argument.nameSpan === undefined ? undefined : move(argument.nameSpan, by),
    form: argument.form,
    value: moveExpression(argument.value, by),
  };
}

function moveEntry(entry: Entry, by: number): Entry {
  return {
    span: move(entry.span, by),
    key: entry.key === undefined ? undefined : moveExpression(entry.key, by),
    value: moveExpression(entry.value, by),
  };
}

function movePart(part: StringPart, by: number): StringPart {
  return {
    span: move(part.span, by),
    contentSpan: move(part.contentSpan, by),
    prefix: part.prefix,
    quote: part.quote,
    fields: part.fields.length === 0 ? part.fields : anyShifted(part.fields, by),
    literals: part.literals,
  };
}

/** Spans are recognized by their shape here, so that no kind of node can be forgotten. */
function anyShifted<T>(node: T, by: number): T {
  return copy(node, by) as T;
}

const ownCopies = new Set<unknown>([
  'name',
  'constant',
  'number',
  'attribute',
  'string',
  'call',
  'list',
  'tuple',
  'set',
  'dictionary',
]);

function copy(value: unknown, by: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.length === 0 ? value : value.map((each) => copy(each, by));
  if (isSpan(value)) return move(value, by);
  if ('kind' in value && ownCopies.has(value.kind)) return moveExpression(value as Expression, by);
  const result: Record<string, unknown> = {};
  for (const [key, each] of Object.entries(value)) result[key] = copy(each, by);
  return result;
}

function isSpan(value: object): value is Span {
  return 'start' in value && 'end' in value;
}
