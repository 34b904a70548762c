import type { ExampleProof } from '../example-proof.ts';

export const proofs: Readonly<Record<string, ExampleProof>> = {
  'Added and written to rows in one migration': {
    tables: [
      "CREATE TYPE shop_state AS ENUM ('new')",
      'CREATE TABLE shop_order (id bigint PRIMARY KEY, state shop_state)',
    ],
  },
  'In one string, which is one transaction even without Django’s': {
    fixes: {
      'Use it in the next migration': {
        schema: {
          added: [
            "column shop_order.state: shop_state default 'returned'::shop_state",
            'enum shop_state (new, paid, returned)',
          ],
          removed: ['column shop_order.state: shop_state', 'enum shop_state (new, paid)'],
        },
        rows: {
          added: [
            'shop_order {"id": 1, "note": "nothing", "state": "new"}',
            'shop_order {"id": 2, "note": "nothing", "state": "new"}',
            'shop_order {"id": 3, "note": "nothing", "state": null}',
          ],
          removed: [
            'shop_order {"id": 1, "note": "text 1", "state": "new"}',
            'shop_order {"id": 2, "note": "text 2", "state": "new"}',
            'shop_order {"id": 3, "note": null, "state": null}',
          ],
        },
        rolledBack: {
          added: [
            "column shop_order.state: shop_state default 'returned'::shop_state",
            'enum shop_state (new, paid, returned)',
          ],
          removed: ['column shop_order.state: shop_state', 'enum shop_state (new, paid)'],
        },
      },
    },
  },
};
