import assert from 'node:assert/strict';
import { randomOf } from '../../../bench/random.ts';
import type { DatabaseKind } from '../../../server/src/base/target.ts';
import { splitSql } from '../../../server/src/sql/split.ts';

describe('splitSql', () => {
  /** `expected` is the statements, one after the other, with `|` between them. */
  function checkSplit(text: string, expected: string, database: DatabaseKind = 'postgresql'): void {
    const pieces = splitSql(text, database);
    assert.equal(
      pieces.map(({ whole }) => text.slice(whole.start, whole.end)).join(''),
      text,
      'joining is the identity',
    );
    const statements = pieces.filter(({ tokens }) => tokens.length > 0);
    assert.equal(statements.map(({ statement }) => text.slice(statement.start, statement.end)).join('|'), expected);
  }

  it('cuts at semicolons', () => {
    checkSplit('SELECT 1; SELECT 2;', 'SELECT 1|SELECT 2');
    checkSplit('SELECT 1;SELECT 2', 'SELECT 1|SELECT 2');
    checkSplit('  SELECT 1  ', 'SELECT 1');
    checkSplit(';;\n;', '');
    checkSplit('', '');
  });

  it('leaves comments out of statements and keeps them in the pieces', () => {
    checkSplit('-- first;\nSELECT 1 -- last;\n; /* none; */', 'SELECT 1');
    checkSplit('SELECT /* a; /* nested; */ b; */ 1; SELECT 2', 'SELECT /* a; /* nested; */ b; */ 1|SELECT 2');
    checkSplit('SELECT 1 -- to the end', 'SELECT 1');
    const [piece] = splitSql('-- why\nSELECT /* what */ 1', 'postgresql');
    assert.equal(piece?.comments.length, 2);
  });

  it('does not look into quotes', () => {
    checkSplit("SELECT 'a;''b;'; SELECT 2", "SELECT 'a;''b;'|SELECT 2");
    checkSplit("SELECT E'a\\';b'; SELECT 2", "SELECT E'a\\';b'|SELECT 2");
    checkSplit("SELECT 'a\\'; SELECT 2", "SELECT 'a\\'|SELECT 2");
    checkSplit("SELECT U&'d\\0061;', B'1;', X'1;', n';'; SELECT 2", "SELECT U&'d\\0061;', B'1;', X'1;', n';'|SELECT 2");
    checkSplit('SELECT "a;""b;" FROM u&"c;"; SELECT 2', 'SELECT "a;""b;" FROM u&"c;"|SELECT 2');
  });

  it('does not look into dollar quotes', () => {
    checkSplit('DO $$ a; b; $$; SELECT 2', 'DO $$ a; b; $$|SELECT 2');
    checkSplit('DO $x$ a; $$ ; $y$ $x$; SELECT 2', 'DO $x$ a; $$ ; $y$ $x$|SELECT 2');
    checkSplit('SELECT a$b; SELECT $1; SELECT 3', 'SELECT a$b|SELECT $1|SELECT 3');
    checkSplit('SELECT $é$;$é$; SELECT 2', 'SELECT $é$;$é$|SELECT 2');
  });

  it('keeps bodies and rules together', () => {
    const body = 'CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE 1 WHEN 1 THEN 2 END; SELECT 2; END';
    checkSplit(`${body}; SELECT 3`, `${body}|SELECT 3`);
    const rule = 'CREATE RULE r AS ON UPDATE TO a DO ALSO (DELETE FROM b; DELETE FROM c)';
    checkSplit(`${rule}; SELECT 3`, `${rule}|SELECT 3`);
    checkSplit('BEGIN; SELECT 1; END; SELECT 2', 'BEGIN|SELECT 1|END|SELECT 2');
    checkSplit('CREATE TABLE a (b int; SELECT 2', 'CREATE TABLE a (b int|SELECT 2');
  });

  it('gives what is not closed to the last statement', () => {
    checkSplit('SELECT 1; SELECT 2 /* a; b', 'SELECT 1|SELECT 2 /* a; b');
    checkSplit('SELECT 1; /* a /* b */', 'SELECT 1|/* a /* b */');
    checkSplit("SELECT 1; SELECT 'a; b", "SELECT 1|SELECT 'a; b");
    checkSplit('SELECT 1; DO $$ a; b', 'SELECT 1|DO $$ a; b');
    checkSplit('SELECT 1; /* a; b', 'SELECT 1|/* a; b');
  });

  it('knows how MySQL quotes', () => {
    checkSplit(
      'SELECT \'a\\\';b\', "c;\\"", `d;``e`; SELECT 2',
      'SELECT \'a\\\';b\', "c;\\"", `d;``e`|SELECT 2',
      'mysql',
    );
    checkSplit('SELECT 1 # a; b\n; SELECT 2 -- c;\n', 'SELECT 1|SELECT 2', 'mysql');
    checkSplit('SELECT 1--1; SELECT 2', 'SELECT 1--1|SELECT 2', 'mysql');
    checkSplit('SELECT $$; SELECT 2$$', 'SELECT $$|SELECT 2$$', 'mariadb');
    const trigger =
      'CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW BEGIN IF x THEN SET y = 1; END IF; WHILE z DO SET y = 2; END WHILE; END';
    checkSplit(`${trigger}; SELECT 2`, `${trigger}|SELECT 2`, 'mysql');
  });

  it('knows how SQLite quotes', () => {
    checkSplit('SELECT [a;b], `c;d`, "e;"; SELECT 2', 'SELECT [a;b], `c;d`, "e;"|SELECT 2', 'sqlite');
    const trigger =
      'CREATE TEMP TRIGGER t AFTER INSERT ON a BEGIN DELETE FROM b; UPDATE c SET d = CASE e WHEN 1 THEN 2 END; END';
    checkSplit(`${trigger}; SELECT 2`, `${trigger}|SELECT 2`, 'sqlite');
  });

  it('joins to what it has split, whatever that is', () => {
    const random = randomOf(7);
    const scraps = [
      ...[
        'SELECT',
        'CREATE',
        'FUNCTION',
        'RULE',
        'BEGIN',
        'END',
        'CASE',
        'a',
        '1',
        ';',
        ';',
        '(',
        ')',
        "'",
        '"',
        '`',
        '[',
        ']',
      ],
      ...['$$', '$x$', '--', '#', '/*', '*/', '\n', '\\', "E'", '😀', 'é', '\r\n', '\u2028', '\ud800', '\0', ' '],
    ];
    for (let round = 0; round < 5_000; round++) {
      const text = Array.from({ length: random.below(30) }, () => random.pick(scraps)).join('');
      for (const database of ['postgresql', 'mysql', 'sqlite'] as const) {
        const pieces = splitSql(text, database);
        assert.equal(pieces.map(({ whole }) => text.slice(whole.start, whole.end)).join(''), text);
        for (const { whole, statement, tokens } of pieces) {
          assert.ok(whole.start <= statement.start && statement.end <= whole.end, JSON.stringify(text));
          for (const { start, end } of tokens)
            assert.ok(start < end && statement.start <= start && end <= statement.end);
        }
      }
    }
  });
});
