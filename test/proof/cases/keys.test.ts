import { provesFix } from '../prove-fix.ts';
import { MIGRATION, shopProject } from '../shop-project.ts';

const created = '("title", models.CharField(max_length=200)),';
const PRODUCTS = ["INSERT INTO shop_product (title) SELECT 'Pan ' || n FROM generate_series(1, 20) n"];

describe('proof: checked-column', () => {
  provesFix({
    name: 'a positive number is added without its check, which binds new rows at once and the old ones when they are read',
    rule: 'checked-column',
    project: shopProject({
      created,
      model: `
        title = models.CharField(max_length=200)
        weight = models.PositiveSmallIntegerField(default=0, verbose_name="weight, in grams")
      `,
      operations: `
        # Carriers charge by weight.
        migrations.AddField(
            model_name="product",
            name="weight",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="weight, in grams"),
        ),
      `,
    }),
    file: MIGRATION,
    before: '0001_initial',
    rows: PRODUCTS,
    steps: [{ fix: 'without its check', creates: ['shop/migrations/0003_validate_product_weight.py'] }],
  });
});

describe('proof: validating-foreign-key', () => {
  const creates = ['shop/migrations/0003_product_bundle_index.py', 'shop/migrations/0004_validate_product_bundle.py'];

  provesFix({
    name: 'a foreign key with a default comes NOT VALID',
    rule: 'validating-foreign-key',
    project: shopProject({
      created,
      model: `
        title = models.CharField(max_length=200)
        bundle = models.ForeignKey("self", models.CASCADE, default=1)
      `,
      operations: `
        # Pans are sold in sets.
        migrations.AddField(
            model_name="product",
            name="bundle",
            field=models.ForeignKey(
                default=1,
                on_delete=models.CASCADE,  # A set goes as a whole.
                to="shop.product",
            ),
        ),
      `,
    }),
    file: MIGRATION,
    before: '0001_initial',
    rows: PRODUCTS,
    steps: [{ fix: 'build its index concurrently', creates }],
  });

  provesFix({
    name: 'a number becomes a foreign key, under another name',
    rule: 'validating-foreign-key',
    project: shopProject({
      created: `${created}\n("bundle", models.BigIntegerField(null=True)),`,
      model: `
        title = models.CharField(max_length=200)
        bundle = models.ForeignKey("self", models.SET_NULL, null=True)
      `,
      operations: `
        # Pans are sold in sets.
        migrations.AlterField(
            model_name="product",
            name="bundle",
            field=models.ForeignKey(null=True, on_delete=models.SET_NULL, to="shop.product"),
        ),
      `,
    }),
    file: MIGRATION,
    before: '0001_initial',
    rows: [...PRODUCTS, 'UPDATE shop_product SET bundle = 1'],
    steps: [{ fix: 'build its index concurrently', creates }],
  });

  provesFix({
    name: 'a column becomes an enforced foreign key, of text',
    rule: 'validating-foreign-key',
    project: shopProject({
      created: `
        ("code", models.CharField(max_length=9, unique=True)),
        ("bundle", models.ForeignKey("shop.Product", models.CASCADE, to_field="code", db_constraint=False)),
      `,
      model: `
        code = models.CharField(max_length=9, unique=True)
        bundle = models.ForeignKey("self", models.CASCADE, to_field="code")
      `,
      operations: `
        # Pans are sold in sets.
        migrations.AlterField(
            model_name="product",
            name="bundle",
            field=models.ForeignKey(on_delete=models.CASCADE, to="shop.product", to_field="code"),
        ),
      `,
    }),
    file: MIGRATION,
    before: '0001_initial',
    rows: ["INSERT INTO shop_product (code, bundle_id) SELECT 'P' || n, 'P1' FROM generate_series(1, 20) n"],
    steps: [{ fix: 'validate it in the next migration', creates: ['shop/migrations/0003_validate_product_bundle.py'] }],
  });

  provesFix({
    name: 'a foreign key that may be NULL from now on is left alone',
    rule: 'validating-foreign-key',
    project: shopProject({
      created: `${created}\n("bundle", models.ForeignKey("shop.Product", models.CASCADE)),`,
      model: `
        title = models.CharField(max_length=200)
        bundle = models.ForeignKey("self", models.SET_NULL, null=True)
      `,
      operations: `
        # Pans are sold in sets.
        migrations.AlterField(
            model_name="product",
            name="bundle",
            field=models.ForeignKey(null=True, on_delete=models.SET_NULL, to="shop.product"),
        ),
      `,
    }),
    file: MIGRATION,
    before: '0001_initial',
    rows: ["INSERT INTO shop_product (title, bundle_id) SELECT 'Pan ' || n, 1 FROM generate_series(1, 20) n"],
    steps: [{ fix: 'leave its foreign key' }],
  });
});

describe('proof: set-not-null with a default that the state forgets', () => {
  provesFix({
    name: 'it is for the rows of that moment alone',
    rule: 'set-not-null',
    project: shopProject({
      created: '("stock", models.IntegerField(null=True)),',
      model: 'stock = models.IntegerField()',
      operations: `
        # Nobody left it empty since 2021.
        migrations.AlterField(
            model_name="product",
            name="stock",
            field=models.IntegerField(default=0),
            preserve_default=False,
        ),
      `,
    }),
    file: MIGRATION,
    before: '0001_initial',
    rows: ['INSERT INTO shop_product (stock) SELECT NULLIF(n % 3, 0) FROM generate_series(1, 20) n'],
    steps: [
      {
        fix: 'NOT NULL in steps',
        creates: ['shop/migrations/0003_fill_product_stock.py', 'shop/migrations/0004_product_stock_not_null.py'],
      },
    ],
  });
});
