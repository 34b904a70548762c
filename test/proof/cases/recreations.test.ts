import { provesFix } from '../prove-fix.ts';
import { MIGRATION, shopProject } from '../shop-project.ts';

const PRODUCTS = ["INSERT INTO shop_product (id, title) VALUES (1, 'Pan'), (2, 'Kettle')"];
const title = '("title", models.CharField(max_length=200)),';

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
        // The values are kept; the table is written anew for them.
        brings: ['rewriting-type-change'],
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
        // The rows are kept; a release that knows the old name is not.
        brings: ['rename-table'],
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
