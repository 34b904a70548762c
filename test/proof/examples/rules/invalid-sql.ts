import type { ExampleProof } from '../example-proof.ts';

export const proofs: Readonly<Record<string, ExampleProof>> = {
  'A name is misspelled': {
    fixes: {
      'Write "phone" instead': {
        // What the unfixed revision fails to do.
        schema: {
          added: ["column users.phone: character varying(20) default ''::character varying"],
          removed: ['column users.phone: character varying(20)'],
        },
      },
    },
  },
};
