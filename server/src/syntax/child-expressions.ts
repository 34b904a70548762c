import type { Expression, Parameter, Statement } from './module.ts';

/** The expressions directly inside another one, in file order. Parameters of a lambda count with their defaults. */
export function childExpressionsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'name':
    case 'number':
    case 'constant':
      return [];
    case 'attribute':
      return [expression.object];
    case 'call':
      return [expression.callee, ...expression.arguments.map((argument) => argument.value)];
    case 'subscript':
      return [expression.object, ...expression.index];
    case 'string':
      return expression.parts.flatMap((part) => part.fields.map((field) => field.value));
    case 'list':
    case 'tuple':
    case 'set':
      return expression.items;
    case 'dictionary':
      return expression.entries.flatMap(({ key, value }) => (key === undefined ? [value] : [key, value]));
    case 'lambda':
      return [...defaultsOf(expression.parameters), expression.body];
    case 'unary':
      return [expression.operand];
    case 'binary':
      return [expression.left, expression.right];
    case 'comparison':
      return expression.operands;
    case 'conditional':
      return [expression.body, expression.test, expression.orElse];
    case 'comprehension':
      return [...(expression.key === undefined ? [] : [expression.key]), expression.element, ...clausesOf(expression)];
    case 'starred':
      return [expression.value];
    case 'other':
      return expression.children;
  }
}

function clausesOf(comprehension: Extract<Expression, { kind: 'comprehension' }>): readonly Expression[] {
  return comprehension.clauses.flatMap((clause) => [clause.target, clause.iterable, ...clause.conditions]);
}

function defaultsOf(parameters: readonly Parameter[]): readonly Expression[] {
  return parameters.flatMap((parameter) => (parameter.default === undefined ? [] : [parameter.default]));
}

/** The expressions of a statement itself, not of the statements in its blocks. */
export function expressionsOf(statement: Statement): readonly Expression[] {
  switch (statement.kind) {
    case 'assign':
      return [...statement.targets, statement.value];
    case 'augmented-assign':
      return [statement.target, statement.value];
    case 'expression':
      return [statement.value];
    case 'function':
      return [...statement.decorators, ...defaultsOf(statement.parameters)];
    case 'class':
      return [...statement.decorators, ...statement.bases.map((base) => base.value)];
    case 'if':
    case 'while':
      return [statement.test];
    case 'for':
      return [statement.target, statement.iterable];
    case 'with':
      return statement.items.flatMap(({ context, target }) => (target === undefined ? [context] : [context, target]));
    case 'match':
      return [statement.subject];
    case 'return':
    case 'raise':
      return statement.value === undefined ? [] : [statement.value];
    case 'delete':
      return statement.targets;
    case 'import':
    case 'import-from':
    case 'try':
    case 'simple':
      return [];
  }
}

/** The statements in the blocks of a statement, in file order; none for simple statements. */
export function childStatementsOf(statement: Statement): readonly Statement[] {
  switch (statement.kind) {
    case 'function':
    case 'class':
    case 'with':
      return statement.body;
    case 'if':
    case 'for':
    case 'while':
      return [...statement.body, ...statement.orElse];
    case 'try':
      return [...statement.body, ...statement.handlers.flat(), ...statement.orElse, ...statement.finally];
    case 'match':
      return statement.cases.flat();
    default:
      return [];
  }
}
