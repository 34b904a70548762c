import { provesFix } from '../prove-fix.ts';
import { MIGRATION, shopProject } from '../shop-project.ts';

const title = '("title", models.CharField(max_length=200)),';

/** The rows of `shop_product`, each made of its number. */
function products(row: (n: number) => string): readonly string[] {
  return Array.from({ length: ROWS }, (_, index) => `shop_product ${row(index + 1)}`);
}

// More than one batch.
const ROWS = 1200;

describe('proof: rewriting-type-change', () => {
  provesFix({
    name: 'a number that is never NULL goes to bigint by way of a second column',
    rule: 'rewriting-type-change',
    project: shopProject({
      created: `${title}\n("stock", models.IntegerField()),`,
      model: `
        title = models.CharField(max_length=200)
        stock = models.BigIntegerField(default=0)
      `,
      operations: `
        # We sell screws now.
        migrations.AlterField(model_name="product", name="stock", field=models.BigIntegerField(default=0)),
      `,
    }),
    file: MIGRATION,
    before: '0001_initial',
    rows: [`INSERT INTO shop_product (title, stock) SELECT 'Pan ' || n, n FROM generate_series(1, ${ROWS}) n`],
    steps: [
      {
        fix: 'Fill a second column',
        creates: ['shop/migrations/0003_fill_product_stock_new.py', 'shop/migrations/0004_swap_product_stock.py'],
        schema: { added: ['column shop_product.stock_old: integer'] },
        rows: {
          added: products((n) => `{"id": ${n}, "stock": ${n}, "title": "Pan ${n}", "stock_old": ${n}}`),
          removed: products((n) => `{"id": ${n}, "stock": ${n}, "title": "Pan ${n}"}`),
        },
        restoresRows: true,
        later: {
          sql: [
            "INSERT INTO shop_product (title, stock) VALUES ('Wok', 7)",
            "UPDATE shop_product SET stock = 3000000000 WHERE title = 'Wok'",
            "UPDATE shop_product SET stock = 8 WHERE title = 'Wok'",
          ],
          rows: [`shop_product {"id": ${ROWS + 1}, "stock": 8, "title": "Wok"}`],
        },
      },
      {
        rule: 'drop-column',
        fix: 'drops "stock_old"',
        file: 'shop/migrations/0004_swap_product_stock.py',
        creates: ['shop/migrations/0005_drop_product_stock_old.py'],
        rows: { added: [`shop_product {"id": ${ROWS + 1}, "stock": 8, "title": "Wok"}`] },
      },
    ],
  });

  provesFix({
    name: 'a number with indexes and NULLs goes to bigint, and the indexes with it',
    rule: 'rewriting-type-change',
    project: shopProject({
      created: `${title}\n("supplier", models.IntegerField(null=True, db_index=True)),`,
      model: `
        title = models.CharField(max_length=200)
        supplier = models.BigIntegerField(null=True, db_index=True)

        class Meta:
            indexes = [models.Index(fields=["supplier", "title"], name="product_supplier_idx")]
      `,
      operations: `
        migrations.AlterField("product", "supplier", models.BigIntegerField(null=True, db_index=True)),
      `,
    }).replace(
      '            ],\n        ),',
      '            ],\n            options={"indexes": [models.Index(fields=["supplier", "title"], name="product_supplier_idx")]},\n        ),',
    ),
    file: MIGRATION,
    before: '0001_initial',
    rows: [
      `INSERT INTO shop_product (title, supplier) SELECT 'Pan', CASE WHEN n % 2 = 0 THEN n END FROM generate_series(1, ${ROWS}) n`,
    ],
    steps: [
      {
        fix: 'Fill a second column',
        creates: [
          'shop/migrations/0003_fill_product_supplier_new.py',
          'shop/migrations/0004_index_product_supplier_new.py',
          'shop/migrations/0005_index_product_supplier_new.py',
          'shop/migrations/0006_swap_product_supplier.py',
        ],
        schema: {
          added: [
            'column shop_product.supplier_old: integer',
            'index shop_product.product_supplier_idx_old: btree (supplier_old, title)',
            'index shop_product.shop_product_supplier_5c596608_old: btree (supplier_old)',
          ],
        },
        rows: {
          added: products((n) => {
            const supplier = n % 2 === 0 ? n : null;
            return `{"id": ${n}, "title": "Pan", "supplier": ${supplier}, "supplier_old": ${supplier}}`;
          }),
          removed: products((n) => `{"id": ${n}, "title": "Pan", "supplier": ${n % 2 === 0 ? n : null}}`),
        },
        restoresRows: true,
      },
    ],
  });

  provesFix({
    name: 'two numbers of one migration, each by way of a column of its own',
    rule: 'rewriting-type-change',
    project: shopProject({
      created: '("stock", models.IntegerField()),\n("sold", models.SmallIntegerField(null=True)),',
      model: `
        stock = models.BigIntegerField()
        sold = models.IntegerField(null=True)
      `,
      operations: `
        migrations.AlterField("product", "stock", models.BigIntegerField()),
        migrations.AlterField("product", "sold", models.IntegerField(null=True)),
      `,
    }),
    file: MIGRATION,
    before: '0001_initial',
    rows: ['INSERT INTO shop_product (stock, sold) VALUES (1, 2), (3, NULL)'],
    steps: [
      {
        fix: 'Fill a second column',
        creates: [
          'shop/migrations/0003_fill_product_stock_new.py',
          'shop/migrations/0004_swap_product_stock.py',
          'shop/migrations/0005_fill_product_sold_new.py',
          'shop/migrations/0006_swap_product_sold.py',
        ],
        schema: {
          added: ['column shop_product.stock_old: integer', 'column shop_product.sold_old: smallint'],
        },
        rows: {
          added: [
            'shop_product {"id": 1, "sold": 2, "stock": 1, "sold_old": 2, "stock_old": 1}',
            'shop_product {"id": 2, "sold": null, "stock": 3, "sold_old": null, "stock_old": 3}',
          ],
          removed: [
            'shop_product {"id": 1, "sold": 2, "stock": 1}',
            'shop_product {"id": 2, "sold": null, "stock": 3}',
          ],
        },
        restoresRows: true,
      },
    ],
  });
});

const CODES = ['PAN', 'POT', 'WOK-WITH-A-LID'];

describe('proof: narrowing-type-change', () => {
  provesFix({
    name: 'a text gets shorter by way of a second column, once the value that does not fit is corrected',
    rule: 'narrowing-type-change',
    project: shopProject({
      created: '("code", models.CharField(max_length=40, db_index=True)),',
      model: 'code = models.CharField(max_length=10, db_index=True)',
      operations: `
        migrations.AlterField("product", "code", models.CharField(max_length=10, db_index=True)),
      `,
    }),
    file: MIGRATION,
    before: '0001_initial',
    rows: CODES.map((code) => `INSERT INTO shop_product (code) VALUES ('${code}')`),
    unfixed: { fails: 'value too long for type character varying(10)', schema: 'on an empty database' },
    steps: [
      {
        fix: 'Fill a second column',
        creates: [
          'shop/migrations/0003_fill_product_code_new.py',
          'shop/migrations/0004_index_product_code_new.py',
          'shop/migrations/0005_index_product_code_new.py',
          'shop/migrations/0006_swap_product_code.py',
        ],
        fillIn: {
          raises: 'check constraint "shop_product_code_fits" of relation "shop_product" is violated by some row',
          file: 'shop/migrations/0003_fill_product_code_new.py',
          find: '    operations = [\n',
          replace: `    operations = [
        migrations.RunSQL(
            "UPDATE shop_product SET code = left(code, 10) WHERE char_length(code) > 10", migrations.RunSQL.noop
        ),
`,
        },
        schema: {
          added: [
            'column shop_product.code_old: character varying(40)',
            'constraint shop_product.shop_product_code_fits: CHECK ((char_length((code_old)::text) <= 10))',
            'index shop_product.shop_product_code_fdb8d8a6_like_old: btree (code_old varchar_pattern_ops)',
            'index shop_product.shop_product_code_fdb8d8a6_old: btree (code_old)',
          ],
        },
        rows: {
          added: CODES.map((code) => code.slice(0, 10)).map(
            (code, n) => `shop_product {"id": ${n + 1}, "code": "${code}", "code_old": "${code}"}`,
          ),
          removed: CODES.map((code, n) => `shop_product {"id": ${n + 1}, "code": "${code}"}`),
        },
      },
    ],
  });

  provesFix({
    name: 'a number gets smaller and less precise, with values that all fit',
    rule: 'narrowing-type-change',
    project: shopProject({
      created: '("price", models.DecimalField(max_digits=10, decimal_places=4)),',
      model: 'price = models.DecimalField(max_digits=8, decimal_places=2)',
      operations: `
        migrations.AlterField("product", "price", models.DecimalField(max_digits=8, decimal_places=2)),
      `,
    }),
    file: MIGRATION,
    before: '0001_initial',
    rows: ['INSERT INTO shop_product (price) VALUES (12.5000), (999999.9900)'],
    steps: [
      {
        fix: 'Fill a second column',
        creates: ['shop/migrations/0003_fill_product_price_new.py', 'shop/migrations/0004_swap_product_price.py'],
        schema: {
          added: [
            'column shop_product.price_old: numeric(10,4)',
            'constraint shop_product.shop_product_price_fits: CHECK (((price_old = round(price_old, 2)) AND (abs(price_old) < (1000000)::numeric)))',
          ],
        },
        rows: {
          added: [
            'shop_product {"id": 1, "price": 12.50, "price_old": 12.5000}',
            'shop_product {"id": 2, "price": 999999.99, "price_old": 999999.9900}',
          ],
          removed: ['shop_product {"id": 1, "price": 12.50}', 'shop_product {"id": 2, "price": 999999.99}'],
        },
        restoresRows: true,
        later: {
          sql: ['INSERT INTO shop_product (price) VALUES (1.25)'],
          rows: ['shop_product {"id": 3, "price": 1.2500}'],
        },
      },
    ],
  });
});

describe('proof: volatile-default', () => {
  provesFix({
    name: 'a default that the database draws for each row comes after its column',
    rule: 'volatile-default',
    project: shopProject({
      created: title,
      head: 'from django.db.models.functions import Floor, Random',
      model: `
        title = models.CharField(max_length=200)
        lot = models.IntegerField(db_default=Floor(Random()))
      `,
      operations: `
        # Nobody chooses it.
        migrations.AddField("product", "lot", models.IntegerField(db_default=Floor(Random()))),
      `,
    }).replace(
      'from django.db import models\n',
      'from django.db import models\nfrom django.db.models.functions import Floor, Random\n',
    ),
    file: MIGRATION,
    before: '0001_initial',
    rows: [`INSERT INTO shop_product (title) SELECT 'Pan ' || n FROM generate_series(1, ${ROWS}) n`],
    steps: [
      {
        fix: 'Set the default after',
        creates: ['shop/migrations/0003_fill_product_lot.py', 'shop/migrations/0004_product_lot_not_null.py'],
        restoresRows: true,
        later: {
          sql: ["INSERT INTO shop_product (title) VALUES ('Wok')"],
          rows: [`shop_product {"id": ${ROWS + 1}, "title": "Wok"}`],
        },
      },
    ],
  });
});

describe('proof: rename-column by copying', () => {
  const writtenLater = (name: string): readonly string[] =>
    ['old', 'newer', 'renewed'].map((value, index) => {
      const cells = { id: ROWS + 1 + index, [name]: value, note: value === 'newer' ? 'both' : value };
      // As PostgreSQL orders the keys of jsonb: shorter ones first.
      const keys = Object.keys(cells).sort((one, other) => one.length - other.length || (one < other ? -1 : 1));
      return `shop_product {${keys.map((key) => `"${key}": ${JSON.stringify(Object(cells)[key])}`).join(', ')}}`;
    });

  const renamed = shopProject({
    created: '("title", models.CharField(max_length=200, default="")),\n("note", models.TextField(null=True)),',
    model: `
      name = models.CharField(max_length=200, default="")
      note = models.TextField(null=True)
    `,
    operations: `
      # The catalog calls it so.
      migrations.RenameField("product", "title", "name"),
    `,
  });

  provesFix({
    name: 'the old column stays in step with the new one, whichever release writes',
    rule: 'rename-column',
    project: renamed,
    file: MIGRATION,
    before: '0001_initial',
    rows: [`INSERT INTO shop_product (title) SELECT 'Pan ' || n FROM generate_series(1, ${ROWS}) n`],
    steps: [
      {
        fix: 'kept in step by a trigger',
        creates: ['shop/migrations/0003_fill_product_name.py', 'shop/migrations/0004_rename_product_title.py'],
        schema: {
          added: [
            'column shop_product.title: character varying(200)',
            'trigger shop_product.shop_product_title_renamed: CREATE TRIGGER shop_product_title_renamed BEFORE INSERT OR UPDATE ON public.shop_product FOR EACH ROW EXECUTE FUNCTION shop_product_title_renamed()',
          ],
        },
        rows: {
          added: products((n) => `{"id": ${n}, "name": "Pan ${n}", "note": null, "title": "Pan ${n}"}`),
          removed: products((n) => `{"id": ${n}, "name": "Pan ${n}", "note": null}`),
        },
        restoresRows: true,
        later: {
          sql: [
            "INSERT INTO shop_product (title) VALUES ('old'), ('older')",
            "INSERT INTO shop_product (name) VALUES ('new')",
            "UPDATE shop_product SET name = 'newer', note = 'both' WHERE title = 'older' AND name = 'older'",
            "UPDATE shop_product SET title = 'renewed' WHERE name = 'new' AND title = 'new'",
            `UPDATE shop_product SET note = name WHERE note IS NULL AND id > ${ROWS}`,
          ],
          rows: writtenLater('title'),
        },
      },
      {
        rule: 'drop-column',
        fix: 'drops "title"',
        file: 'shop/migrations/0004_rename_product_title.py',
        creates: ['shop/migrations/0005_drop_product_title.py'],
        rows: { added: writtenLater('name') },
      },
    ],
  });
});
