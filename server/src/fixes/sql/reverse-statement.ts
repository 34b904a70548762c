import type { Change } from '../../schema/change.ts';
import type { Schema } from '../../schema/schema.ts';
import {
  closingBracket,
  findWord,
  skipAny,
  skipWords,
  sqlBetween,
  symbolAt,
  type Words,
  wordAt,
} from '../../sql/words.ts';
import { reverseOfAlterTable } from './reverse-alter-table.ts';
import { nameBehindCondition, writtenNameAt } from './written-name.ts';

/** What takes one statement back. */
export interface Reversal {
  /** In the order in which they run; none where nothing has to be done. */
  readonly statements: readonly string[];
  /** Afterwards everything is as it was before; otherwise that depends on what nobody has written down. */
  readonly isExact: boolean;
}

export interface ReversalSetting {
  /** What the statement changes, and the schema before each of that. */
  readonly changes: readonly Change[];
  readonly before: (change: Change) => Schema;
  /** The statement that built an index, if an earlier migration shows it. */
  readonly indexDefinition: (index: string) => string | undefined;
  /** The statement that made what is replaced or dropped, if what was done before shows it. */
  readonly definition?: (made: MadeObject) => string | undefined;
  /** Whether an earlier migration speaks of the name. */
  readonly isNamedBefore: (name: string) => boolean;
  /** Tables that statements before it, in the same operation, have created. */
  readonly createdTables: ReadonlySet<string>;
}

const nothing: Reversal = { statements: [], isExact: true };

function exactly(...statements: readonly string[]): Reversal {
  return { statements, isExact: true };
}

/** Undefined where no statement is known to take it back. */
export function reverseOfStatement(words: Words, setting: ReversalSetting): Reversal | undefined {
  switch (wordAt(words, 0)) {
    case 'CREATE':
      return reverseOfCreate(words, setting);
    case 'ALTER':
      return wordAt(words, 1) === 'TABLE' ? reverseOfAlterTable(words, setting) : reverseOfRename(words);
    case 'DROP':
      return wordAt(words, 1) === 'INDEX' ? reverseOfDropIndex(words, setting) : reverseOfDrop(words, setting);
    case 'INSERT':
    case 'UPDATE':
      return isAboutNewTable(words, skipAny(words, 1, ['INTO', 'ONLY']), setting) ? nothing : undefined;
    case 'COMMENT':
      return isCommentOnNew(words, setting) ? nothing : undefined;
    case 'GRANT':
    case 'REVOKE':
      return isPrivilegeOfNew(words, setting) ? nothing : undefined;
    case 'ANALYZE':
    case 'LOCK':
    case 'REFRESH':
    case 'REINDEX':
    case 'RESET':
    case 'SET':
    case 'SHOW':
    case 'VACUUM':
      return nothing;
    default:
      return undefined;
  }
}

function isAboutNewTable(words: Words, index: number, { createdTables }: ReversalSetting): boolean {
  const name = writtenNameAt(words, index);
  return name !== undefined && createdTables.has(name.name);
}

/** On the table, or on a column of it. */
function isCommentOnNew(words: Words, setting: ReversalSetting): boolean {
  const table = skipWords(words, 1, 'ON', 'TABLE');
  if (table > 1) return isAboutNewTable(words, table, setting);
  const column = skipWords(words, 1, 'ON', 'COLUMN');
  // `COMMENT ON COLUMN orders.note`: the last part is the column.
  if (column === 1 || symbolAt(words, column + 1) !== '.' || symbolAt(words, column + 3) === '.') return false;
  const { start = 0, end = 0 } = words.tokens[column] ?? {};
  return setting.createdTables.has(words.text.slice(start, end).toLowerCase());
}

/** Privileges on a table go with it: `GRANT SELECT ON orders TO reporting`. */
function isPrivilegeOfNew(words: Words, setting: ReversalSetting): boolean {
  const on = findWord(words, 'ON', 1);
  const table = on < 0 ? 0 : skipAny(words, on + 1, ['TABLE']);
  const name = on < 0 ? undefined : writtenNameAt(words, table);
  const isOne = name !== undefined && ['TO', 'FROM'].includes(wordAt(words, name.next));
  return isOne && isAboutNewTable(words, table, setting);
}

/** The table that a statement creates, as the database knows it. */
export function createdTable(words: Words): string | undefined {
  const kind = skipAny(words, 1, modifiers);
  if (wordAt(words, 0) !== 'CREATE' || wordAt(words, kind) !== 'TABLE') return undefined;
  return nameBehindCondition(words, kind + 1)?.name;
}

/** What stands between CREATE and what is created, and says nothing about how that is dropped. */
const modifiers: readonly string[] = ['CONSTRAINT', 'RECURSIVE', 'TEMP', 'TEMPORARY', 'UNIQUE', 'UNLOGGED'];

/** What is dropped by the words that it was created with, and its name. */
const plainKinds = new Set(['COLLATION', 'DOMAIN', 'EXTENSION', 'SCHEMA', 'SEQUENCE', 'TABLE', 'TYPE', 'VIEW']);

function reverseOfCreate(words: Words, setting: ReversalSetting): Reversal | undefined {
  const behindReplace = skipWords(words, 1, 'OR', 'REPLACE');
  const replaces = behindReplace > 1;
  const first = skipAny(words, behindReplace, modifiers);
  const kind = wordAt(words, first);
  if (kind === 'INDEX') return reverseOfCreateIndex(words, first + 1, setting);
  const created = kind === 'TRIGGER' ? trigger(words, first + 1) : (routine(words, first) ?? plainObject(words, first));
  if (created === undefined) return undefined;
  if (replaces && setting.isNamedBefore(created.name)) {
    const definition = setting.definition?.({ ...created, isWhole: true });
    return definition === undefined ? undefined : exactly(replacing(definition));
  }
  const condition = created.isConditional ? 'IF EXISTS ' : '';
  return {
    statements: [`DROP ${created.kind} ${condition}${created.text}`],
    isExact: !replaces && !created.isConditional,
  };
}

interface Created {
  readonly kind: string;
  readonly text: string;
  readonly name: string;
  readonly isConditional: boolean;
}

/** A function, a trigger or a view. */
export interface MadeObject {
  /** `FUNCTION`, `TRIGGER`, `MATERIALIZED VIEW` */
  readonly kind: string;
  /** With its parameters, or its table: `touch()`, `orders_touch ON orders`. */
  readonly text: string;
  readonly name: string;
  /** The text says all that tells it from others of the name. */
  readonly isWhole: boolean;
}

const redefined: ReadonlySet<string> = new Set(['FUNCTION', 'MATERIALIZED VIEW', 'PROCEDURE', 'TRIGGER', 'VIEW']);

/** `CREATE OR REPLACE`, where what it makes is there. */
function replacing(definition: string): string {
  return definition.replace(/^(\s*CREATE)\s+(?:OR\s+REPLACE\s+)?/i, '$1 OR REPLACE ');
}

/** What a statement makes, or replaces; undefined for other statements, and other kinds of objects. */
export function madeBy(words: Words): MadeObject | undefined {
  if (wordAt(words, 0) !== 'CREATE') return undefined;
  const first = skipAny(words, skipWords(words, 1, 'OR', 'REPLACE'), modifiers);
  const isTrigger = wordAt(words, first) === 'TRIGGER';
  const created = isTrigger ? trigger(words, first + 1) : (routine(words, first) ?? plainObject(words, first));
  return created !== undefined && redefined.has(created.kind) ? { ...created, isWhole: true } : undefined;
}

/** What a statement drops or alters, if it is one object that {@link madeBy} knows. */
export function unmadeBy(words: Words): MadeObject | undefined {
  if (wordAt(words, 0) !== 'DROP' && wordAt(words, 0) !== 'ALTER') return undefined;
  const isMaterialized = wordAt(words, 1) === 'MATERIALIZED';
  const kind = isMaterialized ? `MATERIALIZED ${wordAt(words, 2)}` : wordAt(words, 1);
  const name = nameBehindCondition(words, isMaterialized ? 3 : 2);
  if (name === undefined || !redefined.has(kind)) return undefined;
  const isCalled = symbolAt(words, name.next) === '(';
  const isOn = wordAt(words, name.next) === 'ON';
  const end = isCalled ? closingBracket(words, name.next) + 1 : (writtenNameAt(words, name.next + 1)?.next ?? 0);
  const text = isCalled || isOn ? `${name.text}${isOn ? ' ' : ''}${sqlBetween(words, name.next, end)}` : name.text;
  return { kind, text, name: name.name, isWhole: isCalled || isOn || kind.endsWith('VIEW') };
}

function reverseOfDrop(words: Words, { definition }: ReversalSetting): Reversal | undefined {
  const dropped = unmadeBy(words);
  // Several objects, and what goes with them, are more than one statement brings back.
  const isOne = !words.tokens.some((_, index) => wordAt(words, index) === 'CASCADE');
  const made = dropped !== undefined && isOne ? definition?.(dropped) : undefined;
  return made === undefined ? undefined : exactly(made);
}

function plainObject(words: Words, first: number): Created | undefined {
  const isMaterialized = wordAt(words, first) === 'MATERIALIZED';
  const kind = wordAt(words, isMaterialized ? first + 1 : first);
  const name = nameBehindCondition(words, first + (isMaterialized ? 2 : 1));
  if (!plainKinds.has(kind) || name === undefined || name.own.toUpperCase() === 'AUTHORIZATION') return undefined;
  return { ...name, kind: isMaterialized ? `MATERIALIZED ${kind}` : kind };
}

function trigger(words: Words, first: number): Created | undefined {
  const name = writtenNameAt(words, first);
  const on = findWord(words, 'ON', first);
  const table = on < 0 ? undefined : writtenNameAt(words, on + 1);
  if (name === undefined || table === undefined) return undefined;
  return { kind: 'TRIGGER', text: `${name.text} ON ${table.text}`, name: name.name, isConditional: false };
}

/** Functions are dropped with their arguments, which tell them from others of the name. */
function routine(words: Words, first: number): Created | undefined {
  const kind = wordAt(words, first);
  const name = writtenNameAt(words, first + 1);
  if ((kind !== 'FUNCTION' && kind !== 'PROCEDURE') || name === undefined || symbolAt(words, name.next) !== '(') {
    return undefined;
  }
  const end = closingBracket(words, name.next);
  for (let index = name.next; index < end; index++) {
    if (wordAt(words, index) === 'DEFAULT' || symbolAt(words, index) === '=') return undefined;
  }
  const parameters = sqlBetween(words, name.next, end + 1);
  return { kind, text: `${name.text}${parameters}`, name: name.name, isConditional: false };
}

function reverseOfCreateIndex(words: Words, first: number, { changes }: ReversalSetting): Reversal | undefined {
  const change = changes.find((each) => each.kind === 'CreateIndex');
  if (change?.kind !== 'CreateIndex') return undefined;
  const behind = skipWords(words, first, 'CONCURRENTLY');
  const concurrently = behind > first ? 'CONCURRENTLY ' : '';
  const on = findWord(words, 'ON', behind);
  const table = on < 0 ? undefined : writtenNameAt(words, skipWords(words, on + 1, 'ONLY'));
  const name = on === behind ? undefined : nameBehindCondition(words, behind);
  const written = name?.text ?? (change.index.nameIsExact ? change.index.name : undefined);
  if (table === undefined || written === undefined) return undefined;
  // An index is in the schema of its table.
  const condition = name?.isConditional === true || concurrently !== '' ? 'IF EXISTS ' : '';
  return {
    statements: [`DROP INDEX ${concurrently}${condition}${table.schema}${written}`],
    isExact: name?.isConditional !== true,
  };
}

/** `ALTER INDEX a RENAME TO b`, `ALTER TYPE t RENAME VALUE 'a' TO 'b'`, of whatever kind. */
function reverseOfRename(words: Words): Reversal | undefined {
  const kindEnd = wordAt(words, 1) === 'MATERIALIZED' ? 3 : 2;
  const name = nameBehindCondition(words, kindEnd);
  if (name === undefined || wordAt(words, name.next) !== 'RENAME') return undefined;
  const head = `ALTER ${sqlBetween(words, 1, kindEnd)} ${name.isConditional ? 'IF EXISTS ' : ''}`;
  if (wordAt(words, name.next + 1) === 'TO') {
    const to = writtenNameAt(words, name.next + 2);
    if (to === undefined || to.next < words.tokens.length) return undefined;
    return { statements: [`${head}${name.schema}${to.own} RENAME TO ${name.own}`], isExact: !name.isConditional };
  }
  if (wordAt(words, name.next + 1) !== 'VALUE' || wordAt(words, name.next + 3) !== 'TO') return undefined;
  const [from, to] = [name.next + 2, name.next + 4].map((index) => sqlBetween(words, index, index + 1));
  return exactly(`${head}${name.text} RENAME VALUE ${to} TO ${from}`);
}

function reverseOfDropIndex(words: Words, { indexDefinition }: ReversalSetting): Reversal | undefined {
  const name = nameBehindCondition(words, skipWords(words, 2, 'CONCURRENTLY'));
  if (name === undefined || name.next < words.tokens.length) return undefined;
  const definition = indexDefinition(name.name);
  if (definition === undefined) return undefined;
  const isConcurrent = wordAt(words, 2) === 'CONCURRENTLY';
  const build = definition.replace(/\bINDEX\s+(CONCURRENTLY\s+)?/i, isConcurrent ? 'INDEX CONCURRENTLY ' : 'INDEX ');
  return exactly(build);
}
