import type { ExampleProof } from '../example-proof.ts';
import { historyOf } from '../history.ts';

export const proofs: Readonly<Record<string, ExampleProof>> = {
  'A view of an earlier migration': {
    history: historyOf({
      file: 'shop/migrations/0000_order.py',
      models: { Order: '("placed_at", models.DateTimeField()),' },
      runsBefore: ['shop', '0001_initial'],
    }),
    tables: ['CREATE MATERIALIZED VIEW shop_weekly AS SELECT 1 AS week'],
  },
};
