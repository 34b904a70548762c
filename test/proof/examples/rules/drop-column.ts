import type { ExampleProof } from '../example-proof.ts';

export const proofs: Readonly<Record<string, ExampleProof>> = {
  'Alembic: a NOT NULL column that the new release no longer writes': {
    fixes: {
      'Let "vat_number" be NULL, and drop it in a later release': {
        rows: {
          added: [1, 2, 3].map((id) => `invoice {"id": ${id}, "vat_number": "text ${id}"}`),
          removed: [1, 2, 3].map((id) => `invoice {"id": ${id}}`),
        },
        schema: { added: ['column invoice.vat_number: character varying(20)'] },
      },
    },
  },
  'Alembic: a nullable column': {
    fixes: {
      'Leave "fax" where it is, and drop it in a later release': {
        rows: {
          added: ['"text 1"', '"text 2"', 'null'].map((fax, index) => `invoice {"id": ${index + 1}, "fax": ${fax}}`),
          removed: [1, 2, 3].map((id) => `invoice {"id": ${id}}`),
        },
        schema: { added: ['column invoice.fax: character varying(40)'] },
      },
    },
  },
  'A NOT NULL column': {
    fixes: {
      'Remove "note" from the state only; drop the column in a later release': {
        rows: {
          added: [1, 2, 3].map((id) => `shop_order {"id": ${id}, "note": "text ${id}"}`),
          removed: [1, 2, 3].map((id) => `shop_order {"id": ${id}}`),
        },
        schema: { added: ['column shop_order.note: character varying(200)'] },
      },
    },
  },
};
