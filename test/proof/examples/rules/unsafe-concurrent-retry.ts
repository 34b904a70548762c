import type { ExampleProof } from '../example-proof.ts';
import { historyOf } from '../history.ts';

export const proofs: Readonly<Record<string, ExampleProof>> = {
  'Built if it is not there': {
    history: historyOf({
      file: 'shop/migrations/0001_initial.py',
      models: { Order: '("placed_at", models.DateTimeField()),' },
    }),
  },
};
