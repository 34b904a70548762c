import type { ExampleProof } from '../example-proof.ts';

export const proofs: Readonly<Record<string, ExampleProof>> = {
  'Preferences are reset to the defaults': {
    fixes: {
      'Keep the old values in "notify_comments_before", "notify_likes_before", which migrating back restores': {
        rows: {
          added: [
            'prompts_emailpreferences {"id": 1, "notify_likes": true, "notify_comments": true, "notify_likes_before": true, "notify_comments_before": true}',
            'prompts_emailpreferences {"id": 2, "notify_likes": true, "notify_comments": true, "notify_likes_before": false, "notify_comments_before": false}',
            'prompts_emailpreferences {"id": 3, "notify_likes": true, "notify_comments": true, "notify_likes_before": null, "notify_comments_before": true}',
          ],
          removed: [1, 2, 3].map(
            (id) => `prompts_emailpreferences {"id": ${id}, "notify_likes": true, "notify_comments": true}`,
          ),
        },
        schema: {
          added: [
            'column prompts_emailpreferences.notify_comments_before: boolean',
            'column prompts_emailpreferences.notify_likes_before: boolean',
          ],
        },
      },
    },
  },
  'A column that may be empty': {
    fixes: {
      'Write only rows where "newsletter" was never chosen': {
        rows: {
          added: ['shop_customer {"id": 2, "city": "text 2", "newsletter": false}'],
          removed: ['shop_customer {"id": 2, "city": "text 2", "newsletter": true}'],
        },
      },
    },
  },
  'In SQL: old values that may be NULL are told from those of rows that come later': {
    fixes: {
      'Keep the old values in "newsletter_before", which migrating back restores': {
        rows: {
          added: [true, false, null].map(
            (old, index) =>
              `shop_customer {"id": ${index + 1}, "newsletter": true, "newsletter_kept": true, "newsletter_before": ${old}}`,
          ),
          removed: [1, 2, 3].map((id) => `shop_customer {"id": ${id}, "newsletter": true}`),
        },
        schema: {
          added: ['column shop_customer.newsletter_before: boolean', 'column shop_customer.newsletter_kept: boolean'],
        },
      },
    },
  },
  'Row by row, and among columns that are new': {
    fixes: {
      'Write only rows where "newsletter", "tier" was never chosen': {
        rows: {
          added: [
            'shop_customer {"id": 1, "city": "", "tier": "basic", "newsletter": true}',
            'shop_customer {"id": 2, "city": "", "tier": "basic", "newsletter": false}',
            'shop_customer {"id": 3, "city": "", "tier": "basic", "newsletter": false}',
          ],
          removed: [
            'shop_customer {"id": 1, "city": "", "tier": null, "newsletter": false}',
            'shop_customer {"id": 2, "city": "", "tier": null, "newsletter": false}',
            'shop_customer {"id": 3, "city": "", "tier": null, "newsletter": false}',
          ],
        },
      },
    },
  },
};
