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
    name: 'a function that cannot be undone says why',
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
    steps: [{ fix: 'says why', irreversible: 'cannot' }],
  });

  provesFix({
    name: 'constants that replace others are exchanged again',
    rule: 'irreversible-run-python',
    project: shopProject({
      created: title,
      model: titleModel,
      head: `
        def say_kettle(apps, schema_editor):
            Product = apps.get_model("shop", "Product")
            # The British word.
            Product.objects.filter(title="Boiler").update(title="Kettle")
      `,
      operations: 'migrations.RunPython(say_kettle),',
    }),
    file: MIGRATION,
    before: '0001_initial',
    rows: ["INSERT INTO shop_product (id, title) VALUES (1, 'Boiler'), (2, 'Pan')"],
    steps: [{ fix: 'Write the reverse function', restoresRows: true }],
  });

  provesFix({
    name: 'rows that are added are taken back',
    rule: 'irreversible-run-python',
    project: shopProject({
      created: title,
      model: titleModel,
      head: `
        def add_gift_card(apps, schema_editor):
            apps.get_model("shop", "Product").objects.create(title="Gift card")
      `,
      operations: 'migrations.RunPython(add_gift_card),',
    }),
    file: MIGRATION,
    before: '0001_initial',
    rows: ["INSERT INTO shop_product (title) VALUES ('Pan')"],
    steps: [{ fix: 'Write the reverse function', brings: ['delete-rows'], restoresRows: true }],
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
