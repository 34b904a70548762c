import type { ExampleProof } from '../example-proof.ts';

export const proofs: Readonly<Record<string, ExampleProof>> = {
  // There the unfixed revision fails: what the fix makes is compared with what was there before.
  'On SQLite a table is copied with named constraints only': {
    fixes: {
      'Name it "fk_orders_customer_id_customers"': {
        schema: {
          added: [
            'constraint orders.fk_orders_customer_id_customers',
            'foreign key of orders (customer_id) to customers (id)',
          ],
        },
      },
    },
  },
};
