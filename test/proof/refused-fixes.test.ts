import { strict as assert } from 'node:assert/strict';
import { rules } from '../../server/src/rules/registry.ts';
import { openTexts } from '../support/rule-examples.ts';
import { RunFailed } from './driver.ts';
import { useLaboratory } from './laboratory.ts';

/** A statement that hurts, on a table whose form PostgreSQL knows no better way for. */
interface Refused {
  readonly rule: string;
  /** The tables that it meets. */
  readonly given: readonly string[];
  readonly sql: string;
  /** What the fix would send instead, and why PostgreSQL refuses it. */
  readonly better: readonly string[];
  readonly error: RegExp;
  /** The same tables in the form that the fix is for. */
  readonly plain: readonly string[];
}

const columns = 'shop_event (id bigint NOT NULL, at date NOT NULL)';
const partitioned = [`CREATE TABLE ${columns} PARTITION BY RANGE (at)`];
const plain = [`CREATE TABLE ${columns}`];
const index = 'CREATE INDEX shop_event_id ON shop_event (id)';
const view = 'CREATE MATERIALIZED VIEW shop_daily AS SELECT 1 AS day';

const cases: readonly Refused[] = [
  {
    rule: 'blocking-index',
    given: partitioned,
    sql: index,
    better: ['CREATE INDEX CONCURRENTLY shop_event_id ON shop_event (id)'],
    error: /cannot create index on partitioned table "shop_event" concurrently/,
    plain,
  },
  {
    rule: 'blocking-index-drop',
    given: [...partitioned, index],
    sql: 'DROP INDEX shop_event_id',
    better: ['DROP INDEX CONCURRENTLY shop_event_id'],
    error: /cannot drop partitioned index "shop_event_id" concurrently/,
    plain: [...plain, index],
  },
  {
    rule: 'blocking-unique',
    given: partitioned,
    sql: 'ALTER TABLE shop_event ADD CONSTRAINT once UNIQUE (id, at)',
    better: [
      'CREATE UNIQUE INDEX once ON shop_event (id, at)',
      'ALTER TABLE shop_event ADD CONSTRAINT once UNIQUE USING INDEX once',
    ],
    error: /USING INDEX is not supported on partitioned tables/,
    plain,
  },
  {
    rule: 'blocking-primary-key',
    given: partitioned,
    sql: 'ALTER TABLE shop_event ADD PRIMARY KEY (id, at)',
    better: ['CREATE UNIQUE INDEX CONCURRENTLY shop_event_pkey ON shop_event (id, at)'],
    error: /cannot create index on partitioned table "shop_event" concurrently/,
    plain,
  },
  {
    rule: 'concurrent-in-transaction',
    given: partitioned,
    sql: 'CREATE INDEX CONCURRENTLY shop_event_id ON shop_event (id)',
    better: ['CREATE INDEX CONCURRENTLY shop_event_id ON shop_event (id)'],
    error: /cannot create index on partitioned table "shop_event" concurrently/,
    plain,
  },
  {
    rule: 'blocking-refresh',
    given: [view],
    sql: 'REFRESH MATERIALIZED VIEW shop_daily',
    better: ['REFRESH MATERIALIZED VIEW CONCURRENTLY shop_daily'],
    error: /cannot refresh materialized view "public.shop_daily" concurrently/,
    plain: [view, 'CREATE UNIQUE INDEX shop_daily_day ON shop_daily (day)'],
  },
];

describe('proof: fixes that are not offered where PostgreSQL refuses what they would write', () => {
  for (const { rule, given, sql, better, error, plain: usual } of cases) {
    it(`${rule}: ${given.join('; ')}`, async () => {
      assert.deepEqual(await fixesOf(rule, given, sql), []);
      await assert.rejects(execute([...given, ...better]), (reason) => {
        assert.ok(reason instanceof RunFailed);
        assert.match(reason.message, error);
        return true;
      });
    });

    it(`${rule}: offered and taken on ${usual.join('; ')}`, async () => {
      assert.notDeepEqual(await fixesOf(rule, usual, sql), []);
      await execute([...usual, ...better]);
    });
  }
});

describe('proof: what partitioned tables take since PostgreSQL 18', () => {
  const rule = 'validating-foreign-key';
  const given = [...partitioned, 'CREATE TABLE shop_order (id bigint PRIMARY KEY)'];
  const key = 'ALTER TABLE shop_event ADD CONSTRAINT of_order FOREIGN KEY (id) REFERENCES shop_order (id)';

  it('foreign keys that are NOT VALID', async () => {
    const [fix] = await fixesOf(rule, given, key);
    assert.match(fix ?? '', /NOT VALID/);
    await execute([...given, `${key} NOT VALID`, 'ALTER TABLE shop_event VALIDATE CONSTRAINT of_order']);
  });

  it('they are not offered for an older one', async () => {
    const settings = 'database = "postgresql"\ndatabase-version = "17"';
    assert.deepEqual(await fixesOf(rule, given, key, settings), []);
  });
});

async function execute(sql: readonly string[]): Promise<void> {
  const { driver, createDatabase } = await useLaboratory();
  await driver.run({ database: await createDatabase() }, [{ do: 'execute', sql }]);
}

async function fixesOf(name: string, given: readonly string[], sql: string, settings = ''): Promise<readonly string[]> {
  const checked = 'shop/migrations/0002_event.py';
  const texts = new Map([
    ['pyproject.toml', `[tool.stepwise]\n${settings}\n`],
    ['shop/migrations/0001_initial.py', migrationOf(given, '')],
    [checked, migrationOf([sql], '("shop", "0001_initial")')],
  ]);
  const findings = (await openTexts(texts, rules)).check(checked).filter(({ rule }) => rule.name === name);
  assert.equal(findings.length, 1, `${name} speaks`);
  return findings.flatMap(({ fixes }) => fixes().map(({ title }) => title));
}

function migrationOf(sql: readonly string[], dependency: string): string {
  const operations = sql.map((each) => `        migrations.RunSQL(${JSON.stringify(each)}, migrations.RunSQL.noop),\n`);
  return `from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [${dependency}]

    operations = [
${operations.join('')}    ]
`;
}
