import type { ExampleProof } from '../example-proof.ts';
import { historyOf } from '../history.ts';

const history = historyOf({
  file: 'shop/migrations/0001_initial.py',
  models: {
    Order: '("name", models.CharField(max_length=80)),\n("line_id", models.BigIntegerField()),',
    Line: '("name", models.CharField(max_length=80)),',
  },
  runsBefore: ['shop', '0002_names'],
});

export const proofs: Readonly<Record<string, ExampleProof>> = {
  'Values of rows, in every way in which a text can be put together': { history },
  'Several values, filled in by format': { history },
};
