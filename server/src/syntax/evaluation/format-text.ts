import type { Value } from '../value.ts';
import { isSequence } from '../values.ts';

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

const conversion = /%(?:\((\w+)\))?([-#0 +]*(?:\d+|\*)?(?:\.\d+)?)?([a-zA-Z%])/g;

/** `text % right`; undefined where the result cannot be told. */
export function formatPercent(text: string, right: Value): string | undefined {
  if (isSequence(right) && (right.kind !== 'tuple' || right.partial)) return undefined;
  const positional = isSequence(right) ? right.items : [right];
  let next = 0;
  let isKnown = true;
  const formatted = text.replace(conversion, (match: string, key: string | undefined, flags: string, type: string) => {
    if (type === '%') return '%';
    const value = key === undefined ? positional[next++] : entryOf(right, key);
    const part = flags === '' || flags === undefined ? converted(value, type) : undefined;
    if (part === undefined) isKnown = false;
    return part ?? match;
  });
  const isUsed = right.kind === 'dictionary' || next === positional.length;
  return isKnown && isUsed ? formatted : undefined;
}

function converted(value: Value | undefined, type: string): string | undefined {
  if (type === 's') return printed(value);
  return type === 'd' && value?.kind === 'number' ? printedNumber(value) : undefined;
}

function entryOf(dictionary: Value, key: string): Value | undefined {
  if (dictionary.kind !== 'dictionary' || dictionary.partial) return undefined;
  return dictionary.entries.findLast((entry) => entry.key.kind === 'string' && entry.key.value === key)?.value;
}

const placeholder = /\{\{|\}\}|\{(\w*)(?:!s)?\}|[{}]/g;

/** `text.format(…)`; undefined where the result cannot be told. */
export function formatBraces(
  text: string,
  positional: readonly Value[],
  keywords: ReadonlyMap<string, Value>,
): string | undefined {
  let next = 0;
  let isKnown = true;
  const formatted = text.replace(placeholder, (match: string, key: string | undefined) => {
    if (match === '{{' || match === '}}') return match.charAt(0);
    if (key === undefined) {
      isKnown = false;
      return match;
    }
    const index = key === '' ? next++ : Number(key);
    const part = printed(Number.isNaN(index) ? keywords.get(key) : positional[index]);
    if (part === undefined) isKnown = false;
    return part ?? match;
  });
  return isKnown ? formatted : undefined;
}
