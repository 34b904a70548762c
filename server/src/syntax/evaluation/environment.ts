import type { Lazy, Scope, Trace } from '../scope.ts';
import type { Value } from '../value.ts';

/** The names bound so far, newest first; what was bound before stays as it was. */
export type Environment = Binding | undefined;

export interface Binding {
  /** `*` is `from … import *`. */
  readonly name: string;
  readonly value: Lazy;
  /** Where the names of `*` come from. */
  readonly star: Scope | undefined;
  readonly previous: Environment;
}

export function bind(environment: Environment, name: string, value: Lazy): Binding {
  return { name, value, star: undefined, previous: environment };
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

/** The names that `environment` binds on top of `base`. */
export function namesSince(base: Environment, environment: Environment): ReadonlySet<string> {
  const names = new Set<string>();
  for (let binding = environment; binding !== undefined && binding !== base; binding = binding.previous) {
    names.add(binding.name);
  }
  return names;
}
