import assert from 'node:assert/strict';
import type { Span } from '../../server/src/base/span.ts';

/** Every span anywhere in `value` lies in the one around it, the outermost in the text. */
export function assertSpansNest(value: unknown, around: Span): void {
  if (typeof value !== 'object' || value === null) return;
  if (isSpan(value)) {
    const isInside = around.start <= value.start && value.start <= value.end && value.end <= around.end;
    assert.ok(isInside, `${value.start}-${value.end} is not in ${around.start}-${around.end}`);
    return;
  }
  const own = 'kind' in value && 'span' in value && isSpan(value.span) ? value.span : around;
  if (own !== around) assertSpansNest(own, around);
  for (const each of Object.values(value)) assertSpansNest(each, own);
}

function isSpan(value: unknown): value is Span {
  return typeof value === 'object' && value !== null && 'start' in value && 'end' in value;
}
