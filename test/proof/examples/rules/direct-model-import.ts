import type { ExampleProof } from '../example-proof.ts';
import { historyOf } from '../history.ts';

const numbers = `# file: shop/models.py
from django.db import models


def default_number():
    return 7


def default_code():
    return "code"


class Order(models.Model):
    number = models.IntegerField(null=True)
`;

export const proofs: Readonly<Record<string, ExampleProof>> = {
  'A plain model of the same app': {
    history: historyOf({
      file: 'shop/migrations/0001_initial.py',
      models: { Product: '("title", models.CharField(max_length=200)),' },
    }),
  },
  'Among others, relative, and as a module': {
    history: `${numbers}# file: store/models.py
from django.db import models


class Branch(models.Model):
    open = models.BooleanField(null=True)
${historyOf({
  file: 'store/migrations/0004_branch.py',
  models: { Branch: '("open", models.BooleanField(null=True)),' },
})}${historyOf({
  file: 'shop/migrations/0001_initial.py',
  models: { Order: '("number", models.IntegerField(null=True)),' },
  runsBefore: ['shop', '0002_numbers'],
})}`,
  },
  'Through the module of models, which something else still needs': {
    history: `${numbers}    code = models.CharField(max_length=9, default=default_code)
${historyOf({
  file: 'shop/migrations/0001_initial.py',
  models: { Order: '("number", models.IntegerField(null=True)),' },
  runsBefore: ['shop', '0002_numbers'],
})}`,
    fixes: {
      'Take "Order" from the historical models: apps.get_model("shop", "Order")': {
        schema: { added: ['column shop_order.code: character varying(9) not null'] },
        rows: {
          added: [1, 2, 0, 1].map(
            (number, index) => `shop_order {"id": ${index + 1}, "code": "code", "number": ${number}}`,
          ),
          removed: [1, 2, null].map((number, index) => `shop_order {"id": ${index + 1}, "number": ${number}}`),
        },
        // What the column without a default in the database does is another rule's.
        oldFails: ['shop.Order: insert_all', 'shop.Order: insert_least'],
      },
    },
  },
};
