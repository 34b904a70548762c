import type { ExampleProof } from '../example-proof.ts';

export const proofs: Readonly<Record<string, ExampleProof>> = {
  'A rename in disguise': {
    fixes: {
      'Rename "payer_name" to "payer" instead': {
        rows: {
          added: [
            'shop_order {"id": 1, "payer": "text 1"}',
            'shop_order {"id": 2, "payer": "text 2"}',
            'shop_order {"id": 3, "payer": "text 3"}',
          ],
          removed: [
            'shop_order {"id": 1, "payer": ""}',
            'shop_order {"id": 2, "payer": ""}',
            'shop_order {"id": 3, "payer": ""}',
          ],
        },
      },
    },
  },
  'A change of type in disguise': {
    fixes: {
      'Change "weight" in place instead': {
        rows: {
          added: [
            'shop_order {"id": 1, "weight": 1.000}',
            'shop_order {"id": 2, "weight": 2.000}',
            'shop_order {"id": 3, "weight": 3.000}',
          ],
          removed: [
            'shop_order {"id": 1, "weight": 0.000}',
            'shop_order {"id": 2, "weight": 0.000}',
            'shop_order {"id": 3, "weight": 0.000}',
          ],
        },
      },
    },
  },
};
