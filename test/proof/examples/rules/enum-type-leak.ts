import type { ExampleProof } from '../example-proof.ts';

/** What the unfixed revision fails to do. */
export const proofs: Readonly<Record<string, ExampleProof>> = {
  'Nothing creates the type of a new column': {
    fixes: {
      'Create the type "user_status" first, and drop it in downgrade()': {
        schema: { added: ['column users.status: user_status', 'enum user_status (active, closed)'] },
        rows: {
          added: [1, 2, 3].map((id) => `users {"id": ${id}, "status": null}`),
          removed: [1, 2, 3].map((id) => `users {"id": ${id}}`),
        },
      },
    },
  },
  'A second table creates the type again': {
    fixes: {
      'Use the type "status" that is there: create_type=False': {
        schema: {
          added: [
            "column teams.id: integer not null default nextval('teams_id_seq'::regclass)",
            'column teams.status: status',
            'constraint teams.teams_pkey: PRIMARY KEY (id)',
            'table teams',
          ],
        },
      },
    },
  },
};
