import { dottedNameOf } from '../syntax/dotted-name.ts';
import type { CallExpression, Expression } from '../syntax/module.ts';

/**
 * The fields that a condition keeps from NULL whatever else it asks for: `Q(name__isnull=False, total__gt=0)`,
 * `Q(name__isnull=False) & ~Q(name="")`, and the pairs that Django writes itself.
 */
export function notNullFieldsIn(condition: Expression): readonly string[] {
  switch (condition.kind) {
    case 'binary':
      return condition.operator === '&'
        ? [...notNullFieldsIn(condition.left), ...notNullFieldsIn(condition.right)]
        : [];
    case 'call':
      return isQ(condition) && areJoinedByAnd(condition)
        ? condition.arguments.flatMap(({ name, value }) =>
            name === undefined ? notNullFieldsOfItem(value) : notNullField(name, value),
          )
        : [];
    default:
      return [];
  }
}

function isQ({ callee }: CallExpression): boolean {
  return dottedNameOf(callee)?.split('.').at(-1) === 'Q';
}

/** Any other connector, and a negation, turns what the parts say. */
function areJoinedByAnd({ arguments: parts, broken }: CallExpression): boolean {
  return !broken && parts.every(({ name, form }) => form === 'plain' && name?.startsWith('_') !== true);
}

/** `("name__isnull", False)`, or a condition within. */
function notNullFieldsOfItem(item: Expression): readonly string[] {
  if (item.kind !== 'tuple') return notNullFieldsIn(item);
  const [lookup, value] = item.items;
  const isPair = item.items.length === 2 && lookup?.kind === 'string' && lookup.value !== undefined;
  return isPair && value !== undefined ? notNullField(lookup.value, value) : [];
}

function notNullField(lookup: string, value: Expression): readonly string[] {
  const [, field] = /^(.+)__isnull$/.exec(lookup) ?? [];
  const isPlain = field !== undefined && !field.includes('__');
  return isPlain && value.kind === 'constant' && value.value === false ? [field] : [];
}
