import type { ExampleProof } from '../example-proof.ts';

export const proofs: Readonly<Record<string, ExampleProof>> = {
  'A merge has kept the migrations of both branches': {
    fixes: {
      'Move the last of them to 0003_return_note': {
        schema: { added: ['column returns_return.note: text'] },
        rows: {
          added: [1, 2, 3].map((id) => `returns_return {"id": ${id}, "note": null, "note_by_customer": null}`),
          removed: [1, 2, 3].map((id) => `returns_return {"id": ${id}, "note_by_customer": null}`),
        },
        // The models are made up of the migrations that Django finds before the fix.
        pending: ['Remove field note from return'],
      },
    },
  },
  'A revision was copied with its id': {
    fixes: {
      'Give 9c20_email.py an id of its own, behind this revision': {
        schema: { added: ['column users.email: text'] },
        rows: {
          added: [1, 2, 3].map((id) => `users {"id": ${id}, "fax": null, "email": null}`),
          removed: [1, 2, 3].map((id) => `users {"id": ${id}, "fax": null}`),
        },
      },
    },
  },
};
