import assert from 'node:assert/strict';
import { type TypeChange, typeChangeOf } from '../../../server/src/database/postgresql/type-change.ts';
import type { ColumnType } from '../../../server/src/schema/column.ts';

/** Reads `varchar(10)[]`, `numeric(10,2)`, `timestamp(3) with time zone`. */
function typeOf(text: string): ColumnType {
  const match = /^([a-z0-9 ]+?)(?:\(([\d, ]+)\))?( with time zone)?(\[\])?$/.exec(text);
  assert.ok(match?.[1] !== undefined, text);
  const args = match[2] === undefined ? [] : match[2].split(',').map(Number);
  return { name: match[1] + (match[3] ?? ''), arguments: args, isArray: match[4] !== undefined };
}

function checkChange(from: string, to: string, expected: TypeChange): void {
  assert.equal(typeChangeOf(typeOf(from), typeOf(to)), expected, `${from} -> ${to}`);
}

/** Every pair of these was altered on PostgreSQL 15.18 and 18.4, with and without USING. */
const measured = [
  'smallint, integer, bigint, real, double precision, numeric, numeric(10,2), numeric(12,2), numeric(12,4), numeric(8,2)',
  'varchar, varchar(10), varchar(20), char(10), char(20), text, citext, boolean, date, time, time(3)',
  'time with time zone, timestamp, timestamp(3), timestamp with time zone, timestamp(3) with time zone',
  'interval, interval(3), uuid, json, jsonb, inet, cidr, macaddr, xml, bit(4), bit varying(4)',
  'bit varying(8), bit varying, int4range, int8range, tstzrange, daterange, money, oid, tsvector',
  'integer[], bigint[], varchar(10)[], varchar(20)[], varchar[], text[], numeric(10,2)[], numeric(12,2)[]',
]
  .join(', ')
  .split(/, (?=[a-z])/);

/** The pairs whose `relfilenode` stayed the same, in a session in UTC. */
const free = new Set(
  [
    ...['varchar', 'varchar(20)', 'text', 'citext'].map((to) => `varchar(10) -> ${to}`),
    ...['varchar', 'text', 'citext'].map((to) => `varchar(20) -> ${to}`),
    ...['text', 'citext'].map((to) => `varchar -> ${to}`),
    ...['varchar', 'citext'].map((to) => `text -> ${to}`),
    ...['varchar', 'text'].flatMap((to) => [`citext -> ${to}`, `xml -> ${to}`]),
    ...['numeric(10,2)', 'numeric(12,2)', 'numeric'].map((to) => `numeric(8,2) -> ${to}`),
    ...['numeric(12,2)', 'numeric'].map((to) => `numeric(10,2) -> ${to}`),
    ...['numeric(12,2)', 'numeric(12,4)'].map((from) => `${from} -> numeric`),
    ...['bit(4)', 'bit varying(4)', 'bit varying(8)'].map((from) => `${from} -> bit varying`),
    'bit varying(4) -> bit varying(8)',
    'cidr -> inet',
    'integer -> oid',
    'oid -> integer',
    'interval(3) -> interval',
    'time(3) -> time',
    'timestamp(3) -> timestamp',
    'timestamp(3) with time zone -> timestamp with time zone',
    'timestamp -> timestamp with time zone',
    'timestamp(3) -> timestamp with time zone',
    'timestamp with time zone -> timestamp',
    'timestamp(3) with time zone -> timestamp',
    'varchar(10)[] -> varchar[]',
    'varchar(20)[] -> varchar[]',
  ].sort(),
);

describe('typeChangeOf', () => {
  it('is free for exactly the pairs that PostgreSQL was measured to leave alone', () => {
    const claimed = measured.flatMap((from) =>
      measured.filter((to) => typeChangeOf(typeOf(from), typeOf(to)) === 'free').map((to) => `${from} -> ${to}`),
    );
    assert.deepEqual(claimed.sort(), [...free]);
  });

  it('knows every pair of built-in types', () => {
    const unknown = measured.flatMap((from) =>
      measured.filter((to) => typeChangeOf(typeOf(from), typeOf(to)) === 'unknown').map((to) => `${from} -> ${to}`),
    );
    assert.deepEqual(unknown, []);
  });

  it('takes other spellings for the same type', () => {
    checkChange('int4', 'integer', 'same');
    checkChange('serial', 'integer', 'same');
    checkChange('bigserial', 'bigint', 'same');
    checkChange('timestamptz', 'timestamp with time zone', 'same');
    checkChange('timestamp(6) with time zone', 'timestamp with time zone', 'same');
    checkChange('decimal(10)', 'numeric(10, 0)', 'same');
    checkChange('character varying(5)', 'varchar(5)', 'same');
  });

  it('rewrites what is stored in another form', () => {
    checkChange('integer', 'bigint', 'rewrite');
    checkChange('serial', 'bigserial', 'rewrite');
    checkChange('boolean', 'integer', 'rewrite');
    checkChange('integer', 'text', 'rewrite');
    checkChange('integer', 'varchar(11)', 'rewrite');
    checkChange('uuid', 'varchar(36)', 'rewrite');
    checkChange('numeric(10,2)', 'numeric(14,4)', 'rewrite');
    checkChange('integer', 'numeric(10,0)', 'rewrite');
    checkChange('varchar(10)', 'char(10)', 'rewrite');
    checkChange('varchar(10)[]', 'varchar(20)[]', 'rewrite');
  });

  it('may fail or cut values where the new type holds less', () => {
    checkChange('varchar(20)', 'varchar(10)', 'rewrite-and-may-fail');
    checkChange('varchar', 'varchar(10)', 'rewrite-and-may-fail');
    checkChange('text', 'varchar(255)', 'rewrite-and-may-fail');
    checkChange('bigint', 'integer', 'rewrite-and-may-fail');
    checkChange('integer', 'varchar(5)', 'rewrite-and-may-fail');
    checkChange('integer', 'numeric(9,2)', 'rewrite-and-may-fail');
    checkChange('numeric(10,2)', 'numeric(10,4)', 'rewrite-and-may-fail');
    checkChange('numeric(10,2)', 'numeric(8,2)', 'rewrite-and-may-fail');
    checkChange('timestamp with time zone', 'date', 'rewrite-and-may-fail');
    checkChange('timestamp with time zone', 'timestamp(3) with time zone', 'rewrite-and-may-fail');
    checkChange('text', 'jsonb', 'rewrite-and-may-fail');
    checkChange('varchar(36)', 'uuid', 'rewrite-and-may-fail');
  });

  it('is impossible where no cast leads', () => {
    checkChange('uuid', 'integer', 'impossible');
    checkChange('date', 'boolean', 'impossible');
    checkChange('integer', 'uuid', 'impossible');
    checkChange('integer', 'integer[]', 'impossible');
  });

  it('concludes nothing about types of nobody', () => {
    checkChange('unknown', 'integer', 'unknown');
    checkChange('integer', 'unknown', 'unknown');
    checkChange('geometry', 'geography', 'unknown');
  });
});
