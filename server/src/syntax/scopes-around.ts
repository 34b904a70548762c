import { containsSpan, type Span } from '../base/span.ts';
import { childExpressionsOf, expressionsOf } from './child-expressions.ts';
import type {
  ComprehensionExpression,
  Expression,
  FunctionStatement,
  LambdaExpression,
  Module,
  Statement,
} from './module.ts';

/** What has names of its own around a place. */
export type ScopeAround =
  | (Block & { readonly kind: 'module' | 'class' })
  | FunctionScope
  | { readonly kind: 'comprehension'; readonly expression: ComprehensionExpression };

export interface FunctionScope extends Block {
  readonly kind: 'function';
  readonly definition: FunctionStatement | LambdaExpression;
}

interface Block {
  readonly body: readonly Statement[];
  /** The statements around the place, outermost first. */
  readonly path: readonly Step[];
}

interface Step {
  readonly statement: Statement;
  /** What stands before it in the same block. */
  readonly before: readonly Statement[];
  /** The place is in the first of its blocks. */
  readonly isInBody: boolean;
}

/** The blocks of a statement: of those of an `if` or a `try` not all are run. */
export function blocksOf(statement: Statement): readonly (readonly Statement[])[] {
  switch (statement.kind) {
    case 'function':
    case 'class':
    case 'with':
      return [statement.body];
    case 'if':
    case 'for':
    case 'while':
      return [statement.body, statement.orElse];
    case 'try':
      return [statement.body, ...statement.handlers, statement.orElse, statement.finally];
    case 'match':
      return statement.cases;
    default:
      return [];
  }
}

/** From the module to the innermost. */
export function scopesAround(at: Span, { body }: Module): readonly ScopeAround[] {
  return scopesIn({ kind: 'module', body }, at);
}

type Opened =
  | { readonly kind: 'module' | 'class'; readonly body: readonly Statement[] }
  | Pick<FunctionScope, 'kind' | 'definition' | 'body'>;

function scopesIn(opened: Opened, at: Span): readonly ScopeAround[] {
  const path: Step[] = [];
  const scope: ScopeAround = { ...opened, path };
  let block: readonly Statement[] | undefined = opened.body;
  while (block !== undefined) {
    const index: number = block.findIndex(({ span }) => containsSpan(span, at));
    const statement = block[index];
    if (statement === undefined) return [scope];
    const blocks: readonly (readonly Statement[])[] = blocksOf(statement);
    const inner = blocks.find((each) => each.some(({ span }) => containsSpan(span, at)));
    path.push({ statement, before: block.slice(0, index), isInBody: inner !== undefined && inner === blocks[0] });
    if (inner === undefined) return [scope, ...scopesOfExpressions(expressionsOf(statement), at)];
    if (statement.kind === 'class') return [scope, ...scopesIn({ kind: 'class', body: inner }, at)];
    if (statement.kind === 'function') {
      return [scope, ...scopesIn({ kind: 'function', definition: statement, body: inner }, at)];
    }
    block = inner;
  }
  return [scope];
}

function scopesOfExpressions(expressions: readonly Expression[], at: Span): readonly ScopeAround[] {
  const around = expressions.find(({ span }) => containsSpan(span, at));
  if (around === undefined) return [];
  const inside = scopesOfExpressions(childExpressionsOf(around), at);
  if (around.kind === 'lambda' && containsSpan(around.body.span, at)) {
    return [{ kind: 'function', definition: around, body: [], path: [] }, ...inside];
  }
  // What the first loop goes through is looked up outside.
  const [first] = around.kind === 'comprehension' ? around.clauses : [];
  const isOutside = first === undefined || containsSpan(first.iterable.span, at);
  return around.kind === 'comprehension' && !isOutside
    ? [{ kind: 'comprehension', expression: around }, ...inside]
    : inside;
}
