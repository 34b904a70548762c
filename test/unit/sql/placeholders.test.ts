import assert from 'node:assert/strict';
import { type PlaceholderStyle, substitutePlaceholders } from '../../../server/src/sql/placeholders.ts';

describe('substitutePlaceholders', () => {
  function check(style: PlaceholderStyle, text: string, expected: string, ...placeholders: readonly string[]): void {
    const result = substitutePlaceholders(text, style);
    assert.equal(result.text, expected);
    assert.equal(result.text.length, text.length, 'the length is kept');
    assert.deepEqual(
      result.placeholders.map(({ start, end }) => text.slice(start, end)),
      placeholders,
    );
  }

  it('leaves text alone that no values are sent with', () => {
    check('none', "a = %s AND b = :c AND d LIKE '%%' AND ?", "a = %s AND b = :c AND d LIKE '%%' AND ?");
  });

  it('finds the placeholders of drivers', () => {
    check('format', 'a = %s', 'a = $1', '%s');
    check('format', 'a=%s AND b=%(name)s', 'a=$1 AND b=($1    )', '%s', '%(name)s');
    check('format', 'a = %b AND b = %t', 'a = $1 AND b = $1', '%b', '%t');
    check('format', 'a %% 2 = 0', 'a %  2 = 0');
    check('format', 'a%s', "a''", '%s');
  });

  it('finds the placeholders of SQLAlchemy', () => {
    check('named', 'a = :a AND b = :other', 'a = $1 AND b = ($1  )', ':a', ':other');
    check('named', 'a::text = :a::text', 'a::text = :a::text');
    check('named', 'a[1:2] = b[c:d]', 'a[1:2] = b[c:d]');
    check('named', "a > '12:30' AND b \\:\\:text = 1", "a > '12:30' AND b ::  text = 1");
  });

  it('finds the placeholders of SQLite', () => {
    check('question', 'a = ? AND b = ?', 'a = 0 AND b = 0', '?', '?');
  });

  it('does not look into quotes and comments', () => {
    const text = `SELECT '%s', "%s", $$ %s :a $$, E'\\'%s' -- %s :a\n/* %s */ FROM a`;
    check('format', text, text);
    check('named', text, text);
  });

  it('makes grammar of what only drivers allow', () => {
    check('format', 'a IN %s', 'a =  $1', '%s');
    check('format', 'a not in %s', 'a <>     $1', '%s');
    check('format', 'a IS %s OR a IS NOT %s', 'a =  $1 OR a <>     $1', '%s', '%s');
    check('format', 'INSERT INTO a VALUES %s', 'INSERT INTO a SELECT $1', '%s');
    check('format', 'a IN (%s, %s)', 'a IN ($1, $1)', '%s', '%s');
  });
});
