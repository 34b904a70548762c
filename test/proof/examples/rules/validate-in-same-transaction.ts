import type { ExampleProof } from '../example-proof.ts';
import { historyOf } from '../history.ts';

export const proofs: Readonly<Record<string, ExampleProof>> = {
  'A foreign key, in SQL; a string of several statements is one transaction, whatever the migration says': {
    history: historyOf({
      file: 'shop/migrations/0001_initial.py',
      models: {
        Customer: '',
        Order: '("customer", models.ForeignKey("shop.customer", models.CASCADE, db_constraint=False)),',
      },
    }),
  },
};
