import { bind, type Environment, lookUp } from './evaluation/environment.ts';
import { type Frame, lazyIn, type Outside } from './evaluation/frame.ts';
import { type Outcome, runBlock } from './evaluation/run-block.ts';
import type { ClassStatement, FunctionStatement, LambdaExpression, Module, Statement } from './module.ts';
import type { Lazy, Scope, Surroundings, Trace } from './scope.ts';
import type { FunctionValue, Value } from './value.ts';
import { nameAt, unknownValue } from './values.ts';

const mostSteps = 20_000;

/**
 * The names of a module, of which nothing is computed before it is asked for. One scope serves as long as the module
 * is the same object.
 */
export function moduleScope(module: Module, surroundings: Surroundings): Scope {
  const scope: Scope = {
    module,
    surroundings,
    get enclosing() {
      return scope;
    },
    find: (name, at, trace) => block.find(name, at, trace),
  };
  const block = newBlock(module.body, undefined, scope, () => undefined);
  return scope;
}

/**
 * The names of a class body, and around it those that stand in `parent` before the class. From the outside (`find`
 * without a place) only the attributes of the class and of its bases at hand are there.
 */
export function classScope(definition: ClassStatement, parent: Scope): Scope {
  const outside: Outside = (name, trace) => parent.find(name, definition.span.start, trace);
  const scope: Scope = {
    module: parent.module,
    surroundings: parent.surroundings,
    enclosing: parent.enclosing,
    find: (name, at, trace) =>
      block.find(name, at, trace) ??
      (at === undefined ? inherited(definition, parent, name, trace) : outside(name, trace)),
  };
  const block = newBlock(definition.body, undefined, scope, outside);
  return scope;
}

function inherited(definition: ClassStatement, parent: Scope, name: string, trace: Trace): Value | undefined {
  if (trace.calling.has(definition)) return undefined;
  trace.calling.add(definition);
  try {
    for (const base of definition.bases) {
      if (base.form !== 'plain' || base.name !== undefined) continue;
      const value = trace.evaluate(base.value, parent, trace);
      const found = value.kind === 'class' ? value.scope.find(name, undefined, trace) : undefined;
      if (found !== undefined) return found;
    }
    return undefined;
  } finally {
    trace.calling.delete(definition);
  }
}

/** The names as they stand before an offset, wherever in an expression there they are used. */
export function scopeAt(scope: Scope, offset: number): Scope {
  const { module, surroundings, enclosing } = scope;
  return { module, surroundings, enclosing, find: (name, _at, trace) => scope.find(name, offset, trace) };
}

/**
 * The names inside a function: its parameters as `given` or bound, unknown where they are neither, its own names, and
 * around them those of the place where it is defined, as they are after everything there.
 */
export function functionScope(value: FunctionValue, given: ReadonlyMap<string, Value>): Scope {
  return functionBlock(value, given).scope;
}

/** A function whose body can be gone through: what it returns, and the names inside. */
export interface FunctionBlock {
  readonly scope: Scope;
  outcome(trace: Trace): Outcome;
}

export function functionBlock(value: FunctionValue, given: ReadonlyMap<string, Value>): FunctionBlock {
  const { definition } = value;
  let start: Environment;
  for (const parameter of definition.parameters) {
    const argument = given.get(parameter.name) ?? value.bound.get(parameter.name);
    const known = argument ?? unknownValue(nameAt(parameter.name, parameter.span), value.definedIn);
    start = bind(start, parameter.name, () => known);
  }
  const outside: Outside = (name, trace) => value.scope.find(name, undefined, trace);
  const scope: Scope = {
    module: value.definedIn,
    surroundings: value.scope.surroundings,
    get enclosing() {
      return scope;
    },
    find: (name, at, trace) => block.find(name, at, trace) ?? outside(name, trace),
  };
  const block = newBlock(definition.kind === 'function' ? definition.body : [], start, scope, outside);
  return { scope, outcome: (trace) => block.outcome(trace) };
}

interface Block {
  /** A name of the block itself. */
  find(name: string, at: number | undefined, trace: Trace): Value | undefined;
  outcome(trace: Trace): Outcome;
}

interface Note {
  readonly offset: number;
  readonly environment: Environment;
}

function newBlock(statements: readonly Statement[], start: Environment, scope: Scope, outside: Outside): Block {
  const notes: Note[] = [];
  let outcome: Outcome | undefined;
  let isRunning = false;
  const run = (trace: Trace): Outcome => {
    isRunning = true;
    try {
      const note: Frame['note'] = (offset, environment) => notes.push({ offset, environment });
      return runBlock(statements, start, newFrame(scope, outside, trace.steps + mostSteps, note), trace);
    } finally {
      isRunning = false;
      notes.sort((one, other) => one.offset - other.offset);
    }
  };
  const outcomeOf = (trace: Trace): Outcome => {
    outcome ??= run(trace);
    return outcome;
  };
  const environmentAt = (at: number | undefined, trace: Trace): Environment => {
    // While the block is gone through, a test in it can lead back here: then only what comes before the test is known.
    if (isRunning) return notes.at(-1)?.environment ?? start;
    const { environment } = outcomeOf(trace);
    if (at === undefined) return environment;
    return notes.findLast((note) => note.offset <= at)?.environment ?? start;
  };
  return { find: (name, at, trace) => lookUp(environmentAt(at, trace), name, trace), outcome: outcomeOf };
}

function newFrame(scope: Scope, outside: Outside, mostSteps: number, note: Frame['note']): Frame {
  return {
    module: scope.module,
    surroundings: scope.surroundings,
    mostSteps,
    note,
    lazily: (expression, environment) => lazyIn(expression, environment, scope, outside),
    definition: (statement) => definitionOf(statement, scope),
    withoutNotes: () => newFrame(scope, outside, mostSteps, () => undefined),
  };
}

const nothingBound: ReadonlyMap<string, Value> = new Map();

function definitionOf(statement: FunctionStatement | ClassStatement, scope: Scope): Lazy {
  const at = nameAt(statement.name, statement.nameSpan);
  const { module } = scope;
  const value: Value =
    statement.kind === 'class'
      ? { kind: 'class', at, module, definition: statement, definedIn: module, scope: classScope(statement, scope) }
      : {
          kind: 'function',
          at,
          module,
          definition: statement,
          definedIn: module,
          bound: nothingBound,
          scope: scope.enclosing,
        };
  return () => value;
}

export function lambdaValue(definition: LambdaExpression, scope: Scope): FunctionValue {
  const { module } = scope;
  return { kind: 'function', at: definition, module, definition, definedIn: module, bound: nothingBound, scope };
}
