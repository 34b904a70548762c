import type { ExampleProof } from '../example-proof.ts';

export const proofs: Readonly<Record<string, ExampleProof>> = {
  'In SQL, on a table with a key': {
    fixes: {
      // Rows that the running release writes in between are numbered before the old ones.
      'Add "number" in steps: a sequence, numbers in batches, NOT NULL': { volatile: ['number'] },
    },
  },
};
