import { combine } from './evaluation/combine.ts';
import { attributeOf, dialectFact } from './evaluation/evaluate-attribute.ts';
import { evaluateCall } from './evaluation/evaluate-call.ts';
import {
  evaluateComprehension,
  evaluateDictionary,
  evaluateSequence,
  evaluateSubscript,
} from './evaluation/evaluate-collection.ts';
import { pathOfName } from './evaluation/file-text.ts';
import { textOfLiterals } from './evaluation/literals.ts';
import type { Expression } from './module.ts';
import type { Scope, Trace } from './scope.ts';
import { lambdaValue } from './scopes.ts';
import { compare, negated, truthOf } from './truth.ts';
import type { Value } from './value.ts';
import { either, placedAt, unknownValue } from './values.ts';

/** Expressions inside one another deeper than this, calls included, are unknown. */
const deepest = 400;

/** Looking at more expressions than this for one value is given up. */
const mostSteps = 400_000;

/**
 * What an expression is worth where it stands in the scope's file, as far as reading can tell. Never a guess: what
 * cannot be decided is unknown, a list with something undecided in it is `partial`.
 */
export function evaluate(expression: Expression, scope: Scope): Value {
  return evaluateIn(expression, scope, newTrace());
}

/** The value of a name of a module, a class or a function after everything in it; undefined where nothing binds it. */
export function valueOfName(name: string, scope: Scope): Value | undefined {
  return scope.find(name, undefined, newTrace());
}

function newTrace(): Trace {
  return { evaluate: evaluateIn, calling: new Set(), depth: 0, steps: 0, isCut: false };
}

function evaluateIn(expression: Expression, scope: Scope, trace: Trace): Value {
  if (trace.depth > deepest || trace.steps > mostSteps) {
    trace.isCut = true;
    return unknownValue(expression, scope.module);
  }
  trace.depth++;
  trace.steps++;
  try {
    return evaluateKind(expression, scope, trace);
  } finally {
    trace.depth--;
  }
}

function evaluateKind(expression: Expression, scope: Scope, trace: Trace): Value {
  const { module } = scope;
  switch (expression.kind) {
    case 'name':
      return evaluateName(expression, scope, trace);
    case 'attribute':
      return (
        dialectFact(expression, scope) ??
        attributeOf(evaluateIn(expression.object, scope, trace), expression, scope, trace)
      );
    case 'call':
      return evaluateCall(expression, scope, trace);
    case 'string':
      return textOfLiterals(expression, module, (field) => evaluateIn(field, scope, trace));
    case 'number':
      return { kind: 'number', at: expression, module, value: expression.value };
    case 'constant':
      return { kind: 'constant', at: expression, module, value: expression.value };
    case 'list':
    case 'tuple':
    case 'set':
      return evaluateSequence(expression, scope, trace);
    case 'dictionary':
      return evaluateDictionary(expression, scope, trace);
    case 'comprehension':
      return evaluateComprehension(expression, scope, trace);
    case 'subscript':
      return evaluateSubscript(expression, scope, trace);
    case 'lambda':
      return lambdaValue(expression, scope);
    case 'unary':
      return evaluateUnary(expression, scope, trace);
    case 'binary':
      return evaluateBinary(expression, scope, trace);
    case 'comparison':
      return evaluateComparison(expression, scope, trace);
    case 'conditional':
      return evaluateConditional(expression, scope, trace);
    case 'starred':
    case 'other':
      return unknownValue(expression, module);
  }
}

/** Built-in functions that the evaluation follows; any of them may be hidden by a name of the file. */
const builtins = new Set([
  'dict',
  'enumerate',
  'len',
  'list',
  'open',
  'range',
  'reversed',
  'set',
  'str',
  'tuple',
  'zip',
]);

function evaluateName(expression: Extract<Expression, { kind: 'name' }>, scope: Scope, trace: Trace): Value {
  const { name } = expression;
  const { module } = scope;
  const value = scope.find(name, expression.span.start, trace);
  if (value !== undefined) return placedAt(value, expression, module);
  const path = pathOfName(name, module, scope.surroundings.texts);
  if (path !== undefined) return { kind: 'string', at: expression, module, value: path };
  if (!builtins.has(name)) return unknownValue(expression, module);
  return { kind: 'reference', at: expression, module, name: `builtins.${name}`, scope: undefined };
}

function evaluateUnary(expression: Extract<Expression, { kind: 'unary' }>, scope: Scope, trace: Trace): Value {
  const operand = evaluateIn(expression.operand, scope, trace);
  if (expression.operator === 'not') return truth(negated(truthOf(operand)), expression, scope);
  if (operand.kind !== 'number' || operand.conditional) {
    return { ...unknownValue(expression, scope.module), operands: [operand] };
  }
  if (expression.operator === '-') return { ...operand, at: expression, value: -operand.value };
  return expression.operator === '+' ? { ...operand, at: expression } : unknownValue(expression, scope.module);
}

function truth(value: boolean | undefined, at: Expression, scope: Scope): Value {
  const { module } = scope;
  return value === undefined ? unknownValue(at, module) : { kind: 'constant', at, module, value };
}

function evaluateBinary(expression: Extract<Expression, { kind: 'binary' }>, scope: Scope, trace: Trace): Value {
  const left = evaluateIn(expression.left, scope, trace);
  const { operator } = expression;
  if (operator !== 'and' && operator !== 'or') {
    const right = evaluateIn(expression.right, scope, trace);
    const combined = combine(left, operator, right, expression, scope.module);
    return combined.kind === 'unknown' ? { ...combined, operands: [left, right] } : combined;
  }
  const decided = truthOf(left);
  const right = evaluateIn(expression.right, scope, trace);
  if (decided !== undefined) return decided === (operator === 'or') ? left : right;
  // `unknown and False` is false in any case, `unknown or True` true: enough for a test, though not for a value.
  const settles = truthOf(right) === (operator === 'or');
  return settles && right.kind === 'constant'
    ? truth(operator === 'or', expression, scope)
    : unknownValue(expression, scope.module);
}

function evaluateComparison(
  expression: Extract<Expression, { kind: 'comparison' }>,
  scope: Scope,
  trace: Trace,
): Value {
  const operands = expression.operands.map((operand) => evaluateIn(operand, scope, trace));
  let result: boolean | undefined = true;
  expression.operators.forEach((operator, index) => {
    const [left, right] = [operands[index], operands[index + 1]];
    const holds = left === undefined || right === undefined ? undefined : compare(left, operator, right);
    if (holds === false) result = false;
    else if (holds === undefined && result) result = undefined;
  });
  const compared = truth(result, expression, scope);
  return compared.kind === 'unknown' ? { ...compared, operands } : compared;
}

function evaluateConditional(
  expression: Extract<Expression, { kind: 'conditional' }>,
  scope: Scope,
  trace: Trace,
): Value {
  const decided = truthOf(evaluateIn(expression.test, scope, trace));
  if (decided !== undefined) return evaluateIn(decided ? expression.body : expression.orElse, scope, trace);
  const one = evaluateIn(expression.body, scope, trace);
  const other = evaluateIn(expression.orElse, scope, trace);
  const value = either(one, other);
  return value === undefined || value.kind === 'unknown' ? unknownValue(expression, scope.module) : value;
}
