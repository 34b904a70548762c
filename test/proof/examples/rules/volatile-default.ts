import type { ExampleProof } from '../example-proof.ts';

export const proofs: Readonly<Record<string, ExampleProof>> = {
  'A random value from the database': {
    // db_default
    since: '5.0',
    fixes: {
      'Set the default after "token" is added, fill the column in batches, then set NOT NULL': { volatile: ['token'] },
    },
  },
};
