import { provesFix } from '../prove-fix.ts';
import { MIGRATION, shopProject } from '../shop-project.ts';

const PRODUCTS = ["INSERT INTO shop_product (id, title) VALUES (1, 'Pan'), (2, 'Kettle')"];
const title = '("title", models.CharField(max_length=200)),';
const titleModel = 'title = models.CharField(max_length=200)';
const GUARD = {
  environment: { ALLOW_DESTRUCTIVE_MIGRATIONS: '1' },
  raises: 'ALLOW_DESTRUCTIVE_MIGRATIONS',
} as const;

describe('proof: delete-all-rows', () => {
  const project = shopProject({
    created: title,
    model: titleModel,
    head: `
      def clear_catalog(apps, schema_editor):
          Product = apps.get_model("shop", "Product")
          # The spring catalog replaces it.
          Product.objects.all().delete()
    `,
    operations: 'migrations.RunPython(clear_catalog, migrations.RunPython.noop),',
  });
  const shared = { rule: 'delete-all-rows', project, file: MIGRATION, before: '0001_initial', rows: PRODUCTS } as const;

  provesFix({
    ...shared,
    name: 'the delete is narrowed to a filter',
    steps: [
      {
        fix: 'filter',
        fillIn: {
          file: MIGRATION,
          raises: 'Write which rows of shop_product are deleted.',
          find: 'raise NotImplementedError("Write which rows of shop_product are deleted.")',
          replace: 'return rows.filter(title="Pan")',
        },
        rows: { added: ['shop_product {"id": 2, "title": "Kettle"}'] },
      },
    ],
  });

  provesFix({
    ...shared,
    name: 'the rows are archived first',
    steps: [
      {
        fix: 'archive',
        schema: {
          added: [
            'table shop_product_archived',
            'column shop_product_archived.id: bigint',
            'column shop_product_archived.title: character varying(200)',
          ],
        },
        rows: {
          added: [
            'shop_product_archived {"id": 1, "title": "Pan"}',
            'shop_product_archived {"id": 2, "title": "Kettle"}',
          ],
        },
        restoresRows: true,
      },
    ],
  });

  provesFix({
    ...shared,
    name: 'the delete waits for an environment flag',
    steps: [{ fix: 'ALLOW_DESTRUCTIVE_MIGRATIONS', guard: GUARD }],
  });
});

describe('proof: overwrite-all-rows', () => {
  const project = shopProject({
    created: '("offers", models.BooleanField(null=True)),',
    model: 'offers = models.BooleanField(null=True)',
    head: `
      def subscribe_everyone(apps, schema_editor):
          Product = apps.get_model("shop", "Product")
          # A fresh start.
          Product.objects.all().update(offers=True)
    `,
    operations: 'migrations.RunPython(subscribe_everyone, migrations.RunPython.noop),',
  });
  const shared = {
    rule: 'overwrite-all-rows',
    project,
    file: MIGRATION,
    before: '0001_initial',
    rows: ['INSERT INTO shop_product (id, offers) VALUES (1, NULL), (2, false), (3, true)'],
  } as const;

  provesFix({
    ...shared,
    name: 'only rows that were never chosen are written',
    steps: [
      {
        fix: 'never',
        rows: {
          added: ['shop_product {"id": 2, "offers": false}'],
          removed: ['shop_product {"id": 2, "offers": true}'],
        },
      },
    ],
  });

  provesFix({
    ...shared,
    name: 'the old values are kept in a new column',
    steps: [
      {
        fix: 'keep',
        brings: ['unbatched-data-migration'],
        schema: { added: ['column shop_product.offers_before: boolean'] },
        rows: {
          added: ['null', 'false', 'true'].map(
            (old, index) => `shop_product {"id": ${index + 1}, "offers": true, "offers_before": ${old}}`,
          ),
          removed: [1, 2, 3].map((id) => `shop_product {"id": ${id}, "offers": true}`),
        },
        restoresRows: true,
      },
    ],
  });

  provesFix({
    name: 'the old values of a foreign key are kept in a new column',
    rule: 'overwrite-all-rows',
    project: shopProject({
      created: '("bundle", models.ForeignKey("shop.product", models.SET_NULL, null=True)),',
      model: 'bundle = models.ForeignKey("self", models.SET_NULL, null=True)',
      head: `
        def dissolve_bundles(apps, schema_editor):
            Product = apps.get_model("shop", "Product")
            # Sold one by one from now on.
            Product.objects.all().update(bundle=None)
      `,
      operations: 'migrations.RunPython(dissolve_bundles, migrations.RunPython.noop),',
    }),
    file: MIGRATION,
    before: '0001_initial',
    rows: ['INSERT INTO shop_product (id, bundle_id) VALUES (1, NULL), (2, 1)'],
    steps: [
      {
        fix: 'keep',
        brings: ['unbatched-data-migration'],
        schema: { added: ['column shop_product.bundle_id_before: bigint'] },
        rows: {
          added: [
            'shop_product {"id": 1, "bundle_id": null, "bundle_id_before": null}',
            'shop_product {"id": 2, "bundle_id": null, "bundle_id_before": 1}',
          ],
          removed: ['shop_product {"id": 1, "bundle_id": null}', 'shop_product {"id": 2, "bundle_id": null}'],
        },
        restoresRows: true,
      },
    ],
  });
});

describe('proof: drop-table', () => {
  const coupons = `
    # file: shop/migrations/0001_initial.py
    from django.db import migrations, models


    class Migration(migrations.Migration):

        initial = True

        operations = [
            migrations.CreateModel(
                name="Coupon",
                fields=[
                    ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                    ("code", models.CharField(max_length=20)),
                ],
            ),
        ]
    # file: shop/migrations/0002_change.py
    from django.db import migrations


    class Migration(migrations.Migration):

        dependencies = [
            ("shop", "0001_initial"),
        ]

        operations = [
            # Nobody redeemed one since 2022.
            migrations.DeleteModel(name="Coupon"),
        ]
    # file: shop/models.py
  `;
  const shared = {
    rule: 'drop-table',
    project: coupons,
    file: MIGRATION,
    before: '0001_initial',
    rows: ["INSERT INTO shop_coupon (id, code) VALUES (1, 'SPRING')"],
  } as const;

  provesFix({
    ...shared,
    name: 'the state forgets the model, the table stays for a later release',
    steps: [
      {
        fix: 'state only',
        schema: {
          added: [
            'table shop_coupon',
            'column shop_coupon.code: character varying(20) not null',
            'column shop_coupon.id: bigint not null identity',
            'constraint shop_coupon.shop_coupon_pkey: PRIMARY KEY (id)',
          ],
        },
        rows: { added: ['shop_coupon {"id": 1, "code": "SPRING"}'] },
      },
    ],
  });

  provesFix({
    ...shared,
    name: 'the drop waits for an environment flag',
    steps: [{ fix: 'ALLOW_DESTRUCTIVE_MIGRATIONS', guard: GUARD }],
  });
});

describe('proof: drop-column', () => {
  /** NOT NULL comes back only where no row has lost its value; the unfixed migration is no better. */
  const CODE_IS_GONE = 'column "code" of relation "shop_product" contains null values';
  const dropCode = (deploys: string) =>
    shopProject({
      created: `
        ("title", models.CharField(max_length=200)),
        ("code", models.CharField(max_length=20)),
      `,
      model: titleModel,
      operations: `
        # Printed in the catalog of 2019.
        migrations.RemoveField(model_name="product", name="code"),
      `,
      more: `# file: pyproject.toml\n[tool.stepwise]\ndeploys = "${deploys}"\n`,
    });
  const shared = {
    rule: 'drop-column',
    file: MIGRATION,
    before: '0001_initial',
    rows: ["INSERT INTO shop_product (id, title, code) VALUES (1, 'Pan', 'P1')"],
  } as const;

  provesFix({
    ...shared,
    name: 'rolling deploys: the column becomes nullable and leaves the state, the drop follows in a later release',
    project: dropCode('rolling'),
    steps: [
      {
        fix: 'state',
        schema: { added: ['column shop_product.code: character varying(20)'] },
        rows: {
          added: ['shop_product {"id": 1, "code": "P1", "title": "Pan"}'],
          removed: ['shop_product {"id": 1, "title": "Pan"}'],
        },
      },
      {
        fix: 'Write the migration that drops',
        creates: ['shop/migrations/0003_drop_product_code.py'],
        rowsPreventRollback: CODE_IS_GONE,
      },
    ],
  });

  provesFix({
    ...shared,
    name: 'stopped deploys: all steps are written at once',
    project: dropCode('stopped'),
    steps: [
      {
        fix: 'migration of its own',
        creates: ['shop/migrations/0003_drop_product_code.py'],
        rowsPreventRollback: CODE_IS_GONE,
      },
    ],
  });
});

describe('proof: drop-and-recreate-column', () => {
  provesFix({
    name: 'the column is renamed',
    rule: 'drop-and-recreate-column',
    project: shopProject({
      created: '("maker_name", models.CharField(max_length=200)),',
      model: 'maker = models.CharField(max_length=200)',
      operations: `
        # Shorter, as in the product sheet.
        migrations.RemoveField(model_name="product", name="maker_name"),
        # It was never empty.
        migrations.AddField(
            model_name="product",
            name="maker",
            field=models.CharField(default="", max_length=200),
            preserve_default=False,
        ),
      `,
    }),
    file: MIGRATION,
    before: '0001_initial',
    rows: ["INSERT INTO shop_product (id, maker_name) VALUES (1, 'Acme')"],
    steps: [
      {
        fix: 'Rename "maker_name" to "maker" instead',
        brings: ['rename-column'],
        rows: {
          added: ['shop_product {"id": 1, "maker": "Acme"}'],
          removed: ['shop_product {"id": 1, "maker": ""}'],
        },
      },
    ],
  });

  provesFix({
    name: 'the type is changed in place',
    rule: 'drop-and-recreate-column',
    project: shopProject({
      created: '("stock", models.IntegerField()),',
      model: 'stock = models.BigIntegerField(default=0)',
      operations: `
        # Screws come by the million.
        migrations.RemoveField(model_name="product", name="stock"),
        migrations.AddField(model_name="product", name="stock", field=models.BigIntegerField(default=0)),
      `,
    }),
    file: MIGRATION,
    before: '0001_initial',
    rows: ['INSERT INTO shop_product (id, stock) VALUES (1, 7)'],
    steps: [
      {
        fix: 'Change "stock" in place instead',
        rows: { added: ['shop_product {"id": 1, "stock": 7}'], removed: ['shop_product {"id": 1, "stock": 0}'] },
      },
    ],
  });
});

describe('proof: drop-and-recreate-table', () => {
  provesFix({
    name: 'the table is changed in place',
    rule: 'drop-and-recreate-table',
    project: shopProject({
      created: title,
      model: `
        title = models.CharField(max_length=300)
        note = models.TextField(null=True)
      `,
      operations: `
        # The sheet of 2024 has longer titles.
        migrations.DeleteModel(name="Product"),
        migrations.CreateModel(
            name="Product",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=300)),
                ("note", models.TextField(null=True)),
            ],
        ),
      `,
    }),
    file: MIGRATION,
    before: '0001_initial',
    rows: PRODUCTS,
    steps: [
      {
        fix: 'Change the table instead',
        rows: {
          added: [
            'shop_product {"id": 1, "note": null, "title": "Pan"}',
            'shop_product {"id": 2, "note": null, "title": "Kettle"}',
          ],
        },
      },
    ],
  });

  provesFix({
    name: 'the table is renamed',
    rule: 'drop-and-recreate-table',
    project: `
      # file: shop/models.py
      from django.db import models


      class Item(models.Model):
          title = models.CharField(max_length=200)
          price = models.IntegerField()
          color = models.CharField(max_length=20)
          note = models.TextField(null=True)
      # file: shop/migrations/0001_initial.py
      from django.db import migrations, models


      class Migration(migrations.Migration):

          initial = True

          operations = [
              migrations.CreateModel(
                  name="ShopItem",
                  fields=[
                      ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                      ("title", models.CharField(max_length=200)),
                      ("price", models.IntegerField()),
                      ("color", models.CharField(max_length=20)),
                  ],
              ),
          ]
      # file: ${MIGRATION}
      from django.db import migrations, models


      class Migration(migrations.Migration):

          dependencies = [
              ("shop", "0001_initial"),
          ]

          operations = [
              # Everything here belongs to the shop.
              migrations.DeleteModel(name="ShopItem"),
              migrations.CreateModel(
                  name="Item",
                  fields=[
                      ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                      ("title", models.CharField(max_length=200)),
                      ("price", models.IntegerField()),
                      ("color", models.CharField(max_length=20)),
                      ("note", models.TextField(null=True)),
                  ],
              ),
          ]
    `,
    file: MIGRATION,
    before: '0001_initial',
    rows: ["INSERT INTO shop_shopitem (id, title, price, color) VALUES (1, 'Pan', 20, 'red')"],
    steps: [
      {
        fix: 'Rename "ShopItem" to "Item" instead',
        // PostgreSQL keeps the name of the primary key.
        schema: {
          added: ['constraint shop_item.shop_shopitem_pkey: PRIMARY KEY (id)'],
          removed: ['constraint shop_item.shop_item_pkey: PRIMARY KEY (id)'],
        },
        rows: { added: ['shop_item {"id": 1, "note": null, "color": "red", "price": 20, "title": "Pan"}'] },
      },
    ],
  });
});
