import type { Change } from '../../schema/change.ts';
import { findColumn } from '../../schema/schema.ts';
import {
  elementsFrom,
  type Range,
  skipAny,
  skipWords,
  sqlBetween,
  symbolAt,
  type Words,
  wordAt,
} from '../../sql/words.ts';
import type { Reversal, ReversalSetting } from './reverse-statement.ts';
import { nameBehindCondition, type WrittenName, writtenNameAt } from './written-name.ts';

interface Action extends ReversalSetting {
  readonly words: Words;
  readonly range: Range;
  readonly table: WrittenName;
  readonly position: number;
}

/** One action that takes another one back; `nothing` has to be done after an action that only reads. */
type ReversedAction = { readonly sql: string; readonly isExact: boolean } | 'nothing' | undefined;

/** The opposite of every action, the last one first, in one statement. */
export function reverseOfAlterTable(words: Words, setting: ReversalSetting): Reversal | undefined {
  const table = tableOf(words);
  // Whether the table is there cannot be told: on the way forward nothing may have been done.
  const isCertain = skipWords(words, 2, 'IF', 'EXISTS') === 2;
  if (table === undefined) return undefined;
  const first = symbolAt(words, table.next) === '*' ? table.next + 1 : table.next;
  const head = sqlBetween(words, 0, first);
  const ranges = elementsFrom(words, first);
  const renamed =
    wordAt(words, first) === 'RENAME' || wordAt(words, first) === 'SET' ? moved(words, table, first) : undefined;
  if (renamed !== undefined) return { statements: [renamed], isExact: isCertain };
  const reversed = ranges.map((range, position) => reverseOfAction({ ...setting, words, range, table, position }));
  if (reversed.includes(undefined)) return undefined;
  const actions = reversed.filter((each) => each !== undefined && each !== 'nothing').toReversed();
  if (actions.length === 0) return { statements: [], isExact: true };
  const statement = `${head} ${actions.map(({ sql }) => sql).join(', ')}`;
  return { statements: [statement], isExact: isCertain && actions.every(({ isExact }) => isExact) };
}

function tableOf(words: Words): WrittenName | undefined {
  const next = skipWords(words, skipWords(words, 2, 'IF', 'EXISTS'), 'ONLY');
  return writtenNameAt(words, next);
}

/** `RENAME TO`, `RENAME COLUMN`, `RENAME CONSTRAINT` and `SET SCHEMA` stand alone in their statement. */
function moved(words: Words, table: WrittenName, first: number): string | undefined {
  const before = sqlBetween(words, 0, first).slice(0, -table.text.length);
  if (wordAt(words, first + 1) === 'SCHEMA') {
    const to = writtenNameAt(words, first + 2);
    if (to === undefined || table.schema === '') return undefined;
    return `${before}${to.text}.${table.own} SET SCHEMA ${table.schema.slice(0, -1)}`;
  }
  if (wordAt(words, first + 1) === 'TO') {
    const to = writtenNameAt(words, first + 2);
    return to && `${before}${table.schema}${to.own} RENAME TO ${table.own}`;
  }
  const from = skipAny(words, first + 1, ['COLUMN', 'CONSTRAINT']);
  const [name, to] = [writtenNameAt(words, from), writtenNameAt(words, from + 2)];
  if (name === undefined || to === undefined || wordAt(words, from + 1) !== 'TO') return undefined;
  return `${before}${table.text} ${sqlBetween(words, first, from)} ${to.text} TO ${name.text}`;
}

function reverseOfAction(action: Action): ReversedAction {
  const { words, range } = action;
  switch (wordAt(words, range.first)) {
    case 'ADD':
      return reverseOfAdd(action);
    case 'ALTER':
      return reverseOfAlterColumn(action);
    case 'ATTACH':
    case 'DETACH':
      return reverseOfPartition(action);
    case 'VALIDATE':
      return 'nothing';
    case 'ENABLE':
    case 'DISABLE':
      return reverseOfSwitch(action);
    default:
      return undefined;
  }
}

const constraintWords = new Set(['CHECK', 'CONSTRAINT', 'EXCLUDE', 'FOREIGN', 'PRIMARY', 'UNIQUE', 'NOT']);

function reverseOfAdd({ words, range, changes, position }: Action): ReversedAction {
  const word = wordAt(words, range.first + 1);
  if (!constraintWords.has(word)) {
    const name = nameBehindCondition(words, skipWords(words, range.first + 1, 'COLUMN'));
    if (name === undefined) return undefined;
    const condition = name.isConditional ? 'IF EXISTS ' : '';
    return { sql: `DROP COLUMN ${condition}${name.text}`, isExact: !name.isConditional };
  }
  const written = word === 'CONSTRAINT' ? writtenNameAt(words, range.first + 2)?.text : undefined;
  if (written !== undefined) return { sql: `DROP CONSTRAINT ${written}`, isExact: true };
  const added = changes.filter((each) => each.kind === 'AddConstraint');
  const [change] = changes.length > position && added.length === 1 ? added : [];
  if (change?.constraint.nameIsExact !== true) return undefined;
  return { sql: `DROP CONSTRAINT ${change.constraint.name}`, isExact: true };
}

function reverseOfAlterColumn(action: Action): ReversedAction {
  const { words, range } = action;
  const column = writtenNameAt(words, skipWords(words, range.first + 1, 'COLUMN'));
  if (column === undefined) return undefined;
  const known = knownColumn(action, column.name);
  if (known === undefined) return undefined;
  const head = `${sqlBetween(words, range.first, column.next)} `;
  switch (sqlBetween(words, column.next, Math.min(column.next + 2, range.end)).toUpperCase()) {
    case 'SET DEFAULT':
    case 'DROP DEFAULT':
      if (known.default === undefined) return { sql: `${head}DROP DEFAULT`, isExact: true };
      return known.default.sql === undefined
        ? undefined
        : { sql: `${head}SET DEFAULT ${known.default.sql}`, isExact: true };
    case 'SET NOT':
      return known.nullable ? { sql: `${head}DROP NOT NULL`, isExact: true } : 'nothing';
    case 'DROP NOT':
      // Rows that hold NULL by then stand in the way.
      return known.nullable ? 'nothing' : { sql: `${head}SET NOT NULL`, isExact: false };
    default:
      return undefined;
  }
}

function knownColumn({ changes, before }: Action, name: string) {
  const isAbout = (change: Change): boolean => change.kind === 'AlterColumn' && change.column === name;
  const change = changes.find(isAbout);
  return change?.kind === 'AlterColumn' ? findColumn(before(change), change.table, name) : undefined;
}

function reverseOfPartition({ words, range }: Action): ReversedAction {
  const name = writtenNameAt(words, skipWords(words, range.first + 1, 'PARTITION'));
  // What a detached partition held is not told by the statement.
  if (wordAt(words, range.first) !== 'ATTACH' || name === undefined) return undefined;
  return { sql: `DETACH PARTITION ${name.text}`, isExact: true };
}

/** A trigger is on unless somebody switched it off; row level security is off unless somebody switched it on. */
function reverseOfSwitch({ words, range }: Action): ReversedAction {
  const what = sqlBetween(words, range.first + 1, range.end);
  const isEnabled = wordAt(words, range.first) === 'ENABLE';
  if (/^ROW LEVEL SECURITY$/i.test(what) && isEnabled) return { sql: `DISABLE ${what}`, isExact: false };
  if (/^TRIGGER /i.test(what) && !isEnabled) return { sql: `ENABLE ${what}`, isExact: false };
  return undefined;
}
