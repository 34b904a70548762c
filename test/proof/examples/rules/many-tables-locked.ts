import type { ExampleProof } from '../example-proof.ts';
import { historyOf } from '../history.ts';

export const proofs: Readonly<Record<string, ExampleProof>> = {
  'In SQL: a foreign key locks the other table, too': {
    history: historyOf({
      file: 'shop/migrations/0001_initial.py',
      models: {
        Courier: '',
        Invoice: '',
        Order: '("courier", models.ForeignKey("shop.courier", models.CASCADE, db_constraint=False)),',
        Line: '("invoice", models.ForeignKey("shop.invoice", models.CASCADE, db_constraint=False)),',
      },
    }),
    fixes: {
      'Split it into 2 migrations of up to three tables each': {
        // The way back does nothing, as before: migrating again makes the keys once more, under other names.
        rolledBack: {
          added: [
            'constraint shop_line.shop_line_invoice_id_fkey: FOREIGN KEY (invoice_id) REFERENCES shop_invoice(id) NOT VALID',
            'constraint shop_order.shop_order_courier_id_fkey: FOREIGN KEY (courier_id) REFERENCES shop_courier(id) NOT VALID',
          ],
        },
      },
    },
  },
};
