import type { CallExpression, FunctionStatement, LambdaExpression } from '../module.ts';
import type { Scope, Trace } from '../scope.ts';
import { functionBlock } from '../scopes.ts';
import type { CallValue, FunctionValue, Value } from '../value.ts';
import { isSequence, placedAt } from '../values.ts';
import { callBuiltin } from './call-builtin.ts';
import { callMethod } from './call-method.ts';
import { attributeOf } from './evaluate-attribute.ts';
import { readByCall } from './file-text.ts';
import { callPath } from './paths.ts';

/** Calls within calls deeper than this are not followed. */
const deepestCall = 8;

export function evaluateCall(expression: CallExpression, scope: Scope, trace: Trace): Value {
  const { callee } = expression;
  const receiver = callee.kind === 'attribute' ? trace.evaluate(callee.object, scope, trace) : undefined;
  const called =
    callee.kind === 'attribute' && receiver !== undefined
      ? attributeOf(receiver, callee, scope, trace)
      : trace.evaluate(callee, scope, trace);
  const call = callValue(expression, called, receiver, scope, trace);
  const result =
    (called.kind === 'function' ? followed(called, call, trace) : undefined) ??
    callBuiltin(call) ??
    callPath(call) ??
    readByCall(call, scope.surroundings.texts) ??
    (callee.kind === 'attribute' && receiver !== undefined ? callMethod(receiver, callee.name, call) : undefined);
  return result === undefined ? call : placedAt(result, expression, scope.module);
}

function callValue(
  expression: CallExpression,
  called: Value,
  receiver: Value | undefined,
  scope: Scope,
  trace: Trace,
): CallValue {
  const positional: Value[] = [];
  const keywords = new Map<string, Value>();
  let partial = expression.broken;
  for (const argument of expression.arguments) {
    const value = trace.evaluate(argument.value, scope, trace);
    if (argument.name !== undefined) keywords.set(argument.name, value);
    else if (argument.form === 'plain') positional.push(value);
    else if (argument.form === 'star') {
      if (isSequence(value)) positional.push(...value.items);
      partial ||= !isSequence(value) || value.partial;
    } else partial = spread(value, keywords) || partial;
  }
  return {
    kind: 'call',
    at: expression,
    module: scope.module,
    callee: called.kind === 'reference' ? called.name : undefined,
    called: called.kind === 'function' || called.kind === 'class' ? called : undefined,
    receiver,
    positional,
    keywords,
    partial,
  };
}

/** Adds the entries of `**value`; true where some may be missing. */
function spread(value: Value, keywords: Map<string, Value>): boolean {
  if (value.kind !== 'dictionary') return true;
  let isMissing = value.partial;
  for (const entry of value.entries) {
    if (entry.key.kind === 'string') keywords.set(entry.key.value, entry.value);
    else isMissing = true;
  }
  return isMissing;
}

/** What the function returns, where that is the same on every way through it. */
function followed(called: FunctionValue, call: CallValue, trace: Trace): Value | undefined {
  const { definition } = called;
  if (trace.calling.has(definition) || trace.calling.size >= deepestCall) {
    trace.isCut = true;
    return undefined;
  }
  if (definition.kind === 'function' && definition.decorators.length > 0) return undefined;
  const given = boundArguments(called, call, trace);
  if (given === undefined) return undefined;
  trace.calling.add(definition);
  try {
    return returnOf(definition, called, given, trace);
  } finally {
    trace.calling.delete(definition);
  }
}

function returnOf(
  definition: FunctionStatement | LambdaExpression,
  called: FunctionValue,
  given: ReadonlyMap<string, Value>,
  trace: Trace,
): Value | undefined {
  const { scope, outcome } = functionBlock(called, given);
  if (definition.kind === 'lambda') return trace.evaluate(definition.body, scope, trace);
  const { returned, mayReturn } = outcome(trace);
  if (returned === undefined || mayReturn) return undefined;
  const value = returned(trace);
  return value.kind === 'unknown' ? undefined : value;
}

/** The arguments by parameter name, defaults included; undefined where they do not fit or are not all known. */
function boundArguments(called: FunctionValue, call: CallValue, trace: Trace): Map<string, Value> | undefined {
  if (call.partial) return undefined;
  const given = new Map(called.bound);
  const parameters = called.definition.parameters.filter((parameter) => !called.bound.has(parameter.name));
  if (parameters.some((parameter) => parameter.form !== 'plain')) return undefined;
  if (call.positional.length > parameters.length) return undefined;
  parameters.forEach((parameter, index) => {
    const value = call.positional[index] ?? call.keywords.get(parameter.name);
    const fallback = parameter.default && trace.evaluate(parameter.default, called.scope, trace);
    const known = value ?? fallback;
    if (known !== undefined) given.set(parameter.name, known);
  });
  const isUnexpected = [...call.keywords.keys()].some((name) => !given.has(name));
  const isComplete = called.definition.parameters.every((parameter) => given.has(parameter.name));
  return isUnexpected || !isComplete ? undefined : given;
}
