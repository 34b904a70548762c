import assert from 'node:assert/strict';
import { type Random, randomOf } from '../../../bench/random.ts';
import type { DatabaseKind } from '../../../server/src/base/target.ts';
import { emptySchema } from '../../../server/src/schema/schema.ts';
import { lowerScript } from '../../../server/src/sql/lower-script.ts';
import type { PostgresqlParser } from '../../../server/src/sql/postgresql/parser.ts';
import { readScript } from '../../../server/src/sql/script.ts';
import { sqlTextOfFile } from '../../../server/src/sql/sql-text.ts';
import { standInFor } from '../../../server/src/sql/stand-in.ts';
import type { Module } from '../../../server/src/syntax/module.ts';
import { pythonParser } from '../../support/python.ts';
import { postgresqlParser } from '../../support/sql.ts';

/** Words that lead deep into the grammar, and what breaks it. */
const scraps = [
  ...[
    'ALTER',
    'TABLE',
    'ADD',
    'COLUMN',
    'DROP',
    'CREATE',
    'INDEX',
    'ON',
    'UPDATE',
    'SET',
    'DELETE',
    'FROM',
    'WHERE',
    'a',
  ],
  ...[
    'INSERT INTO a',
    'VALUES (1)',
    'DO',
    '$$',
    'BEGIN',
    'END',
    'IF',
    'THEN',
    'CONSTRAINT c',
    'CHECK (',
    'FOREIGN KEY',
  ],
  ...[
    'REFERENCES b',
    'RENAME',
    'TO',
    'TYPE',
    'int',
    'DEFAULT',
    'NOT NULL',
    'TRUNCATE',
    'b',
    ',',
    '.',
    '(',
    ')',
    '*',
    '=',
  ],
  ...[
    '1',
    "'x'",
    '"q"',
    ';',
    '%s',
    ':n',
    '?',
    '\\',
    "E'",
    'é',
    '😀',
    '\ud800',
    '\0',
    '--',
    '/*',
    '[',
    '`',
    standInFor('{hole}'),
  ],
];

describe('Any text at all', () => {
  let parser: PostgresqlParser;
  let module: Module;

  before(async () => {
    parser = await postgresqlParser();
    module = (await pythonParser()).read('');
  });

  function send(text: string, random: Random, database: DatabaseKind): void {
    const sql = sqlTextOfFile(text);
    const placeholders = random.pick(['none', 'format', 'named', 'question'] as const);
    const script = readScript(sql, { database, placeholders, parser });
    assert.ok(script);
    const changes = lowerScript(script, {
      migration: 'shop.0001',
      before: emptySchema,
      module,
      fallback: { start: 0, end: 0 },
      call: undefined,
      within: [],
      common: {
        applies: { state: true, database: true },
        transaction: undefined,
        certainty: 'certain',
        reverse: 'missing',
      },
      repeats: false,
      fileOf: () => undefined,
      parser,
    });
    assert.ok(changes.length >= script.statements.length || database !== 'postgresql', JSON.stringify(text));
  }

  it('is read without an error being thrown: bytes', () => {
    const random = randomOf(23);
    for (let round = 0; round < 100_000; round++) {
      const text = String.fromCharCode(...Array.from({ length: random.below(24) }, () => random.below(256)));
      send(text, random, random.pick(['postgresql', 'mysql', 'sqlite']));
    }
  }).timeout(300_000);

  it('is read without an error being thrown: pieces of SQL', () => {
    const random = randomOf(29);
    for (let round = 0; round < 10_000; round++) {
      const text = Array.from({ length: random.below(20) }, () => random.pick(scraps)).join(' ');
      send(text, random, random.pick(['postgresql', 'postgresql', 'mysql', 'sqlite', 'mariadb', 'oracle']));
    }
  }).timeout(300_000);
});
