import type { Expression } from '../module.ts';
import { type Lazy, lazy } from '../scope.ts';
import type { Value } from '../value.ts';
import { either, isSequence, unknownValue } from '../values.ts';
import { bind, bindMutated, type Environment, lookUp, namesSince } from './environment.ts';
import type { Frame } from './frame.ts';

/** What the names are worth where one of two ways was taken. */
export function joinNames(before: Environment, one: Environment, other: Environment, frame: Frame): Environment {
  let environment = before;
  const inOne = namesSince(before, one);
  const inOther = namesSince(before, other);
  for (const name of new Set([...inOne.keys(), ...inOther.keys()])) {
    const isSameObject = inOne.get(name) !== false && inOther.get(name) !== false;
    environment = bindOnce(environment, { name, isSameObject }, frame, (trace) => {
      const first = lookUp(one, name, trace);
      const second = lookUp(other, name, trace);
      const there = first ?? second;
      return isSameObject && there && !isCollection(there) ? there : eitherOrUnknown(first, second);
    });
  }
  return environment;
}

/** What methods are called for that change it. */
export function isCollection(value: Value): boolean {
  return isSequence(value) || value.kind === 'dictionary';
}

/** What asks twice about what came before is computed once: in a row of such statements the questions would double. */
export function bindOnce(environment: Environment, changed: Changed, { module }: Frame, compute: Lazy): Environment {
  const value = lazy(compute, unknownValue(nowhere, module));
  return changed.isSameObject ? bindMutated(environment, changed.name, value) : bind(environment, changed.name, value);
}

/** A name that is worth something else than before. */
interface Changed {
  readonly name: string;
  /** Only methods of it were called. */
  readonly isSameObject: boolean;
}

const nowhere: Expression = { kind: 'other', span: { start: 0, end: 0 }, children: [] };

export function eitherOrUnknown(one: Value | undefined, other: Value | undefined): Value {
  const value = either(one, other);
  if (value === undefined) throw new TypeError('A name that neither way binds.');
  return value;
}
