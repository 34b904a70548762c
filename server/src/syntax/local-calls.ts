import { childExpressionsOf, childStatementsOf, expressionsOf } from './child-expressions.ts';
import type {
  CallExpression,
  Expression,
  FunctionStatement,
  LambdaExpression,
  Module,
  Parameter,
  Statement,
} from './module.ts';

/**
 * What a parameter is given by the calls of its function in the module, its default included; undefined where that
 * cannot be told: the function is handed on, or called in a way that hides its arguments.
 */
export function argumentsFor(
  parameter: Parameter,
  definition: FunctionStatement | LambdaExpression,
  module: Module,
): readonly Expression[] | undefined {
  if (definition.kind === 'lambda' || definition.decorators.length > 0 || parameter.form !== 'plain') return undefined;
  const [first] = definition.parameters;
  const isMethod = first?.name === 'self' || first?.name === 'cls';
  const position = definition.parameters.indexOf(parameter) - (isMethod ? 1 : 0);
  const calls = callsOf(definition.name, module.body);
  if (calls === undefined || calls.length === 0 || position < 0) return undefined;
  const given: Expression[] = [];
  for (const { arguments: written, broken } of calls) {
    if (broken || written.some(({ form }) => form !== 'plain')) return undefined;
    const argument =
      written.find(({ name }) => name === parameter.name) ?? written.filter(({ name }) => name === undefined)[position];
    const value = argument?.value ?? parameter.default;
    if (value === undefined) return undefined;
    given.push(value);
  }
  return given;
}

/** The calls of whatever has the name; undefined where it is used otherwise. */
function callsOf(name: string, statements: readonly Statement[]): readonly CallExpression[] | undefined {
  const calls: CallExpression[] = [];
  let isHandedOn = false;
  const isNamed = (each: Expression) => (each.kind === 'name' || each.kind === 'attribute') && each.name === name;
  const look = (expression: Expression): void => {
    const isCall = expression.kind === 'call' && isNamed(expression.callee);
    if (isCall) calls.push(expression);
    if (isNamed(expression)) isHandedOn = true;
    for (const child of childExpressionsOf(expression)) {
      if (!isCall || child !== expression.callee) look(child);
      else childExpressionsOf(child).forEach(look);
    }
  };
  const lookInto = (statement: Statement): void => {
    expressionsOf(statement).forEach(look);
    childStatementsOf(statement).forEach(lookInto);
  };
  statements.forEach(lookInto);
  return isHandedOn ? undefined : calls;
}

/** All that a function can return; undefined where it is no plain function. */
export function returnedBy(definition: FunctionStatement): readonly Expression[] | undefined {
  if (definition.decorators.length > 0) return undefined;
  const returned: Expression[] = [];
  const lookInto = (statement: Statement): void => {
    if (statement.kind === 'return' && statement.value !== undefined) returned.push(statement.value);
    if (statement.kind !== 'function' && statement.kind !== 'class') childStatementsOf(statement).forEach(lookInto);
  };
  definition.body.forEach(lookInto);
  return returned.length === 0 ? undefined : returned;
}
