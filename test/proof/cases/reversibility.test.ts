import { provesFix } from '../prove-fix.ts';
import { MIGRATION, shopProject } from '../shop-project.ts';

const PRODUCTS = ["INSERT INTO shop_product (id, title) VALUES (1, 'pan')"];
const title = '("title", models.CharField(max_length=200)),';
const titleModel = 'title = models.CharField(max_length=200)';

describe('proof: irreversible-run-python', () => {
  provesFix({
    name: 'a function that only adds rows gets a noop',
    rule: 'irreversible-run-python',
    project: shopProject({
      created: title,
      model: titleModel,
      head: `
        def add_first_product(apps, schema_editor):
            Product = apps.get_model("shop", "Product")
            # Every shop sells this one.
            Product.objects.get_or_create(title="Gift card")
      `,
      operations: 'migrations.RunPython(add_first_product),',
    }),
    file: MIGRATION,
    before: '0001_initial',
    rows: ["INSERT INTO shop_product (title) VALUES ('Pan')"],
    steps: [{ fix: 'noop' }],
  });

  provesFix({
    name: 'a function that writes existing rows gets a reverse function',
    rule: 'irreversible-run-python',
    project: shopProject({
      created: title,
      model: titleModel,
      head: `
        def capitalize(apps, schema_editor):
            Product = apps.get_model("shop", "Product")
            for product in Product.objects.filter(title="pan").iterator(chunk_size=500):
                product.title = "Pan"
                product.save()
      `,
      operations: 'migrations.RunPython(capitalize),',
    }),
    file: MIGRATION,
    before: '0001_initial',
    rows: PRODUCTS,
    steps: [{ fix: 'reverse', irreversible: 'cannot' }],
  });
});

describe('proof: irreversible-run-sql', () => {
  provesFix({
    name: 'the way back does nothing',
    rule: 'irreversible-run-sql',
    project: shopProject({
      created: title,
      model: titleModel,
      operations: `
        # Numbers of invoices have no gaps.
        migrations.RunSQL("CREATE SEQUENCE IF NOT EXISTS shop_invoice_number"),
      `,
    }),
    file: MIGRATION,
    before: '0001_initial',
    rows: PRODUCTS,
    steps: [{ fix: 'noop', rolledBack: { added: ['sequence shop_invoice_number'] } }],
  });
});
