import { provesFix } from '../prove-fix.ts';
import { MIGRATION, shopProject } from '../shop-project.ts';

const PRODUCTS = ["INSERT INTO shop_product (code, total) SELECT 'p' || n, n FROM generate_series(1, 20) n"];

const shared = {
  file: MIGRATION,
  before: '0001_initial',
  rows: PRODUCTS,
} as const;

/** A project whose second migration sends SQL that Django's models know nothing of. */
function sqlProject(operations: string, attributes = ''): string {
  return shopProject({
    created: `
      ("code", models.CharField(max_length=20, null=True)),
      ("total", models.IntegerField(db_default=1)),
    `,
    model: `
      code = models.CharField(max_length=20, null=True)
      total = models.IntegerField(db_default=1)
    `,
    attributes,
    operations,
  });
}

describe('proof: blocking-index, in SQL', () => {
  provesFix({
    ...shared,
    name: 'an index alone in its migration is built concurrently, and dropped first where a failed build left it',
    rule: 'blocking-index',
    project: sqlProject(`
      migrations.RunSQL(
          """
          -- The search page sorts by code: 100%, and 'quoted'.
          CREATE INDEX IF NOT EXISTS shop_product_code
              ON shop_product (code DESC) WHERE code <> '%';
          """,
          reverse_sql="DROP INDEX shop_product_code",
      ),
    `),
    steps: [{ fix: 'concurrently' }],
  });

  provesFix({
    ...shared,
    name: 'one of several statements moves, with its comments and its way back',
    rule: 'blocking-index',
    project: sqlProject(`
      # What the shop wants to know.
      migrations.RunSQL(
          sql="""
          ALTER TABLE shop_product ADD COLUMN weight integer;
          CREATE UNIQUE INDEX shop_product_code
              ON shop_product (code);
          COMMENT ON COLUMN shop_product.weight IS 'in grams; always';
          """,
          reverse_sql=["DROP INDEX shop_product_code", "ALTER TABLE shop_product DROP COLUMN weight"],
      ),
    `),
    steps: [{ fix: 'of its own', creates: ['shop/migrations/0003_shop_product_code.py'] }],
  });
});

describe('proof: validating-check and validating-foreign-key, in SQL', () => {
  provesFix({
    ...shared,
    name: 'a check is proven in the next migration',
    rule: 'validating-check',
    project: sqlProject(`
      migrations.RunSQL(
          'ALTER TABLE "shop_product" ADD CONSTRAINT "total_positive" CHECK (total > 0)',
          'ALTER TABLE "shop_product" DROP CONSTRAINT "total_positive"',
      ),
    `),
    steps: [{ fix: 'NOT VALID', creates: ['shop/migrations/0003_validate_total_positive.py'] }],
  });

  provesFix({
    ...shared,
    name: 'a foreign key without a name gets the one that PostgreSQL would give it',
    rule: 'validating-foreign-key',
    project: sqlProject(`
      migrations.RunSQL(
          ["ALTER TABLE shop_product ADD COLUMN twin_id bigint"],
          ["ALTER TABLE shop_product DROP COLUMN twin_id"],
      ),
      migrations.RunSQL(
          "alter table shop_product add foreign key (twin_id) references shop_product (id);",
          migrations.RunSQL.noop,
      ),
    `),
    steps: [{ fix: 'NOT VALID', creates: ['shop/migrations/0003_validate_shop_product_twin_id_fkey.py'] }],
  });
});

describe('proof: blocking-unique and set-not-null, in SQL', () => {
  provesFix({
    ...shared,
    name: 'a unique constraint is made of an index that was built before',
    rule: 'blocking-unique',
    project: sqlProject(`
      migrations.RunSQL(
          "ALTER TABLE shop_product ADD CONSTRAINT shop_product_code UNIQUE (code) DEFERRABLE INITIALLY DEFERRED",
          "ALTER TABLE shop_product DROP CONSTRAINT shop_product_code",
      ),
    `),
    steps: [{ fix: 'Build the index', creates: ['shop/migrations/0003_shop_product_code.py'] }],
  });

  provesFix({
    ...shared,
    name: 'NOT NULL is set on the proof of a check',
    rule: 'set-not-null',
    project: sqlProject(`
      migrations.RunSQL(
          "ALTER TABLE shop_product ALTER COLUMN code SET NOT NULL",
          "ALTER TABLE shop_product ALTER COLUMN code DROP NOT NULL",
      ),
    `),
    steps: [{ fix: 'in steps', creates: ['shop/migrations/0003_shop_product_code_not_null.py'] }],
  });
});

describe('proof: concurrent-in-multi-statement', () => {
  provesFix({
    ...shared,
    name: 'each statement gets a string of its own',
    rule: 'concurrent-in-multi-statement',
    project: sqlProject(
      `
      migrations.RunSQL(
          """
          SET statement_timeout = 0;  -- it takes its time
          CREATE INDEX CONCURRENTLY shop_product_code ON shop_product (code);
          """,
          reverse_sql="SET statement_timeout = 0; DROP INDEX CONCURRENTLY shop_product_code",
      ),
    `,
      'atomic = False',
    ),
    unfixed: { fails: 'cannot run inside a transaction block', schema: 'before' },
    steps: [{ fix: 'string of its own', schema: { added: ['index shop_product.shop_product_code: btree (code)'] } }],
  });
});

describe('proof: irreversible-run-sql', () => {
  provesFix({
    ...shared,
    name: 'what was made is taken back, in reverse order, to the schema before',
    rule: 'irreversible-run-sql',
    project: sqlProject(`
      migrations.RunSQL(
          """
          CREATE TABLE shop_note (id bigint PRIMARY KEY, text varchar(40) DEFAULT '');
          INSERT INTO shop_note VALUES (1, 'first');
          CREATE INDEX ON shop_product (code);
          ALTER TABLE shop_product
              ADD COLUMN weight integer,
              ADD CHECK (weight > 0),
              ALTER COLUMN total SET DEFAULT 7;
          ALTER TABLE shop_product RENAME COLUMN weight TO grams;
          CREATE VIEW shop_heavy AS SELECT id FROM shop_product WHERE grams > 100;
          """
      ),
    `),
    steps: [{ fix: 'Take the SQL back', restoresRows: true }],
  });
});
