import { provesFix } from '../prove-fix.ts';
import { MIGRATION, shopProject } from '../shop-project.ts';

describe('proof: direct-model-import', () => {
  provesFix({
    name: 'the model comes from the historical state',
    rule: 'direct-model-import',
    project: shopProject({
      created: '("title", models.CharField(max_length=200)),',
      model: 'title = models.CharField(max_length=200)',
      head: `
        from shop.models import Product


        def mark_untitled(apps, schema_editor):
            # The importer left some of them blank.
            Product.objects.filter(title="").update(title="Untitled")
      `,
      operations: 'migrations.RunPython(mark_untitled, migrations.RunPython.noop),',
    }),
    file: MIGRATION,
    before: '0001_initial',
    rows: ["INSERT INTO shop_product (id, title) VALUES (1, ''), (2, 'Pan')"],
    steps: [{ fix: 'get_model' }],
  });
});

describe('proof: unbatched-data-migration', () => {
  provesFix({
    name: 'rows are loaded and written in batches',
    rule: 'unbatched-data-migration',
    project: shopProject({
      created: `
        ("price", models.IntegerField()),
        ("gross", models.IntegerField(null=True)),
      `,
      model: `
        price = models.IntegerField()
        gross = models.IntegerField(null=True)
      `,
      head: `
        def fill_gross(apps, schema_editor):
            Product = apps.get_model("shop", "Product")
            for product in Product.objects.all():
                # With tax.
                product.gross = product.price * 119 // 100
                product.save()
      `,
      operations: 'migrations.RunPython(fill_gross, migrations.RunPython.noop),',
    }),
    file: MIGRATION,
    before: '0001_initial',
    // More than two batches of a thousand.
    rows: ['INSERT INTO shop_product (price) SELECT n FROM generate_series(1, 2300) n'],
    steps: [{ fix: 'batch' }],
  });

  provesFix({
    name: 'an update of every row goes in batches',
    rule: 'unbatched-data-migration',
    project: shopProject({
      created: `
        ("price", models.IntegerField()),
        ("gross", models.IntegerField(null=True)),
      `,
      model: `
        price = models.IntegerField()
        gross = models.IntegerField(null=True)
      `,
      head: `
        def fill_gross(apps, schema_editor):
            Product = apps.get_model("shop", "Product")
            # With tax.
            Product.objects.update(gross=models.F("price") * 119 / 100)
      `,
      operations: 'migrations.RunPython(fill_gross, migrations.RunPython.noop),',
    }),
    file: MIGRATION,
    before: '0001_initial',
    rows: ['INSERT INTO shop_product (price) SELECT n FROM generate_series(1, 2300) n'],
    steps: [{ fix: 'batches' }],
  });
});
