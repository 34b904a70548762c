import { contentOf } from '../../sql/string-content.ts';
import { skipWords, symbolAt, type Words } from '../../sql/words.ts';

/** A name as it is written in a statement, with its schema where that is written. */
export interface WrittenName {
  /** `shop.orders`, `"Order"`. */
  readonly text: string;
  /** `shop.` */
  readonly schema: string;
  /** Without the schema, as it is written. */
  readonly own: string;
  /** Without the schema and without quotes, as the database knows it. */
  readonly name: string;
  /** The index of the token behind it. */
  readonly next: number;
}

/** Undefined where no name stands at the index. */
export function writtenNameAt(words: Words, index: number): WrittenName | undefined {
  const { text, tokens } = words;
  let last = index;
  while (symbolAt(words, last + 1) === '.') last += 2;
  const [first, own] = [tokens[index], tokens[last]];
  if (!isName(first?.kind) || first === undefined || own === undefined || !isName(own.kind)) return undefined;
  const written = text.slice(own.start, own.end);
  return {
    text: text.slice(first.start, own.end),
    schema: text.slice(first.start, own.start),
    own: written,
    name: own.kind === 'quoted' ? contentOf(text, own).text : written.toLowerCase(),
    next: last + 1,
  };
}

/** The name behind `IF EXISTS` or `IF NOT EXISTS`, where that stands there, and whether it does. */
export function nameBehindCondition(
  words: Words,
  index: number,
): (WrittenName & { readonly isConditional: boolean }) | undefined {
  const next = skipWords(words, skipWords(words, index, 'IF', 'EXISTS'), 'IF', 'NOT', 'EXISTS');
  const name = writtenNameAt(words, next);
  return name && { ...name, isConditional: next > index };
}

function isName(kind: Words['tokens'][number]['kind'] | undefined): boolean {
  return kind === 'word' || kind === 'quoted';
}
