import type { ExampleProof } from '../example-proof.ts';

export const proofs: Readonly<Record<string, ExampleProof>> = {
  'Alembic: a slip of the pen': { tables: ['CREATE TABLE users (id bigint PRIMARY KEY, fax text)'] },
};
