import type { Scope } from '../../syntax/scope.ts';
import type { SourceModule } from '../data-function-context.ts';
import type { Held } from './held.ts';

/** The names of one function call, comprehension or module, and what stands around it. */
export interface NameScope {
  readonly names: Map<string, Held>;
  readonly outer: NameScope | undefined;
  readonly inside: SourceModule;
  /** What surrounds a function that another function made: its arguments. */
  readonly closure: Scope | undefined;
}

export function innerScope(outer: NameScope): NameScope {
  return { names: new Map(), outer, inside: outer.inside, closure: undefined };
}

/** What a name holds in the function or the functions around it; module-level names are looked up elsewhere. */
export function findName(scope: NameScope | undefined, name: string): Held | undefined {
  for (let each = scope; each !== undefined; each = each.outer) {
    const held = each.names.get(name);
    if (held !== undefined) return held;
  }
  return undefined;
}

/** Where names are looked up that neither the functions around nor the module bind. */
export function closureOf(scope: NameScope | undefined): Scope | undefined {
  for (let each = scope; each !== undefined; each = each.outer) {
    if (each.closure !== undefined) return each.closure;
  }
  return undefined;
}
