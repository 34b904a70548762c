import type { SourceModule } from '../data-function-context.ts';
import type { Held } from './held.ts';

/** The names of one function call, comprehension or module, and what stands around it. */
export interface NameScope {
  readonly names: Map<string, Held>;
  readonly outer: NameScope | undefined;
  readonly inside: SourceModule;
}

export function innerScope(outer: NameScope): NameScope {
  return { names: new Map(), outer, inside: outer.inside };
}

/** What a name holds in the function or the functions around it; module-level names are looked up elsewhere. */
export function findName(scope: NameScope | undefined, name: string): Held | undefined {
  for (let each = scope; each !== undefined; each = each.outer) {
    const held = each.names.get(name);
    if (held !== undefined) return held;
  }
  return undefined;
}
