import type { ClassStatement, Expression, FunctionStatement, Module } from '../module.ts';
import { type Lazy, lazy, type Scope, type Surroundings, type Trace } from '../scope.ts';
import type { Value } from '../value.ts';
import { unknownValue } from '../values.ts';
import { type Environment, lookUp } from './environment.ts';

/** The block whose statements are gone through: a module, a class body or the body of a function. */
export interface Frame {
  readonly module: Module;
  readonly surroundings: Surroundings;
  readonly mostSteps: number;
  /** Names stand so from the offset on. */
  note(offset: number, environment: Environment): void;
  /** The expression's value with the names as they are in `environment`. */
  lazily(expression: Expression, environment: Environment): Lazy;
  definition(statement: FunctionStatement | ClassStatement): Lazy;
  /** The same for statements that are gone through more than once. */
  withoutNotes(): Frame;
}

/** A name that the block itself does not bind. */
export type Outside = (name: string, trace: Trace) => Value | undefined;

/** The scope of a block in the middle of it, when its names are as in `environment`. */
function scopeIn(environment: Environment, scope: Scope, outside: Outside): Scope {
  return {
    module: scope.module,
    surroundings: scope.surroundings,
    enclosing: scope.enclosing,
    find: (name, _at, trace) => lookUp(environment, name, trace) ?? outside(name, trace),
  };
}

export function lazyIn(expression: Expression, environment: Environment, scope: Scope, outside: Outside): Lazy {
  const inside = scopeIn(environment, scope, outside);
  return lazy((trace) => trace.evaluate(expression, inside, trace), unknownValue(expression, scope.module));
}
