import { provesFix } from '../prove-fix.ts';
import { MIGRATION, shopProject } from '../shop-project.ts';
import { GUARD } from './guard.ts';

const titleModel = 'title = models.CharField(max_length=200)';

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
    name: 'a foreign key leaves the state without its constraint, which nobody would obey any more',
    rule: 'drop-column',
    project: shopProject({
      created: '("twin", models.ForeignKey("shop.product", models.CASCADE)),',
      model: 'pass',
      operations: 'migrations.RemoveField(model_name="product", name="twin"),',
    }),
    file: MIGRATION,
    before: '0001_initial',
    rows: ['INSERT INTO shop_product (id, twin_id) VALUES (1, 1), (2, 1)'],
    steps: [
      {
        fix: 'state',
        brings: ['drop-constraint'],
        schema: {
          added: [
            'column shop_product.twin_id: bigint',
            'index shop_product.shop_product_twin_id_eb8a1e8f: btree (twin_id)',
          ],
        },
        rows: {
          added: ['shop_product {"id": 1, "twin_id": 1}', 'shop_product {"id": 2, "twin_id": 1}'],
          removed: ['shop_product {"id": 1}', 'shop_product {"id": 2}'],
        },
        restoresRows: true,
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
