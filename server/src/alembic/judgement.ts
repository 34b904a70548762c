import { childExpressionsOf } from '../syntax/child-expressions.ts';
import { dottedNameOf } from '../syntax/dotted-name.ts';
import type { Expression } from '../syntax/module.ts';
import type { Judgement } from '../syntax/performed-calls.ts';

/** Migrations are judged as they run against a database; what asks for leave does so by these names. */
export const judgement: Judgement = {
  decide: (test) => (isOfflineTest(test) ? false : offlineNegated(test)),
  isGuard: (test) => asksForLeave(test),
};

function isOfflineTest(test: Expression): boolean {
  return test.kind === 'call' && /(^|\.)is_offline_mode$/.test(dottedNameOf(test.callee) ?? '');
}

function offlineNegated(test: Expression): boolean | undefined {
  return test.kind === 'unary' && test.operator === 'not' && isOfflineTest(test.operand) ? true : undefined;
}

/** `os.environ`, `os.getenv`, `context.get_x_argument`, `settings.ALLOW_…`, `config.…`. */
function asksForLeave(expression: Expression): boolean {
  const name = dottedNameOf(expression.kind === 'call' ? expression.callee : expression);
  if (name !== undefined && /(^|\.)(environ|getenv|get_x_argument|settings|config)(\.|$)|ALLOW_/.test(name))
    return true;
  return childExpressionsOf(expression).some(asksForLeave);
}
