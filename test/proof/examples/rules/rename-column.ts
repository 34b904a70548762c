import type { ExampleProof } from '../example-proof.ts';

export const proofs: Readonly<Record<string, ExampleProof>> = {
  'Alembic: a column that must be there, with its index': {
    fixes: {
      'Copy "payer" to "payer_name", kept in step by a trigger; drop the old column in a later release': {
        schema: {
          added: [
            'column orders.payer: character varying(80)',
            'index orders.ix_orders_payer_old: btree (payer)',
            'trigger orders.orders_payer_renamed: CREATE TRIGGER orders_payer_renamed BEFORE INSERT OR UPDATE ON public.orders FOR EACH ROW EXECUTE FUNCTION orders_payer_renamed()',
          ],
        },
        rows: {
          added: [1, 2, 3].map((id) => `orders {"id": ${id}, "payer": "text ${id}", "payer_name": "text ${id}"}`),
          removed: [1, 2, 3].map((id) => `orders {"id": ${id}, "payer_name": "text ${id}"}`),
        },
      },
    },
  },
  'A field is renamed': {
    fixes: {
      'Rename the field and keep its column: db_column="payer"': {
        schema: {
          added: ['column shop_order.payer: character varying(80) not null'],
          removed: ['column shop_order.payer_name: character varying(80) not null'],
        },
        rows: {
          added: [
            'shop_order {"id": 1, "payer": "text 1"}',
            'shop_order {"id": 2, "payer": "text 2"}',
            'shop_order {"id": 3, "payer": "text 3"}',
          ],
          removed: [
            'shop_order {"id": 1, "payer_name": "text 1"}',
            'shop_order {"id": 2, "payer_name": "text 2"}',
            'shop_order {"id": 3, "payer_name": "text 3"}',
          ],
        },
      },
      'Copy "payer" to "payer_name", kept in step by a trigger; drop the old column in a later release': {
        schema: {
          added: [
            'column shop_order.payer: character varying(80)',
            'trigger shop_order.shop_order_payer_renamed: CREATE TRIGGER shop_order_payer_renamed BEFORE INSERT OR UPDATE ON public.shop_order FOR EACH ROW EXECUTE FUNCTION shop_order_payer_renamed()',
          ],
        },
        rows: {
          added: [1, 2, 3].map((id) => `shop_order {"id": ${id}, "payer": "text ${id}", "payer_name": "text ${id}"}`),
          removed: [1, 2, 3].map((id) => `shop_order {"id": ${id}, "payer_name": "text ${id}"}`),
        },
      },
    },
  },
  'The model is in a module of its own': {
    fixes: {
      'Rename the field and keep its column: db_column="payer"': {
        schema: {
          added: ['column shop_order.payer: character varying(80) not null'],
          removed: ['column shop_order.payer_name: character varying(80) not null'],
        },
        rows: {
          added: [
            'shop_order {"id": 1, "payer": "text 1"}',
            'shop_order {"id": 2, "payer": "text 2"}',
            'shop_order {"id": 3, "payer": "text 3"}',
          ],
          removed: [
            'shop_order {"id": 1, "payer_name": "text 1"}',
            'shop_order {"id": 2, "payer_name": "text 2"}',
            'shop_order {"id": 3, "payer_name": "text 3"}',
          ],
        },
      },
    },
  },
  'A foreign key is renamed: its column has another name than its field': {
    fixes: {
      'Rename the field and keep its column: db_column="payer_id"; add db_column="payer_id" to the model, too': {
        schema: {
          added: [
            'column shop_order.payer_id: bigint not null',
            'constraint shop_order.shop_order_payer_id_f577eef1_fk_shop_customer_id: FOREIGN KEY (payer_id) REFERENCES shop_customer(id) DEFERRABLE INITIALLY DEFERRED',
            'index shop_order.shop_order_payer_id_f577eef1: btree (payer_id)',
          ],
          removed: [
            'column shop_order.customer_id: bigint not null',
            'constraint shop_order.shop_order_customer_id_f638df20_fk_shop_customer_id: FOREIGN KEY (customer_id) REFERENCES shop_customer(id) DEFERRABLE INITIALLY DEFERRED',
            'index shop_order.shop_order_payer_id_f577eef1: btree (customer_id)',
          ],
        },
        rows: {
          added: [
            'shop_order {"id": 1, "payer_id": 1}',
            'shop_order {"id": 2, "payer_id": 2}',
            'shop_order {"id": 3, "payer_id": 3}',
          ],
          removed: [
            'shop_order {"id": 1, "customer_id": 1}',
            'shop_order {"id": 2, "customer_id": 2}',
            'shop_order {"id": 3, "customer_id": 3}',
          ],
        },
      },
    },
  },
};
