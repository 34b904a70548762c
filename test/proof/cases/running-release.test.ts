import { provesFix } from '../prove-fix.ts';
import { MIGRATION, shopProject } from '../shop-project.ts';

describe('proof: rename-column', () => {
  provesFix({
    name: 'the field is renamed and keeps its column',
    rule: 'rename-column',
    project: shopProject({
      created: '("phone", models.CharField(max_length=32)),',
      model: 'mobile = models.CharField(max_length=32)',
      operations: `
        # Couriers send text messages.
        migrations.RenameField(model_name="product", old_name="phone", new_name="mobile"),
      `,
    }),
    file: MIGRATION,
    before: '0001_initial',
    rows: ["INSERT INTO shop_product (id, phone) VALUES (1, '123')"],
    steps: [
      {
        fix: 'db_column',
        schema: {
          added: ['column shop_product.phone: character varying(32) not null'],
          removed: ['column shop_product.mobile: character varying(32) not null'],
        },
        rows: {
          added: ['shop_product {"id": 1, "phone": "123"}'],
          removed: ['shop_product {"id": 1, "mobile": "123"}'],
        },
      },
    ],
  });
});
