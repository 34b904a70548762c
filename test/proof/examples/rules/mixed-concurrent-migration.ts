import type { ExampleProof } from '../example-proof.ts';
import { historyOf } from '../history.ts';

export const proofs: Readonly<Record<string, ExampleProof>> = {
  'In SQL, beside a data function': {
    history: historyOf({
      file: 'shop/migrations/0001_initial.py',
      models: { Order: '("placed_at", models.DateTimeField()),\n("closed", models.BooleanField()),' },
    }),
    tables: ['CREATE INDEX order_placed_at_idx ON shop_order (placed_at)'],
  },
};
