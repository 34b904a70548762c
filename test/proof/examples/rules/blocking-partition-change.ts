import type { ExampleProof } from '../example-proof.ts';

const BOUNDS =
  "constraint shop_event_2024.shop_event_2024_at_check: CHECK (((at IS NOT NULL) AND (at >= '2024-01-01'::date) AND (at < '2025-01-01'::date)))";

export const proofs: Readonly<Record<string, ExampleProof>> = {
  'A partition is detached': {
    fixes: {
      'Detach the partition concurrently': {
        // PostgreSQL leaves the bounds behind as a check.
        schema: {
          added: [BOUNDS],
        },
        rolledBack: { added: [BOUNDS] },
      },
    },
  },
};
