import { provesFix } from '../prove-fix.ts';
import { MIGRATION, shopProject } from '../shop-project.ts';

const PRODUCTS = ["INSERT INTO shop_product (title) SELECT 'Pan ' || n FROM generate_series(1, 3) n"];

const weight = (deploys: string) =>
  shopProject({
    created: '("title", models.CharField(max_length=200)),',
    model: `
    title = models.CharField(max_length=200)
    weight_grams = models.IntegerField()
  `,
    operations: `
    # Carriers charge by weight.
    migrations.AddField(model_name="product", name="weight_grams", field=models.IntegerField()),
  `,
    more: `# file: pyproject.toml\n[tool.stepwise]\ndeploys = "${deploys}"\n`,
  });

const failsOnRows = {
  fails: 'column "weight_grams" of relation "shop_product" contains null values',
  schema: 'on an empty database',
} as const;

describe('proof: not-null-without-default', () => {
  const shared = {
    rule: 'not-null-without-default',
    file: MIGRATION,
    before: '0001_initial',
    rows: PRODUCTS,
    unfixed: failsOnRows,
  } as const;
  const fillIn = {
    file: 'shop/migrations/0003_fill_product_weight_grams.py',
    raises: 'Write how shop.Product.weight_grams is found for rows that have none.',
    find: 'raise NotImplementedError("Write how shop.Product.weight_grams is found for rows that have none.")',
    replace: 'return row.pk * 100',
  };
  const filled = {
    added: [1, 2, 3].map((id) => `shop_product {"id": ${id}, "title": "Pan ${id}", "weight_grams": ${id}00}`),
    removed: [1, 2, 3].map((id) => `shop_product {"id": ${id}, "title": "Pan ${id}"}`),
  };

  provesFix({
    ...shared,
    name: 'rolling deploys: nullable and filled in batches now, NOT NULL in a later release',
    project: weight('rolling'),
    steps: [
      {
        fix: 'fill it in batches;',
        creates: [fillIn.file],
        fillIn,
        schema: {
          added: ['column shop_product.weight_grams: integer'],
          removed: ['column shop_product.weight_grams: integer not null'],
        },
        rows: filled,
      },
      {
        fix: 'Write the migrations that set',
        creates: [
          'shop/migrations/0004_product_weight_grams_check.py',
          'shop/migrations/0005_fill_product_weight_grams_again.py',
          'shop/migrations/0006_product_weight_grams_not_null.py',
        ],
        rows: filled,
      },
    ],
  });

  provesFix({
    ...shared,
    name: 'stopped deploys: all steps are written at once',
    project: weight('stopped'),
    steps: [
      {
        fix: 'then set NOT NULL',
        creates: [fillIn.file, 'shop/migrations/0004_product_weight_grams_not_null.py'],
        fillIn,
        rows: filled,
      },
    ],
  });
});

describe('proof: concurrent-in-transaction', () => {
  provesFix({
    name: 'the migration runs outside a transaction',
    rule: 'concurrent-in-transaction',
    project: shopProject({
      created: '("title", models.CharField(max_length=200)),',
      model: `
        title = models.CharField(max_length=200)

        class Meta:
            indexes = [models.Index(fields=["title"], name="shop_product_title_idx")]
      `,
      head: 'from django.contrib.postgres.operations import AddIndexConcurrently',
      operations: `
        # The search page sorts by title.
        AddIndexConcurrently(
            model_name="product",
            index=models.Index(fields=["title"], name="shop_product_title_idx"),
        ),
      `,
    }),
    file: MIGRATION,
    before: '0001_initial',
    rows: PRODUCTS,
    unfixed: { fails: 'cannot be executed inside a transaction', schema: 'before' },
    steps: [
      {
        fix: 'atomic = False',
        schema: { added: ['index shop_product.shop_product_title_idx: btree (title)'] },
      },
    ],
  });
});
