import type { ExampleProof } from '../example-proof.ts';

export const proofs: Readonly<Record<string, ExampleProof>> = {
  'A model is deleted': {
    fixes: {
      'Remove "Coupon" from the state only; drop its table in a later release': {
        rows: { added: [1, 2, 3].map((id) => `shop_coupon {"id": ${id}, "code": "text ${id}"}`) },
        schema: {
          added: [
            'table shop_coupon',
            'column shop_coupon.code: character varying(20) not null',
            'column shop_coupon.id: bigint not null identity',
            'constraint shop_coupon.shop_coupon_pkey: PRIMARY KEY (id)',
          ],
        },
      },
    },
  },
};
