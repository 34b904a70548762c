import type { Change } from '../../schema/change.ts';
import { type Constraint, findTable } from '../../schema/schema.ts';
import {
  elementsFrom,
  findWord,
  nameAt,
  type Range,
  skipAny,
  sqlInBrackets,
  symbolAt,
  tableAt,
  wordAt,
} from '../words.ts';
import { type Action, factsOf } from './action.ts';
import { classifiedIndex } from './columns.ts';

/** `ADD INDEX …`, `ADD CONSTRAINT …`, `ADD PRIMARY KEY …`; undefined for what is none of these, such as a column. */
export function addKey(action: Action): readonly Change[] | undefined {
  const { words, first } = action;
  const isNamed = wordAt(words, first + 1) === 'CONSTRAINT';
  const hasName = isNamed && keyKind(action, first + 2) === undefined;
  const start = first + 1 + (isNamed ? 1 : 0) + (hasName ? 1 : 0);
  const kind = keyKind(action, start);
  if (kind === undefined) return undefined;
  const open = openBracket(action, start);
  const between = open > 0 ? nameBefore(action, start, open) : '';
  const name = hasName ? nameAt(words, first + 2) : between;
  return [kind === 'index' ? addIndex(action, name, open) : addConstraint(action, kind, name, open)];
}

function keyKind({ words }: Action, index: number): Constraint['kind'] | 'index' | undefined {
  switch (wordAt(words, index)) {
    case 'FULLTEXT':
    case 'INDEX':
    case 'KEY':
    case 'SPATIAL':
      return 'index';
    case 'CHECK':
      return 'check';
    case 'FOREIGN':
      return 'foreign-key';
    case 'PRIMARY':
      return 'primary-key';
    case 'UNIQUE':
      return 'unique';
    default:
      return undefined;
  }
}

function openBracket({ words, end }: Action, start: number): number {
  for (let index = start; index < end; index++) if (symbolAt(words, index) === '(') return index;
  return -1;
}

/** `ADD UNIQUE KEY name (…)`: what stands before the bracket and is no word of the syntax. */
function nameBefore({ words }: Action, start: number, open: number): string {
  const behind = skipAny(words, start, [
    'CHECK',
    'FOREIGN',
    'FULLTEXT',
    'IF',
    'NOT',
    'EXISTS',
    'INDEX',
    'KEY',
    'PRIMARY',
    'SPATIAL',
    'UNIQUE',
  ]);
  return behind < open ? nameAt(words, behind) : '';
}

function addIndex(action: Action, name: string, open: number): Change {
  const { words, table, end, setting } = action;
  const method = methodOf(wordAt(words, action.first + 1));
  const index = classifiedIndex(words, name, open, { unique: false, method, bornIn: setting.migration, end });
  return { ...factsOf(action), kind: 'CreateIndex', table, index, concurrently: false, ifNotExists: false };
}

/** MySQL: what an index is, where it is not a tree. */
export function methodOf(word: string): string {
  return word === 'FULLTEXT' || word === 'SPATIAL' ? word.toLowerCase() : 'btree';
}

function addConstraint(action: Action, kind: Constraint['kind'], name: string, open: number): Change {
  const { words, table, end, setting } = action;
  const references = kind === 'foreign-key' ? findWord(words, 'REFERENCES', open, end) : -1;
  const columns =
    kind === 'check' || open < 0 ? [] : elementsFrom(words, open + 1).map((each: Range) => nameAt(words, each.first));
  const constraint: Constraint = {
    kind,
    name: kind === 'primary-key' ? 'PRIMARY' : name,
    nameIsExact: kind === 'primary-key' || name !== '',
    columns,
    condition: kind === 'check' ? sqlInBrackets(words, open) : undefined,
    provesNotNull: undefined,
    references: references < 0 ? undefined : tableAt(words, references + 1).table,
    validated: true,
    bornIn: setting.migration,
  };
  return { ...factsOf(action), kind: 'AddConstraint', table, constraint, usingIndex: undefined };
}

/** `DROP INDEX …`, `DROP PRIMARY KEY`, …; undefined for a column. */
export function dropKey(action: Action): Change | undefined {
  const { words, table, first, setting } = action;
  const facts = factsOf(action);
  const index = skipAny(words, first + 1, [
    'FOREIGN',
    'PRIMARY',
    'KEY',
    'INDEX',
    'CONSTRAINT',
    'CHECK',
    'IF',
    'EXISTS',
  ]);
  const named = nameAt(words, index);
  switch (wordAt(words, first + 1)) {
    case 'INDEX':
    case 'KEY':
      return { ...facts, kind: 'DropIndex', table, index: named, concurrently: false };
    case 'PRIMARY':
      return { ...facts, kind: 'DropConstraint', table, constraint: 'PRIMARY', constraintKind: 'primary-key' };
    case 'FOREIGN':
      return { ...facts, kind: 'DropConstraint', table, constraint: named, constraintKind: 'foreign-key' };
    case 'CHECK':
      return { ...facts, kind: 'DropConstraint', table, constraint: named, constraintKind: 'check' };
    case 'CONSTRAINT': {
      const constraintKind = findTable(setting.before, table)?.constraints.get(named)?.kind;
      return { ...facts, kind: 'DropConstraint', table, constraint: named, constraintKind };
    }
    default:
      return undefined;
  }
}
