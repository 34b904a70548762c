import type { AlterColumn } from '../../schema/change.ts';

/** Whether somebody has written how the values are converted, more than naming the new type, as far as one can see. */
export function isConverted({ using, usingIsUnread, column }: AlterColumn): boolean {
  if (using === undefined) return usingIsUnread === true;
  return !new RegExp(castOf(column), 'i').test(using.trim());
}

/** Whether the values are converted by nothing but the cast to the new type, written or not. */
export function isCastAlone({ using, usingIsUnread, column }: AlterColumn): boolean {
  if (using === undefined) return usingIsUnread !== true;
  return new RegExp(`${castOf(column)}[\\w\\s(),"]+(?:\\[\\])?\\)?$`, 'i').test(using.trim());
}

function castOf(column: string): string {
  const name = column.replaceAll(/[.*+?^$()|[\]\\{}]/g, '\\$&');
  return `^\\(?(?:CAST\\s*\\(\\s*)?"?${name}"?\\)?\\s*(?:::|AS\\b)`;
}
