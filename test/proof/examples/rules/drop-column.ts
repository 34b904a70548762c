import type { ExampleProof } from '../example-proof.ts';

export const proofs: Readonly<Record<string, ExampleProof>> = {
  'A NOT NULL column': {
    fixes: {
      'Remove "note" from the state only; drop the column in a later release': {
        rows: {
          added: [1, 2, 3].map((id) => `shop_order {"id": ${id}, "note": "text ${id}"}`),
          removed: [1, 2, 3].map((id) => `shop_order {"id": ${id}}`),
        },
        schema: { added: ['column shop_order.note: character varying(200)'] },
      },
    },
  },
};
