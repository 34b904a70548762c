import { containsSpan, type Span } from '../base/span.ts';
import { childStatementsOf } from './child-expressions.ts';
import type { Expression, Statement, TryStatement, WithStatement } from './module.ts';

/** Whether what stands at a place may fail: a `try` around it, or `contextlib.suppress`, goes on then. */
export function isCaught(at: Span, statements: readonly Statement[]): boolean {
  const around = statements.find(({ span }) => containsSpan(span, at));
  if (around === undefined) return false;
  if (goesOn(around) && around.body.some(({ span }) => containsSpan(span, at))) return true;
  return isCaught(at, childStatementsOf(around));
}

function goesOn(statement: Statement): statement is TryStatement | WithStatement {
  if (statement.kind === 'try') return statement.handlers.length > 0;
  return statement.kind === 'with' && statement.items.some(({ context }) => isSuppression(context));
}

function isSuppression(context: Expression): boolean {
  if (context.kind !== 'call') return false;
  const { callee } = context;
  return (callee.kind === 'name' || callee.kind === 'attribute') && callee.name === 'suppress';
}
