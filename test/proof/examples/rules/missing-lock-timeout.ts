import type { ExampleProof } from '../example-proof.ts';

export const proofs: Readonly<Record<string, ExampleProof>> = {
  'No settings are found: the newest migration': { hidden: ['config/settings.py'] },
};
