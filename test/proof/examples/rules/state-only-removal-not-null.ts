import type { ExampleProof } from '../example-proof.ts';

export const proofs: Readonly<Record<string, ExampleProof>> = {
  'A required field leaves the state alone': {
    fixes: {
      'Let "code" be NULL first': {
        schema: {
          added: ['column shop_order.code: character varying(9)'],
          removed: ['column shop_order.code: character varying(9) not null'],
        },
      },
    },
  },
  'SQL that does something else to the column': {
    fixes: {
      'Let "code" be NULL first': {
        schema: { added: ['column shop_order.code: text'], removed: ['column shop_order.code: text not null'] },
      },
    },
  },
};
