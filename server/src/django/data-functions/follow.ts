import type { FunctionStatement } from '../../syntax/module.ts';
import { type Held, type HeldFunction, listOf, unknown } from './held.ts';
import type { NameScope } from './name-scope.ts';
import type { Arguments, Reading } from './reading.ts';
import { returned, yielded } from './statements.ts';

/** Reads the body of a function with the given arguments; what it returns or, for a generator, yields. */
export function followFunction(callee: HeldFunction, args: Arguments, reading: Reading): Held {
  const { definition, inside } = callee;
  const scope: NameScope = { names: new Map(), outer: callee.scope, inside, closure: undefined };
  bindParameters(callee, args, scope, reading);
  reading.found.read.set(definition, inside);
  reading.functions.push(definition);
  const before = reading.moment;
  try {
    if (definition.kind === 'lambda') return reading.evaluate(definition.body, scope);
    reading.run(definition.body, scope);
  } finally {
    reading.functions.pop();
    const { guardRaises } = reading.moment;
    reading.moment = {
      ...before,
      guarded: before.guarded || guardRaises,
      guardRaises: before.guardRaises || guardRaises,
    };
  }
  const each = scope.names.get(yielded);
  return each === undefined ? (scope.names.get(returned) ?? unknown) : listOf([each], false);
}

function bindParameters(callee: HeldFunction, args: Arguments, scope: NameScope, reading: Reading): void {
  const positional = [...callee.boundPositional, ...args.positional];
  const keywords = new Map([...callee.boundKeywords, ...args.keywords]);
  // What surrounds the function and was bound with it, but is no parameter of it.
  for (const [name, held] of callee.boundKeywords) scope.names.set(name, held);
  for (const parameter of callee.definition.parameters) {
    switch (parameter.form) {
      case 'plain': {
        const held = keywords.get(parameter.name) ?? positional.shift();
        keywords.delete(parameter.name);
        scope.names.set(parameter.name, held ?? defaultOf(parameter.default, callee, reading));
        break;
      }
      case 'star':
        scope.names.set(parameter.name, listOf(positional.splice(0), !args.isPartial));
        break;
      case 'double-star':
        scope.names.set(parameter.name, { kind: 'dictionary', entries: keywords, isWhole: !args.isPartial });
        break;
    }
  }
}

function defaultOf(
  value: FunctionStatement['parameters'][number]['default'],
  callee: HeldFunction,
  reading: Reading,
): Held {
  return value === undefined ? unknown : reading.evaluate(value, callee.scope);
}
