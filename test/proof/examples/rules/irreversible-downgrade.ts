import type { ExampleProof } from '../example-proof.ts';

const withRemarks = 'Write downgrade(): the reverse of upgrade(), with a word on what cannot come back';

export const proofs: Readonly<Record<string, ExampleProof>> = {
  'Columns, constraints and tables come back as they were': {
    fixes: {
      [withRemarks]: {
        // The values of the column and the rows of the other table are gone.
        rolledBack: {
          added: [
            'column users.email: character varying(254)',
            'constraint users.users_team_fk: FOREIGN KEY (team_id) REFERENCES teams(id) ON DELETE CASCADE NOT VALID',
          ],
          removed: [
            'column users.email: character varying(254) not null',
            'constraint users.users_team_fk: FOREIGN KEY (team_id) REFERENCES teams(id) ON DELETE CASCADE',
          ],
        },
      },
    },
  },
  'No row has a value for the column that comes back': {
    fixes: {
      [withRemarks]: {
        // The values of the column are gone.
        rolledBack: {
          added: ['column users.email: character varying(254)'],
          removed: ['column users.email: character varying(254) not null'],
        },
      },
    },
  },
  'Nobody but its author can tell how the view was made': {
    fixes: {
      'Let downgrade() raise: no way back is known for a part of upgrade()': {
        irreversible: 'No way back is known for DROP VIEW IF EXISTS daily_visits.',
      },
    },
  },
};
