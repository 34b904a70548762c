import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { md5 } from '../../../server/src/base/md5.ts';
import { generatedName, splitTableName, truncatedName } from '../../../server/src/django/identifiers.ts';

describe('md5', () => {
  it('is what every other implementation says, at every length around the block size', () => {
    for (let length = 0; length < 140; length++) {
      const text = 'aé€😀'
        .repeat(length)
        .slice(0, length)
        .replaceAll(/[\ud800-\udfff]/g, 'z');
      assert.equal(md5(text), createHash('md5').update(text).digest('hex'), `of ${length} characters`);
    }
  });
});

// The expected names were taken from Django 5.2.
describe('names that Django makes up', () => {
  it('are whole where they fit', () => {
    assert.equal(
      generatedName('shop_order', ['number', 'year'], '_uniq', 'postgresql'),
      'shop_order_number_year_6c7c9f6d_uniq',
    );
  });

  it('are cut where they do not', () => {
    const table = 'shop_verylongmodelnamethattakesupspaceintables';
    assert.equal(
      generatedName(table, ['alpha_id'], `_fk_${table}_id`, 'postgresql'),
      'shop_verylongmodelna_alpha_id_7d953abe_fk_shop_very',
    );
    assert.equal(
      generatedName('shop_customer', ['epsilon_with_quite_a_long_name_to_be_cut'], '_like', 'postgresql'),
      'shop_customer_epsilon_with_quite_a_lon_eb7b892a_like',
    );
  });

  it('are cut for tables by the rules of the database', () => {
    const name = 'shop_averyveryverylongmodelnamethatislongerthanpostgresqlallows_watchers';
    assert.equal(truncatedName(name, 'sqlite'), name);
    assert.equal(truncatedName(name, 'postgresql'), `${name.slice(0, 59)}${md5(name).slice(0, 4)}`);
  });
});

describe('splitTableName', () => {
  it('finds the schema that quotes smuggle in', () => {
    assert.deepEqual(splitTableName('sales"."orders'), { schema: 'sales', name: 'orders' });
    assert.deepEqual(splitTableName('"sales"."orders"'), { schema: 'sales', name: 'orders' });
    assert.deepEqual(splitTableName('orders'), { schema: undefined, name: 'orders' });
  });
});
