import assert from 'node:assert/strict';
import { applyChange } from '../../../server/src/schema/replay.ts';
import { emptySchema, type Schema } from '../../../server/src/schema/schema.ts';
import { tableKeyOf } from '../../../server/src/schema/table-name.ts';
import { printColumn, printConstraint, printIndex } from '../django/print-change.ts';
import { changesInPython } from './check-sql.ts';

describe('the schema after SQL', () => {
  /** Tables with their columns, indexes and constraints, one a line. */
  async function check(sql: string, expected: string): Promise<void> {
    const changes = await changesInPython(`x = r"""${sql}"""`);
    const schema = changes.reduce((before, change) => applyChange(before, change, 'shop.0001'), emptySchema);
    assert.equal(printSchema(schema), expected.replaceAll(/^\s+/gm, '').trim());
  }

  function printSchema({ tables }: Schema): string {
    return [...tables.values()]
      .flatMap((table) => [
        tableKeyOf(table.name) + (table.complete ? '' : ' …') + (table.hasRows ? ' with rows' : ''),
        ...[...table.columns.values()].map(printColumn),
        ...[...table.indexes.values()].map(printIndex),
        ...[...table.constraints.values()].map(printConstraint),
      ])
      .join('\n');
  }

  it('has what was created and lacks what was dropped', async () => {
    await check(
      `CREATE TABLE a (x int PRIMARY KEY, y text UNIQUE CHECK (y <> ''), z int); CREATE TABLE b (x int); CREATE INDEX i ON a (z);
       ALTER TABLE a ADD COLUMN w int CONSTRAINT positive CHECK (w > 0), DROP COLUMN z; DROP TABLE b; INSERT INTO a VALUES (1)`,
      `a with rows
       x integer not null primary key
       y text null unique check (y <> '')
       w integer null check (w > 0)
       primary-key a_pkey (x)
       unique a_y_key (y)
       check a_y_check (y) y <> ''
       check positive (w) w > 0`,
    );
  });

  it('knows what was validated, renamed and replaced', async () => {
    await check(
      `CREATE TABLE a (x int, y int); ALTER TABLE a ADD CONSTRAINT c CHECK (x IS NOT NULL) NOT VALID; ALTER TABLE a VALIDATE CONSTRAINT c;
       CREATE UNIQUE INDEX CONCURRENTLY i ON a (x); ALTER TABLE a ADD CONSTRAINT u UNIQUE USING INDEX i, ALTER x SET NOT NULL;
       ALTER TABLE a RENAME CONSTRAINT u TO unique_x; ALTER TABLE a RENAME y TO z; ALTER TABLE a RENAME TO b`,
      `b
       x integer not null unique
       z integer null
       unique index unique_x (x)
       check c (x) x IS NOT NULL proves x
       unique unique_x (x)`,
    );
  });

  it('moves and drops schemas', async () => {
    await check(
      `CREATE TABLE s.a (x int); CREATE TABLE t.b (x int); CREATE TABLE c (x int); ALTER SCHEMA s RENAME TO r; DROP SCHEMA t CASCADE;
       ALTER TABLE c SET SCHEMA r`,
      `r.a
       x integer null
       r.c
       x integer null`,
    );
  });

  it('keeps what is there already', async () => {
    await check(
      'CREATE TABLE a (x int); CREATE TABLE IF NOT EXISTS a (y int); ALTER TABLE a ADD COLUMN IF NOT EXISTS x text',
      `a
       x integer null`,
    );
  });

  it('is not certain behind what may not happen', async () => {
    await check(
      'CREATE TABLE a (x int); DO $$ BEGIN IF true THEN ALTER TABLE a ADD y int; END IF; END $$',
      `a …\nx integer null\ny integer null`,
    );
    await check('CREATE TABLE a AS SELECT 1 AS x', 'a … with rows');
  });
});
