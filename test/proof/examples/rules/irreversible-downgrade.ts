import type { ExampleProof } from '../example-proof.ts';

const withRemarks = 'Write downgrade(): the reverse of upgrade(), with a word on what cannot come back';

export const proofs: Readonly<Record<string, ExampleProof>> = {
  'What cannot come back is said where it would': {
    fixes: { [withRemarks]: { irreversible: 'The rows of carts that upgrade() deleted cannot be brought back.' } },
  },
};
