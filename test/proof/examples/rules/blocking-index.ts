import type { ExampleProof } from '../example-proof.ts';
import { historyOf } from '../history.ts';

export const proofs: Readonly<Record<string, ExampleProof>> = {
  'A foreign key brings an index of its own': {
    fixes: {
      'Add the column without its index, and build that concurrently in a migration of its own': {
        schema: {
          added: ['index shop_order.shop_order_courier_id_idx: btree (courier_id)'],
          removed: ['index shop_order.shop_order_courier_id_45f6ea91: btree (courier_id)'],
        },
      },
    },
  },
  'An existing column gets db_index': {
    fixes: {
      'Build the index concurrently': {
        // Django finds the index of a field by its column, whatever its name is.
        schema: {
          added: ['index shop_order.shop_order_placed_at_idx: btree (placed_at)'],
          removed: ['index shop_order.shop_order_placed_at_d1473600: btree (placed_at)'],
        },
      },
    },
  },
  'In SQL, one of several statements': {
    history: historyOf({
      file: 'shop/migrations/0001_initial.py',
      models: { Order: '', Invoice: '("number", models.CharField(max_length=20)),' },
    }),
  },
};
