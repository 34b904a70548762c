import type { Column, ColumnType } from '../../schema/column.ts';
import type { MigrationId } from '../../schema/migration-id.ts';
import type { Index } from '../../schema/schema.ts';
import {
  closingBracket,
  elementsFrom,
  findWord,
  nameAt,
  sqlBetween,
  symbolAt,
  textAt,
  type Words,
  wordAt,
} from '../words.ts';

/** Words of a column's definition that its type ends at. */
const behindType = [
  ...['AFTER', 'AUTOINCREMENT', 'AUTO_INCREMENT', 'CHARACTER', 'CHARSET', 'CHECK', 'COLLATE', 'COMMENT', 'CONSTRAINT'],
  ...['DEFAULT', 'FIRST', 'GENERATED', 'AS', 'KEY', 'NOT', 'NULL', 'ON', 'PRIMARY', 'REFERENCES', 'UNIQUE'],
];

/** The column of `name type …`, as far as its words tell. */
export function classifiedColumn(words: Words, first: number, end: number, bornIn: MigrationId): Column {
  const has = (word: string): boolean => findWord(words, word, first + 1, end) >= 0;
  const isNotNull = wordAt(words, findWord(words, 'NULL', first + 1, end) - 1) === 'NOT';
  const value = findWord(words, 'DEFAULT', first + 1, end);
  const isKey = has('PRIMARY');
  return {
    name: nameAt(words, first),
    type: typeAt(words, first + 1, end),
    nullable: !isNotNull && !isKey,
    default: value < 0 ? undefined : defaultAt(words, value + 1),
    primaryKey: isKey,
    unique: has('UNIQUE'),
    autoIncrement: has('AUTO_INCREMENT') || has('AUTOINCREMENT'),
    generated: generatedBy(words, first, end),
    check: has('CHECK') ? '' : undefined,
    references: undefined,
    collation: undefined,
    bornIn,
  };
}

function typeAt(words: Words, first: number, end: number): ColumnType {
  let index = first;
  const name: string[] = [];
  let args: readonly number[] = [];
  for (; index < end && !behindType.includes(wordAt(words, index)); index++) {
    if (symbolAt(words, index) === '(') {
      const close = closingBracket(words, index);
      args = elementsFrom(words, index + 1).map((element) => Number(textAt(words, element.first)));
      index = close;
    } else name.push(textAt(words, index).toLowerCase());
  }
  if (name.length === 0) return { name: 'unknown', arguments: [], isArray: false };
  return { name: name.join(' '), arguments: args.every(Number.isInteger) ? args : [], isArray: false };
}

export function defaultAt(words: Words, index: number): Column['default'] {
  if (wordAt(words, index) === 'NULL') return undefined;
  const isExpression = symbolAt(words, index) === '(' || symbolAt(words, index + 1) === '(';
  const end = symbolAt(words, index) === '(' ? closingBracket(words, index) + 1 : index + 1;
  return { kind: isExpression ? 'unknown' : 'constant', sql: sqlBetween(words, index, end) };
}

function generatedBy(words: Words, first: number, end: number): Column['generated'] {
  const index = findWord(words, 'AS', first + 1, end);
  if (index < 0 || symbolAt(words, index + 1) !== '(') return undefined;
  return findWord(words, 'STORED', index, end) >= 0 ? 'stored' : 'virtual';
}

/**
 * An index by its name and the columns in its brackets.
 *
 * @param open the index of the bracket
 */
export function classifiedIndex(
  words: Words,
  name: string,
  open: number,
  facts: Pick<Index, 'unique' | 'method' | 'bornIn'> & { readonly end: number },
): Index {
  const keys = symbolAt(words, open) === '(' ? elementsFrom(words, open + 1) : [];
  const columns = keys.filter(
    ({ first }) =>
      (words.tokens[first]?.kind !== 'symbol' && symbolAt(words, first + 1) !== '(') || isLength(words, first + 1),
  );
  return {
    name,
    nameIsExact: name !== '',
    columns: columns.map(({ first }) => nameAt(words, first)),
    unique: facts.unique,
    method: facts.method,
    partial: findWord(words, 'WHERE', open, facts.end) >= 0,
    expressions: columns.length < keys.length,
    operatorClass: undefined,
    ownedBy: undefined,
    bornIn: facts.bornIn,
  };
}

/** MySQL: `name(10)` is the beginning of a column, not a function of it. */
function isLength(words: Words, open: number): boolean {
  return (
    symbolAt(words, open) === '(' && words.tokens[open + 1]?.kind === 'number' && symbolAt(words, open + 2) === ')'
  );
}
