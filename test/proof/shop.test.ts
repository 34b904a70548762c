import { strict as assert } from 'node:assert/strict';
import { join } from 'node:path';
import { useLaboratory } from './laboratory.ts';

const SHOP = join(import.meta.dirname, '..', '..', 'examples', 'shop');

describe('proof: examples/shop', () => {
  it('migrates an empty database', async () => {
    const { driver, createDatabase } = await useLaboratory();
    const database = await createDatabase();
    const [, schema] = await driver.run({ database, project: SHOP }, [{ do: 'migrate' }, { do: 'schema' }]);
    assert.ok(schema.includes('column catalog_product.weight_grams: integer not null'));
    assert.ok(schema.includes('column orders_order.placed_at: timestamp with time zone not null'));
  });

  it('has models that agree with its migrations', async () => {
    const { driver, createDatabase } = await useLaboratory();
    const [pending] = await driver.run({ database: await createDatabase(), project: SHOP }, [{ do: 'pending' }]);
    assert.equal(pending, '');
  });
});
