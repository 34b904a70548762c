import type { Span } from '../base/span.ts';

/**
 * Marks what stands in SQL for text that is not known. A character for private use: PostgreSQL takes it for a letter, and
 * no real name has it.
 */
const mark = '\uE000';

/** Long names are cut by the database, and so would the mark at their end. */
const longest = 40;

/** A name in the place of what is not known, as long as what is written for it where that is possible. */
export function standInFor(written: string): string {
  const length = Math.min(longest, Math.max(3, written.length));
  const name = written.replaceAll(/\W/g, '_').slice(1, length - 1);
  return mark + name.padEnd(length - 2, '_') + mark;
}

/** The shortest stand-in. */
export const shortStandIn = mark;

/** Whether a name, or a text, holds something that is not known. */
export function isStandIn(name: string): boolean {
  return name.includes(mark);
}

const marked = new RegExp(`${mark}[^${mark}]*${mark}`, 'g');

export function standInsIn(text: string): readonly Span[] {
  return isStandIn(text)
    ? [...text.matchAll(marked)].map(({ 0: { length }, index }) => ({ start: index, end: index + length }))
    : [];
}
