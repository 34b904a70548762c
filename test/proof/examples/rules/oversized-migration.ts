import type { ExampleProof } from '../example-proof.ts';
import { historyOf } from '../history.ts';

const file = 'shop/migrations/0001_initial.py';

export const proofs: Readonly<Record<string, ExampleProof>> = {
  'A release in one migration, on MySQL': {
    history: historyOf({
      file,
      models: { Order: '', Line: '("discount", models.IntegerField(null=True)),', Invoice: '', Courier: '' },
    }),
  },
  'Statements of SQL, each in its own transaction': {
    history: historyOf({ file, models: { Order: '', Line: '', Invoice: '', Courier: '' } }),
  },
};
