import type { ExampleProof } from '../example-proof.ts';

export const proofs: Readonly<Record<string, ExampleProof>> = {
  'One table, several, with everything that refers to them': {
    tables: ['CREATE TABLE shop_visit (id bigint PRIMARY KEY)', 'CREATE TABLE shop_click (id bigint PRIMARY KEY)'],
  },
};
