import type { Value } from './value.ts';
import { isSequence } from './values.ts';

/** Python's truth of a value; undefined where it cannot be told. */
export function truthOf(value: Value): boolean | undefined {
  if (value.conditional) return undefined;
  switch (value.kind) {
    case 'constant':
      return value.value === true || value.value === '...';
    case 'string':
      return value.value !== '';
    case 'number':
      return value.value !== 0;
    case 'list':
    case 'tuple':
    case 'set':
      return value.items.some((item) => !item.conditional) || (isOpenEnded(value) ? undefined : false);
    case 'dictionary':
      return value.entries.length > 0 || (value.partial ? undefined : false);
    case 'function':
    case 'class':
      return true;
    default:
      return undefined;
  }
}

function isOpenEnded(value: Extract<Value, { kind: 'list' | 'tuple' | 'set' }>): boolean {
  return value.partial || value.items.length > 0;
}

/** The outcome of `left operator right`; undefined where it cannot be told. */
export function compare(left: Value, operator: string, right: Value): boolean | undefined {
  switch (operator) {
    case '==':
    case 'is':
      return isEqual(left, right);
    case '!=':
    case 'is not':
      return negated(isEqual(left, right));
    case 'in':
      return isIn(left, right);
    case 'not in':
      return negated(isIn(left, right));
    default:
      return ordered(left, operator, right);
  }
}

export function negated(value: boolean | undefined): boolean | undefined {
  return value === undefined ? undefined : !value;
}

/** Equality of values that reading knows in full; undefined for all others. */
export function isEqual(left: Value, right: Value): boolean | undefined {
  if (left.conditional || right.conditional) return undefined;
  if (isSequence(left) && isSequence(right)) return areEqualItems(left, right);
  if (!isScalar(left) || !isScalar(right)) return undefined;
  return plain(left.value) === plain(right.value);
}

function areEqualItems(
  left: Extract<Value, { kind: 'list' | 'tuple' | 'set' }>,
  right: Extract<Value, { kind: 'list' | 'tuple' | 'set' }>,
): boolean | undefined {
  if (left.partial || right.partial || left.kind === 'set' || left.kind !== right.kind) return undefined;
  if (left.items.length !== right.items.length) return false;
  let equal: boolean | undefined = true;
  left.items.forEach((item, index) => {
    const other = right.items[index];
    const same = other === undefined ? false : isEqual(item, other);
    if (same === false) equal = false;
    else if (same === undefined && equal) equal = undefined;
  });
  return equal;
}

type Scalar = Extract<Value, { kind: 'string' | 'number' | 'constant' }>;

function isScalar(value: Value): value is Scalar {
  if (value.kind === 'number') return !Number.isNaN(value.value);
  return value.kind === 'string' || value.kind === 'constant';
}

/** `True == 1` in Python. */
function plain(value: Scalar['value']): Scalar['value'] {
  return typeof value === 'boolean' ? Number(value) : value;
}

function isIn(item: Value, container: Value): boolean | undefined {
  if (item.kind === 'string' && container.kind === 'string') return container.value.includes(item.value);
  const candidates = isSequence(container) ? container.items : keysOf(container);
  if (candidates === undefined) return undefined;
  const matches = candidates.map((candidate) => isEqual(item, candidate));
  if (matches.includes(true)) return true;
  const isComplete = (isSequence(container) || container.kind === 'dictionary') && !container.partial;
  return isComplete && !matches.includes(undefined) ? false : undefined;
}

function keysOf(container: Value): readonly Value[] | undefined {
  return container.kind === 'dictionary' ? container.entries.map((entry) => entry.key) : undefined;
}

function ordered(left: Value, operator: string, right: Value): boolean | undefined {
  if (left.conditional || right.conditional) return undefined;
  if (isSequence(left) && isSequence(right)) return orderedItems(left.items, operator, right.items);
  if (left.kind !== right.kind || (left.kind !== 'number' && left.kind !== 'string')) return undefined;
  const other = right.kind === 'number' || right.kind === 'string' ? right.value : left.value;
  switch (operator) {
    case '<':
      return left.value < other;
    case '<=':
      return left.value <= other;
    case '>':
      return left.value > other;
    case '>=':
      return left.value >= other;
    default:
      return undefined;
  }
}

/** `VERSION >= (4, 2)` */
function orderedItems(left: readonly Value[], operator: string, right: readonly Value[]): boolean | undefined {
  for (const [index, item] of left.entries()) {
    const other = right[index];
    if (other === undefined) return operator.startsWith('>');
    const same = isEqual(item, other);
    if (same === undefined) return undefined;
    if (!same) return ordered(item, operator, other);
  }
  if (left.length < right.length) return operator.startsWith('<');
  return operator.endsWith('=');
}
