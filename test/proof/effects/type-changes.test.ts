import { strict as assert } from 'node:assert/strict';
import { cannotRun } from '../../../server/src/database/postgresql/cannot-run.ts';
import { type TypeChange, typeChangeOf } from '../../../server/src/database/postgresql/type-change.ts';
import type { ColumnType } from '../../../server/src/schema/column.ts';
import { useLaboratory } from '../laboratory.ts';
import { stopOlderPostgres, useOlderPostgres } from '../older-postgres.ts';
import { NEWEST } from '../postgres-versions.ts';
import { stepsOf } from './check-statement.ts';

const TYPES = [
  ...['smallint', 'integer', 'bigint', 'real', 'double precision', 'boolean', 'oid', 'money'],
  ...['numeric', 'numeric(8)', 'numeric(10, 2)', 'numeric(12, 2)', 'numeric(12, 4)', 'numeric(20, 0)'],
  ...['text', 'varchar', 'varchar(4)', 'varchar(20)', 'varchar(50)', 'char(10)', 'char(20)', 'citext'],
  ...['date', 'time', 'time(3)', 'time with time zone', 'timestamp', 'timestamp(3)', 'timestamp with time zone'],
  ...['timestamp with time zone(0)', 'interval', 'interval(3)', 'uuid', 'json', 'jsonb', 'bytea', 'xml'],
  ...['inet', 'cidr', 'macaddr', 'bit(4)', 'bit(8)', 'varbit', 'varbit(8)', 'varbit(16)'],
  ...['int4range', 'tstzrange', 'tsvector', 'integer[]', 'bigint[]', 'varchar(10)[]', 'varchar[]', 'text[]'],
];

const PAIRS = TYPES.flatMap((from) => TYPES.map((to) => [from, to] as const));

/** In the words of SQL. */
const CHANGES = PAIRS.map(([from, to]) => [sqlOf(from), sqlOf(to)] as const);

describe('proof: the type-change matrix against PostgreSQL 18', () => {
  it(`tells all ${PAIRS.length} changes between ${TYPES.length} types as PostgreSQL does`, async () => {
    const measured = await measureChanges(true);
    const wrong = PAIRS.flatMap(([from, to], index) => {
      const told = inTermsOfFiles(typeChangeOf(typeOf(from), typeOf(to)));
      return told === measured[index] ? [] : [`${from} → ${to}: told ${told}, measured ${measured[index]}`];
    });
    assert.deepEqual(wrong, []);
  });
});

/** The oldest, and the one that has casts which those before it have not. */
for (const major of [12, NEWEST]) {
  describe(`proof: SQL text that changes a type without USING on PostgreSQL ${major}`, () => {
    after(() => stopOlderPostgres(major));

    it(`is told to fail for those of the ${PAIRS.length} changes that PostgreSQL refuses`, async () => {
      const measured = await measuredOn(major);
      const wrong = [];
      for (const [index, [from, to]] of PAIRS.entries()) {
        const table = `CREATE TABLE t (c ${sqlOf(from)})`;
        const steps = await stepsOf(major, [table], `ALTER TABLE t ALTER COLUMN c TYPE ${sqlOf(to)}`, 'one');
        const told = steps.some(({ change, setting }) => cannotRun(change, setting));
        if (told !== (measured[index] === 'impossible')) wrong.push(`${from} → ${to}: told ${told}`);
      }
      assert.deepEqual(wrong, []);
    });
  });
}

async function measuredOn(major: number): Promise<readonly string[]> {
  if (major === NEWEST) return measureChanges(false);
  const driver = await useOlderPostgres(major);
  const [, measured] = await driver.run({ database: 'postgres' }, [
    { do: 'execute', sql: ['CREATE EXTENSION IF NOT EXISTS citext'] },
    { do: 'type-changes', using: false, changes: CHANGES },
  ]);
  return measured;
}

async function measureChanges(using: boolean): Promise<readonly string[]> {
  const { driver, createDatabase } = await useLaboratory();
  const database = await createDatabase();
  // Where the session's zone is not UTC, timestamps are converted. Django's is, unless a project says otherwise.
  const [, measured] = await driver.run({ database }, [
    { do: 'execute', sql: ['CREATE EXTENSION citext', `ALTER DATABASE ${database} SET timezone = 'UTC'`] },
    { do: 'type-changes', using, changes: CHANGES },
  ]);
  return measured;
}

/** What can be seen from outside: whether the table is in another file afterwards. */
function inTermsOfFiles(change: TypeChange): string {
  if (change === 'same') return 'free';
  return change === 'rewrite-and-may-fail' ? 'rewrite' : change;
}

function typeOf(text: string): ColumnType {
  const [, name = '', args, array] = /^([a-z0-9 ]+?)(?:\((.*)\))?(\[\])?$/.exec(text) ?? [];
  return { name, arguments: args === undefined ? [] : args.split(',').map(Number), isArray: array !== undefined };
}

/** PostgreSQL wants the precision of a time before its zone. */
function sqlOf(text: string): string {
  return text.replace(/^(\w+)( with time zone)(\(\d\))$/, '$1$3$2');
}
