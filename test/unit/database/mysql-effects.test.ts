import assert from 'node:assert/strict';
import { type DatabaseKind, defaultTarget, newestDatabases, type Version } from '../../../server/src/base/target.ts';
import { describeChanges } from '../../../server/src/database/describe.ts';
import type { DescribedChange } from '../../../server/src/database/describe-manner.ts';
import { effectsOf } from '../../../server/src/database/effects-of.ts';
import { applyChange } from '../../../server/src/schema/replay.ts';
import { emptySchema } from '../../../server/src/schema/schema.ts';
import { changesInPython } from '../sql/check-sql.ts';

const table = `CREATE TABLE t (
  id int PRIMARY KEY AUTO_INCREMENT, c int, n int(11) NOT NULL, v varchar(20), w varchar(63), x varchar(64),
  l varchar(100) NOT NULL, e enum('a','b'), num decimal(8,2), d datetime(6), txt longtext)`;

interface Setting {
  readonly database: DatabaseKind;
  readonly version?: Version;
  readonly foreignKeysUnchecked?: boolean;
}

async function judge(sql: string, { database, version, foreignKeysUnchecked = false }: Setting) {
  const python = (text: string): string => `x = r"""${text}\n"""`;
  const earlier = await changesInPython(python(table), { database });
  let before = earlier.reduce((schema, change) => applyChange(schema, change, 'shop.0001'), emptySchema);
  const changes = await changesInPython(python(sql), { before: table, database, transaction: undefined });
  const target = { ...defaultTarget, database, databaseVersion: version ?? newestDatabases[database] };
  return changes.map((change): DescribedChange => {
    const effects = effectsOf(change, { before, target, migration: 'shop.0002', foreignKeysUnchecked });
    before = applyChange(before, change, 'shop.0002');
    return { change, effects };
  });
}

/** The most expensive of the manners of one ALTER TABLE, and what waits. */
async function mannerOf(action: string, setting: Setting): Promise<string> {
  const order = ['instant', 'in-place', 'rebuild', 'shared', 'copy'];
  const all = (await judge(`ALTER TABLE t ${action}`, setting)).map(({ effects }) => effects);
  return order.findLast((manner) => all.some((effects) => effects.manner === manner)) ?? 'nothing';
}

/** What MariaDB 10.11 takes as the cheapest ALGORITHM and LOCK, and what MySQL's manual says where that differs. */
const actions: readonly (readonly [action: string, mariadb: string, mysql?: string])[] = [
  ['ADD COLUMN a int NULL', 'instant'],
  ['ADD COLUMN a int NOT NULL DEFAULT 1 FIRST', 'instant'],
  ['ADD COLUMN a datetime NOT NULL DEFAULT CURRENT_TIMESTAMP', 'instant'],
  ['ADD COLUMN a varchar(36) NOT NULL DEFAULT (uuid())', 'copy'],
  ['ADD COLUMN a int NULL UNIQUE', 'rebuild'],
  ['ADD COLUMN a int GENERATED ALWAYS AS (c + 1) STORED', 'copy'],
  ['ADD COLUMN a int GENERATED ALWAYS AS (c + 1) VIRTUAL', 'instant'],
  ['ADD COLUMN a int NULL CHECK (a > 0)', 'instant', 'copy'],
  ['ADD COLUMN a int NULL, ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES p (id)', 'copy'],
  ['ADD COLUMN a int NOT NULL AUTO_INCREMENT UNIQUE', 'shared'],
  ['DROP COLUMN c', 'instant'],
  ['RENAME COLUMN c TO b', 'instant'],
  ['CHANGE v vv varchar(20)', 'instant'],
  ['ALTER COLUMN c SET DEFAULT 3', 'instant'],
  ['MODIFY c int(10)', 'nothing'],
  ['MODIFY n bigint NOT NULL', 'copy'],
  ['MODIFY n int unsigned NOT NULL', 'copy'],
  ['MODIFY v varchar(30)', 'instant'],
  ['MODIFY v varchar(64)', 'instant', 'copy'],
  ['MODIFY w varchar(64)', 'copy'],
  ['MODIFY x varchar(200)', 'instant'],
  ['MODIFY v varchar(10)', 'copy'],
  ['MODIFY v longtext', 'copy'],
  ['MODIFY num numeric(10, 2)', 'copy'],
  ['MODIFY d datetime', 'copy'],
  ['MODIFY l varchar(100) NULL', 'rebuild'],
  ['MODIFY c int NOT NULL', 'rebuild'],
  ['ADD INDEX i (c)', 'in-place'],
  ['ADD UNIQUE i (n)', 'in-place'],
  ['ADD CONSTRAINT u UNIQUE (n)', 'in-place'],
  ['ADD FULLTEXT i (v)', 'shared'],
  ['ADD SPATIAL INDEX i (g)', 'shared'],
  ['RENAME INDEX i TO j', 'instant'],
  ['ADD CONSTRAINT f FOREIGN KEY (n) REFERENCES p (id)', 'copy'],
  ['DROP FOREIGN KEY f', 'instant'],
  ['ADD CONSTRAINT q CHECK (n > 0)', 'copy'],
  ['DROP CONSTRAINT q', 'instant'],
  ['DROP PRIMARY KEY', 'copy'],
  ['ADD PRIMARY KEY (n)', 'rebuild'],
  ['RENAME TO tt', 'instant'],
  ['CONVERT TO CHARACTER SET latin1', 'copy'],
  ['ENGINE=InnoDB', 'rebuild'],
  ['FORCE', 'rebuild'],
  ["COMMENT='x'", 'instant'],
];

describe('effectsOf on MySQL and MariaDB', () => {
  for (const [action, mariadb, mysql = mariadb] of actions) {
    it(action, async () => {
      assert.equal(await mannerOf(action, { database: 'mariadb', version: [10, 11] }), mariadb, 'on MariaDB');
      assert.equal(await mannerOf(action, { database: 'mysql', version: [8, 0] }), mysql, 'on MySQL');
    });
  }

  it('says nothing of the values of an enum and of columns that it does not know', async () => {
    for (const action of ["MODIFY e enum('c', 'a')", 'MODIFY unknown bigint']) {
      assert.equal(await mannerOf(action, { database: 'mysql' }), 'nothing', action);
    }
  });

  it('knows the versions before there was an instant way', async () => {
    assert.equal(await mannerOf('ADD COLUMN a int', { database: 'mysql', version: [5, 7] }), 'rebuild');
    assert.equal(await mannerOf('ADD COLUMN a int', { database: 'mariadb', version: [10, 2] }), 'rebuild');
    assert.equal(await mannerOf('DROP COLUMN c', { database: 'mariadb', version: [10, 3] }), 'rebuild');
  });

  it('looks up no row for a foreign key while the session checks none', async () => {
    const add = 'ADD FOREIGN KEY (n) REFERENCES p (id)';
    assert.equal(await mannerOf(add, { database: 'mysql', foreignKeysUnchecked: true }), 'in-place');
  });

  it('does what ALGORITHM and LOCK ask for, or refuses', async () => {
    const effectsOfSql = async (action: string) => {
      const [first] = await judge(`ALTER TABLE t ${action}`, { database: 'mysql' });
      return [first?.effects.manner, first?.effects.blocks, first?.effects.fails];
    };
    assert.deepEqual(await effectsOfSql('ADD INDEX i (c), LOCK=SHARED'), ['in-place', 'writes', undefined]);
    assert.deepEqual(await effectsOfSql('FORCE, LOCK=EXCLUSIVE'), ['rebuild', 'reads and writes', undefined]);
    assert.deepEqual(await effectsOfSql('ADD COLUMN a int, ALGORITHM=COPY'), ['copy', 'writes', undefined]);
    for (const refused of [
      'MODIFY n bigint, ALGORITHM=INPLACE',
      'ADD FULLTEXT i (v), LOCK=NONE',
      'ADD INDEX i (c), ALGORITHM=INSTANT',
    ]) {
      assert.deepEqual(await effectsOfSql(refused), [undefined, 'nothing', 'always'], refused);
    }
  });

  it('tells who waits for LOCK TABLES', async () => {
    const blocks = async (sql: string) =>
      (await judge(sql, { database: 'mysql' })).map(({ effects }) => effects.blocks);
    assert.deepEqual(await blocks('LOCK TABLES t WRITE'), ['reads and writes']);
    assert.deepEqual(await blocks('LOCK TABLES t READ'), ['writes']);
  });

  it('makes sentences of it', async () => {
    const told = describeChanges(await judge('ALTER TABLE t MODIFY n bigint NOT NULL', { database: 'mysql' }));
    assert.deepEqual(told, [
      'Copies the whole table, row by row (`ALGORITHM=COPY`); writes wait until it is done.',
      'To begin and to end it needs the table for itself: it waits for every transaction that has used the table, and whoever comes later waits behind it.',
      '[MySQL 8.4: Online DDL Operations](https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html)',
    ]);
    const [instant] = describeChanges(await judge('ALTER TABLE t ADD COLUMN a int', { database: 'mariadb' }));
    assert.equal(instant, 'Changes what is known of the table alone; an instant.');
  });
});
