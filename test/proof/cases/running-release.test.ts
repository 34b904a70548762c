import { provesFix } from '../prove-fix.ts';
import { MIGRATION, shopProject } from '../shop-project.ts';

const title = '("title", models.CharField(max_length=200)),';
const PRODUCTS = ["INSERT INTO shop_product (title) SELECT 'Pan ' || n FROM generate_series(1, 20) n"];

describe('proof: not-null-with-dropped-default', () => {
  provesFix({
    name: 'a number stays the default of its column',
    rule: 'not-null-with-dropped-default',
    project: shopProject({
      created: title,
      model: `
        title = models.CharField(max_length=200)
        weight = models.IntegerField(default=0)
      `,
      operations: `
        # In grams.
        migrations.AddField(model_name="product", name="weight", field=models.IntegerField(default=0)),
      `,
    }),
    file: MIGRATION,
    before: '0001_initial',
    rows: PRODUCTS,
    steps: [
      {
        fix: 'db_default=0',
        schema: {
          added: ['column shop_product.weight: integer not null default 0'],
          removed: ['column shop_product.weight: integer not null'],
        },
      },
    ],
  });

  provesFix({
    name: 'the empty text that blank stands for stays, too',
    rule: 'not-null-with-dropped-default',
    project: shopProject({
      created: title,
      model: `
        title = models.CharField(max_length=200)
        note = models.CharField(max_length=80, blank=True)
      `,
      operations: `
        migrations.AddField("product", "note", models.CharField(max_length=80, blank=True)),
      `,
    }),
    file: MIGRATION,
    before: '0001_initial',
    rows: PRODUCTS,
    steps: [
      {
        fix: 'db_default=""',
        schema: {
          added: ["column shop_product.note: character varying(80) not null default ''::character varying"],
          removed: ['column shop_product.note: character varying(80) not null'],
        },
      },
    ],
  });
});

describe('proof: rename-column', () => {
  provesFix({
    name: 'a field gets another name, its column keeps the old one',
    rule: 'rename-column',
    project: shopProject({
      created: title,
      model: 'name = models.CharField(max_length=200)',
      operations: `
        # The catalog calls it so.
        migrations.RenameField(model_name="product", old_name="title", new_name="name"),
      `,
    }),
    file: MIGRATION,
    before: '0001_initial',
    rows: ["INSERT INTO shop_product (title) VALUES ('Pan'), ('Pot')"],
    steps: [
      {
        fix: 'keep its column',
        schema: {
          added: ['column shop_product.title: character varying(200) not null'],
          removed: ['column shop_product.name: character varying(200) not null'],
        },
        rows: {
          added: ['shop_product {"id": 1, "title": "Pan"}', 'shop_product {"id": 2, "title": "Pot"}'],
          removed: ['shop_product {"id": 1, "name": "Pan"}', 'shop_product {"id": 2, "name": "Pot"}'],
        },
      },
    ],
  });

  provesFix({
    name: 'a foreign key gets another name, its column, key and index keep theirs',
    rule: 'rename-column',
    project: shopProject({
      created: `${title}\n("bundle", models.ForeignKey("shop.product", models.SET_NULL, null=True)),`,
      model: `
        title = models.CharField(max_length=200)
        parent = models.ForeignKey("self", models.SET_NULL, null=True)
      `,
      operations: `
        migrations.RenameField("product", "bundle", "parent"),
      `,
    }),
    file: MIGRATION,
    before: '0001_initial',
    rows: ["INSERT INTO shop_product (title) VALUES ('Pan'), ('Pot')"],
    steps: [
      {
        fix: 'keep its column',
        schema: {
          added: [
            'column shop_product.bundle_id: bigint',
            'constraint shop_product.shop_product_bundle_id_833e4adc_fk_shop_product_id: FOREIGN KEY (bundle_id) REFERENCES shop_product(id) DEFERRABLE INITIALLY DEFERRED',
            'index shop_product.shop_product_bundle_id_833e4adc: btree (bundle_id)',
          ],
          removed: [
            'column shop_product.parent_id: bigint',
            'constraint shop_product.shop_product_parent_id_79be6a81_fk_shop_product_id: FOREIGN KEY (parent_id) REFERENCES shop_product(id) DEFERRABLE INITIALLY DEFERRED',
            'index shop_product.shop_product_bundle_id_833e4adc: btree (parent_id)',
          ],
        },
        rows: {
          added: [
            'shop_product {"id": 1, "title": "Pan", "bundle_id": null}',
            'shop_product {"id": 2, "title": "Pot", "bundle_id": null}',
          ],
          removed: [
            'shop_product {"id": 1, "title": "Pan", "parent_id": null}',
            'shop_product {"id": 2, "title": "Pot", "parent_id": null}',
          ],
        },
      },
    ],
  });
});

const CATALOG = (model: string): string => `
# file: shop/models.py
from django.db import models


class ${model}(models.Model):
    title = models.CharField(max_length=200)


class Review(models.Model):
    product = models.ForeignKey(${model}, on_delete=models.CASCADE)
# file: shop/migrations/0001_initial.py
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    operations = [
        migrations.CreateModel(
            name="Product",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("product", models.ForeignKey(on_delete=models.CASCADE, to="shop.product")),
            ],
        ),
    ]
# file: ${MIGRATION}
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [
        # The catalog calls it so.
        migrations.RenameModel("Product", "${model}"),
    ]
`;

const KEPT_PRODUCT = [
  'column shop_product.id: bigint not null identity',
  'column shop_product.title: character varying(200) not null',
  'constraint shop_product.shop_product_pkey: PRIMARY KEY (id)',
  'constraint shop_review.shop_review_product_id_f74dddfd_fk_shop_product_id: FOREIGN KEY (product_id) REFERENCES shop_product(id) DEFERRABLE INITIALLY DEFERRED',
  'table shop_product',
];

const productRows = (table: string): readonly string[] =>
  Array.from({ length: 20 }, (_, index) => `${table} {"id": ${index + 1}, "title": "Pan ${index + 1}"}`);

describe('proof: rename-table', () => {
  const rows = [...PRODUCTS, 'INSERT INTO shop_review (product_id) SELECT id FROM shop_product'];

  provesFix({
    name: 'a model gets another name, its table and the keys to it stay as they are',
    rule: 'rename-table',
    project: CATALOG('Article'),
    file: MIGRATION,
    before: '0001_initial',
    rows,
    steps: [
      {
        fix: 'keep its table',
        schema: {
          added: KEPT_PRODUCT,
          removed: KEPT_PRODUCT.map((line) =>
            line.replaceAll(/shop_product\b|(?<=fk_)shop_product(?=_id)/g, 'shop_article'),
          ),
        },
        rows: { added: productRows('shop_product'), removed: productRows('shop_article') },
        restoresRows: true,
      },
    ],
  });

  provesFix({
    name: 'a view takes the old name until a later release, and can be written',
    rule: 'rename-table',
    project: CATALOG('Article'),
    file: MIGRATION,
    before: '0001_initial',
    rows,
    steps: [
      {
        fix: 'Leave a view',
        schema: { added: ['view shop_product: SELECT id, title FROM shop_article;'] },
        rows: {},
        restoresRows: true,
        later: {
          sql: [
            "INSERT INTO shop_product (title) VALUES ('Wok') RETURNING id",
            "UPDATE shop_product SET title = 'Big wok' WHERE title = 'Wok'",
            "DELETE FROM shop_product WHERE title = 'Nothing'",
          ],
          rows: ['shop_product {"id": 21, "title": "Big wok"}'],
        },
      },
      {
        fix: 'drops the view',
        file: MIGRATION,
        creates: ['shop/migrations/0003_drop_view_shop_product.py'],
        rows: { added: ['shop_article {"id": 21, "title": "Big wok"}'] },
      },
    ],
  });
});

describe('proof: state-only-removal-not-null', () => {
  provesFix({
    name: 'a column that stays takes rows without a value',
    rule: 'state-only-removal-not-null',
    project: shopProject({
      created: `${title}\n("code", models.CharField(max_length=9)),`,
      model: 'title = models.CharField(max_length=200)',
      operations: `
        # Nobody reads it any more.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField(model_name="product", name="code"),
            ],
        ),
      `,
    }),
    file: MIGRATION,
    before: '0001_initial',
    rows: ["INSERT INTO shop_product (title, code) VALUES ('Pan', 'p1'), ('Pot', 'p2')"],
    steps: [
      {
        fix: 'be NULL first',
        schema: {
          added: ['column shop_product.code: character varying(9)'],
          removed: ['column shop_product.code: character varying(9) not null'],
        },
      },
    ],
  });
});
