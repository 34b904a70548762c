import type { ExampleProof } from '../example-proof.ts';
import { historyOf } from '../history.ts';

export const proofs: Readonly<Record<string, ExampleProof>> = {
  'In SQL: rows are checked under the lock of another statement': {
    history: historyOf({
      file: 'shop/migrations/0001_initial.py',
      models: { Line: '', Order: '("total", models.IntegerField()),' },
    }),
    tables: ['ALTER TABLE shop_order ADD CONSTRAINT order_total_positive CHECK (total > 0) NOT VALID'],
  },
};
