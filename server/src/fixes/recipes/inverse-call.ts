import type { Argument, CallExpression, Expression } from '../../syntax/module.ts';
import { textAt } from '../data-function-site.ts';

/**
 * The call that takes back what another one did, as text; undefined where none does.
 * - `rows.filter(kind="a").update(kind="b")` is taken back by `rows.filter(kind="b").update(kind="a")`.
 * - `rows.create(code="a", total=1)` and `get_or_create` by `rows.filter(code="a", total=1).delete()`.
 */
export function inverseOf(call: CallExpression, text: string): string | undefined {
  if (call.callee.kind !== 'attribute') return undefined;
  switch (call.callee.name) {
    case 'update':
      return inverseUpdate(call, call.callee.object, text);
    case 'create':
    case 'get_or_create':
      return inverseCreate(call, call.callee.object, text);
    default:
      return undefined;
  }
}

/** Deletes by what the row was created with; the `defaults` of `get_or_create` say nothing about which row it is. */
function inverseCreate(call: CallExpression, rows: Expression, text: string): string | undefined {
  const keys = call.arguments.filter(({ name }) => name !== 'defaults');
  const isKnown = keys.every(({ name, form, value }) => name !== undefined && form === 'plain' && isPlain(value));
  if (!isKnown || !keys.some(({ value }) => value.kind === 'string' || value.kind === 'name')) return undefined;
  const conditions = keys.map((key) => condition(key, text)).join(', ');
  return `${textAt({ text }, rows.span)}.filter(${conditions}).delete()`;
}

function inverseUpdate(call: CallExpression, filter: Expression, text: string): string | undefined {
  if (filter.kind !== 'call' || filter.callee.kind !== 'attribute' || filter.callee.name !== 'filter') return undefined;
  const changed = [...call.arguments];
  const others = [...filter.arguments];
  const before: string[] = [];
  const after: string[] = [];
  for (const argument of changed) {
    const index = others.findIndex(({ name }) => name === argument.name || name === `${argument.name}__isnull`);
    const [old] = index < 0 ? [] : others.splice(index, 1);
    if (old === undefined || !isLiteral(argument.value) || !isLiteral(old.value)) return undefined;
    after.push(condition(argument, text));
    before.push(assignment(argument, old, text) ?? '');
  }
  if (before.includes('') || others.some(({ form, name, value }) => form !== 'plain' || !name || !isPlain(value)))
    return undefined;
  const rest = others.map(({ span }) => textAt({ text }, span));
  const rows = textAt({ text }, filter.callee.object.span);
  return `${rows}.filter(${[...after, ...rest].join(', ')}).update(${before.join(', ')})`;
}

/** `kind="a"`, or `kind__isnull=True` for None, which `=` never finds in SQL. */
function condition({ name, value }: Argument, text: string): string {
  return isNone(value) ? `${name}__isnull=True` : `${name}=${textAt({ text }, value.span)}`;
}

/** What the old condition says that the column held. */
function assignment({ name }: Argument, old: Argument, text: string): string | undefined {
  if (!old.name?.endsWith('__isnull')) return `${name}=${textAt({ text }, old.value.span)}`;
  return old.value.kind === 'constant' && old.value.value === true ? `${name}=None` : undefined;
}

function isNone(value: Expression): boolean {
  return value.kind === 'constant' && value.value === null;
}

function isLiteral(value: Expression): boolean {
  if (value.kind === 'string') return value.value !== undefined;
  if (value.kind === 'unary') return isLiteral(value.operand);
  return value.kind === 'number' || value.kind === 'constant';
}

/** A literal, a constant of an enumeration or a variable that the function has assigned. */
function isPlain(value: Expression): boolean {
  return isLiteral(value) || value.kind === 'name' || (value.kind === 'attribute' && isPlain(value.object));
}
