import type { Span } from '../../base/span.ts';

/**
 * A copy of a statement, an expression or a part of one with every span moved. Spans are recognized by their shape, so
 * that no kind of node can be forgotten here.
 */
export function shifted<T>(node: T, by: number): T {
  return by === 0 ? node : (copy(node, by) as T);
}

function copy(value: unknown, by: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.length === 0 ? value : value.map((each) => copy(each, by));
  if (isSpan(value)) return { start: value.start + by, end: value.end + by };
  const result: Record<string, unknown> = {};
  for (const [key, each] of Object.entries(value)) result[key] = copy(each, by);
  return result;
}

function isSpan(value: object): value is Span {
  return 'start' in value && 'end' in value;
}
