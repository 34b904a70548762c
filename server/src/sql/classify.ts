import type { TableName } from '../schema/table-name.ts';
import type { Token } from './token.ts';
import { findWord, skipAny, skipWords, symbolAt, tableAt, textAt, type Words, wordAt } from './words.ts';

/**
 * What can be told of a statement from its words, for databases whose grammar is not at hand: what it does, to what, and
 * how. Never says that a statement is wrong.
 */
export interface Classified extends Words {
  /** `CREATE`, `ALTER`, `DELETE`, … in upper case. */
  readonly verb: string;
  /** `TABLE`, `INDEX`, `DATABASE`, …; `''` for statements about rows and those without an object. */
  readonly object: string;
  /** The tables it is about; the names of other objects. */
  readonly names: readonly TableName[];
  /** Words between the verb and the names: `UNIQUE`, `TEMPORARY`, `IF EXISTS`. */
  readonly flags: ReadonlySet<string>;
  /** `ALGORITHM=INPLACE, LOCK=NONE`, in upper case. */
  readonly options: ReadonlyMap<string, string>;
  /** The index of the token behind the names. */
  readonly rest: number;
}

const objects: ReadonlySet<string> = new Set([
  ...['COLUMN', 'CONSTRAINT', 'DATABASE', 'EVENT', 'FUNCTION', 'INDEX', 'PROCEDURE', 'ROLE', 'SCHEMA', 'SEQUENCE'],
  ...['SERVER', 'TABLE', 'TABLES', 'TABLESPACE', 'TRIGGER', 'USER', 'VIEW'],
]);

/** How far from the verb the object can be: `CREATE DEFINER = 'a'@'b' SQL SECURITY DEFINER VIEW`. */
const longestHead = 12;

const rowVerbs: ReadonlySet<string> = new Set(['DELETE', 'INSERT', 'REPLACE', 'UPDATE']);

/** What stands between such a verb and its table. */
const rowModifiers = ['DELAYED', 'FROM', 'HIGH_PRIORITY', 'IGNORE', 'INTO', 'LOW_PRIORITY', 'ONLY', 'QUICK'];

export function classify(text: string, tokens: readonly Token[]): Classified {
  const words: Words = { text, tokens };
  const verb = wordAt(words, 0);
  if (verb === 'WITH') {
    const verbs = [...rowVerbs].map((each) => findWord(words, each, 1)).filter((index) => index > 0);
    const main = Math.min(...verbs);
    if (verbs.length > 0) return rowStatement(words, wordAt(words, main), main + 1);
  }
  if (rowVerbs.has(verb)) return rowStatement(words, verb, 1);
  if (verb === 'TRUNCATE') return withNames(words, verb, 'TABLE', new Set(), skipWords(words, 1, 'TABLE'));
  return objectStatement(words, verb);
}

function rowStatement(words: Words, verb: string, behind: number): Classified {
  // SQLite: `INSERT OR REPLACE INTO`.
  const start = wordAt(words, behind) === 'OR' ? behind + 2 : behind;
  return withNames(words, verb, '', new Set(), skipAny(words, start, rowModifiers));
}

function objectStatement(words: Words, verb: string): Classified {
  const flags = new Set<string>();
  let index = 1;
  while (index < longestHead && !objects.has(wordAt(words, index))) flags.add(wordAt(words, index++));
  const found = wordAt(words, index);
  if (!objects.has(found))
    return { ...words, verb, object: '', names: [], flags: new Set(), options: new Map(), rest: 1 };
  const object = found === 'TABLES' ? 'TABLE' : found;
  index++;
  for (const condition of [['IF', 'EXISTS'], ['IF', 'NOT', 'EXISTS'], ['CONCURRENTLY']]) {
    const behind = skipWords(words, index, ...condition);
    if (behind === index) continue;
    flags.add(condition.join(' '));
    index = behind;
  }
  return withNames(words, verb, object, flags, index);
}

function withNames(words: Words, verb: string, object: string, flags: ReadonlySet<string>, first: number): Classified {
  const names: TableName[] = [];
  let index = first;
  do {
    const { table, next } = tableAt(words, names.length === 0 ? index : index + 1);
    names.push(table);
    index = next;
  } while (symbolAt(words, index) === ',');
  return { ...words, verb, object, names, flags, options: optionsOf(words), rest: index };
}

/** MySQL: how the statement is to be carried out. */
function optionsOf(words: Words): ReadonlyMap<string, string> {
  const options = new Map<string, string>();
  for (const name of ['ALGORITHM', 'LOCK']) {
    const index = findWord(words, name, 1);
    if (index < 0) continue;
    const value = symbolAt(words, index + 1) === '=' ? index + 2 : index + 1;
    options.set(name, textAt(words, value).toUpperCase());
  }
  return options;
}

/** Which rows a statement about rows concerns. */
export function rowsOf(classified: Classified): 'all' | 'filtered' {
  if (findWord(classified, 'LIMIT', classified.rest) >= 0) return 'filtered';
  const where = findWord(classified, 'WHERE', classified.rest);
  if (where < 0) return 'all';
  const end = findWord(classified, 'ORDER', where);
  const condition = classified.tokens.slice(where + 1, end < 0 ? undefined : end);
  const text = condition.map(({ start, end: stop }) => classified.text.slice(start, stop)).join(' ');
  return /^\(?\s*(?:true|1|1 = 1)\s*\)?$/i.test(text) ? 'all' : 'filtered';
}
