import type { ExampleProof } from '../example-proof.ts';

/** On SQLite the unfixed revision fails: what the fix makes is compared with what was there before. */
export const proofs: Readonly<Record<string, ExampleProof>> = {
  'A column becomes NOT NULL: both ways need it': {
    fixes: {
      'Alter "orders" in batch_alter_table': {
        schema: {
          added: ['column orders.number: VARCHAR(20) not null'],
          removed: ['column orders.number: VARCHAR(20)'],
        },
      },
    },
  },
  'Several changes of one table': {
    fixes: {
      'Alter "orders" in batch_alter_table': {
        schema: {
          added: [
            'constraint orders.fk_orders_customer',
            'constraint orders.uq_orders_number',
            'foreign key of orders (customer_id) to customers (id)',
            'unique index on orders (number)',
          ],
          removed: ['column orders.note: TEXT'],
        },
        rows: {
          added: [1, 2, 3].map((id) => `orders {"customer_id": ${id}, "id": ${id}, "number": "text ${id}"}`),
          removed: [1, 2, 3].map(
            (id) => `orders {"customer_id": ${id}, "id": ${id}, "note": "text ${id}", "number": "text ${id}"}`,
          ),
        },
      },
    },
  },
};
