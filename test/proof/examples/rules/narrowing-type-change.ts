import type { ExampleProof } from '../example-proof.ts';

export const proofs: Readonly<Record<string, ExampleProof>> = {
  'Alembic: a shorter text and a smaller number': {
    tables: ['CREATE TABLE uploads (id bigint PRIMARY KEY, size bigint)'],
    fixes: {
      'Fill a second column in batches and swap the two; drop the old one in a later release': {
        schema: {
          added: ['column files.path_old: character varying(200)'],
        },
        rows: {
          added: [1, 2, 3].map((id) => `files {"id": ${id}, "path": "text ${id}", "path_old": "text ${id}"}`),
          removed: [1, 2, 3].map((id) => `files {"id": ${id}, "path": "text ${id}"}`),
        },
      },
    },
  },
  'One column gets shorter': {
    fixes: {
      'Fill a second column in batches and swap the two; drop the old one in a later release': {
        schema: {
          added: [
            'column shop_order.code_old: character varying(40)',
            'constraint shop_order.shop_order_code_fits: CHECK ((char_length((code_old)::text) <= 10))',
          ],
        },
        rows: {
          added: [1, 2, 3].map((id) => `shop_order {"id": ${id}, "code": "text ${id}", "code_old": "text ${id}"}`),
          removed: [1, 2, 3].map((id) => `shop_order {"id": ${id}, "code": "text ${id}"}`),
        },
      },
    },
  },
};
