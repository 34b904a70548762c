import type { ExampleProof } from '../example-proof.ts';

export const proofs: Readonly<Record<string, ExampleProof>> = {
  'A list of statements gets a list': {
    tables: ['CREATE TABLE shop_order (id bigint PRIMARY KEY, "when" timestamptz)'],
  },
};
