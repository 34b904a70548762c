import { strict as assert } from 'node:assert/strict';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assertDifference } from './difference.ts';
import { fillIn } from './fill-in.ts';
import { useLaboratory } from './laboratory.ts';
import { check, fixAll } from './stepwise-command.ts';

const SHOP = join(import.meta.dirname, '..', '..', 'examples', 'shop');

describe('proof: all fixes of the shop together', () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'stepwise-shop-'));
    await cp(SHOP, folder, { recursive: true });
    await fixAll(folder);
    // What only the shop knows: which deliveries go.
    await fillIn(
      join(folder, 'newsletter/migrations/0003_clean_up.py'),
      'raise NotImplementedError("Write which rows of newsletter_delivery are deleted.")',
      'return rows.filter(opened=False)',
    );
  });

  after(() => rm(folder, { recursive: true, force: true }));

  it('migrate an empty database; models and migrations agree', async () => {
    const { driver, createDatabase } = await useLaboratory();
    // What is emptied with TRUNCATE is only guarded: here it may go.
    const environment = { ALLOW_DESTRUCTIVE_MIGRATIONS: '1' };
    const session = { database: await createDatabase(), project: folder, environment };
    const [, pending, schema] = await driver.run(session, [{ do: 'migrate' }, { do: 'pending' }, { do: 'schema' }]);
    assert.equal(pending, '');
    const unfixed = { database: await createDatabase(), project: SHOP };
    const [, before] = await driver.run(unfixed, [{ do: 'migrate' }, { do: 'schema' }]);
    // Columns and tables that go in a later release are still there, and NOT NULL comes with one. Renamed fields keep their
    // columns, defaults stay in the database, and deleted rows are in an archive.
    assertDifference('The schema', schema, before, {
      added: [
        'column catalog_product.legacy_code: character varying(20)',
        'column catalog_product.weight_grams: integer',
        'column customers_customer.lastname: character varying(80) not null',
        'column customers_customer.phone: character varying(32) not null',
        "column orders_shipment.tracking_number: character varying(60) not null default ''::character varying",
        'table reporting_importedrow_archived',
        'column reporting_importedrow_archived.id: bigint',
        'column reporting_importedrow_archived.imported_at: timestamp with time zone',
        'column reporting_importedrow_archived.payload: text',
        'column reporting_importedrow_archived.source: character varying(40)',
        'column orders_shipment.tracking: character varying(40)',
        'table orders_cartline',
        'column orders_cartline.cart_id: bigint not null',
        'column orders_cartline.id: bigint not null identity',
        'column orders_cartline.product_id: bigint not null',
        'column orders_cartline.quantity: integer not null',
        'constraint orders_cartline.orders_cartline_pkey: PRIMARY KEY (id)',
        'constraint orders_cartline.orders_cartline_cart_id_af5e6867_fk_orders_cart_id: FOREIGN KEY (cart_id) REFERENCES orders_cart(id) DEFERRABLE INITIALLY DEFERRED',
        'constraint orders_cartline.orders_cartline_product_id_50c0512b_fk_catalog_product_id: FOREIGN KEY (product_id) REFERENCES catalog_product(id) DEFERRABLE INITIALLY DEFERRED',
        'index orders_cartline.orders_cartline_cart_id_af5e6867: btree (cart_id)',
        'index orders_cartline.orders_cartline_product_id_50c0512b: btree (product_id)',
      ],
      removed: [
        'column catalog_product.weight_grams: integer not null',
        'column customers_customer.last_name: character varying(80) not null',
        'column customers_customer.mobile: character varying(32) not null',
        'column orders_shipment.tracking_number: character varying(60) not null',
      ],
    });
  });

  it('leave nothing that a fix could mend', async () => {
    const { findings, problems } = await check(folder);
    assert.deepEqual(problems, []);
    assert.deepEqual(
      findings.map(({ file, rule }) => `${file} ${rule}`),
      [
        'newsletter/migrations/0003_clean_up.py delete-rows',
        // The delete of all rows, narrowed.
        'newsletter/migrations/0003_clean_up.py delete-rows',
        'orders/migrations/0009_busy_tables.py opaque-operation',
      ],
    );
  });
});
