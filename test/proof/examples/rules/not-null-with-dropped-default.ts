import type { ExampleProof } from '../example-proof.ts';

export const proofs: Readonly<Record<string, ExampleProof>> = {
  'Alembic: the default goes again in the same revision': {
    fixes: {
      'Keep the default of "state" until a later release': {
        schema: {
          added: ["column orders.state: character varying(20) not null default 'open'::character varying"],
          removed: ['column orders.state: character varying(20) not null'],
        },
      },
    },
  },
  'Values for the rows that are there, none for those to come': {
    fixes: {
      'Keep the default in the database: db_default=0': {
        // An older Django knows no default that the database keeps.
        since: '5.0',
        volatile: ['changed_at'],
        schema: {
          added: ['column shop_order.weight: integer not null default 0'],
          removed: ['column shop_order.weight: integer not null'],
        },
      },
      'Keep the default in the database: db_default=""': {
        // An older Django knows no default that the database keeps.
        since: '5.0',
        volatile: ['changed_at'],
        schema: {
          added: ["column shop_order.note: text not null default ''::text"],
          removed: ['column shop_order.note: text not null'],
        },
      },
    },
  },
};
