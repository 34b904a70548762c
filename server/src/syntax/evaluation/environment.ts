import type { Lazy, Scope, Trace } from '../scope.ts';
import type { Value } from '../value.ts';

/** The names bound so far, newest first; what was bound before stays as it was. */
export type Environment = Binding | undefined;

export interface Binding {
  /** `*` is `from … import *`. */
  readonly name: string;
  readonly value: Lazy;
  /** The name stands for the same object as before, into which a method may have put something. */
  readonly isSameObject: boolean;
  /** Where the names of `*` come from. */
  readonly star: Scope | undefined;
  readonly previous: Environment;
}

export function bind(environment: Environment, name: string, value: Lazy): Binding {
  return { name, value, isSameObject: false, star: undefined, previous: environment };
}

/** What a name is worth after a method of it was called: a list or dictionary can be another one, nothing else is. */
export function bindMutated(environment: Environment, name: string, value: Lazy): Binding {
  return { name, value, isSameObject: true, star: undefined, previous: environment };
}

export function lookUp(environment: Environment, name: string, trace: Trace): Value | undefined {
  for (let binding = environment; binding !== undefined; binding = binding.previous) {
    if (binding.name === name) return binding.value(trace);
    const starred = binding.star && findInStar(binding.star, name, trace);
    if (starred !== undefined) return starred;
  }
  return undefined;
}

/** Modules that import everything of each other do not search each other for ever. */
function findInStar(star: Scope, name: string, trace: Trace): Value | undefined {
  if (trace.calling.has(star)) return undefined;
  trace.calling.add(star);
  try {
    return star.find(name, undefined, trace);
  } finally {
    trace.calling.delete(star);
  }
}

/** The names that `environment` binds on top of `base`, and whether each stands for the same object all the time. */
export function namesSince(base: Environment, environment: Environment): ReadonlyMap<string, boolean> {
  const names = new Map<string, boolean>();
  for (let binding = environment; binding !== undefined && binding !== base; binding = binding.previous) {
    names.set(binding.name, binding.isSameObject && names.get(binding.name) !== false);
  }
  return names;
}
