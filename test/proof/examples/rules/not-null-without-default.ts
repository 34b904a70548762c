import type { ExampleProof } from '../example-proof.ts';

/** The rows that are there get the value that was written in. */
const filled = {
  added: [1, 2, 3].map((id) => `shop_order {"id": ${id}, "code": "${id}"}`),
  removed: [1, 2, 3].map((id) => `shop_order {"id": ${id}}`),
};

const answer = {
  'raise NotImplementedError("Write how orders.code is found for rows that have none.")': 'return str(row.id)',
};

const nullable = (column: string) => ({
  added: [`column orders.${column}: character varying(20)`],
  removed: [`column orders.${column}: character varying(20) not null`],
});

const ordersFilled = (value: (id: number) => string) => ({
  added: [1, 2, 3].map((id) => `orders {"id": ${id}, ${value(id)}}`),
  removed: [1, 2, 3].map((id) => `orders {"id": ${id}}`),
});

const [states, codes] = [ordersFilled(() => '"state": "open"'), ordersFilled((id) => `"code": "${id}"`)];

export const proofs: Readonly<Record<string, ExampleProof>> = {
  'Alembic: the default is for SQLAlchemy alone': {
    fixes: {
      'Give it the default in the database: server_default="open"': {
        schema: {
          added: ["column orders.state: character varying(20) not null default 'open'::character varying"],
          removed: ['column orders.state: character varying(20) not null'],
        },
        rows: states,
      },
      'Add "state" nullable and fill it in batches; set NOT NULL in a later release': {
        schema: nullable('state'),
        rows: states,
        finally: { rows: states },
      },
    },
  },
  'Alembic: no default at all, in a batch': {
    fixes: {
      'Add "code" nullable and fill it in batches; set NOT NULL in a later release': {
        fillIn: answer,
        schema: nullable('code'),
        rows: codes,
        finally: { rows: codes },
      },
    },
  },
  'Alembic: the application is stopped to migrate': {
    fixes: { 'Add "code" nullable, fill it in batches, then set NOT NULL': { fillIn: answer, rows: codes } },
  },
  'A required field on an existing model': {
    fixes: {
      'Add "code" nullable and fill it in batches; set NOT NULL in a later release': {
        schema: {
          added: ['column shop_order.code: character varying(9)'],
          removed: ['column shop_order.code: character varying(9) not null'],
        },
        rows: filled,
        finally: { rows: filled },
      },
    },
  },
  'The application is stopped to migrate: all steps at once': {
    fixes: {
      'Add "code" nullable, fill it in batches, then set NOT NULL': { rows: filled },
    },
  },
};
