import type { ExampleProof } from '../example-proof.ts';

export const proofs: Readonly<Record<string, ExampleProof>> = {
  'A script of one’s own is run as it is': {
    tables: [
      'CREATE TABLE shop_order (id bigint PRIMARY KEY, total integer, price integer)',
      'CREATE TABLE shop_cart (id bigint PRIMARY KEY)',
    ],
  },
};
