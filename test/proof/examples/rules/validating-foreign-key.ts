import type { ExampleProof } from '../example-proof.ts';
import { historyOf } from '../history.ts';

export const proofs: Readonly<Record<string, ExampleProof>> = {
  'In SQL, beside a key that waits for VALIDATE': {
    history: historyOf({
      file: 'shop/migrations/0001_initial.py',
      models: {
        Courier: '',
        Customer: '',
        Depot: '',
        Order: `
          ("courier", models.ForeignKey("shop.courier", models.CASCADE, db_constraint=False, null=True)),
          ("payer", models.ForeignKey("shop.customer", models.CASCADE, db_constraint=False, null=True)),
        `,
      },
    }),
    fixes: {
      'Add the constraint NOT VALID, and validate it in the next migration': {
        // With the constraint that the migration adds NOT VALID itself.
        finally: {
          schema: {
            added: ['constraint shop_order.order_payer: FOREIGN KEY (payer_id) REFERENCES shop_customer(id)'],
            removed: [
              'constraint shop_order.order_payer: FOREIGN KEY (payer_id) REFERENCES shop_customer(id) NOT VALID',
            ],
          },
        },
      },
    },
  },
};
