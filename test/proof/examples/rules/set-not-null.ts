import type { ExampleProof } from '../example-proof.ts';

export const proofs: Readonly<Record<string, ExampleProof>> = {
  'Alembic: a column that nothing is known to fill': {
    fixes: {
      'Set "code" NOT NULL in steps: check, fill, validate': {
        fillIn: {
          'raise NotImplementedError("Write how orders.code is found for rows that have none.")': 'return str(row.id)',
        },
        rows: { added: ['orders {"id": 3, "code": "3"}'], removed: ['orders {"id": 3, "code": null}'] },
      },
    },
  },
  'Alembic: a column with a default, in a batch': {
    fixes: {
      'Set "paid" NOT NULL in steps: check, fill, validate': {
        rows: { added: ['orders {"id": 3, "paid": false}'], removed: ['orders {"id": 3, "paid": null}'] },
      },
    },
  },
  'Alembic: in SQL, as one of several statements of a text': {
    fixes: {
      'Set "code" NOT NULL in steps: check, fill, validate': {
        rows: {
          added: ['orders {"id": 3, "code": "none", "note": null}'],
          removed: ['orders {"id": 3, "code": null, "note": null}'],
        },
      },
    },
  },
  'In SQL, beside another action': { rows: ["INSERT INTO shop_order (code) VALUES ('a')"] },
  'A field loses null=True': {
    fixes: {
      'Set "code" NOT NULL in steps: check, fill, validate': {
        rows: { added: ['shop_order {"id": 3, "code": "3"}'], removed: ['shop_order {"id": 3, "code": null}'] },
      },
    },
  },
};
