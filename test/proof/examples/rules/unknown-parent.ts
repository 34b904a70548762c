import type { ExampleProof } from '../example-proof.ts';

/** Without the fix nothing runs. */
export const proofs: Readonly<Record<string, ExampleProof>> = {
  'Alembic: a slip in the id': {
    fixes: {
      'Come after 1975ea83b712': {
        schema: { added: ['column bins.is_cooled: boolean'] },
        rows: {
          added: [1, 2, 3].map((id) => `bins {"id": ${id}, "is_cooled": null}`),
          removed: [1, 2, 3].map((id) => `bins {"id": ${id}}`),
        },
      },
    },
  },
};
