import type { Expression, NameExpression } from './module.ts';

/** The names that an assignment or a loop binds: `a`, `b` and `c` of `a, (b, *c)`. */
export function targetsIn(target: Expression): readonly NameExpression[] {
  switch (target.kind) {
    case 'name':
      return [target];
    case 'tuple':
    case 'list':
      return target.items.flatMap(targetsIn);
    case 'starred':
      return targetsIn(target.value);
    default:
      return [];
  }
}
