import { strict as assert } from 'node:assert/strict';
import { join } from 'node:path';
import type { Measurement } from './driver.ts';
import { useLaboratory } from './laboratory.ts';

const SHOP = join(import.meta.dirname, '..', '..', 'examples', 'shop');
const DEPOT = join(import.meta.dirname, '..', '..', 'examples', 'broken-history');

type Measured = Pick<Measurement, 'locks' | 'rewrites' | 'scans' | 'builds'>;

/** Measures what Django sends for a migration of the shop, on the schema just before it. */
async function measureMigration(app: string, before: string, migration: string): Promise<readonly Measured[]> {
  const { driver, createDatabase } = await useLaboratory();
  const session = { database: await createDatabase(), project: SHOP };
  const [, , sql] = await driver.run(session, [
    { do: 'migrate', app, to: before },
    { do: 'execute', sql: FILL },
    { do: 'sqlmigrate', app, migration },
  ]);
  const statements = sql.split('\n').filter((line) => line !== '' && !/^(--|BEGIN;|COMMIT;)/.test(line));
  return Promise.all(
    statements.map(async (statement) => {
      const [, index] = /CREATE INDEX CONCURRENTLY (\S+)/.exec(statement) ?? [];
      const given = index === undefined ? [] : [`DROP INDEX IF EXISTS ${index}`];
      const [measurement] = await driver.run({ database: session.database }, [
        { do: 'measure', sql: statement, given },
      ]);
      const { locks, rewrites, scans, builds } = measurement;
      return { locks, rewrites, scans, builds };
    }),
  );
}

/** Rows for the tables that are there; PostgreSQL plans and checks by what it finds. */
const FILL = [
  `DO $$ BEGIN
    INSERT INTO catalog_category (name, slug) VALUES ('Pets', 'pets');
    INSERT INTO catalog_product (sku, title, description, price, stock, created_at, category_id, legacy_code)
      SELECT 'sku-' || n, 'Bowl', '', 1, 1, now(), (SELECT min(id) FROM catalog_category), '' FROM generate_series(1, 50) n;
    IF to_regclass('orders_order') IS NOT NULL THEN
      INSERT INTO customers_customer (first_name, joined_at, lastname, email_address, phone)
        VALUES ('Ada', now(), 'L', 'ada@example.com', '');
      INSERT INTO orders_order (number, total, placed_at, note, customer_id)
        SELECT 'n-' || n, 1, now(), '', (SELECT min(id) FROM customers_customer) FROM generate_series(1, 50) n;
    END IF;
  END $$`,
];

describe('proof: hazards', () => {
  it('blocking-index: writes to the table wait', async () => {
    assert.deepEqual(await measureMigration('catalog', '0002_seed_categories', '0003_product_title_index'), [
      {
        locks: { catalog_product: 'ShareLock' },
        rewrites: [],
        scans: ['catalog_product'],
        builds: ['catalog_product'],
      },
    ]);
  });

  it('blocking-index: the safe form lets writes through', async () => {
    const [measurement] = await measureMigration('catalog', '0003_product_title_index', '0004_product_price_index');
    assert.deepEqual(measurement?.locks, { catalog_product: 'ShareUpdateExclusiveLock' });
  });

  it('set-not-null: the table is read while nobody can use it', async () => {
    assert.deepEqual(await measureMigration('orders', '0003_fill_order_totals', '0004_order_total_required'), [
      { locks: { orders_order: 'AccessExclusiveLock' }, rewrites: [], scans: ['orders_order'], builds: [] },
    ]);
  });

  it('set-not-null: after a validated check nothing is read', async () => {
    const [setNotNull] = await measureMigration(
      'orders',
      '0006_validate_order_placed_at',
      '0007_order_placed_at_required',
    );
    assert.deepEqual(setNotNull, {
      locks: { orders_order: 'AccessExclusiveLock' },
      rewrites: [],
      scans: [],
      builds: [],
    });
  });

  it('set-not-null: validating the check reads the table beside reads and writes', async () => {
    assert.deepEqual(await measureMigration('orders', '0005_order_placed_at_check', '0006_validate_order_placed_at'), [
      { locks: { orders_order: 'ShareUpdateExclusiveLock' }, rewrites: [], scans: ['orders_order'], builds: [] },
    ]);
  });

  it('not-null-without-default: the migration fails on a table with rows', async () => {
    const { driver, createDatabase } = await useLaboratory();
    const session = { database: await createDatabase(), project: SHOP };
    await driver.run(session, [
      { do: 'migrate', app: 'catalog', to: '0005_drop_legacy_code' },
      {
        do: 'execute',
        sql: [
          "INSERT INTO catalog_product (sku, title, description, price, stock, created_at, category_id) SELECT 'x', 'Bowl', '', 1, 1, now(), min(id) FROM catalog_category",
        ],
      },
    ]);
    await assert.rejects(driver.run(session, [{ do: 'migrate', app: 'catalog' }]), {
      type: 'IntegrityError',
      message: /column "weight_grams" of relation "catalog_product" contains null values/,
    });
  });

  it('a broken history: migrate does not begin', async () => {
    const { driver, createDatabase } = await useLaboratory();
    const session = { database: await createDatabase(), project: DEPOT };
    await assert.rejects(driver.run(session, [{ do: 'migrate' }]), { type: 'NodeNotFoundError' });
  });
});
