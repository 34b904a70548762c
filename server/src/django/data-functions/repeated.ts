import { childStatementsOf } from '../../syntax/child-expressions.ts';
import type { Expression, Statement } from '../../syntax/module.ts';
import { unknown } from './held.ts';
import type { NameScope } from './name-scope.ts';
import { isText } from './texts.ts';

/**
 * Before a body that runs again and again: a number or a text that it assigns is another one each time. What is only added
 * to keeps what it begins with.
 */
export function forgetReassigned(body: readonly Statement[], { names }: NameScope): void {
  for (const [name, isAdded] of assignedIn(body)) {
    const held = names.get(name);
    if (held?.kind === 'number' || (held !== undefined && isText(held) && !isAdded)) names.set(name, unknown);
  }
}

function assignedIn(statements: readonly Statement[]): readonly (readonly [name: string, isAdded: boolean])[] {
  return statements.flatMap((statement) => {
    if (statement.kind === 'function' || statement.kind === 'class') return [];
    const isAdded = statement.kind === 'augmented-assign';
    const names = targetsOf(statement).flatMap(namesIn);
    return [...names.map((name) => [name, isAdded] as const), ...assignedIn(childStatementsOf(statement))];
  });
}

function targetsOf(statement: Statement): readonly Expression[] {
  switch (statement.kind) {
    case 'assign':
      return statement.targets;
    case 'augmented-assign':
    case 'for':
      return [statement.target];
    default:
      return [];
  }
}

function namesIn(target: Expression): readonly string[] {
  if (target.kind === 'tuple' || target.kind === 'list') return target.items.flatMap(namesIn);
  return target.kind === 'name' ? [target.name] : [];
}
