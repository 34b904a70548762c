import type { Span } from '../../base/span.ts';
import { childExpressionsOf, childStatementsOf, expressionsOf } from '../child-expressions.ts';
import type { Argument, DictionaryExpression, Expression, Module, Statement } from '../module.ts';
import { lineStartOf } from './indentation.ts';
import type { Replacement } from './replacement.ts';
import { shiftedArgument, shiftedEntry, shiftedExpression, shiftedStatement } from './shifted.ts';

/** What was read from the text before an edit, to be used again where the edit changed nothing. */
export interface Earlier {
  statement(start: number, end: number): Statement | undefined;
  /** What was read from the bracket that opens at an offset. */
  bracket(opener: number): EarlierBracket | undefined;
}

export interface EarlierBracket {
  argument(start: number, end: number): Argument | undefined;
  expression(start: number, end: number): Expression | undefined;
  entry(start: number, end: number): DictionaryExpression['entries'][number] | undefined;
}

interface Old extends Span {
  /** How far it has moved since. */
  readonly by: number;
}

export function earlierReading(module: Module, oldText: string, text: string, edit: Replacement): Earlier {
  const moved = edit.newEnd - edit.oldEnd;

  const broken = module.broken.map((span) => ({ span }));

  /** Where an unchanged region of the text stood before; what begins on an edited line may have moved in its column. */
  const before = (start: number, end: number): Old | undefined => {
    if (end <= edit.start) return { start, end, by: 0 };
    if (start < edit.newEnd) return undefined;
    const isOneLine = text.lastIndexOf('\n', end - 1) < start;
    if (!isOneLine && lineStartOf(text, start) < edit.newEnd) return undefined;
    return { start: start - moved, end: end - moved, by: moved };
  };

  /** Broken regions are read anew: how far they reach can depend on what stands elsewhere. */
  const isWhole = (old: Span): boolean => (lastFrom(broken, old.end)?.span.end ?? -1) < old.start;

  const reuse = <T>(
    start: number,
    end: number,
    find: (old: Old) => T | undefined,
    shifted: (node: T, by: number) => T,
  ): T | undefined => {
    const old = before(start, end);
    const found = old === undefined || !isWhole(old) ? undefined : find(old);
    return found === undefined || old === undefined ? undefined : shifted(found, old.by);
  };

  return {
    statement: (start, end) =>
      // The statement that stands for `elif …` is none by itself.
      text.startsWith('elif', start)
        ? undefined
        : reuse(start, end, (old) => findStatement(module.body, old), shiftedStatement),
    bracket: (opener) => {
      const old = before(opener, opener + 1);
      const found = old === undefined ? undefined : findBracket(module.body, old.start);
      if (found === undefined) return undefined;
      return {
        argument: (start, end) => reuse(start, end, (span) => findExactly(argumentsOf(found), span), shiftedArgument),
        entry: (start, end) => reuse(start, end, (span) => findExactly(entriesOf(found), span), shiftedEntry),
        expression: (start, end) =>
          reuse(start, end, (span) => findInParentheses(itemsOf(found), span, oldText), shiftedExpression),
      };
    },
  };
}

function argumentsOf(expression: Expression): readonly Argument[] {
  return expression.kind === 'call' ? expression.arguments : [];
}

function entriesOf(expression: Expression): DictionaryExpression['entries'] {
  return expression.kind === 'dictionary' ? expression.entries : [];
}

function itemsOf(expression: Expression): readonly Expression[] {
  return 'items' in expression ? expression.items : [];
}

/** The last of the nodes, which are in file order, that begins at or before an offset. */
function lastFrom<T extends { readonly span: Span }>(nodes: readonly T[], offset: number): T | undefined {
  let low = 0;
  let high = nodes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((nodes[middle]?.span.start ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return nodes[low - 1];
}

function findExactly<T extends { readonly span: Span }>(nodes: readonly T[], { start, end }: Span): T | undefined {
  const node = lastFrom(nodes, start);
  return node?.span.start === start && node.span.end === end ? node : undefined;
}

/** The span of an expression leaves out the parentheses around it, which belong to the item. */
function findInParentheses(items: readonly Expression[], span: Span, text: string): Expression | undefined {
  const item = lastFrom(items, span.end - 1);
  if (item === undefined || item.span.start < span.start || item.span.end > span.end) return undefined;
  const before = text.slice(span.start, item.span.start);
  const after = text.slice(item.span.end, span.end);
  return /^[\s(]*$/.test(before) && /^[\s)]*$/.test(after) ? item : undefined;
}

function findStatement(statements: readonly Statement[], span: Span): Statement | undefined {
  const statement = lastFrom(statements, span.start);
  if (statement === undefined || statement.span.end < span.end) return undefined;
  if (statement.span.start === span.start && statement.span.end === span.end) return statement;
  return findStatement(childStatementsOf(statement), span);
}

function findBracket(statements: readonly Statement[], opener: number): Expression | undefined {
  const statement = lastFrom(statements, opener);
  if (statement === undefined || statement.span.end <= opener) return undefined;
  const inner = childStatementsOf(statement);
  return (
    (inner.length === 0 ? undefined : findBracket(inner, opener)) ?? inExpressions(expressionsOf(statement), opener)
  );
}

function inExpressions(expressions: readonly Expression[], opener: number): Expression | undefined {
  const expression = lastFrom(expressions, opener);
  if (expression === undefined || expression.span.end <= opener) return undefined;
  const start = expression.kind === 'call' ? expression.argumentsSpan.start : expression.span.start;
  if (start === opener && expression.kind !== 'attribute' && expression.kind !== 'subscript') {
    const isBracketed = expression.kind === 'call' || expression.kind === 'dictionary' || 'items' in expression;
    if (isBracketed) return expression;
  }
  return inExpressions(childExpressionsOf(expression), opener);
}
