import type { ExampleProof } from '../example-proof.ts';

export const proofs: Readonly<Record<string, ExampleProof>> = {
  'Alembic: the operation that it was about is gone': { tables: ['CREATE TABLE users (id bigint PRIMARY KEY)'] },
};
