import type { Span } from '../../base/span.ts';
import type { Change, ChangeBase, WriteRows } from '../../schema/change.ts';
import type { Schema } from '../../schema/schema.ts';
import type { SetTimeout } from '../../schema/sql-change.ts';
import type { TableName } from '../../schema/table-name.ts';
import { type Classified, rowsOf } from '../classify.ts';
import { isStandIn } from '../stand-in.ts';
import {
  elementsFrom,
  findWord,
  nameAt,
  statementSpan,
  symbolAt,
  tableAt,
  tellingSpan,
  textAt,
  wordAt,
} from '../words.ts';
import { methodOf } from './alter-keys.ts';
import { alterTable } from './alter-table.ts';
import { classifiedColumn, classifiedIndex } from './columns.ts';
import type { ClassifiedSetting } from './setting.ts';

/** The changes that a statement makes on MySQL, MariaDB, SQLite or Oracle, as far as its words tell. */
export function lowerClassified(words: Classified, setting: ClassifiedSetting): readonly Change[] {
  const statement = words.object === '' ? words.verb : `${words.verb} ${words.object}`;
  const base = setting.facts(statement, underlined(words));
  if (words.names.some(({ name }) => isStandIn(name))) {
    return [{ ...base, kind: 'Opaque', reason: 'what it is about is only known when it runs' }];
  }
  const lowering = lowerings[`${words.verb} ${words.object}`.trim()];
  const changes = lowering?.(words, base, setting) ?? [];
  return changes.length > 0 ? changes : [{ ...base, kind: 'OtherStatement', statement }];
}

/** A definition tells less than the name that it is given to, and rows less than their table. */
function underlined(words: Classified): Span {
  const isHead = statementsByHead.has(`${words.verb} ${words.object}`.trim());
  return isHead ? tellingSpan(words, 0, words.rest) : statementSpan(words);
}

const statementsByHead = new Set(['CREATE TABLE', 'INSERT', 'REPLACE']);

type Lower = (words: Classified, base: ChangeBase, setting: ClassifiedSetting) => readonly Change[];

const control =
  (command: 'begin' | 'commit' | 'rollback' | 'savepoint' | 'release'): Lower =>
  (_, base) => [{ ...base, kind: 'TransactionControl', command }];

const drops: Lower = ({ names, flags }, base) =>
  names.map((table) => ({
    ...base,
    kind: 'DropTable',
    table,
    cascade: false,
    ...(flags.has('IF EXISTS') ? { ifExists: true } : {}),
  }));

const dropDatabase: Lower = ({ names }, base) => [{ ...base, kind: 'DropDatabase', database: names[0]?.name ?? '' }];

const lowerings: Readonly<Record<string, Lower>> = {
  'ALTER TABLE': (words, _, setting) => alterTable(words, setting),
  'ANALYZE TABLE': ({ names }, base) =>
    names.map((table) => ({ ...base, kind: 'Maintenance', operation: 'analyze', table })),
  BEGIN: control('begin'),
  CALL: (words, base) => [
    { ...base, kind: 'Opaque', reason: `it calls the procedure "${nameAt(words, 1)}", whose code is not looked into` },
  ],
  COMMIT: control('commit'),
  'CREATE INDEX': createIndex,
  'CREATE TABLE': createTable,
  'CREATE VIEW': ({ names: [view], flags }, base) =>
    view === undefined
      ? []
      : [
          {
            ...base,
            kind: 'CreateView',
            view,
            materialized: flags.has('MATERIALIZED'),
            replaces: flags.has('REPLACE'),
            reads: [],
          },
        ],
  DELETE: writes,
  'DROP DATABASE': dropDatabase,
  'DROP INDEX': dropIndex,
  'DROP SCHEMA': dropDatabase,
  'DROP TABLE': drops,
  'DROP VIEW': ({ names, flags }, base) =>
    names.map((view) => ({ ...base, kind: 'DropView', view, materialized: flags.has('MATERIALIZED'), cascade: false })),
  END: control('commit'),
  INSERT: writes,
  'LOCK TABLE': lockTables,
  'OPTIMIZE TABLE': ({ names }, base) =>
    names.map((table) => ({ ...base, kind: 'Maintenance', operation: 'optimize', table })),
  PRAGMA: pragma,
  RELEASE: control('release'),
  'RENAME TABLE': renameTables,
  REPLACE: writes,
  ROLLBACK: control('rollback'),
  SAVEPOINT: control('savepoint'),
  SET: setVariable,
  START: control('begin'),
  'TRUNCATE TABLE': ({ names }, base) =>
    names.map((table) => ({ ...base, kind: 'Truncate', table, cascade: false, restartIdentity: true })),
  UPDATE: writes,
  VACUUM: (_, base) => [{ ...base, kind: 'Maintenance', operation: 'vacuum-full', table: undefined }],
};

function createTable(words: Classified, base: ChangeBase, { migration }: ClassifiedSetting): readonly Change[] {
  const {
    names: [table],
    flags,
    rest,
  } = words;
  if (table === undefined) return [];
  const isList = symbolAt(words, rest) === '(';
  const definitions = isList
    ? elementsFrom(words, rest + 1).filter(({ first }) => !isTableElement.has(wordAt(words, first)))
    : [];
  return [
    {
      ...base,
      kind: 'CreateTable',
      table,
      model: undefined,
      columns: definitions.map(({ first, end }) => classifiedColumn(words, first, end, migration)),
      indexes: [],
      constraints: [],
      complete: false,
      ...(flags.has('TEMPORARY') || flags.has('TEMP') ? { temporary: true } : {}),
      ...(flags.has('IF NOT EXISTS') ? { ifNotExists: true } : {}),
      ...(findWord(words, 'SELECT', rest) >= 0 ? { withRows: true } : {}),
    },
  ];
}

/** What an element of a table begins with that is no column. */
const isTableElement = new Set([
  'CHECK',
  'CONSTRAINT',
  'FOREIGN',
  'FULLTEXT',
  'INDEX',
  'KEY',
  'LIKE',
  'PRIMARY',
  'SPATIAL',
  'UNIQUE',
]);

function createIndex(words: Classified, base: ChangeBase, { migration: bornIn }: ClassifiedSetting): readonly Change[] {
  const on = findWord(words, 'ON', words.rest);
  if (on < 0) return [];
  const { table, next } = tableAt(words, on + 1);
  const method = methodOf([...words.flags][0] ?? '');
  const facts = { unique: words.flags.has('UNIQUE'), method, bornIn, end: words.tokens.length };
  const index = classifiedIndex(words, words.names[0]?.name ?? '', next, facts);
  return [
    { ...base, kind: 'CreateIndex', table, index, concurrently: false, ifNotExists: words.flags.has('IF NOT EXISTS') },
  ];
}

/** MySQL names the table, SQLite does not. */
function dropIndex(words: Classified, base: ChangeBase, { before }: ClassifiedSetting): readonly Change[] {
  const index = words.names[0]?.name ?? '';
  const on = findWord(words, 'ON', words.rest);
  const table = on < 0 ? tableOfIndex(before, index) : tableAt(words, on + 1).table;
  return [{ ...base, kind: 'DropIndex', table, index, concurrently: false }];
}

function tableOfIndex(before: Schema, index: string): TableName | undefined {
  return [...before.tables.values()].find(({ indexes }) => indexes.has(index))?.name;
}

function renameTables(words: Classified, base: ChangeBase): readonly Change[] {
  const start = words.tokens.findIndex(
    (_, index) => wordAt(words, index) === 'TABLE' || wordAt(words, index) === 'TABLES',
  );
  return elementsFrom(words, start + 1).map(({ first }) => {
    const { table, next } = tableAt(words, first);
    return { ...base, kind: 'RenameTable', table, to: tableAt(words, next + 1).table };
  });
}

function lockTables(words: Classified, base: ChangeBase): readonly Change[] {
  const start = words.tokens.findIndex((_, index) => /^TABLES?$/.test(wordAt(words, index)));
  return elementsFrom(words, start + 1).map(({ first, end }) => {
    const mode = findWord(words, 'WRITE', first, end) >= 0 ? 'WRITE' : 'READ';
    return { ...base, kind: 'LockTable', table: tableAt(words, first).table, mode };
  });
}

const operations: Readonly<Record<string, WriteRows['operation']>> = {
  DELETE: 'delete',
  INSERT: 'insert',
  REPLACE: 'insert',
  UPDATE: 'update',
};

function writes(words: Classified, base: ChangeBase): readonly Change[] {
  const operation = operations[words.verb] ?? 'update';
  const rows = operation === 'insert' ? 'all' : rowsOf(words);
  const batched = operation !== 'insert' && findWord(words, 'LIMIT', words.rest) >= 0;
  const set = findWord(words, 'SET', words.rest);
  const targets = operation === 'update' && set >= 0 ? elementsFrom(words, set + 1) : [];
  const assignments = targets.map(({ first }) => ({
    column: nameAt(words, tableAt(words, first).next - 1),
    value: assignedAt(words, tableAt(words, first).next + 1),
  }));
  return words.names.map((table) => ({
    ...base,
    kind: 'WriteRows',
    operation,
    table,
    label: table.name,
    rows,
    assignments,
    method: 'set',
    batched,
    guarded: false,
    code: undefined,
  }));
}

/** What is assigned: one string, number or NULL and nothing behind it is the same for every row. */
function assignedAt(words: Classified, index: number): 'constant' | 'expression' {
  const kind = words.tokens[index]?.kind;
  const isLiteral = kind === 'string' || kind === 'number' || ['NULL', 'TRUE', 'FALSE'].includes(wordAt(words, index));
  const next = textAt(words, index + 1).toUpperCase();
  return isLiteral && ['', ',', 'WHERE', 'ORDER', 'LIMIT'].includes(next) ? 'constant' : 'expression';
}

/** `PRAGMA foreign_keys = OFF`: nothing keeps references from then on. */
function pragma(words: Classified, base: ChangeBase): readonly Change[] {
  if (wordAt(words, 1) !== 'FOREIGN_KEYS' || symbolAt(words, 2) === '') return [];
  const enabled = !/^(?:0|off|false|no)$/i.test(textAt(words, 3));
  return [{ ...base, kind: 'SwitchTriggers', table: undefined, triggers: 'all', enabled }];
}

/** MySQL: `SET foreign_key_checks = 0`, `SET SESSION lock_wait_timeout = 5` (seconds). */
function setVariable(words: Classified, base: ChangeBase): readonly Change[] {
  const equals = words.tokens.findIndex((_, index) => symbolAt(words, index) === '=');
  const setting = textAt(words, symbolAt(words, equals - 1) === ':' ? equals - 2 : equals - 1).toLowerCase();
  const value = textAt(words, equals + 1);
  if (equals < 0) return [];
  if (setting === 'foreign_key_checks') {
    return [
      {
        ...base,
        kind: 'SwitchTriggers',
        table: undefined,
        triggers: 'all',
        enabled: !/^(?:0|off|false)$/i.test(value),
      },
    ];
  }
  if (setting !== 'lock_wait_timeout' && setting !== 'innodb_lock_wait_timeout') return [];
  const milliseconds = /^\d+$/.test(value) ? Number(value) * 1000 : undefined;
  return [{ ...base, kind: 'SetTimeout', setting, milliseconds, scope: 'session' } satisfies SetTimeout];
}
