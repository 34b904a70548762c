import type { ExampleProof } from '../example-proof.ts';

export const proofs: Readonly<Record<string, ExampleProof>> = {
  'The same model with other fields': {
    fixes: {
      'Change the table instead': {
        rows: {
          added: [
            'prompts_emailpreferences {"id": 1, "frequency": "text 1", "notify_likes": true, "notify_follows": true}',
            'prompts_emailpreferences {"id": 2, "frequency": "text 2", "notify_likes": false, "notify_follows": true}',
            'prompts_emailpreferences {"id": 3, "frequency": "text 3", "notify_likes": true, "notify_follows": true}',
          ],
        },
      },
    },
  },
  'Another name for the same columns': {
    fixes: {
      'Rename "Client" to "Customer" instead': {
        rows: {
          added: [1, 2, 3].map((id) => `shop_customer {"id": ${id}, "name": "text ${id}", "email": "text ${id}"}`),
        },
        schema: {
          added: ['constraint shop_customer.shop_client_pkey: PRIMARY KEY (id)'],
          removed: ['constraint shop_customer.shop_customer_pkey: PRIMARY KEY (id)'],
        },
      },
    },
  },
};
