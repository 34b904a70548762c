import type { ExampleProof } from '../example-proof.ts';

export const proofs: Readonly<Record<string, ExampleProof>> = {
  'One statement, several, none after it': { inOldWords: { 'db_default=1': 'default=1' } },
  'Several statements are taken back in reverse order': { inOldWords: { 'db_default=1': 'default=1' } },
  'A list of statements gets a list': {
    tables: ['CREATE TABLE shop_order (id bigint PRIMARY KEY, "when" timestamptz)'],
  },
};
