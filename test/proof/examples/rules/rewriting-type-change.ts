import type { ExampleProof } from '../example-proof.ts';

export const proofs: Readonly<Record<string, ExampleProof>> = {
  'A larger number': {
    fixes: {
      'Fill a second column in batches and swap the two; drop the old one in a later release': {
        schema: { added: ['column shop_order.total_old: integer'] },
        rows: {
          added: [1, 2, 3].map((id) => `shop_order {"id": ${id}, "total": ${id}, "total_old": ${id}}`),
          removed: [1, 2, 3].map((id) => `shop_order {"id": ${id}, "total": ${id}}`),
        },
      },
    },
  },
  'Alembic: a larger number, with an index and a default': {
    fixes: {
      'Fill a second column in batches and swap the two; drop the old one in a later release': {
        schema: {
          added: ['column files.size_old: integer', 'index files.ix_files_project_size_old: btree (project, size_old)'],
        },
        rows: {
          added: [1, 2, 3].map(
            (id) => `files {"id": ${id}, "size": ${id}, "project": "text ${id}", "size_old": ${id}}`,
          ),
          removed: [1, 2, 3].map((id) => `files {"id": ${id}, "size": ${id}, "project": "text ${id}"}`),
        },
      },
    },
  },
  'Indexes on the column are built once more': {
    fixes: {
      'Fill a second column in batches and swap the two; drop the old one in a later release': {
        schema: {
          added: [
            'column shop_order.customer_old: integer',
            'index shop_order.order_customer_idx_old: btree (customer_old, placed)',
            'index shop_order.shop_order_customer_6c950d80_old: btree (customer_old)',
          ],
        },
        rows: {
          added: [1, 2, null].map(
            (customer, index) =>
              `shop_order {"id": ${index + 1}, "placed": "2024-01-0${index + 1}", "customer": ${customer}, "customer_old": ${customer}}`,
          ),
          removed: [1, 2, null].map(
            (customer, index) =>
              `shop_order {"id": ${index + 1}, "placed": "2024-01-0${index + 1}", "customer": ${customer}}`,
          ),
        },
      },
    },
  },
};
