import type { ExampleProof } from '../example-proof.ts';

export const proofs: Readonly<Record<string, ExampleProof>> = {
  'The word goes, the rest of the text stays as it is': { tables: ['CREATE VIEW shop_report AS SELECT 1 AS total'] },
};
