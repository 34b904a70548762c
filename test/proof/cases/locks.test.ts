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
    steps: [{ fix: 'concurrently', creates: ['shop/migrations/0003_shop_product_title_idx.py'] }],
  });

  provesFix({
    name: 'the index of a field is built after the field',
    rule: 'blocking-index',
    project: shopProject({
      created: title,
      model: 'title = models.CharField(max_length=200, db_index=True)',
      operations: `
        migrations.AlterField(
            model_name="product",
            name="title",
            field=models.CharField(db_index=True, max_length=200),
        ),
      `,
    }),
    file: MIGRATION,
    before: '0001_initial',
    rows: PRODUCTS,
    steps: [{ fix: 'concurrently' }],
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
    rows: ['INSERT INTO shop_product (stock) SELECT n FROM generate_series(1, 20) n'],
    steps: [{ fix: 'valid' }],
  });
});
