import type { ExampleProof } from '../example-proof.ts';
import { historyOf } from '../history.ts';

export const proofs: Readonly<Record<string, ExampleProof>> = {
  'A generated field that is stored': {
    // 4.2 has no GeneratedField.
    since: '5.0',
    fixes: {
      'Compute "total" when it is read: db_persist=False; add db_persist=False to the model, too': {
        // Django before knows virtual columns of other databases alone.
        since: '6.1',
        schema: {
          added: ['column shop_item.total: bigint generated as ((price * count)) virtual'],
          removed: ['column shop_item.total: bigint generated as ((price * count))'],
        },
      },
    },
  },
  'In SQL': {
    history: historyOf({
      file: 'shop/migrations/0001_initial.py',
      models: { Item: '("price", models.BigIntegerField()),\n("count", models.BigIntegerField()),' },
    }),
    // The numbers that releases write are large ones.
    adapted: { 'total integer': 'total bigint' },
    fixes: {
      'Compute "total" when it is read: VIRTUAL': {
        schema: {
          added: ['column shop_item.total: bigint generated as ((price * count)) virtual'],
          removed: ['column shop_item.total: bigint generated as ((price * count))'],
        },
      },
    },
  },
};
