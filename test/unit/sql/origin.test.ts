import assert from 'node:assert/strict';
import type { Change, SqlOrigin } from '../../../server/src/schema/change.ts';
import { changesInPython } from './check-sql.ts';

describe('the origin of a change in SQL', () => {
  async function originsOf(
    text: string,
    database: 'postgresql' | 'mysql' = 'postgresql',
  ): Promise<readonly (Change['origin'] & { readonly sql: SqlOrigin })[]> {
    const changes = await changesInPython(text, { database });
    return changes.map(({ origin }) => {
      assert.ok(origin.sql);
      return { ...origin, sql: origin.sql };
    });
  }

  it('is the statement', async () => {
    const text = 'x = """\n-- why\nALTER TABLE a ADD b int; DROP TABLE c\n"""';
    const [alter, drop] = await originsOf(text);
    assert.equal(alter?.name, 'ALTER TABLE');
    assert.equal(text.slice(alter.span.start, alter.span.end), 'ALTER TABLE a ADD b int');
    assert.deepEqual([alter.sql.text, alter.sql.position, alter.sql.together], ['ALTER TABLE a ADD b int', 0, 2]);
    assert.deepEqual(alter.sql.comments, ['-- why']);
    assert.deepEqual([drop?.name, drop?.sql.position, drop?.sql.comments], ['DROP TABLE', 1, []]);
  });

  it('leads from a part of the statement to the file', async () => {
    const text = 'T = "a"\nx = f"SELECT 1; CREATE INDEX i ON {T} (b)"';
    const sql = (await originsOf(text))[1]?.sql;
    assert.ok(sql);
    const placed = (part: string): string => {
      const start = sql.text.indexOf(part);
      const span = sql.placeOf({ start, end: start + part.length });
      return text.slice(span?.start, span?.end);
    };
    assert.equal(placed('INDEX i'), 'INDEX i');
    assert.equal(placed('a (b)'), '{T} (b)');
    const behind = 'CREATE INDEX'.length;
    assert.equal(text.slice(0, sql.placeOf({ start: behind, end: behind })?.start).endsWith('CREATE INDEX'), true);
    assert.ok(sql.isEditable({ start: behind, end: behind }));
    assert.ok(!sql.isEditable({ start: 0, end: sql.text.length }));
  });

  it('leads into the body of a DO block', async () => {
    const text = "x = \"DO 'BEGIN UPDATE a SET b = ''c''; END'\"";
    const [origin] = await originsOf(text);
    assert.ok(origin);
    assert.equal(text.slice(origin.span.start, origin.span.end), "UPDATE a SET b = ''c''");
    assert.equal(origin.sql.text, "UPDATE a SET b = 'c'");
    assert.ok(origin.sql.inBody);
    const span = origin.sql.placeOf({ start: 17, end: 20 });
    assert.equal(text.slice(span?.start, span?.end), "''c''");
  });

  it('holds the strings and the names that are too long', async () => {
    const long = 'x'.repeat(64);
    const text = `x = "ALTER TABLE a ADD ${long} mood DEFAULT 'it''s', ADD \\"${'é'.repeat(32)}\\" int, ADD ${'y'.repeat(63)} int"`;
    const [origin] = await originsOf(text);
    assert.deepEqual(origin?.sql.strings, ["it's"]);
    assert.deepEqual(
      origin.sql.longNames.map(({ name, at }) => [name, text.slice(at.start, at.end)]),
      [
        [long, long],
        ['é'.repeat(32), `\\"${'é'.repeat(32)}\\"`],
      ],
    );
  });

  it('holds what MySQL is told about the way', async () => {
    const [origin] = await originsOf('x = "ALTER TABLE a ADD b int, ALGORITHM=INPLACE, LOCK = none"', 'mysql');
    assert.deepEqual(
      origin?.sql.options,
      new Map([
        ['ALGORITHM', 'INPLACE'],
        ['LOCK', 'NONE'],
      ]),
    );
  });

  it('puts statements of one string in one transaction', async () => {
    const changes = await changesInPython('x = "DROP TABLE a; DROP TABLE b"', { transaction: undefined });
    assert.equal(new Set(changes.map(({ transaction }) => transaction)).size, 1);
    assert.notEqual(changes[0]?.transaction, undefined);
    const [alone] = await changesInPython('x = "DROP TABLE a"', { transaction: undefined });
    assert.equal(alone?.transaction, undefined);
  });

  it('underlines the call for SQL of another file', async () => {
    const [change] = await changesInPython('x = "DROP TABLE a"', { elsewhere: true });
    assert.deepEqual(
      [change?.at, change?.origin.span],
      [
        { start: 0, end: 1 },
        { start: 0, end: 1 },
      ],
    );
    assert.equal(change?.origin.sql?.placeOf({ start: 0, end: 4 }), undefined);
  });
});
