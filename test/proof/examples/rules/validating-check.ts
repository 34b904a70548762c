import type { ExampleProof } from '../example-proof.ts';
import { historyOf } from '../history.ts';

export const proofs: Readonly<Record<string, ExampleProof>> = {
  'In SQL, in one of several statements': {
    history: historyOf({
      file: 'shop/migrations/0001_initial.py',
      models: { Order: '("total", models.IntegerField()),' },
    }),
    fixes: {
      'Add the constraint NOT VALID, and validate it in the next migration': {
        // With the constraint that the migration adds NOT VALID itself.
        finally: {
          schema: {
            added: ['constraint shop_order.shop_order_weight_check: CHECK ((weight > 0))'],
            removed: ['constraint shop_order.shop_order_weight_check: CHECK ((weight > 0)) NOT VALID'],
          },
        },
      },
    },
  },
};
