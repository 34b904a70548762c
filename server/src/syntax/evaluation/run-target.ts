import type { Expression, Module } from '../module.ts';
import { type Lazy, lazy } from '../scope.ts';
import type { Value } from '../value.ts';
import { isSequence, unknownValue } from '../values.ts';
import { bind, type Environment } from './environment.ts';

/** Binds a name, or the names of `a, (b, *c)`; attributes bind no name. */
export function bindTarget(environment: Environment, target: Expression, value: Lazy, module: Module): Environment {
  if (target.kind === 'name') return bind(environment, target.name, value);
  if (target.kind === 'starred') {
    return bindTarget(environment, target.value, () => unknownValue(target, module), module);
  }
  if (target.kind !== 'tuple' && target.kind !== 'list') return environment;
  const { items } = target;
  const isPlain = items.every((item) => item.kind !== 'starred');
  return items.reduce<Environment>((bound, item, index) => {
    const unknown = unknownValue(item, module);
    const part = lazy((trace) => (isPlain ? partOf(value(trace), index, items.length) : undefined) ?? unknown, unknown);
    return bindTarget(bound, item, part, module);
  }, environment);
}

function partOf(value: Value, index: number, count: number): Value | undefined {
  if (!isSequence(value) || value.partial || value.kind === 'set' || value.items.length !== count) return undefined;
  return value.items.some((item) => item.conditional) ? undefined : value.items[index];
}
