import assert from 'node:assert/strict';
import type { PostgresqlParser } from '../../../server/src/sql/postgresql/parser.ts';
import { positionsIn } from '../../../server/src/sql/postgresql/positions.ts';
import { tokensOf } from '../../../server/src/sql/token.ts';
import { postgresqlParser } from '../../support/sql.ts';
import { checkSql } from './check-sql.ts';

describe("PostgreSQL's parser", () => {
  let parser: PostgresqlParser;

  before(async () => {
    parser = await postgresqlParser();
  });

  function read(text: string) {
    return parser.parse({ text, tokens: tokensOf(text, 'postgresql') });
  }

  it('rejects with its own words at its own place', async () => {
    await checkSql({ sql: 'SELCT 1' }, 'InvalidSql syntax error at or near "SELCT" @ SELCT');
    await checkSql({ sql: 'ALTER TABLE a DRP COLUMN b' }, 'InvalidSql syntax error at or near "DRP" @ DRP');
    await checkSql({ sql: 'SELECT * FROM' }, 'InvalidSql syntax error at end of input @ FROM');
    await checkSql({ sql: "SELECT 'é😀中' frm x y" }, 'InvalidSql syntax error at or near "x" @ x');
    await checkSql({ sql: "SELECT 'abc" }, `InvalidSql unterminated quoted string at or near "'abc\n" @ 'abc`);
    await checkSql(
      { sql: 'ALTER TABLE a ADD CONSTRAINT IF NOT EXISTS c CHECK (true)' },
      'InvalidSql syntax error at or near "EXISTS" @ EXISTS',
    );
  });

  it('keeps errors of one statement from the others', async () => {
    await checkSql(
      { sql: 'DROP TABLE a; DRP TABLE b; DROP TABLE c' },
      `DropTable a @ DROP TABLE a
       InvalidSql syntax error at or near "DRP" @ DRP
       DropTable c @ DROP TABLE c`,
    );
  });

  it('finds places behind characters of every size', async () => {
    await checkSql(
      { sql: "ALTER TABLE é😀中 ADD ñ text DEFAULT '😀', DROP COLUMN 中" },
      `AddColumn é😀中.ñ text null default '😀' @ ADD ñ text DEFAULT '😀'
       DropColumn é😀中.中 @ DROP COLUMN 中`,
    );
  });

  it('counts in bytes and in code points', () => {
    const text = 'aé中😀\ud800b';
    const positions = positionsIn(text);
    assert.deepEqual([0, 1, 3, 6, 10, 13, 14].map(positions.ofByte), [0, 1, 2, 3, 5, 6, 7]);
    assert.deepEqual([0, 1, 2, 3, 4, 5, 6].map(positions.ofCodePoint), [0, 1, 2, 3, 5, 6, 7]);
    assert.equal(positionsIn('abc').ofByte(2), 2);
  });

  it('refuses what would overflow its stack, and lives on', () => {
    const deep = [
      `SELECT ${'1+'.repeat(20_000)}1`,
      `SELECT ${'('.repeat(20_000)}1${')'.repeat(20_000)}`,
      `SELECT ${'f('.repeat(3000)}1${')'.repeat(3000)}`,
      `SELECT ${'(SELECT '.repeat(3000)}1${')'.repeat(3000)}`,
      `SELECT 1${' UNION ALL SELECT 1'.repeat(12_000)}`,
      `SELECT 1${'::int'.repeat(12_000)}`,
      `SELECT 1 FROM a${' JOIN b ON c'.repeat(12_000)}`,
    ];
    for (const text of deep) assert.equal(read(text).kind, 'unreadable', text.slice(0, 30));
    const body = `DO $$ BEGIN x := ${'1+'.repeat(20_000)}1; END $$`;
    assert.equal(parser.parseBody({ text: body, tokens: [] }, body.slice(5, -2)).kind, 'unreadable');
    assert.equal(read('SELECT 1').kind, 'tree');
  });

  it('takes what is long and flat', () => {
    assert.equal(read(`INSERT INTO a VALUES ${"(1, 'x', now() + '1 day'),".repeat(3000)}(1, 'x', now())`).kind, 'tree');
    assert.equal(read(`SELECT 1 FROM a WHERE ${'b = 1 OR c IN (1, 2) AND '.repeat(3000)} d`).kind, 'tree');
    assert.equal(read(`SELECT CASE ${'WHEN a THEN b '.repeat(500)} END`).kind, 'tree');
    assert.equal(read(`SELECT ${"'a' || ".repeat(300)} 'b'`).kind, 'tree');
  });

  it('does not take what ends a text in C', () => {
    assert.equal(read('SELECT 1\0 garbage').kind, 'unreadable');
  });

  it('remembers what it has read', () => {
    assert.equal(read('SELECT 42'), read('SELECT 42'));
  });
});
