import { provesFix } from '../prove-fix.ts';
import { MIGRATION, shopProject } from '../shop-project.ts';

const PRODUCTS = ["INSERT INTO shop_product (code, year) SELECT 'P' || n, n FROM generate_series(1, 20) n"];

const created = `
  ("code", models.CharField(max_length=9)),
  ("year", models.IntegerField()),
`;

describe('proof: blocking-unique', () => {
  provesFix({
    name: 'a text field becomes unique, alone in its migration',
    rule: 'blocking-unique',
    project: shopProject({
      created,
      model: 'code = models.CharField(max_length=9, unique=True)\nyear = models.IntegerField()',
      operations: `
        # Customers quote it on the phone.
        migrations.AlterField("product", "code", models.CharField(max_length=9, unique=True)),
      `,
    }),
    file: MIGRATION,
    before: '0001_initial',
    rows: PRODUCTS,
    steps: [{ fix: 'concurrently first', creates: ['shop/migrations/0003_product_code_unique.py'] }],
  });

  provesFix({
    name: 'an indexed field becomes unique, longer and beside others: its index goes last',
    rule: 'blocking-unique',
    project: shopProject({
      created: '("code", models.SlugField()),\n("year", models.IntegerField()),',
      model: 'code = models.SlugField(unique=True)\nyear = models.BigIntegerField(null=True)',
      operations: `
        # Customers quote it on the phone.
        migrations.AlterField("product", "code", models.SlugField(unique=True)),
        migrations.AlterField("product", "year", models.IntegerField(null=True)),
        migrations.AlterField("product", "year", models.BigIntegerField(null=True)),
      `,
    }),
    file: MIGRATION,
    before: '0001_initial',
    rows: PRODUCTS,
    steps: [
      {
        fix: 'concurrently first',
        creates: [
          'shop/migrations/0003_product_code_index.py',
          'shop/migrations/0004_product_code_unique.py',
          'shop/migrations/0005_drop_product_code_index.py',
        ],
      },
    ],
  });

  provesFix({
    name: 'a field becomes longer and unique',
    rule: 'blocking-unique',
    project: shopProject({
      created,
      model: 'code = models.CharField(max_length=40, unique=True)\nyear = models.IntegerField()',
      operations: `
        # Customers quote it on the phone.
        migrations.AlterField("product", "code", models.CharField(max_length=40, unique=True)),
      `,
    }),
    file: MIGRATION,
    before: '0001_initial',
    rows: PRODUCTS,
    steps: [
      {
        fix: 'concurrently first',
        creates: ['shop/migrations/0003_product_code_index.py', 'shop/migrations/0004_product_code_unique.py'],
      },
    ],
  });

  provesFix({
    name: 'a constraint that takes NULL for a value',
    rule: 'blocking-unique',
    project: shopProject({
      created,
      model: `
        code = models.CharField(max_length=9)
        year = models.IntegerField()

        class Meta:
            constraints = [models.UniqueConstraint(fields=["code", "year"], name="order_once", nulls_distinct=False)]
      `,
      operations: `
        # Customers quote it on the phone.
        migrations.AddConstraint(model_name="product", constraint=models.UniqueConstraint(fields=["code", "year"], name="order_once", nulls_distinct=False)),
      `,
    }),
    file: MIGRATION,
    before: '0001_initial',
    rows: PRODUCTS,
    steps: [{ fix: 'concurrently first', creates: ['shop/migrations/0003_order_once_unique.py'] }],
  });

  provesFix({
    name: 'a constraint that is checked at the end, beside another operation',
    rule: 'blocking-unique',
    project: shopProject({
      created,
      model: `
        code = models.CharField(max_length=9)
        year = models.IntegerField()

        class Meta:
            constraints = [models.UniqueConstraint(fields=["year"], name="once", deferrable=models.Deferrable.DEFERRED)]
      `,
      operations: `
        # Customers quote it on the phone.
        migrations.AddConstraint(model_name="product", constraint=models.UniqueConstraint(fields=["year"], name="once", deferrable=models.Deferrable.DEFERRED)),
        migrations.AlterField("product", "code", models.CharField(max_length=9)),
      `,
    }),
    file: MIGRATION,
    before: '0001_initial',
    rows: PRODUCTS,
    steps: [
      {
        fix: 'concurrently first',
        creates: ['shop/migrations/0003_once_index.py', 'shop/migrations/0004_once_unique.py'],
      },
    ],
  });

  provesFix({
    name: 'other fields are unique together: the old set goes when the new one is there',
    rule: 'blocking-unique',
    project: shopProject({
      created: `${created}("shelf", models.IntegerField(default=1)),`,
      model: `
        code = models.CharField(max_length=9)
        year = models.IntegerField()
        shelf = models.IntegerField(default=1)

        class Meta:
            unique_together = {("code", "year"), ("shelf", "code")}
      `,
      operations: `
        # Two shelves may hold the same.
        migrations.AlterUniqueTogether(name="product", unique_together={("code", "year"), ("shelf", "code")}),
      `,
    }).replace(' ],\n        ),', ' ],\n            options={"unique_together": {("code",)}},\n        ),'),
    file: MIGRATION,
    before: '0001_initial',
    rows: ["INSERT INTO shop_product (code, year, shelf) SELECT 'P' || n, n, 1 FROM generate_series(1, 20) n"],
    steps: [{ fix: 'concurrently first', creates: ['shop/migrations/0003_product_code_year_unique.py'] }],
  });

  provesFix({
    name: 'a new column that may be NULL is unique',
    rule: 'blocking-unique',
    project: shopProject({
      created,
      model: `
        code = models.CharField(max_length=9)
        year = models.IntegerField()
        slug = models.SlugField(null=True, unique=True)
      `,
      operations: `
        # The address of its page.
        migrations.AddField(
            model_name="product",
            name="slug",
            field=models.SlugField(null=True, unique=True),
        ),
      `,
    }),
    file: MIGRATION,
    before: '0001_initial',
    rows: PRODUCTS,
    steps: [
      {
        fix: 'Add the column first',
        creates: ['shop/migrations/0003_product_slug_index.py', 'shop/migrations/0004_product_slug_unique.py'],
        schema: {
          added: ['constraint shop_product.shop_product_slug_30bd2d5d_uniq: UNIQUE (slug)'],
          removed: ['constraint shop_product.shop_product_slug_key: UNIQUE (slug)'],
        },
      },
    ],
  });

  provesFix({
    name: 'a new one-to-one field begins as a foreign key',
    rule: 'blocking-unique',
    project: shopProject({
      created,
      model: `
        code = models.CharField(max_length=9)
        year = models.IntegerField()
        successor = models.OneToOneField("self", models.SET_NULL, null=True, related_name="predecessor")
      `,
      operations: `
        # What replaces it.
        migrations.AddField(
            model_name="product",
            name="successor",
            field=models.OneToOneField(
                null=True, on_delete=models.SET_NULL, related_name="predecessor", to="shop.product"
            ),
        ),
      `,
    }),
    file: MIGRATION,
    before: '0001_initial',
    rows: PRODUCTS,
    steps: [
      {
        fix: 'Add the column first',
        creates: [
          'shop/migrations/0003_product_successor_index.py',
          'shop/migrations/0004_product_successor_unique.py',
        ],
        schema: {
          added: ['constraint shop_product.shop_product_successor_id_e2fa4908_uniq: UNIQUE (successor_id)'],
          removed: ['constraint shop_product.shop_product_successor_id_key: UNIQUE (successor_id)'],
        },
      },
    ],
  });

  provesFix({
    name: 'a foreign key becomes one to one and is not checked again',
    rule: 'blocking-unique',
    project: shopProject({
      created: `${created}("successor", models.ForeignKey("shop.Product", models.SET_NULL, null=True)),`,
      model: `
        code = models.CharField(max_length=9)
        year = models.IntegerField()
        successor = models.OneToOneField("self", models.SET_NULL, null=True)
      `,
      operations: `
        # What replaces it.
        migrations.AlterField(
            model_name="product",
            name="successor",
            field=models.OneToOneField(null=True, on_delete=models.SET_NULL, to="shop.product"),
        ),
      `,
    }),
    file: MIGRATION,
    before: '0001_initial',
    rows: [...PRODUCTS, 'UPDATE shop_product SET successor_id = id + 1 WHERE id < 10'],
    steps: [
      {
        fix: 'concurrently first',
        creates: [
          'shop/migrations/0003_product_successor_unique.py',
          'shop/migrations/0004_drop_product_successor_index.py',
        ],
      },
    ],
  });
});

const numbers = `# file: shop/numbers.py
import itertools

count = itertools.count(100)


def next_number():
    return next(count)
`;

const number = (deploys: string) =>
  shopProject({
    created,
    model: `
      code = models.CharField(max_length=9)
      year = models.IntegerField()
      number = models.IntegerField(default=next_number, unique=True)
    `,
    head: 'import shop.numbers',
    operations: `
      # Customers quote it on the phone.
      migrations.AddField(
          model_name="product",
          name="number",
          field=models.IntegerField(default=shop.numbers.next_number, unique=True),
      ),
    `,
    more: `${numbers}# file: pyproject.toml\n[tool.stepwise]\ndeploys = "${deploys}"\n`,
  }).replace(
    'from django.db import models\n',
    'from django.db import models\n\nfrom shop.numbers import next_number\n',
  );

const rows = ["INSERT INTO shop_product (code, year) SELECT 'P' || n, n FROM generate_series(1, 3) n"];
const unfixed = { fails: 'could not create unique index', schema: 'on an empty database' } as const;
const numbered = {
  added: [1, 2, 3].map((n) => `shop_product {"id": ${n}, "code": "P${n}", "year": ${n}, "number": ${99 + n}}`),
  removed: [1, 2, 3].map((n) => `shop_product {"id": ${n}, "code": "P${n}", "year": ${n}}`),
};
const named = {
  added: ['constraint shop_product.shop_product_number_bb8b27fa_uniq: UNIQUE (number)'],
  removed: ['constraint shop_product.shop_product_number_key: UNIQUE (number)'],
};

describe('proof: unique-with-shared-default', () => {
  const shared = {
    rule: 'unique-with-shared-default',
    file: MIGRATION,
    before: '0001_initial',
    rows,
    unfixed,
  } as const;
  const creates = [
    'shop/migrations/0003_fill_product_number.py',
    'shop/migrations/0004_product_number_index.py',
    'shop/migrations/0005_product_number_unique.py',
  ];

  provesFix({
    ...shared,
    name: 'rolling deploys: each row gets a value of its own, NOT NULL follows in a later release',
    project: number('rolling'),
    steps: [
      {
        fix: 'set NOT NULL in a later release',
        creates,
        schema: {
          added: [...named.added, 'column shop_product.number: integer'],
          removed: [...named.removed, 'column shop_product.number: integer not null'],
        },
        rows: numbered,
      },
      {
        fix: 'Write the migrations that set',
        rule: 'not-null-without-default',
        creates: [
          'shop/migrations/0006_product_number_check.py',
          'shop/migrations/0007_fill_product_number_again.py',
          'shop/migrations/0008_product_number_not_null.py',
        ],
        schema: named,
        rows: numbered,
      },
    ],
  });

  provesFix({
    ...shared,
    name: 'stopped deploys: all steps are written at once',
    project: number('stopped'),
    steps: [
      {
        fix: 'unique and NOT NULL',
        creates: [...creates, 'shop/migrations/0006_product_number_not_null.py'],
        schema: named,
        rows: numbered,
      },
    ],
  });

  provesFix({
    ...shared,
    name: 'what is the same for all rows is left to be written',
    project: shopProject({
      created,
      model: `
        code = models.CharField(max_length=9)
        year = models.IntegerField()
        slug = models.SlugField(default="", null=True, unique=True)
      `,
      operations: `
        # The address of its page.
        migrations.AddField("product", "slug", models.SlugField(default="", null=True, unique=True)),
      `,
    }),
    steps: [
      {
        fix: 'then make it unique',
        creates: [
          'shop/migrations/0003_fill_product_slug.py',
          'shop/migrations/0004_product_slug_index.py',
          'shop/migrations/0005_product_slug_unique.py',
        ],
        fillIn: {
          file: 'shop/migrations/0003_fill_product_slug.py',
          raises: 'Write how shop.Product.slug is found for rows that have none.',
          find: 'raise NotImplementedError("Write how shop.Product.slug is found for rows that have none.")',
          replace: 'return row.code.lower()',
        },
        schema: {
          added: ['constraint shop_product.shop_product_slug_30bd2d5d_uniq: UNIQUE (slug)'],
          removed: ['constraint shop_product.shop_product_slug_key: UNIQUE (slug)'],
        },
        rows: {
          added: [1, 2, 3].map((n) => `shop_product {"id": ${n}, "code": "P${n}", "slug": "p${n}", "year": ${n}}`),
          removed: numbered.removed,
        },
      },
    ],
  });
});

describe('proof: blocking-index of a unique constraint that is an index alone', () => {
  const shared = { rule: 'blocking-index', file: MIGRATION, before: '0001_initial', rows: PRODUCTS } as const;

  provesFix({
    ...shared,
    name: 'with a condition, alone in its migration',
    project: shopProject({
      created,
      model: `
        code = models.CharField(max_length=9)
        year = models.IntegerField()

        class Meta:
            constraints = [
                models.UniqueConstraint(
                    fields=["code"], condition=models.Q(year__gt=2000) & ~models.Q(code="it's"), name="new_code"
                )
            ]
      `,
      operations: `
        # Old codes were given twice.
        migrations.AddConstraint(
            model_name="product",
            constraint=models.UniqueConstraint(
                fields=["code"], condition=models.Q(year__gt=2000) & ~models.Q(code="it's"), name="new_code"
            ),
        ),
      `,
    }),
    steps: [{ fix: 'Build the index concurrently' }],
  });

  provesFix({
    ...shared,
    name: 'with included columns, beside another operation',
    project: shopProject({
      created,
      model: `
        code = models.CharField(max_length=9)
        year = models.IntegerField(null=True)

        class Meta:
            constraints = [models.UniqueConstraint(fields=["code"], include=["year"], name="Code")]
      `,
      operations: `
        migrations.AlterField("product", "year", models.IntegerField(null=True)),
        # The list shows both.
        migrations.AddConstraint(
            model_name="product",
            constraint=models.UniqueConstraint(fields=["code"], include=["year"], name="Code"),
        ),
      `,
    }),
    steps: [{ fix: 'of its own', creates: ['shop/migrations/0003_code.py'] }],
  });
});

describe('proof: blocking-primary-key', () => {
  provesFix({
    name: 'a field of a table without a key becomes its key',
    rule: 'blocking-primary-key',
    project: shopProject({
      created: '("number", models.BigIntegerField()),',
      model: 'number = models.BigIntegerField(primary_key=True)',
      operations: `
        # Customers quote it on the phone.
        migrations.AlterField("product", "number", models.BigIntegerField(primary_key=True, serialize=False)),
      `,
      more: `# file: shop/migrations/0002_before.py
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        migrations.RemoveField("product", "id"),
    ]
`,
    }).replace('("shop", "0001_initial"),\n    ]', '("shop", "0002_before"),\n    ]'),
    file: MIGRATION,
    before: '0002_before',
    rows: ['INSERT INTO shop_product (number) SELECT n FROM generate_series(1, 20) n'],
    steps: [{ fix: 'make it the primary key', creates: ['shop/migrations/0003_product_number_key.py'] }],
  });
});
