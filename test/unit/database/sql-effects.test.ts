import assert from 'node:assert/strict';
import { type DatabaseKind, defaultTarget, newestDatabases, type Version } from '../../../server/src/base/target.ts';
import { describeChanges } from '../../../server/src/database/describe.ts';
import type { Effects } from '../../../server/src/database/effects.ts';
import { effectsOf } from '../../../server/src/database/effects-of.ts';
import type { Change } from '../../../server/src/schema/change.ts';
import { applyChange } from '../../../server/src/schema/replay.ts';
import { emptySchema } from '../../../server/src/schema/schema.ts';
import { tableKeyOf } from '../../../server/src/schema/table-name.ts';
import { changesInPython } from '../sql/check-sql.ts';

interface Judged {
  readonly change: Change;
  readonly effects: Effects;
}

const tables = `CREATE TABLE a (id int PRIMARY KEY, x int); CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a);
  CREATE TABLE c (b int REFERENCES b); CREATE TABLE s.d (x int, m mood);`;

async function judge(
  sql: string,
  database: DatabaseKind = 'postgresql',
  databaseVersion: Version = newestDatabases[database],
): Promise<readonly Judged[]> {
  const python = (text: string): string => `x = r"""${text}\n"""`;
  const earlier = await changesInPython(python(tables), { database });
  let before = earlier.reduce((schema, change) => applyChange(schema, change, 'shop.0001'), emptySchema);
  const changes = await changesInPython(python(sql), { before: tables, database });
  return changes.map((change) => {
    const target = { ...defaultTarget, database, databaseVersion };
    const effects = effectsOf(change, { before, target, migration: 'shop.0002' });
    before = applyChange(before, change, 'shop.0002');
    return { change, effects };
  });
}

async function lostBy(sql: string, database?: DatabaseKind): Promise<readonly Effects['loses'][]> {
  return (await judge(sql, database)).map(({ effects }) => effects.loses);
}

async function describedAs(sql: string, ...sentences: readonly string[]): Promise<void> {
  const told = describeChanges(await judge(sql)).filter((sentence) => !sentence.startsWith('['));
  assert.deepEqual(told, sentences, sql);
}

describe('effectsOf for SQL', () => {
  it('loses what is emptied and dropped', async () => {
    assert.deepEqual(await lostBy('TRUNCATE a CASCADE'), ['rows']);
    assert.deepEqual(await lostBy('DROP DATABASE d'), ['table']);
    assert.deepEqual(await lostBy('DROP SCHEMA s CASCADE'), ['table']);
    assert.deepEqual(await lostBy('DROP SCHEMA s'), [undefined]);
    assert.deepEqual(await lostBy('DROP TYPE mood CASCADE'), ['column']);
    assert.deepEqual(await lostBy('DROP TYPE mood'), [undefined]);
    assert.deepEqual(await lostBy('DROP VIEW v'), [undefined]);
  });

  it('loses nothing that the migration itself has made', async () => {
    assert.deepEqual(await lostBy('CREATE TABLE n (x int); TRUNCATE n'), [undefined, undefined]);
    assert.deepEqual(await lostBy('CREATE TABLE t.n (x int); DROP SCHEMA t CASCADE'), [undefined, undefined]);
  });

  it('loses the same on other databases, and claims no lock there', async () => {
    assert.deepEqual(await lostBy('TRUNCATE TABLE a', 'mysql'), ['rows']);
    assert.deepEqual(await lostBy('DROP DATABASE d', 'mariadb'), ['table']);
    assert.deepEqual(await lostBy('DROP SCHEMA d', 'mysql'), ['table']);
    assert.deepEqual(await lostBy('DELETE FROM a; DROP TABLE a', 'sqlite'), ['rows', 'table']);
    for (const database of ['mysql', 'mariadb', 'sqlite'] as const) {
      const [judged] = await judge('ALTER TABLE a DROP COLUMN x', database);
      assert.deepEqual([judged?.effects.locks, judged?.effects.loses], [[], 'column'], database);
    }
  });

  it('breaks code that uses what goes away or is called otherwise', async () => {
    for (const sql of ['DROP VIEW v', 'REFRESH MATERIALIZED VIEW v WITH NO DATA', 'ALTER SCHEMA s RENAME TO t']) {
      assert.deepEqual(
        (await judge(sql)).map(({ effects }) => effects.breaksRunningCode),
        [true],
        sql,
      );
    }
    const [added, renamed] = await judge("ALTER TYPE mood ADD VALUE 'x'; ALTER TYPE mood RENAME VALUE 'x' TO 'y'");
    assert.deepEqual([added?.effects.breaksRunningCode, renamed?.effects.breaksRunningCode], [false, true]);
  });

  it('fails where PostgreSQL reads no statement, or takes it in no transaction', async () => {
    for (const sql of ['ALTER TABEL a ADD x int', 'VACUUM a', 'REINDEX SCHEMA s', 'CREATE DATABASE d', 'CLUSTER']) {
      assert.deepEqual(
        (await judge(sql)).map(({ effects }) => effects.fails),
        ['always'],
        sql,
      );
    }
  });

  it('fails on a PostgreSQL that does not know the statement yet', async () => {
    const since = {
      'ALTER TABLE a DETACH PARTITION b FINALIZE': 14,
      'ALTER TABLE a SET ACCESS METHOD heap': 15,
      'ALTER TABLE a ALTER x SET COMPRESSION lz4': 14,
      'ALTER TABLE a ALTER x SET EXPRESSION AS (1)': 17,
      'ALTER TABLE a ALTER x DROP EXPRESSION': 13,
      'ALTER TABLE a ADD NOT NULL x': 18,
      'ALTER TABLE a ADD v int GENERATED ALWAYS AS (1) VIRTUAL': 18,
    };
    for (const [sql, version] of Object.entries(since)) {
      const failsOn = async (major: number): Promise<Effects['fails']> =>
        (await judge(sql, 'postgresql', [major, 0]))[0]?.effects.fails;
      assert.deepEqual([await failsOn(version - 1), await failsOn(version)], ['always', undefined], sql);
    }
  });

  it('goes through every table that is known where none is named', async () => {
    const [vacuum] = await judge('VACUUM');
    assert.deepEqual(vacuum?.effects.locks.map(({ table }) => tableKeyOf(table)).toSorted(), ['a', 'b', 'c', 's.d']);
  });

  it('locks a column that no migration in sight creates, and knows what is never free', async () => {
    const judged = await judge(
      'ALTER TABLE z ALTER w TYPE bigint, ALTER x TYPE text, ALTER y SET NOT NULL, ALTER y DROP DEFAULT',
    );
    assert.deepEqual(
      judged.map(({ effects }) => [effects.locks[0]?.mode, effects.rewrites, effects.scans, effects.breaksRunningCode]),
      [
        ['ACCESS EXCLUSIVE', true, false, false],
        ['ACCESS EXCLUSIVE', false, false, false],
        ['ACCESS EXCLUSIVE', false, true, true],
        ['ACCESS EXCLUSIVE', false, false, false],
      ],
    );
  });
});

describe('describeChanges for SQL', () => {
  it('tells a statement as one', async () => {
    await describedAs(
      'ALTER TABLE a ADD n int, ADD u uuid DEFAULT gen_random_uuid(), ADD r int REFERENCES b, DROP COLUMN x',
      'Takes ACCESS EXCLUSIVE on "a", which keeps reads and writes waiting.',
      'Takes SHARE ROW EXCLUSIVE on "b", which keeps writes waiting.',
      'Writes the whole table and its indexes anew; reads and writes wait until it is done.',
      'Deletes the column with what is in it. Rolling back does not bring it back.',
      'The release that is running does not expect it.',
    );
  });

  it('names the tables that are locked alike together', async () => {
    await describedAs(
      'TRUNCATE a CASCADE',
      'Empties "a" and every table that refers to it.',
      'Takes ACCESS EXCLUSIVE on "a", "b" and "c", which keeps reads and writes waiting.',
      'Changes the catalog alone: an instant, once it has the lock. The lock stays until the transaction ends.',
      'Deletes rows. Rolling back does not bring them back.',
    );
  });

  it('says what statements do that no operation has words for', async () => {
    await describedAs(
      'LOCK TABLE a IN SHARE MODE',
      'Does nothing but hold the lock until the transaction ends.',
      'Takes SHARE on "a", which keeps writes waiting.',
    );
    await describedAs(
      'ANALYZE a',
      'Counts what is in a sample of the rows, for the planner.',
      'Takes SHARE UPDATE EXCLUSIVE on "a", which lets others read and write.',
    );
    await describedAs(
      'REINDEX TABLE a',
      'Builds the index anew. Until then no query of the table can be planned, because the index is locked.',
      'Takes SHARE on "a", which keeps writes waiting.',
      'Reads every row; reads and writes wait until it is done.',
    );
    await describedAs(
      'SELECT * FROM a WHERE id = 1 FOR UPDATE',
      'Locks the rows of "a" that it finds.',
      'Takes ROW SHARE on "a", which keeps waiting only what needs the table for itself.',
      'Each of these rows stays locked until the transaction ends.',
    );
    await describedAs(
      "SET LOCAL lock_timeout = '5s'",
      'Until the transaction ends a statement fails when it waits for a lock for more than 5 s.',
    );
    await describedAs(
      "ALTER TYPE mood ADD VALUE 'glad'",
      'The new value cannot be used before the transaction has ended.',
    );
    await describedAs(
      'SET session_replication_role = replica',
      'Switches all triggers in this session off, those of foreign keys as well.',
    );
    await describedAs('SELECT 1');
  });

  it('says where it is written', async () => {
    assert.equal(
      describeChanges(await judge('TRUNCATE a')).at(-1),
      '[PostgreSQL 18: TRUNCATE](https://www.postgresql.org/docs/18/sql-truncate.html)',
    );
  });
});
