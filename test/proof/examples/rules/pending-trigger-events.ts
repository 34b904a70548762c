import type { ExampleProof } from '../example-proof.ts';

const altered = {
  added: ['column shop_line.order_id: bigint not null', 'index shop_order.shop_order_note: btree (note)'],
  removed: ['column shop_line.order_id: bigint'],
};

export const proofs: Readonly<Record<string, ExampleProof>> = {
  'In SQL, in a migration and in a single string': {
    rows: [
      'INSERT INTO shop_customer VALUES (7)',
      "INSERT INTO shop_order VALUES (7, 7, 'x')",
      'INSERT INTO shop_line VALUES (7, 7)',
    ],
    fixes: {
      'Write the rows and change the tables in 4 migrations': {
        schema: altered,
        rows: {
          added: ['shop_order {"id": 1, "note": "first", "customer_id": null}', 'shop_line {"id": 7, "order_id": 1}'],
          removed: ['shop_line {"id": 7, "order_id": 7}'],
        },
        rolledBack: altered,
      },
    },
  },
};
