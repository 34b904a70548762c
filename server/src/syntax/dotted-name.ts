import type { Expression } from './module.ts';

/** `migrations.AddField` of a name or a chain of attributes; `undefined` for anything else. */
export function dottedNameOf(expression: Expression): string | undefined {
  if (expression.kind === 'name') return expression.name;
  if (expression.kind !== 'attribute') return undefined;
  const object = dottedNameOf(expression.object);
  return object === undefined ? undefined : `${object}.${expression.name}`;
}
