import type { ExampleProof } from '../example-proof.ts';

/** The rows that are there get the value that was written in. */
const filled = {
  added: [1, 2, 3].map((id) => `shop_order {"id": ${id}, "code": "${id}"}`),
  removed: [1, 2, 3].map((id) => `shop_order {"id": ${id}}`),
};

export const proofs: Readonly<Record<string, ExampleProof>> = {
  'A required field on an existing model': {
    fixes: {
      'Add "code" nullable and fill it in batches; set NOT NULL in a later release': {
        schema: {
          added: ['column shop_order.code: character varying(9)'],
          removed: ['column shop_order.code: character varying(9) not null'],
        },
        rows: filled,
        finally: { rows: filled },
      },
    },
  },
  'The application is stopped to migrate: all steps at once': {
    fixes: {
      'Add "code" nullable, fill it in batches, then set NOT NULL': { rows: filled },
    },
  },
};
