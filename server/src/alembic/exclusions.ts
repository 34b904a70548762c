import { quotedName } from '../database/quoted-names.ts';
import type { Value } from '../syntax/value.ts';
import { isSequence } from '../syntax/values.ts';
import { sqlOf, textOf } from './columns.ts';

/** What an exclusion constraint excludes, as SQL; undefined where it is built of more than is read here. */
export function exclusionSql(elements: readonly Value[], options: (name: string) => Value | undefined) {
  const parts = elements.map(elementSql);
  const where = options('where');
  const condition = where === undefined ? '' : sqlOf(where);
  if (parts.includes(undefined) || condition === undefined) return undefined;
  const method = textOf(options('using')) ?? 'gist';
  return `EXCLUDE USING ${method} (${parts.join(', ')})${condition === '' ? '' : ` WHERE (${condition})`}`;
}

/** The columns that it compares; an expression names none. */
export function excludedColumns(elements: readonly Value[]): readonly string[] {
  return elements.flatMap((element) => {
    const what = isSequence(element) ? element.items[0] : undefined;
    return what?.kind === 'string' && /^\w+$/.test(what.value) ? [what.value] : [];
  });
}

/** `("room", "=")` */
function elementSql(element: Value): string | undefined {
  if (!isSequence(element)) return undefined;
  const [what, operator] = element.items;
  const excluded = what?.kind === 'string' ? quotedName(what.value, 'postgresql') : sqlOf(what);
  const compared = textOf(operator);
  return excluded === undefined || compared === undefined ? undefined : `${excluded} WITH ${compared}`;
}
