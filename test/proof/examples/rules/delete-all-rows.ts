import type { ExampleProof } from '../example-proof.ts';
import { historyOf } from '../history.ts';

export const proofs: Readonly<Record<string, ExampleProof>> = {
  'The function stands in a module beside the migration': {
    history: historyOf({
      file: 'shop/migrations/0001_initial.py',
      models: { Coupon: '' },
      runsBefore: ['shop', '0002_wipe'],
    }),
  },
  'In SQL: no condition, or one that is always true': {
    tables: ['CREATE TABLE shop_visit (id bigint PRIMARY KEY)', 'CREATE TABLE shop_click (id bigint PRIMARY KEY)'],
  },
  'A data function sends SQL': {
    history: historyOf({ file: 'shop/migrations/0001_initial.py', models: { Cart: '', Visit: '' } }),
  },
  'All preferences are deleted to start afresh': {
    fixes: {
      'Delete only the rows that a filter picks': {
        rows: {
          added: [
            'prompts_emailpreferences {"id": 2, "notify_comments": false}',
            'prompts_emailpreferences {"id": 3, "notify_comments": true}',
          ],
        },
      },
      'Copy the rows to "prompts_emailpreferences_archived" first, an archive that migrating back restores': {
        schema: {
          added: [
            'column prompts_emailpreferences_archived.id: bigint',
            'column prompts_emailpreferences_archived.notify_comments: boolean',
            'table prompts_emailpreferences_archived',
          ],
        },
        rows: {
          added: [
            'prompts_emailpreferences_archived {"id": 1, "notify_comments": true}',
            'prompts_emailpreferences_archived {"id": 2, "notify_comments": false}',
            'prompts_emailpreferences_archived {"id": 3, "notify_comments": true}',
          ],
        },
      },
    },
  },
  'In SQL: twice, where an earlier migration has made an archive': {
    fixes: {
      'Copy the rows to "shop_visit_archived_2" first, an archive that migrating back restores': {
        rows: {
          added: [
            'shop_visit_archived_2 {"id": 1, "path": "text 1"}',
            'shop_visit_archived_2 {"id": 2, "path": "text 2"}',
            'shop_visit_archived_2 {"id": 3, "path": null}',
          ],
        },
        schema: {
          added: [
            'column shop_visit_archived_2.id: bigint',
            'column shop_visit_archived_2.path: text',
            'table shop_visit_archived_2',
          ],
        },
      },
      'Copy the rows to "shop_visit_archived_3" first, an archive that migrating back restores': {
        rows: {
          added: ['shop_visit_archived_3 {"id": 1, "path": "/"}'],
        },
        schema: {
          added: [
            'column shop_visit_archived_3.id: bigint',
            'column shop_visit_archived_3.path: text',
            'table shop_visit_archived_3',
          ],
        },
      },
    },
  },
};
