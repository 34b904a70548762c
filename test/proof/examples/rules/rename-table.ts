import type { ExampleProof } from '../example-proof.ts';

export const proofs: Readonly<Record<string, ExampleProof>> = {
  'Alembic: under another name in one step': {
    fixes: {
      'Leave a view under the old name "packages"; drop it in a later release': {
        schema: { added: ['view packages: SELECT id, name AS title FROM projects;'] },
      },
    },
  },
  'A model is renamed, and with it the table of its many-to-many field': {
    fixes: {
      'Leave views under the old names; drop them in a later release': {
        schema: {
          added: [
            'view shop_order: SELECT id FROM shop_purchase;',
            'view shop_order_tags: SELECT id, purchase_id AS order_id, tag_id FROM shop_purchase_tags;',
          ],
        },
      },
    },
  },
  'A model is renamed: its foreign keys and content type go along': {
    fixes: {
      'Rename the model and keep its table: db_table = "shop_order"': {
        // Before that Django drops the foreign keys to the model and adds them again.
        since: '5.0',
        schema: {
          added: [
            'column shop_order.id: bigint not null identity',
            'column shop_order.placed: timestamp with time zone not null',
            'constraint shop_order.shop_order_pkey: PRIMARY KEY (id)',
            'constraint shop_parcel.shop_parcel_order_id_8d7a56a5_fk_shop_order_id: FOREIGN KEY (order_id) REFERENCES shop_order(id) DEFERRABLE INITIALLY DEFERRED',
            'table shop_order',
          ],
          removed: [
            'column shop_purchase.id: bigint not null identity',
            'column shop_purchase.placed: timestamp with time zone not null',
            'constraint shop_parcel.shop_parcel_order_id_8d7a56a5_fk_shop_purchase_id: FOREIGN KEY (order_id) REFERENCES shop_purchase(id) DEFERRABLE INITIALLY DEFERRED',
            'constraint shop_purchase.shop_order_pkey: PRIMARY KEY (id)',
            'table shop_purchase',
          ],
        },
        rows: {
          added: [1, 2, 3].map((id) => `shop_order {"id": ${id}, "placed": "2024-01-0${id}T12:00:00+00:00"}`),
          removed: [1, 2, 3].map((id) => `shop_purchase {"id": ${id}, "placed": "2024-01-0${id}T12:00:00+00:00"}`),
        },
      },
      'Leave a view under the old name "shop_order"; drop it in a later release': {
        schema: { added: ['view shop_order: SELECT id, placed FROM shop_purchase;'] },
      },
    },
  },
  'The table of a model is renamed': {
    fixes: {
      'Leave a view under the old name "shop_order"; drop it in a later release': {
        schema: { added: ['view shop_order: SELECT id FROM purchases;'] },
      },
    },
  },
};
