import type { ExampleProof } from '../example-proof.ts';

export const proofs: Readonly<Record<string, ExampleProof>> = {
  'What was dropped does not come back': {
    fixes: {
      'Let downgrade() take back all of upgrade()': {
        // The rows that the key would be held against are gone.
        rolledBack: {
          added: ['constraint users.users_team_fk: FOREIGN KEY (team_id) REFERENCES teams(id) NOT VALID'],
          removed: ['constraint users.users_team_fk: FOREIGN KEY (team_id) REFERENCES teams(id)'],
        },
      },
    },
  },
  'SQL, and a name that stays': { tables: ['CREATE TABLE users (id integer PRIMARY KEY)'] },
};
