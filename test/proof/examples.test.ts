import { strict as assert } from 'node:assert/strict';
import { join } from 'node:path';
import { check } from './stepwise-command.ts';

const EXAMPLES = join(import.meta.dirname, '..', '..', 'examples');

async function findingsOf(example: string): Promise<readonly string[]> {
  const { findings, problems } = await check(join(EXAMPLES, example));
  assert.deepEqual(problems, []);
  return findings.map(({ file, rule }) => `${file.replace(/(^|\/)migrations\/(versions\/)?/, '$1')} ${rule}`).sort();
}

describe('proof: what the examples show', () => {
  it('finds in the shop what its README tells, and nothing else', async () => {
    assert.deepEqual(await findingsOf('shop'), [
      'catalog/0003_product_title_index.py blocking-index',
      'catalog/0005_drop_legacy_code.py drop-column',
      'catalog/0006_product_shipping_details.py not-null-without-default',
      'customers/0002_contact_details.py rename-column',
      'customers/0003_last_name.py drop-and-recreate-column',
      'customers/0003_last_name.py not-null-with-dropped-default',
      'newsletter/0002_reset_preferences.py overwrite-all-rows',
      'newsletter/0003_clean_up.py delete-all-rows',
      'newsletter/0003_clean_up.py delete-rows',
      'newsletter/0004_subscriber_source.py direct-model-import',
      'newsletter/0004_subscriber_source.py irreversible-run-python',
      'orders/0002_invoice_numbers.py irreversible-run-sql',
      'orders/0003_fill_order_totals.py unbatched-data-migration',
      'orders/0004_order_total_required.py set-not-null',
      'orders/0008_new_checkout.py drop-and-recreate-table',
      'orders/0008_new_checkout.py drop-table',
      'orders/0008_new_checkout.py many-tables-locked',
      'orders/0009_busy_tables.py opaque-operation',
      'orders/0009_busy_tables.py unknown-suppression',
      'orders/0009_busy_tables.py unused-suppression',
      'reporting/0002_faster_imports.py blocking-index',
      'reporting/0004_sane_numbers.py validating-check',
      'reporting/0006_new_year.py delete-all-rows',
      'reporting/0006_new_year.py sql-string-interpolation',
      'reporting/0006_new_year.py truncate-table',
      'reporting/0007_refresh_best_sellers.py blocking-refresh',
    ]);
  });

  it('finds in the catalog what its README tells, and nothing else', async () => {
    assert.deepEqual(await findingsOf('catalog'), [
      '0dc75f3e92ab_loan_reminders.py unbatched-data-migration',
      '0dc75f3e92ab_loan_reminders.py validating-check',
      '0dc75f3e92ab_loan_reminders.py work-under-exclusive-lock',
      '2a7df0c5e861_member_full_name.py rename-column',
      '58d3b7c2f6a1_book_isbn.py not-null-without-default',
      '7b02e5d61c3f_members_and_loans.py enum-type-leak',
      'b63e82f1a4c9_member_email_required.py blocking-unique',
      'b63e82f1a4c9_member_email_required.py mixed-schema-and-data',
      'b63e82f1a4c9_member_email_required.py set-not-null',
      'c94d17ab3e58_book_title_index.py blocking-index',
      'e20f9c84b7d5_publishers.py validating-foreign-key',
      'f5198bd3c07a_book_shelf_gone.py drop-column',
      'f5198bd3c07a_book_shelf_gone.py irreversible-downgrade',
    ]);
  });

  it('finds in the depot what its README tells, and nothing else', async () => {
    assert.deepEqual(await findingsOf('broken-history'), [
      'parcels/0002_parcel_barcode_index.py concurrent-in-transaction',
      'pricing/0002_price_list_supplier.py dependency-cycle',
      'returns/0003_return_inspected_at.py unknown-parent',
      'stock/0002_bin_is_cooled.py multiple-leaves',
      'suppliers/0002_supplier_discount.py dependency-cycle',
    ]);
  });
});
