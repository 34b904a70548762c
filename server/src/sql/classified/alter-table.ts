import { applyOnce } from '../../schema/apply-once.ts';
import type { AlterColumn, Change } from '../../schema/change.ts';
import type { Column } from '../../schema/column.ts';
import { findColumn } from '../../schema/schema.ts';
import type { Classified } from '../classify.ts';
import { elementsFrom, nameAt, skipAny, skipWords, symbolAt, tableAt, wordAt } from '../words.ts';
import { type Action, factsOf } from './action.ts';
import { addKey, dropKey } from './alter-keys.ts';
import { classifiedColumn, defaultAt } from './columns.ts';
import type { ClassifiedSetting } from './setting.ts';

/** The changes of `ALTER TABLE t action, action`: MySQL has many in one statement, SQLite one. */
export function alterTable(words: Classified, setting: ClassifiedSetting): readonly Change[] {
  const [table] = words.names;
  if (table === undefined) return [];
  const changes: Change[] = [];
  let { before } = setting;
  for (const range of elementsFrom(words, words.rest)) {
    for (const change of changesOf({ ...range, words, table, setting: { ...setting, before } })) {
      changes.push(change);
      before = applyOnce(before, change, setting.migration);
    }
  }
  return changes;
}

/** Ways to say how the others are carried out. */
const manner = new Set(['ALGORITHM', 'LOCK', 'NOWAIT', 'WAIT']);

/** What writes the table anew. */
const rebuilding = new Set(['ENGINE', 'FORCE', 'ORDER', 'ROW_FORMAT', 'KEY_BLOCK_SIZE']);

function changesOf(action: Action): readonly Change[] {
  const { words, table, first } = action;
  const verb = wordAt(words, first);
  switch (verb) {
    case 'ADD':
      if (wordAt(words, first + 1) === 'CONSTRAINT') return addKey(action) ?? [otherOption(action)];
      return addKey(action) ?? addColumns(action);
    case 'DROP':
      return [dropKey(action) ?? dropColumn(action)];
    case 'ALTER':
      return [alterDefault(action) ?? otherOption(action)];
    case 'CHANGE':
    case 'MODIFY':
      return redefine(action);
    case 'RENAME':
      return [rename(action)];
    default:
      if (manner.has(verb)) return [];
      if (verb === 'CONVERT') return [{ ...factsOf(action), kind: 'Maintenance', operation: 'convert', table }];
      if (!rebuilding.has(verb)) return [otherOption(action)];
      return [{ ...factsOf(action), kind: 'Maintenance', operation: 'optimize', table }];
  }
}

function otherOption(action: Action): Change {
  return { ...factsOf(action), kind: 'SetTableOption', table: action.table, option: 'other', column: undefined };
}

/** `ADD [COLUMN] name type`, `ADD (name type, name type)`. */
function addColumns(action: Action): readonly Change[] {
  const { words, table, first, end, setting } = action;
  const start = skipAny(words, first + 1, ['COLUMN', 'IF', 'NOT', 'EXISTS']);
  const definitions = symbolAt(words, start) === '(' ? elementsFrom(words, start + 1) : [{ first: start, end }];
  return definitions.map((definition) => ({
    ...factsOf(action),
    kind: 'AddColumn',
    table,
    column: classifiedColumn(words, definition.first, definition.end, setting.migration),
    transientDefault: undefined,
  }));
}

function dropColumn(action: Action): Change {
  const { words, table, first, end } = action;
  const index = skipAny(words, first + 1, ['COLUMN', 'IF', 'EXISTS']);
  const cascade = wordAt(words, end - 1) === 'CASCADE';
  return { ...factsOf(action), kind: 'DropColumn', table, column: nameAt(words, index), cascade };
}

/** `ALTER [COLUMN] c SET DEFAULT v`, `DROP DEFAULT`, `SET NOT NULL`, `DROP NOT NULL`. */
function alterDefault(action: Action): Change | undefined {
  const { words, table, first, setting } = action;
  const index = skipWords(words, first + 1, 'COLUMN');
  const name = nameAt(words, index);
  const verb = wordAt(words, index + 1);
  const before = findColumn(setting.before, table, name);
  if (before === undefined || !(verb === 'SET' || verb === 'DROP')) return undefined;
  switch (wordAt(words, index + 2)) {
    case 'DEFAULT':
      return altered(action, before, { ...before, default: verb === 'SET' ? defaultAt(words, index + 3) : undefined });
    case 'NOT':
      return altered(action, before, { ...before, nullable: verb === 'DROP' });
    default:
      return undefined;
  }
}

function altered(action: Action, before: Column, to: Column): AlterColumn {
  const facts = factsOf(action);
  const nullable = before.nullable === to.nullable ? undefined : facts.at;
  return {
    ...facts,
    kind: 'AlterColumn',
    table: action.table,
    column: before.name,
    to,
    facets: { type: undefined, nullable },
    fillsNulls: undefined,
  };
}

/** `MODIFY c type …` and `CHANGE c new type …` give the column anew, whole. */
function redefine(action: Action): readonly Change[] {
  const { words, table, first, end, setting } = action;
  const index = skipAny(words, first + 1, ['COLUMN', 'IF', 'EXISTS']);
  const name = nameAt(words, index);
  const start = wordAt(words, first) === 'CHANGE' ? index + 1 : index;
  const to = classifiedColumn(words, start, end, setting.migration);
  const facts = factsOf(action);
  const rename: readonly Change[] =
    to.name === name ? [] : [{ ...facts, kind: 'RenameColumn', table, column: name, to: to.name }];
  const facets = { type: facts.at, nullable: facts.at };
  return [...rename, { ...facts, kind: 'AlterColumn', table, column: to.name, to, facets, fillsNulls: undefined }];
}

function rename(action: Action): Change {
  const { words, table, first } = action;
  const facts = factsOf(action);
  switch (wordAt(words, first + 1)) {
    case 'COLUMN':
      return { ...facts, kind: 'RenameColumn', table, column: nameAt(words, first + 2), to: nameAt(words, first + 4) };
    case 'CONSTRAINT':
      return {
        ...facts,
        kind: 'RenameConstraint',
        table,
        constraint: nameAt(words, first + 2),
        to: nameAt(words, first + 4),
      };
    case 'INDEX':
    case 'KEY':
      return { ...facts, kind: 'RenameIndex', table, index: nameAt(words, first + 2), to: nameAt(words, first + 4) };
    default: {
      // SQLite lets COLUMN away: RENAME a TO b.
      if (wordAt(words, first + 2) === 'TO') {
        return {
          ...facts,
          kind: 'RenameColumn',
          table,
          column: nameAt(words, first + 1),
          to: nameAt(words, first + 3),
        };
      }
      const { table: to } = tableAt(words, skipAny(words, first + 1, ['TO', 'AS', '=']));
      return { ...facts, kind: 'RenameTable', table, to: { ...to, schema: to.schema ?? table.schema } };
    }
  }
}
