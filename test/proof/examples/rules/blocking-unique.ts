import type { ExampleProof } from '../example-proof.ts';

export const proofs: Readonly<Record<string, ExampleProof>> = {
  'A new column is unique': {
    fixes: {
      'Add the column first, build its index concurrently, then make it unique': {
        schema: {
          added: ['constraint shop_order.shop_order_invoice_id_7c6878f3_uniq: UNIQUE (invoice_id)'],
          removed: ['constraint shop_order.shop_order_invoice_id_key: UNIQUE (invoice_id)'],
        },
      },
    },
  },
};
