import type { ExampleProof } from '../example-proof.ts';
import { historyOf } from '../history.ts';

export const proofs: Readonly<Record<string, ExampleProof>> = {
  'Rows are corrected and a table is altered': {
    fixes: {
      // A NULL that is written after the rows are filled would be in the way of NOT NULL, split or not.
      'Write the rows and change the schema in 2 migrations': { between: 'nothing' },
    },
  },
  'In SQL': {
    history: historyOf({
      file: 'shop/migrations/0001_initial.py',
      models: { Order: '', Event: '("at", models.DateTimeField()),' },
    }),
  },
};
