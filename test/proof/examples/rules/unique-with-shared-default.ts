import type { ExampleProof } from '../example-proof.ts';

export const proofs: Readonly<Record<string, ExampleProof>> = {
  'A callable is called once, and so is a constant': {
    // The constant is not mended: with two rows its migration fails.
    rows: ['INSERT INTO shop_order DEFAULT VALUES'],
    fixes: {
      'Add "token" empty, give each row a value of its own, then make it unique; set NOT NULL in a later release': {
        schema: {
          added: [
            'column shop_order.token: uuid',
            'constraint shop_order.shop_order_token_02467206_uniq: UNIQUE (token)',
          ],
          removed: [
            'column shop_order.token: uuid not null',
            'constraint shop_order.shop_order_token_key: UNIQUE (token)',
          ],
        },
        volatile: ['token'],
        finally: {
          schema: {
            added: ['constraint shop_order.shop_order_token_02467206_uniq: UNIQUE (token)'],
            removed: ['constraint shop_order.shop_order_token_key: UNIQUE (token)'],
          },
        },
      },
    },
  },
};
