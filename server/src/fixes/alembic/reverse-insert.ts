import { closingBracket, elementsFrom, type Range, sqlBetween, symbolAt, type Words, wordAt } from '../../sql/words.ts';
import { writtenNameAt } from '../sql/written-name.ts';

/**
 * `DELETE` for the rows that an `INSERT … VALUES` adds, told by the constants that it gives them. Undefined where some of
 * the rows may have been there before, or have nothing to tell them by.
 */
export function deletionOf(words: Words): string | undefined {
  const table = wordAt(words, 0) === 'INSERT' && wordAt(words, 1) === 'INTO' ? writtenNameAt(words, 2) : undefined;
  if (table === undefined || symbolAt(words, table.next) !== '(') return undefined;
  const columns = itemsAt(words, table.next);
  const values = closingBracket(words, table.next) + 1;
  if (wordAt(words, values) !== 'VALUES') return undefined;
  const rows: string[] = [];
  let at = values + 1;
  while (symbolAt(words, at) === '(') {
    const row = conditionOf(columns, itemsAt(words, at), words);
    if (row === undefined) return undefined;
    rows.push(row);
    at = closingBracket(words, at) + 1;
    if (symbolAt(words, at) === ',') at++;
  }
  if (rows.length === 0 || at < words.tokens.length) return undefined;
  const condition = rows.length === 1 ? rows.join('') : rows.map((row) => `(${row})`).join(' OR ');
  return `DELETE FROM ${table.text} WHERE ${condition}`;
}

/** The items in the brackets that open at a token. */
function itemsAt(words: Words, open: number): readonly Range[] {
  return elementsFrom(words, open + 1);
}

/** By all values that are constants: what a function gives is another thing each time. */
function conditionOf(columns: readonly Range[], values: readonly Range[], words: Words): string | undefined {
  if (columns.length !== values.length) return undefined;
  const parts = columns.flatMap((column, index) => {
    const value = values[index];
    const compared = value && comparisonWith(value, words);
    return compared === undefined ? [] : [`${sqlBetween(words, column.first, column.end)} ${compared}`];
  });
  return parts.length === 0 ? undefined : parts.join(' AND ');
}

function comparisonWith({ first, end }: Range, words: Words): string | undefined {
  const token = words.tokens[first];
  if (token === undefined || end !== first + 1) return undefined;
  const word = wordAt(words, first);
  if (word === 'NULL') return 'IS NULL';
  const isConstant = token.kind === 'string' || token.kind === 'number' || word === 'TRUE' || word === 'FALSE';
  return isConstant ? `= ${words.text.slice(token.start, token.end)}` : undefined;
}
