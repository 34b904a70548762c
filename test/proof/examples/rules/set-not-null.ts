import type { ExampleProof } from '../example-proof.ts';

export const proofs: Readonly<Record<string, ExampleProof>> = {
  'In SQL, beside another action': { rows: ["INSERT INTO shop_order (code) VALUES ('a')"] },
  'A field loses null=True': {
    fixes: {
      'Set "code" NOT NULL in steps: check, fill, validate': {
        rows: { added: ['shop_order {"id": 3, "code": "3"}'], removed: ['shop_order {"id": 3, "code": null}'] },
      },
    },
  },
};
