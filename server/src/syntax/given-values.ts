import { childExpressionsOf } from './child-expressions.ts';
import type { Expression } from './module.ts';

const mutating = new Set(['append', 'appendleft', 'extend', 'add', 'update', 'insert', 'setdefault']);

/** What `name.append(value)` and `(name := value)`, anywhere in an expression, put into a name. */
export function valuesGiven(expression: Expression, name: string): readonly Expression[] {
  const inside = childExpressionsOf(expression).flatMap((each) => valuesGiven(each, name));
  if (expression.kind === 'call') {
    const { callee } = expression;
    const isGiven = callee.kind === 'attribute' && mutating.has(callee.name) && isMutation(callee.object, name);
    return isGiven ? [...expression.arguments.map(({ value }) => value), ...inside] : inside;
  }
  // What else has a name first, like `yield`, counts as well: one value too many does no harm.
  const [first, second] = expression.kind === 'other' ? expression.children : [];
  return second !== undefined && first?.kind === 'name' && first.name === name ? [second, ...inside] : inside;
}

/** Whether a change of the object changes what the name holds: the name itself, or a part of it. */
export function isMutation(object: Expression, name: string): boolean {
  if (object.kind === 'subscript') return isMutation(object.object, name);
  return object.kind === 'name' && object.name === name;
}
