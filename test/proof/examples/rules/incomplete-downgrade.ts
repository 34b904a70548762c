import type { ExampleProof } from '../example-proof.ts';

export const proofs: Readonly<Record<string, ExampleProof>> = {
  'SQL, and a name that stays': { tables: ['CREATE TABLE users (id integer PRIMARY KEY)'] },
};
