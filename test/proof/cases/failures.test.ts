import { provesFix } from '../prove-fix.ts';
import { MIGRATION, shopProject } from '../shop-project.ts';

const PRODUCTS = ["INSERT INTO shop_product (title) SELECT 'Pan ' || n FROM generate_series(1, 3) n"];

const weight = shopProject({
  created: '("title", models.CharField(max_length=200)),',
  model: `
    title = models.CharField(max_length=200)
    weight_grams = models.IntegerField()
  `,
  operations: `
    # Carriers charge by weight.
    migrations.AddField(model_name="product", name="weight_grams", field=models.IntegerField()),
  `,
});

const failsOnRows = {
  fails: 'column "weight_grams" of relation "shop_product" contains null values',
  schema: 'on an empty database',
} as const;

describe('proof: not-null-without-default', () => {
  provesFix({
    name: 'the column is added as nullable, filled in batches and made NOT NULL',
    rule: 'not-null-without-default',
    project: weight,
    file: MIGRATION,
    before: '0001_initial',
    rows: PRODUCTS,
    unfixed: failsOnRows,
    steps: [{ fix: 'null' }],
  });

  provesFix({
    name: 'the database gets a default',
    rule: 'not-null-without-default',
    project: weight,
    file: MIGRATION,
    before: '0001_initial',
    rows: PRODUCTS,
    unfixed: failsOnRows,
    steps: [{ fix: 'db_default' }],
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
