import type { ExampleProof } from '../example-proof.ts';

export const proofs: Readonly<Record<string, ExampleProof>> = {
  'Two branches each added a migration': {
    fixes: {
      'Merge them in a new migration, 0003_merge_0002_bin_capacity_0002_bin_is_cooled': {
        pending: ['Alter field id on bin'],
      },
      'Let 0002_bin_is_cooled depend on 0002_bin_capacity': { pending: ['Alter field id on bin'] },
    },
  },
};
