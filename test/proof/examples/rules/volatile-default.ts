import type { ExampleProof } from '../example-proof.ts';

export const proofs: Readonly<Record<string, ExampleProof>> = {
  'Alembic: a random value for each row': {
    fixes: {
      'Set the default after "token" is added, fill the column in batches, then set NOT NULL': { volatile: ['token'] },
    },
  },
  'Alembic: a clock, in a batch and another schema': {
    fixes: {
      'Set the default after "seen_at" is added, and fill the column in batches': { volatile: ['seen_at'] },
    },
  },
  'A random value from the database': {
    // db_default
    since: '5.0',
    fixes: {
      'Set the default after "token" is added, fill the column in batches, then set NOT NULL': { volatile: ['token'] },
    },
  },
};
