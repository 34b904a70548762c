import type { ExampleProof } from '../example-proof.ts';

export const proofs: Readonly<Record<string, ExampleProof>> = {
  'A schema with all that is in it, an empty one, a database': {
    tables: ['CREATE SCHEMA reports', 'CREATE SCHEMA staging'],
    // Other tests share the server.
    adapted: { 'DROP DATABASE shop_copy': 'DROP DATABASE IF EXISTS shop_copy' },
  },
};
