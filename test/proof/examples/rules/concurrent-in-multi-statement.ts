import type { ExampleProof } from '../example-proof.ts';

const tables = ['CREATE TABLE shop_order (id bigint PRIMARY KEY, placed_at timestamptz, total integer)'];

const index = 'index orders.orders_placed_at_idx: btree (placed_at)';

export const proofs: Readonly<Record<string, ExampleProof>> = {
  'Alembic: a script in an autocommit block': {
    fixes: { 'Send each statement in a call of its own': { schema: { added: [index] } } },
  },
  'Alembic: a script, and no autocommit block': {
    fixes: { 'Send each statement in a call of its own, outside the transaction': { schema: { added: [index] } } },
  },
  'A timeout and an index in one string, with and without atomic = False': {
    tables,
    fixes: {
      'Send each statement in a string of its own': {
        schema: { added: ['index shop_order.order_idx: btree (placed_at)'] },
        rows: {
          added: ['shop_order {"id": 1, "total": 0, "placed_at": "2024-01-01T12:00:00+00:00"}'],
          removed: ['shop_order {"id": 1, "total": 1, "placed_at": "2024-01-01T12:00:00+00:00"}'],
        },
        rolledBack: { added: ['index shop_order.order_idx: btree (placed_at)'] },
      },
    },
  },
  'In a transaction of Django’s it is still this that has to be mended first': {
    tables,
    fixes: {
      'Send each statement in a string of its own, outside a transaction': {
        schema: { added: ['index shop_order.order_idx: btree (id)'] },
        rolledBack: { added: ['index shop_order.order_idx: btree (id)'] },
      },
    },
  },
};
