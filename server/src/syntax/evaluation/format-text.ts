import type { Value } from '../value.ts';

/** `str(value)`; undefined where it cannot be told. */
export function printed(value: Value | undefined): string | undefined {
  if (value === undefined || value.conditional) return undefined;
  if (value.kind === 'string') return value.value;
  if (value.kind === 'number') return printedNumber(value);
  if (value.kind !== 'constant' || value.value === '...') return undefined;
  if (value.value === null) return 'None';
  return value.value ? 'True' : 'False';
}

/** Whole numbers only: Python prints `1.0` and `1e16` otherwise than JavaScript. */
function printedNumber(value: Extract<Value, { kind: 'number' }>): string | undefined {
  const written = value.definedAt?.at ?? value.at;
  if (written.kind === 'number' && !/^(?:[\d_]+|0[xob]\w+)$/i.test(written.text)) return undefined;
  return Number.isSafeInteger(value.value) ? String(value.value) : undefined;
}
