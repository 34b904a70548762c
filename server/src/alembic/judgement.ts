import { childExpressionsOf } from '../syntax/child-expressions.ts';
import { dottedNameOf } from '../syntax/dotted-name.ts';
import { evaluate } from '../syntax/evaluate.ts';
import type { Expression } from '../syntax/module.ts';
import type { Judgement } from '../syntax/performed-call.ts';
import type { Scope } from '../syntax/scope.ts';
import type { Value } from '../syntax/value.ts';
import { decideUrlTest } from './url-tests.ts';

/** Migrations are judged as they run against a database; what asks for leave does so by these names. */
export const judgement: Judgement = {
  decide: (test, scope) => (isOfflineTest(test) ? false : (offlineNegated(test) ?? decideUrlTest(test, scope))),
  isGuard: (test, scope) => asksForLeave(test, scope),
};

function isOfflineTest(test: Expression): boolean {
  return test.kind === 'call' && /(^|\.)is_offline_mode$/.test(dottedNameOf(test.callee) ?? '');
}

function offlineNegated(test: Expression): boolean | undefined {
  return test.kind === 'unary' && test.operator === 'not' && isOfflineTest(test.operand) ? true : undefined;
}

const leave = /(^|\.)(environ|getenv|get_x_argument|settings|config)(\.|$)|ALLOW_/;

/**
 * `os.environ`, `os.getenv`, `context.get_x_argument`, `settings.ALLOW_…`, `config.…`, and names that have their values. A
 * name that is made of itself (`rows = rows or None`) is followed once.
 */
function asksForLeave(test: Expression, scope: Scope, followed: readonly Expression[] = []): boolean {
  if (leave.test(dottedNameOf(test.kind === 'call' ? test.callee : test) ?? '')) return true;
  if (test.kind !== 'name') return childExpressionsOf(test).some((child) => asksForLeave(child, scope, followed));
  const { at } = valueMadeBy(evaluate(test, scope));
  return at.kind !== 'name' && !followed.includes(at) && asksForLeave(at, scope, [...followed, at]);
}

/** Where a value is made that is only known at run time. */
function valueMadeBy(value: Value): Pick<Value, 'at'> {
  return value.definedAt ?? value;
}

/** Whether the text of a revision may hold a guard, or a call of one: a cheap look. */
export function mayAskForLeave(text: string): boolean {
  return (
    /^[^#\n]*\bALLOW_/m.test(text) ||
    (/^[^#\n]*\b(?:environ|getenv|get_x_argument)\b/m.test(text) && /^\s+raise\b/m.test(text))
  );
}
