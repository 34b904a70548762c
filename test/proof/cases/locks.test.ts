import { provesFix } from '../prove-fix.ts';
import { MIGRATION, shopProject } from '../shop-project.ts';

const PRODUCTS = ["INSERT INTO shop_product (title) SELECT 'Pan ' || n FROM generate_series(1, 20) n"];

const title = '("title", models.CharField(max_length=200)),';
const titleModel = `
  title = models.CharField(max_length=200)

  class Meta:
      indexes = [models.Index(fields=["title"], name="shop_product_title_idx")]
`;

describe('proof: blocking-index', () => {
  provesFix({
    name: 'an index alone in its migration is built concurrently',
    rule: 'blocking-index',
    project: shopProject({
      created: title,
      model: titleModel,
      operations: `
        # The search page sorts by title.
        migrations.AddIndex(
            model_name="product",
            index=models.Index(fields=["title"], name="shop_product_title_idx"),
        ),
      `,
    }),
    file: MIGRATION,
    before: '0001_initial',
    rows: PRODUCTS,
    steps: [{ fix: 'concurrently' }],
  });

  provesFix({
    name: 'an index beside another operation moves to a migration of its own',
    rule: 'blocking-index',
    project: shopProject({
      created: title,
      model: `  note = models.TextField(null=True)\n${titleModel.slice(1)}`,
      operations: `
        migrations.AddField(model_name="product", name="note", field=models.TextField(null=True)),
        # The search page sorts by title.
        migrations.AddIndex(
            model_name="product",
            index=models.Index(fields=["title"], name="shop_product_title_idx"),
        ),
      `,
    }),
    file: MIGRATION,
    before: '0001_initial',
    rows: PRODUCTS,
    steps: [{ fix: 'of its own', creates: ['shop/migrations/0003_shop_product_title_idx.py'] }],
  });

  provesFix({
    name: 'an index that a field gets is built concurrently',
    rule: 'blocking-index',
    project: shopProject({
      created: '("price", models.IntegerField()),',
      model: 'price = models.IntegerField(db_index=True)',
      operations: `
        # The search page filters by price.
        migrations.AlterField(model_name="product", name="price", field=models.IntegerField(db_index=True)),
      `,
    }),
    file: MIGRATION,
    before: '0001_initial',
    rows: ['INSERT INTO shop_product (price) SELECT n FROM generate_series(1, 20) n'],
    steps: [
      {
        fix: 'concurrently',
        // Django finds the index of a field by its column, whatever its name is.
        schema: {
          added: ['index shop_product.shop_product_price_idx: btree (price)'],
          removed: ['index shop_product.shop_product_price_1b4ecf07: btree (price)'],
        },
      },
    ],
  });

  provesFix({
    name: 'a foreign key is added without its index, which follows',
    rule: 'blocking-index',
    project: shopProject({
      created: title,
      model: `
        title = models.CharField(max_length=200)
        bundle = models.ForeignKey("self", models.SET_NULL, null=True)
      `,
      operations: `
        # Pans are sold in sets.
        migrations.AddField(
            model_name="product",
            name="bundle",
            field=models.ForeignKey(null=True, on_delete=models.SET_NULL, to="shop.product"),
        ),
      `,
    }),
    file: MIGRATION,
    before: '0001_initial',
    rows: PRODUCTS,
    steps: [
      {
        fix: 'without its index',
        creates: ['shop/migrations/0003_product_bundle_index.py'],
        schema: {
          added: ['index shop_product.shop_product_bundle_id_idx: btree (bundle_id)'],
          removed: ['index shop_product.shop_product_bundle_id_833e4adc: btree (bundle_id)'],
        },
      },
    ],
  });
});

describe('proof: set-not-null', () => {
  provesFix({
    name: 'a check is validated first, then NOT NULL reads nothing',
    rule: 'set-not-null',
    project: shopProject({
      created: '("stock", models.IntegerField(null=True)),',
      model: 'stock = models.IntegerField()',
      operations: `
        # Nobody left it empty since 2021.
        migrations.AlterField(model_name="product", name="stock", field=models.IntegerField()),
      `,
    }),
    file: MIGRATION,
    before: '0001_initial',
    rows: ['INSERT INTO shop_product (stock) SELECT NULLIF(n, 7) FROM generate_series(1, 20) n'],
    unfixed: {
      fails: 'column "stock" of relation "shop_product" contains null values',
      schema: 'on an empty database',
    },
    steps: [
      {
        fix: 'NOT NULL in steps',
        creates: ['shop/migrations/0003_fill_product_stock.py', 'shop/migrations/0004_product_stock_not_null.py'],
        fillIn: {
          file: 'shop/migrations/0003_fill_product_stock.py',
          raises: 'Write how shop.Product.stock is found for rows that have none.',
          find: 'raise NotImplementedError("Write how shop.Product.stock is found for rows that have none.")',
          replace: 'return 0',
        },
        rows: {
          added: ['shop_product {"id": 7, "stock": 0}'],
          removed: ['shop_product {"id": 7, "stock": null}'],
        },
      },
    ],
  });

  provesFix({
    name: 'a default fills the rows that have no value, batch by batch',
    rule: 'set-not-null',
    project: shopProject({
      created: '("stock", models.IntegerField(null=True)),',
      model: 'stock = models.IntegerField(default=0)',
      operations: `
        # Nobody left it empty since 2021.
        migrations.AlterField(model_name="product", name="stock", field=models.IntegerField(default=0)),
      `,
    }),
    file: MIGRATION,
    before: '0001_initial',
    rows: ['INSERT INTO shop_product (stock) SELECT NULLIF(n % 3, 0) FROM generate_series(1, 2300) n'],
    steps: [
      {
        fix: 'NOT NULL in steps',
        creates: ['shop/migrations/0003_fill_product_stock.py', 'shop/migrations/0004_product_stock_not_null.py'],
      },
    ],
  });
});

describe('proof: set-not-null on a foreign key', () => {
  provesFix({
    name: 'the key is not checked again',
    rule: 'set-not-null',
    project: shopProject({
      created: '("bundle", models.ForeignKey(null=True, on_delete=models.CASCADE, to="shop.product")),',
      model: 'bundle = models.ForeignKey("self", models.CASCADE)',
      operations: `
        # Each is at least a set of its own.
        migrations.AlterField(
            model_name="product",
            name="bundle",
            field=models.ForeignKey(on_delete=models.CASCADE, to="shop.product"),
        ),
      `,
    }),
    file: MIGRATION,
    before: '0001_initial',
    rows: ['INSERT INTO shop_product (bundle_id) SELECT n FROM generate_series(1, 20) n'],
    steps: [
      {
        fix: 'NOT NULL in steps',
        creates: ['shop/migrations/0003_fill_product_bundle.py', 'shop/migrations/0004_product_bundle_not_null.py'],
      },
    ],
  });
});

describe('proof: validating-check', () => {
  provesFix({
    name: 'a check binds new rows at once and the old ones when they are read',
    rule: 'validating-check',
    project: shopProject({
      created: '("price", models.IntegerField()),',
      model: `
        price = models.IntegerField()

        class Meta:
            constraints = [models.CheckConstraint(condition=models.Q(price__gte=0), name="price_not_negative")]
      `,
      operations: `
        # Nobody is paid to take a product.
        migrations.AddConstraint(
            model_name="product",
            constraint=models.CheckConstraint(condition=models.Q(price__gte=0), name="price_not_negative"),
        ),
      `,
    }),
    file: MIGRATION,
    before: '0001_initial',
    rows: ['INSERT INTO shop_product (price) SELECT n FROM generate_series(1, 20) n'],
    steps: [
      {
        fix: 'validate it in a migration of its own',
        creates: ['shop/migrations/0003_validate_price_not_negative.py'],
      },
    ],
  });
});
